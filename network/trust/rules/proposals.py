"""What needs more than one person, and how many must agree. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from network.staff.rules.approvers import Approver, ApproverRefusal, is_one_person, why_not_eligible
from network.trust.rules.graph import TrustRules


class ProposalKind(StrEnum):
    """What may be proposed."""

    ADMIT = "admit"  # an organization
    SUSPEND_ORGANIZATION = "suspend_organization"
    RESTORE_ORGANIZATION = "restore_organization"
    WITHDRAW_VOUCH = "withdraw_vouch"
    WITHDRAW_VERIFIER = "withdraw_verifier"  # all vouches that one verifier gave
    TRUST_NUMBERS = "trust_numbers"
    CHANGE_HOME = "change_home"  # a member's, by their own organization
    HOLD = "hold"  # that what belongs to a request is not erased
    EXPORT_KEY = "export_key"  # to which an organization's exports are sealed
    EXPORT_PEOPLE = "export_people"  # an organization's own
    ERASE_PERSON = "erase_person"  # at their own wish
    DISCLOSE = "disclose"  # what is kept of one phone, since the law demands it


class ProposalState(StrEnum):
    OPEN = "open"
    DONE = "done"
    STOPPED = "stopped"  # somebody objected, or the proposer withdrew it
    OVER = "over"  # too few agreed in time


def some_may_agree(approvers: Collection[Approver], in_good_standing: Collection[UUID]) -> bool:
    """Whether any two of these accounts could decide what takes two people."""
    eligible = [approver for approver in approvers if why_not_eligible(approver, in_good_standing) is None]
    return any(
        approval_refusal(ProposalKind.TRUST_NUMBERS, second, [first], in_good_standing) is None
        for first, second in combinations(eligible, 2)
    )


def approval_refusal(
    what: ProposalKind,
    approver: Approver,
    approvers: Collection[Approver],
    in_good_standing: Collection[UUID],
) -> ApproverRefusal | None:
    """Why this approval doesn't count, or None. `approvers` are those so far, the proposer included.

    While only one organization is in good standing, two of its people are enough.
    """
    if any(is_one_person(approver, other) for other in approvers):
        return ApproverRefusal.SAME_PERSON
    if what is ProposalKind.ADMIT and approver.organization is None:
        return ApproverRefusal.NOT_AN_ORGANIZATION
    if len(in_good_standing) > 1 and any(approver.organization == other.organization for other in approvers):
        return ApproverRefusal.SAME_ORGANIZATION
    return why_not_eligible(approver, in_good_standing)


def agreements_needed(
    what: ProposalKind, proposer: UUID | None, in_good_standing: Collection[UUID], rules: TrustRules
) -> int:
    """How many must agree besides the proposer, whose organization is `proposer`.

    One, except to admit an organization: then a quorum of those in good standing, or all if there are fewer.
    """
    if what is not ProposalKind.ADMIT:
        return 1
    quorum = rules.large_quorum if len(in_good_standing) >= rules.large_from else rules.quorum
    others = len(set(in_good_standing) - {proposer})
    return max(1, min(quorum, others))


def ends_at(what: ProposalKind, proposed_at: datetime, rules: TrustRules) -> datetime:
    hours = rules.wait_hours if what is ProposalKind.ADMIT else rules.proposal_hours
    return proposed_at + timedelta(hours=hours)


def is_due(what: ProposalKind, agreed: int, wanted: int, ends: datetime, *, now: datetime) -> bool:
    """Whether to carry it out now: an admission once its time is up, so that anybody can object."""
    in_time = now >= ends if what is ProposalKind.ADMIT else now < ends
    return agreed >= wanted and in_time
