"""The network as a whole: its mark, how far it is set up, and its holidays."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.organizations.models import Holiday, Network, SettingUp


def mark(*, demo: bool, now: datetime) -> None:
    Network.objects.get_or_create(pk=1, defaults={"demo": demo, "marked_at": now})


@transaction.atomic
def note_backup(*, staff_id: UUID, now: datetime) -> None:
    """A steward says that the database is copied, and the key kept apart from the copies."""
    SettingUp.objects.update_or_create(pk=1, defaults={"backup_at": now, "backup_by": staff_id})
    record("setting_up.backup", "network", by=staff(staff_id), now=now)


@transaction.atomic
def hide_setting_up(*, staff_id: UUID, now: datetime) -> None:
    """The list is put away, for everybody."""
    SettingUp.objects.update_or_create(pk=1, defaults={"hidden_at": now, "hidden_by": staff_id})
    record("setting_up.hidden", "network", by=staff(staff_id), now=now)


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
