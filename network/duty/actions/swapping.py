"""Asking to be relieved of a shift, and taking somebody's."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.duty.actions.shifts import NotYourShift, lock_schedule, must_be_free
from network.duty.models import Shift, Swap
from network.duty.rules.shifts import ShiftState


class SwapTooLate(Exception):
    """Somebody else has taken it, or it is no longer offered."""


@transaction.atomic
def offer_swap(shift_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> Swap:
    """The shift stays one's own until somebody takes it. Raises NotYourShift.

    Offering again changes nothing.
    """
    lock_schedule()
    own = Shift.objects.filter(pk=shift_id, staff=staff_id, state=ShiftState.PLANNED, starts_at__gt=now)
    if not own.exists():
        raise NotYourShift
    swap, fresh = Swap.objects.get_or_create(
        shift_id=shift_id, closed_at=None, defaults={"offered_by_id": staff_id, "offered_at": now}
    )
    if fresh:
        record("swap.offered", f"shift:{shift_id}", by=by, now=now, staff=staff_id)
    return swap


@transaction.atomic
def withdraw_swap(swap_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> None:
    """Raises SwapTooLate."""
    own = Swap.objects.filter(pk=swap_id, offered_by=staff_id, closed_at=None)
    if not own.update(closed_at=now):
        raise SwapTooLate
    record("swap.withdrawn", f"swap:{swap_id}", by=by, now=now)


@transaction.atomic
def take_swap(swap_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> Shift:
    """The shift is now the taker's. Raises SwapTooLate; Overlaps where they have those hours already."""
    lock_schedule()
    swap = Swap.objects.select_related("shift").filter(pk=swap_id, closed_at=None).first()
    shift = swap.shift if swap else None
    if swap is None or shift is None or shift.state != ShiftState.PLANNED or shift.ends_at <= now:
        raise SwapTooLate
    if swap.offered_by_id == staff_id:
        raise NotYourShift
    must_be_free(staff_id, shift.starts_at, shift.ends_at)
    Swap.objects.filter(pk=swap.pk).update(taken_by=staff_id, closed_at=now)
    shift.staff_id, shift.series = staff_id, None
    shift.save(update_fields=["staff", "series"])
    record("swap.taken", f"shift:{shift.pk}", by=by, now=now, staff=staff_id)
    return shift
