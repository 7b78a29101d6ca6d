"""Reading staff: coordinators, sessions, and whose word counts where it takes two people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from network.organizations.queries import in_good_standing
from network.privacy.rules import token_digest
from network.staff.models import IN_GOOD_STANDING, FactorRestoring, Staff, StaffSession
from network.staff.rules import approvers as rules
from network.staff.rules.access import Action, Who, scope_of
from network.staff.rules.approvers import Approver, ApproverRefusal, mailbox


def coordinators() -> QuerySet[Staff]:
    """Who has the board: of no organization, or of one that stands."""
    roles = (Staff.Role.COORDINATOR, Staff.Role.STEWARD)
    return Staff.objects.filter(IN_GOOD_STANDING, is_active=True, role__in=roles)


def staff_visible_to(one: Who) -> QuerySet[Staff]:
    """All of staff, for coordinators and stewards; for others themselves."""
    if scope_of(one, Action.SEE_STAFF) is None:
        return Staff.objects.filter(pk=one.id)
    return Staff.objects.all()


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser, in times; nothing else is kept of it."""

    id: UUID
    made_at: datetime
    acted_at: datetime
    expires_at: datetime


def browsers(staff_id: UUID, *, now: datetime) -> list[Browser]:
    rows = StaffSession.objects.filter(staff=staff_id, expires_at__gt=now).order_by("-acted_at")
    return [Browser(row.pk, row.made_at, row.acted_at, row.expires_at) for row in rows]


def open_restorings() -> QuerySet[FactorRestoring]:
    return FactorRestoring.objects.filter(ended_at=None).select_related("staff", "asked_by")


def is_signed_in(session_key: str, *, now: datetime) -> bool:
    """Whether this browser's session lives and is somebody's."""
    mine = StaffSession.objects.filter(key_hash=token_digest(session_key), expires_at__gt=now)
    return mine.exclude(staff=None).exists()


def sessions_that_may_listen(*, now: datetime) -> set[UUID]:
    """One cheap look: the sessions that still live, and belong to one who still has the board."""
    alive = StaffSession.objects.filter(expires_at__gt=now)
    return set(alive.filter(staff__in=coordinators()).values_list("pk", flat=True))


APPROVING_ROLES = (Staff.Role.COORDINATOR, Staff.Role.VERIFIER, Staff.Role.STEWARD)


def approver(one: Staff) -> Approver:
    """This account, as it counts where it takes more than one person."""
    return Approver(
        one.pk, bytes(one.fingerprint) if one.fingerprint else None, one.organization_id, mailbox(one.email),
        frozenset(one.made_by),
    )  # fmt: skip


def approver_by_id(staff_id: UUID) -> Approver:
    """Who speaks. Raises Staff.DoesNotExist for who may not."""
    return approver(Staff.objects.get(pk=staff_id, is_active=True, role__in=APPROVING_ROLES))


def first_refusal(staff_id: UUID) -> ApproverRefusal | None:
    """Why this one can't be the first of two, or None."""
    return rules.why_not_eligible(approver_by_id(staff_id), in_good_standing())


def second_refusal(first_id: UUID, second_id: UUID) -> ApproverRefusal | None:
    """Why these two aren't two people, or None. Whoever was taken off or cut off since is nobody's first."""
    first = Staff.objects.filter(pk=first_id, is_active=True, role__in=APPROVING_ROLES).first()
    if first is None:
        return ApproverRefusal.NO_STANDING
    return rules.second_refusal(approver(first), approver_by_id(second_id), in_good_standing())


def unmet(accounts: Iterable[Staff]) -> list[Staff]:
    """Those whose holder a third person must still meet."""
    return [one for one in accounts if one.is_active and one.role in APPROVING_ROLES and not one.met]
