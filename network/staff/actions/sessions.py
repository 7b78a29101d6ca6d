"""The only writers that end sessions, each with a line of history."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.desk.actions import free_claims
from network.staff.models import Staff, StaffSession


@transaction.atomic
def end_sessions(staff_id: UUID, *, by: Actor, now: datetime, but: UUID | None = None, why: str = "") -> int:
    """End all of somebody's sessions, or all but one. Their pages and sockets close at the next check.

    The line of history is the notice: every web process hears it and checks.
    """
    theirs = StaffSession.objects.filter(staff=staff_id)
    ended, _ = (theirs.exclude(pk=but) if but else theirs).delete()
    record("session.ended", f"staff:{staff_id}", by=by, now=now, ended=ended, why=why)
    return ended


@transaction.atomic
def end_session(session_id: UUID, *, by: Actor, now: datetime) -> None:
    """End one session. Nothing happens if it has already ended."""
    for row in StaffSession.objects.filter(pk=session_id, staff__isnull=False):
        row.delete()
        record("session.ended", f"staff:{row.staff_id}", by=by, now=now, ended=1)


@transaction.atomic
def note_signed_out(staff_id: UUID, *, now: datetime) -> None:
    """They signed out of one browser. Its row is gone, so its sockets are told."""
    record("session.left", f"staff:{staff_id}", by=staff(staff_id), now=now)


@transaction.atomic
def cut_off(organization_id: UUID, *, by: Actor, now: datetime) -> None:
    """Its staff keep only their own accounts: sessions end, and needs they had claimed are free again."""
    theirs = Staff.objects.filter(organization=organization_id, is_active=True)
    for staff_id in theirs.order_by("pk").values_list("pk", flat=True):
        free_claims(staff_id, by=by, now=now)
        end_sessions(staff_id, by=by, now=now, why="organization")
