"""Whose word counts where it takes more than one person, and whether two accounts are two people. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Approver:
    """An account that approves: the phone that identifies its holder, and their organization.

    Staff of no organization act for the network's own desk, which counts as one organization.
    """

    staff: UUID
    phone: bytes | None
    organization: UUID | None
    mailbox: str = ""
    made_by: frozenset[UUID] = frozenset()  # who may hold it, until a third person has met its holder


class ApproverRefusal(StrEnum):
    """Why an approval doesn't count."""

    NO_PHONE = "no_phone"  # two accounts of one person could not be told apart
    UNMET = "unmet"  # whoever made the account may be holding it
    NO_STANDING = "no_standing"  # their organization isn't admitted, or is suspended
    SAME_PERSON = "same_person"
    SAME_ORGANIZATION = "same_organization"
    NOT_AN_ORGANIZATION = "not_an_organization"  # only organizations admit another


def why_not_eligible(approver: Approver, in_good_standing: Collection[UUID]) -> ApproverRefusal | None:
    """Why this account may neither propose nor approve anything, or None."""
    if approver.phone is None:
        return ApproverRefusal.NO_PHONE
    if approver.made_by:
        return ApproverRefusal.UNMET
    if approver.organization is not None and approver.organization not in in_good_standing:
        return ApproverRefusal.NO_STANDING
    return None


def is_one_person(first: Approver, second: Approver) -> bool:
    """Whether two accounts belong to one person: they share a phone or a mailbox, or one made the other.

    A security key can't tell: it shows a different credential to each account.
    """
    return (
        first.staff == second.staff
        or (first.phone is not None and first.phone == second.phone)
        or (first.mailbox != "" and first.mailbox == second.mailbox)
        or first.staff in second.made_by
        or second.staff in first.made_by
        or not first.made_by.isdisjoint(second.made_by)
    )


def second_refusal(
    first: Approver, second: Approver, in_good_standing: Collection[UUID]
) -> ApproverRefusal | None:
    """Why these two may not decide together what takes two people of the desk, or None."""
    if is_one_person(first, second):
        return ApproverRefusal.SAME_PERSON
    return why_not_eligible(second, in_good_standing) or why_not_eligible(first, in_good_standing)


def meeting_refusal(
    account: Approver, third: Approver, in_good_standing: Collection[UUID]
) -> ApproverRefusal | None:
    """Why it doesn't count if `third` says that they have met the holder of `account`, or None.

    The third person has been met themself, and is nobody who may hold this account. So in no order of steps
    can one person come to hold two accounts that count as two people.
    """
    if is_one_person(account, third):
        return ApproverRefusal.SAME_PERSON
    return why_not_eligible(third, in_good_standing)


class NotEligible(Exception):
    """This account's word doesn't count here; `refusal` says why."""

    def __init__(self, refusal: ApproverRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def mailbox(email: str) -> str:
    """Where mail to this address arrives, at most providers: without a tag, in lower case."""
    name, _, domain = email.strip().casefold().partition("@")
    return f"{name.partition('+')[0]}@{domain}"
