"""Planning, starting and canceling shifts."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from network.audit.actions import record
from network.audit.locks import Lock, hold
from network.audit.rules import Actor
from network.duty.models import Shift, StaffHours, Swap
from network.duty.queries import own_shift, shifts, zone
from network.duty.rules.clock import LONGEST, NotAShift, weekly
from network.duty.rules.shifts import EARLY, ShiftState, ShiftTurn, overlaps
from network.messaging.outbox.queueing import Purpose, queue
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.staff.models import Staff


class Overlaps(Exception):
    """This person has a shift in some of these hours already."""


class NotYourShift(Exception):
    """No such shift of one's own, or it is no longer planned."""


class NoShiftNow(Exception):
    """No planned shift of one's own is near, and none was asked for."""


class AlreadyOn(Exception):
    """One's own shift runs already."""


class NoPhone(Exception):
    """No phone is on file, or it takes no texts from us."""


def lock_schedule() -> None:
    """Until the transaction ends."""
    hold(Lock.SCHEDULE)


def must_be_free(staff_id: UUID, starts_at: datetime, ends_at: datetime) -> None:
    """Raises Overlaps. The caller holds the schedule's lock."""
    theirs = shifts().filter(
        staff=staff_id, state__in=(ShiftState.PLANNED, ShiftState.STARTED), ends_at__gt=starts_at
    )
    if overlaps(ShiftTurn(staff_id, starts_at, ends_at), [shift.turn() for shift in theirs]):
        raise Overlaps


@transaction.atomic
def add_shifts(
    staff_id: UUID, *, day: date, start: time, end: time, weeks: int, by: Actor, now: datetime
) -> list[Shift]:
    """The same hours by the clock, for one week or several. Raises NotAShift, Overlaps."""
    spans = weekly(day, start, end, zone(), weeks=weeks, now=now)
    lock_schedule()
    series = uuid4() if weeks > 1 else None
    made = []
    for starts_at, ends_at in spans:
        must_be_free(staff_id, starts_at, ends_at)
        made.append(
            Shift.objects.create(
                staff_id=staff_id,
                series=series,
                starts_at=starts_at,
                ends_at=ends_at,
                state=ShiftState.PLANNED,
            )
        )
    record("shift.added", f"shift:{made[0].pk}", by=by, now=now, staff=staff_id, weeks=weeks)
    return made


@transaction.atomic
def cancel_shift(shift_id: UUID, *, staff_id: UUID, later: bool, by: Actor, now: datetime) -> int:
    """One's own, with the later ones of its series if asked. Raises NotYourShift. Returns how many."""
    lock_schedule()
    planned = Shift.objects.filter(staff=staff_id, state=ShiftState.PLANNED)
    shift = planned.filter(pk=shift_id).first()
    if shift is None:
        raise NotYourShift
    which = planned.filter(pk=shift_id)
    if later and shift.series:
        which = planned.filter(series=shift.series, starts_at__gte=shift.starts_at)
    ids = list(which.values_list("pk", flat=True))
    Swap.objects.filter(shift__in=ids, closed_at=None).update(closed_at=now)
    Shift.objects.filter(pk__in=ids).update(state=ShiftState.CANCELLED, ended_at=now)
    record("shift.cancelled", f"shift:{shift_id}", by=by, now=now, staff=staff_id, shifts=len(ids))
    return len(ids)


@transaction.atomic
def start_shift(staff_id: UUID, *, hours: int | None = None, by: Actor, now: datetime) -> Shift:
    """Begin the planned shift that is near, or one of so many hours from now.

    Raises AlreadyOn, NoShiftNow, NotAShift.
    """
    lock_schedule()
    if own_shift(staff_id, now=now):
        raise AlreadyOn
    own = Shift.objects.filter(staff=staff_id)
    own.filter(state=ShiftState.STARTED).update(
        state=ShiftState.ENDED, ended_at=F("ends_at")
    )  # ran out unended
    planned = own.filter(state=ShiftState.PLANNED, ends_at__gt=now).order_by("starts_at")
    near = planned.filter(starts_at__lte=now + EARLY).first()
    if near is None:
        near = _from_now(staff_id, planned.first(), hours=hours, now=now)
    near.state, near.started_at = ShiftState.STARTED, now
    near.save()
    Swap.objects.filter(shift=near, closed_at=None).update(closed_at=now)
    record("shift.started", f"shift:{near.pk}", by=by, now=now, staff=staff_id)
    return near


def _from_now(staff_id: UUID, following: Shift | None, *, hours: int | None, now: datetime) -> Shift:
    """A shift that nobody had planned, up to one's own next."""
    if hours is None:
        raise NoShiftNow
    long = timedelta(hours=hours)
    if not timedelta(0) < long <= LONGEST:
        raise NotAShift
    end = min(now + long, following.starts_at) if following else now + long
    return Shift(staff_id=staff_id, starts_at=now, ends_at=end)


@transaction.atomic
def answer_heard(staff_id: UUID, *, heard: bool, by: Actor, now: datetime) -> None:
    """Whether the alarm's sound reached who began the shift. Raises NotYourShift."""
    shift = own_shift(staff_id, now=now)
    if shift is None:
        raise NotYourShift
    Shift.objects.filter(pk=shift.pk).update(heard=heard)
    record("shift.sound_checked", f"shift:{shift.pk}", by=by, now=now, heard=heard)


@transaction.atomic
def text_own_phone(staff: Staff, *, by: Actor, now: datetime) -> None:
    """A text that says that it is a test: that it arrives is what proves the phone. Raises NoPhone."""
    if not staff.phone:
        raise NoPhone
    purpose = Purpose(Lane.STAFF)
    if queue(staff.phone, Text.SETUP_TEST, staff.language, purpose=purpose, now=now) is None:
        raise NoPhone
    record("staff.phone_tested", f"staff:{staff.pk}", by=by, now=now)


@transaction.atomic
def set_hours(staff_id: UUID, *, wakes: time, sleeps: time, by: Actor, now: datetime) -> None:
    """When the alarm may count this one as awake."""
    StaffHours.objects.update_or_create(staff_id=staff_id, defaults={"wakes": wakes, "sleeps": sleeps})
    record("staff.hours_set", f"staff:{staff_id}", by=by, now=now)
