"""The network as a whole: its mark, and its holidays."""

from datetime import date, datetime

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.people.models import Holiday, Network


def mark(*, demo: bool, now: datetime) -> None:
    Network.objects.get_or_create(pk=1, defaults={"demo": demo, "marked_at": now})


@transaction.atomic
def add_holiday(day: date, *, by: Actor, now: datetime) -> None:
    """On this day everybody's hours are those of a Sunday."""
    if Holiday.objects.get_or_create(day=day)[1]:
        record("holiday.added", f"holiday:{day.isoformat()}", by=by, now=now)


@transaction.atomic
def remove_holiday(day: date, *, by: Actor, now: datetime) -> None:
    """Everybody's own hours again; a day that is no holiday stays as it is."""
    if Holiday.objects.filter(day=day).delete()[0]:
        record("holiday.removed", f"holiday:{day.isoformat()}", by=by, now=now)
