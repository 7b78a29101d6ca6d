"""What needs more than one person, and whose yes counts. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from network.people.rules_trust import TrustRules


class What(StrEnum):
    """What may be proposed."""

    ADMIT = "admit"  # an organisation
    SUSPEND_ORGANIZATION = "suspend_organization"
    RESTORE_ORGANIZATION = "restore_organization"
    WITHDRAW_VOUCH = "withdraw_vouch"
    WITHDRAW_VERIFIER = "withdraw_verifier"  # all vouches that one verifier gave
    TRUST_NUMBERS = "trust_numbers"
    CHANGE_HOME = "change_home"  # a member's, by their own organisation
    EXPORT_KEY = "export_key"  # to which an organisation's exports are sealed
    EXPORT_PEOPLE = "export_people"  # an organisation's own


class ProposalState(StrEnum):
    OPEN = "open"
    DONE = "done"
    STOPPED = "stopped"  # objected to, or taken back by whoever proposed it
    OVER = "over"  # nobody, or too few, agreed in time


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: an account, the phone by which it is one person, and their organisation.

    Staff of no organisation speak for the network's own desk, which counts as one body.
    """

    staff: UUID
    phone: bytes | None
    organization: UUID | None
    mailbox: str = ""
    made_by: frozenset[UUID] = frozenset()  # who may hold the account, until a third person met its holder


class VoiceRefusal(StrEnum):
    """Why a yes doesn't count."""

    NO_PHONE = "no_phone"  # two accounts of one person could not be told apart
    UNMET = "unmet"  # whoever made the account may hold it, for all that anybody knows
    NO_STANDING = "no_standing"  # their organisation isn't admitted, or is suspended
    SAME_PERSON = "same_person"
    SAME_ORGANIZATION = "same_organization"
    NOT_AN_ORGANIZATION = "not_an_organization"  # only organisations admit another


def silenced(voice: Voice, standing: Collection[UUID]) -> VoiceRefusal | None:
    """Why this one may neither propose nor agree to anything, or None."""
    if voice.phone is None:
        return VoiceRefusal.NO_PHONE
    if voice.made_by:
        return VoiceRefusal.UNMET
    if voice.organization is not None and voice.organization not in standing:
        return VoiceRefusal.NO_STANDING
    return None


def is_one_person(one: Voice, other: Voice) -> bool:
    """Whether two accounts are one person's: they have a phone or a mailbox in common, or one made the other.

    A security key can't tell: it shows each account another credential.
    """
    return (
        one.staff == other.staff
        or (one.phone is not None and one.phone == other.phone)
        or (one.mailbox != "" and one.mailbox == other.mailbox)
        or one.staff in other.made_by
        or other.staff in one.made_by
        or not one.made_by.isdisjoint(other.made_by)
    )


def second_refusal(first: Voice, second: Voice, standing: Collection[UUID]) -> VoiceRefusal | None:
    """Why these two aren't two people who may decide together what takes two of the desk, or None."""
    if is_one_person(first, second):
        return VoiceRefusal.SAME_PERSON
    return silenced(second, standing) or silenced(first, standing)


def meeting_refusal(account: Voice, third: Voice, standing: Collection[UUID]) -> VoiceRefusal | None:
    """Why this one's word that they have met the holder of an account doesn't count, or None.

    By steps in any order nobody comes to hold two accounts that count as two people: the third person is met
    themself, and none of those who may hold this account.
    """
    if is_one_person(account, third):
        return VoiceRefusal.SAME_PERSON
    return silenced(third, standing)


def some_may_agree(voices: Collection[Voice], standing: Collection[UUID]) -> bool:
    """Whether any two of these could carry through what takes two people."""
    speaking = [one for one in voices if silenced(one, standing) is None]
    return any(
        voice_refusal(What.TRUST_NUMBERS, second, [first], standing) is None
        for first, second in combinations(speaking, 2)
    )


def voice_refusal(
    what: What, voice: Voice, heard: Collection[Voice], standing: Collection[UUID]
) -> VoiceRefusal | None:
    """Why this yes doesn't count, or None. `heard`: who proposed it, and whoever has agreed so far.

    Where one organisation stands alone, two of its people are enough.
    """
    if any(is_one_person(voice, one) for one in heard):
        return VoiceRefusal.SAME_PERSON
    if what is What.ADMIT and voice.organization is None:
        return VoiceRefusal.NOT_AN_ORGANIZATION
    if len(standing) > 1 and any(voice.organization == one.organization for one in heard):
        return VoiceRefusal.SAME_ORGANIZATION
    return silenced(voice, standing)


def agreements_needed(
    what: What, proposer: UUID | None, standing: Collection[UUID], rules: TrustRules
) -> int:
    """How many must agree beside whoever proposed it. `proposer`: their organisation.

    One, but for the admission of an organisation: a quorum of those that stand, as far as there are so many.
    """
    if what is not What.ADMIT:
        return 1
    quorum = rules.large_quorum if len(standing) >= rules.large_from else rules.quorum
    others = len(set(standing) - {proposer})
    return max(1, min(quorum, others))


def ends_at(what: What, proposed_at: datetime, rules: TrustRules) -> datetime:
    hours = rules.wait_hours if what is What.ADMIT else rules.proposal_hours
    return proposed_at + timedelta(hours=hours)


def is_due(what: What, agreed: int, wanted: int, ends: datetime, *, now: datetime) -> bool:
    """Whether to carry it out now: an admission at its end, so that any one may object; else before."""
    in_time = now >= ends if what is What.ADMIT else now < ends
    return agreed >= wanted and in_time
