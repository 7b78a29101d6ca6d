"""Looking is bounded: beyond what a shift needs others are told and a reason is asked for; then it stops."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from network.audit.actions import record
from network.audit.rules import staff
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.people.models import Staff
from network.people.models.access import Looked
from network.people.rules_looking import Look, Verdict, Why, verdict

COUNTS_FOR = timedelta(hours=1)


@transaction.atomic
def look(kind: Look, about: UUID | None, *, staff_id: UUID, why: Why | None, now: datetime) -> Verdict:
    """Whether they may look at it now; counted before anything is shown. The same thing again is no more.

    `about` None: a search, each of which counts. Whoever takes up the need isn't whose looking it is about.
    """
    Staff.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff_id)  # fifty at once are counted
    mine, subject = Looked.objects.filter(staff=staff_id), about or uuid4()
    mine.filter(at__lte=now - COUNTS_FOR).delete()
    here = mine.filter(kind=kind)
    if here.filter(about=subject).exists():
        return Verdict.OPEN
    seen, limit = here.count(), settings.LOOKS_AN_HOUR[kind]
    found = verdict(seen, limit, why=why)
    if found is Verdict.OPEN:
        Looked.objects.create(staff_id=staff_id, kind=kind, about=subject, at=now)
    if seen >= limit:
        _keep(kind, found, staff_id=staff_id, why=why, about=about, now=now)
        if found is not Verdict.OPEN or seen % limit == 0:
            raise_need(
                Reason.MANY_LOOKS, about=About("staff", str(staff_id)), now=now, by=staff(staff_id),
                grave=found is Verdict.STOP,
            )  # fmt: skip
    return found


def _keep(
    kind: Look, found: Verdict, *, staff_id: UUID, why: Why | None, about: UUID | None, now: datetime
) -> None:  # fmt: skip
    """On record: a look with its reason, or that it was refused."""
    if found is Verdict.ASK:
        return
    shown = found is Verdict.OPEN
    record(
        "look.more" if shown else "look.stopped", f"staff:{staff_id}", by=staff(staff_id), now=now,
        kind=kind, why=why if shown else None, subject=about,
    )  # fmt: skip
