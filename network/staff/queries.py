"""Reading staff: coordinators, sessions, and whose word counts where it takes two people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from network.organizations.queries import in_good_standing
from network.privacy.rules.sealing import token_digest
from network.staff.models import IN_GOOD_STANDING, FactorRestoring, Staff, StaffSession
from network.staff.rules import approvers as rules
from network.staff.rules.access import Action, Who, scope_of
from network.staff.rules.approvers import Approver, ApproverRefusal, mailbox


def coordinators() -> QuerySet[Staff]:
    """Who has the board: staff of no organization, or of one in good standing."""
    roles = (Staff.Role.COORDINATOR, Staff.Role.STEWARD)
    return Staff.objects.filter(IN_GOOD_STANDING, is_active=True, role__in=roles)


def staff_visible_to(who: Who) -> QuerySet[Staff]:
    """Coordinators and stewards see all staff; others see only themselves."""
    if scope_of(who, Action.SEE_STAFF) is None:
        return Staff.objects.filter(pk=who.id)
    return Staff.objects.all()


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser. Nothing but its times is kept."""

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
    """Whether this browser has a live session in which somebody is signed in."""
    sessions = StaffSession.objects.filter(key_hash=token_digest(session_key), expires_at__gt=now)
    return sessions.exclude(staff=None).exists()


def sessions_that_may_listen(*, now: datetime) -> set[UUID]:
    """By one cheap query: the live sessions of people who still have the board."""
    alive = StaffSession.objects.filter(expires_at__gt=now)
    return set(alive.filter(staff__in=coordinators()).values_list("pk", flat=True))


APPROVING_ROLES = (Staff.Role.COORDINATOR, Staff.Role.VERIFIER, Staff.Role.STEWARD)


def approver(account: Staff) -> Approver:
    """This account as an approver, where it takes more than one person."""
    return Approver(
        staff=account.pk,
        phone=bytes(account.fingerprint) if account.fingerprint else None,
        organization=account.organization_id,
        mailbox=mailbox(account.email),
        made_by=frozenset(account.made_by),
    )


def approver_by_id(staff_id: UUID) -> Approver:
    """Raises Staff.DoesNotExist for an account that may not approve anything."""
    return approver(Staff.objects.get(pk=staff_id, is_active=True, role__in=APPROVING_ROLES))


def first_refusal(staff_id: UUID) -> ApproverRefusal | None:
    """Why this account can't be the first of two people, or None."""
    return rules.why_not_eligible(approver_by_id(staff_id), in_good_standing())


def second_refusal(first_id: UUID, second_id: UUID) -> ApproverRefusal | None:
    """Why these accounts aren't two eligible people, or None. Nobody who has lost access can be the first."""
    first = Staff.objects.filter(pk=first_id, is_active=True, role__in=APPROVING_ROLES).first()
    if first is None:
        return ApproverRefusal.NO_STANDING
    return rules.second_refusal(approver(first), approver_by_id(second_id), in_good_standing())


def unmet(accounts: Iterable[Staff]) -> list[Staff]:
    """Accounts whose holder a third person must still meet."""
    return [
        account
        for account in accounts
        if account.is_active and account.role in APPROVING_ROLES and not account.met
    ]
