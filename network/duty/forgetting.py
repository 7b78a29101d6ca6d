"""What is erased of shifts: hand-offs' words, who was told of what, and shifts themselves."""

from datetime import datetime

from network.duty.models import AlarmCall, Handoff, Page, Presence, Shift, Swap
from network.duty.rules.shifts import ShiftState
from network.privacy.forgetting import Rows, deleting
from network.privacy.keep import Keep


def _presences(before: datetime, now: datetime) -> Rows:
    return Presence.objects.filter(seen_at__lt=before)


def _handoffs(before: datetime, now: datetime) -> Rows:
    """By when they were written: each shift writes its own, of whatever is still open."""
    return Handoff.objects.filter(at__lt=before)


def _pages(before: datetime, now: datetime) -> Rows:
    return Page.objects.filter(at__lt=before)


def _alarm_calls(before: datetime, now: datetime) -> Rows:
    return AlarmCall.objects.filter(made_at__lt=before)


def _shifts(before: datetime, now: datetime) -> Rows:
    return Shift.objects.filter(ends_at__lt=before).exclude(state=ShiftState.STARTED)


ERASERS = (
    deleting("presences", Keep.SESSION, _presences, Presence),
    deleting("handoffs", Keep.WORDS, _handoffs, Handoff),
    deleting("pages", Keep.LEDGER, _pages, Page),
    deleting("alarm_calls", Keep.LEDGER, _alarm_calls, AlarmCall),
    deleting("shifts", Keep.LEDGER, _shifts, Shift, Swap),
)
