"""Whose word counts where it takes more than one person, and whether two accounts are two people. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Approver:
    """Who speaks: an account, the phone by which it is one person, and their organization.

    Staff of no organization speak for the network's own desk, which counts as one body.
    """

    staff: UUID
    phone: bytes | None
    organization: UUID | None
    mailbox: str = ""
    made_by: frozenset[UUID] = frozenset()  # who may hold the account, until a third person met its holder


class ApproverRefusal(StrEnum):
    """Why a yes doesn't count."""

    NO_PHONE = "no_phone"  # two accounts of one person could not be told apart
    UNMET = "unmet"  # whoever made the account may hold it, for all that anybody knows
    NO_STANDING = "no_standing"  # their organization isn't admitted, or is suspended
    SAME_PERSON = "same_person"
    SAME_ORGANIZATION = "same_organization"
    NOT_AN_ORGANIZATION = "not_an_organization"  # only organizations admit another


def why_not_eligible(voice: Approver, standing: Collection[UUID]) -> ApproverRefusal | None:
    """Why this one may neither propose nor agree to anything, or None."""
    if voice.phone is None:
        return ApproverRefusal.NO_PHONE
    if voice.made_by:
        return ApproverRefusal.UNMET
    if voice.organization is not None and voice.organization not in standing:
        return ApproverRefusal.NO_STANDING
    return None


def is_one_person(one: Approver, other: Approver) -> bool:
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


def second_refusal(first: Approver, second: Approver, standing: Collection[UUID]) -> ApproverRefusal | None:
    """Why these two aren't two people who may decide together what takes two of the desk, or None."""
    if is_one_person(first, second):
        return ApproverRefusal.SAME_PERSON
    return why_not_eligible(second, standing) or why_not_eligible(first, standing)


def meeting_refusal(account: Approver, third: Approver, standing: Collection[UUID]) -> ApproverRefusal | None:
    """Why this one's word that they have met the holder of an account doesn't count, or None.

    By steps in any order nobody comes to hold two accounts that count as two people: the third person is met
    themself, and none of those who may hold this account.
    """
    if is_one_person(account, third):
        return ApproverRefusal.SAME_PERSON
    return why_not_eligible(third, standing)


class NotEligible(Exception):
    """This one's word doesn't count here; `refusal` is why."""

    def __init__(self, refusal: ApproverRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def mailbox(email: str) -> str:
    """Where mail to this address arrives, as most providers have it: without a tag, in small letters."""
    name, _, domain = email.strip().casefold().partition("@")
    return f"{name.partition('+')[0]}@{domain}"
