"""A coordinator declares that today is not a normal day, on record."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import ENGINE, Actor, staff
from network.dispatch.models import Surge
from network.dispatch.rules.case import DAILY_CAP, SURGE_CAP

LASTS = timedelta(hours=12)


class AlreadyDeclared(Exception):
    """A surge is in force."""


@transaction.atomic
def declare_surge(*, staff_id: UUID, now: datetime) -> Surge:
    """From now on a person may be asked twelve times a day; it ends by itself after twelve hours."""
    end_surges(now=now)
    fresh = Surge(declared_at=now, declared_by_id=staff_id, ends_at=now + LASTS)
    made = Surge.objects.bulk_create([fresh], ignore_conflicts=True)
    if not Surge.objects.filter(pk=fresh.pk).exists():
        raise AlreadyDeclared
    record("surge.declared", f"surge:{fresh.pk}", by=staff(staff_id), now=now, cap=SURGE_CAP)
    return made[0]


@transaction.atomic
def end_surge(*, by: Actor, now: datetime) -> None:
    """Six asks a day again. Does nothing if no surge is declared."""
    for surge in Surge.objects.filter(ended_at=None):
        if Surge.objects.filter(pk=surge.pk, ended_at=None).update(ended_at=now):
            record("surge.ended", f"surge:{surge.pk}", by=by, now=now, cap=DAILY_CAP)


def end_surges(*, now: datetime) -> None:
    """End surges whose twelve hours are over."""
    if Surge.objects.filter(ended_at=None, ends_at__lte=now).exists():
        end_surge(by=ENGINE, now=now)
