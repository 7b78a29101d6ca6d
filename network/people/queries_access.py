"""Whom and what a member of staff may see: every queryset of a page begins here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from network.people.models import Person, Staff
from network.people.models.access import FactorRestoring, StaffSession
from network.people.queries import coordinators
from network.people.queries_trust import people_of
from network.people.rules_access import Action, Scope, Who, scope_of
from network.privacy.rules import token_digest


def visible_to(one: Who) -> QuerySet[Person]:
    """All people for coordinators and stewards; for a verifier those whom their organisation enrolled,
    vouches for, or was asked to look at; for others nobody."""
    match scope_of(one, Action.SEE_PEOPLE):
        case None:
            return Person.objects.none()
        case Scope.OWN:
            return people_of(one.organization, still=True) if one.organization else Person.objects.none()
        case _:
            return _real()


def _real() -> QuerySet[Person]:
    """Without nobody, whom a drill's requests are for."""
    return Person.objects.exclude(standing=Person.Standing.PRACTICE)


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


def that_may_listen(*, now: datetime) -> set[UUID]:
    """One cheap look: the sessions that still live, and belong to one who still has the board."""
    alive = StaffSession.objects.filter(expires_at__gt=now)
    return set(alive.filter(staff__in=coordinators()).values_list("pk", flat=True))
