"""Lookups are limited: past what a shift needs a reason is required and others are told; then they stop."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from network.audit.actions import record
from network.audit.rules import staff
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.staff.models import Lookup, Staff
from network.staff.rules.lookups import LookupKind, LookupReason, Verdict, verdict

COUNTS_FOR = timedelta(hours=1)


@transaction.atomic
def note_lookup(
    kind: LookupKind, about: UUID | None, *, staff_id: UUID, why: LookupReason | None, now: datetime
) -> Verdict:
    """Whether they may look this up now. It is counted before anything is shown; the same record counts once.

    `about` is None for a search, and each search counts. Whoever takes the need isn't its subject.
    """
    # Locked so that fifty lookups at once are counted one by one.
    Staff.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff_id)
    lookups, subject = Lookup.objects.filter(staff=staff_id), about or uuid4()
    lookups.filter(at__lte=now - COUNTS_FOR).delete()
    same_kind = lookups.filter(kind=kind)
    if same_kind.filter(about=subject).exists():
        return Verdict.OPEN
    seen, limit = same_kind.count(), settings.LOOKS_AN_HOUR[kind]
    decided = verdict(seen, limit, why=why)
    if decided is Verdict.OPEN:
        Lookup.objects.create(staff_id=staff_id, kind=kind, about=subject, at=now)
    if seen >= limit:
        _record_lookup(kind, decided, staff_id=staff_id, why=why, about=about, now=now)
        if decided is not Verdict.OPEN or seen % limit == 0:
            raise_need(
                Reason.MANY_LOOKS,
                about=About("staff", str(staff_id)),
                now=now,
                by=staff(staff_id),
                grave=decided is Verdict.STOP,
            )
    return decided


def _record_lookup(
    kind: LookupKind,
    decided: Verdict,
    *,
    staff_id: UUID,
    why: LookupReason | None,
    about: UUID | None,
    now: datetime,
) -> None:
    """A lookup with its reason, or that it was refused."""
    if decided is Verdict.ASK:
        return
    shown = decided is Verdict.OPEN
    record(
        "look.more" if shown else "look.stopped",
        f"staff:{staff_id}",
        by=staff(staff_id),
        now=now,
        kind=kind,
        why=why if shown else None,
        subject=about,
    )
