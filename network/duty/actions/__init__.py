"""The only writers of shifts, of being present, and of pages."""

from network.duty.actions.handing import AcceptedAlready, Lines, accept_handoff, end_shift
from network.duty.actions.paging import be_present, page, stay_present
from network.duty.actions.shifts import (
    AlreadyOn,
    NoPhone,
    NoShiftNow,
    NotYours,
    Overlaps,
    add_shifts,
    answer_heard,
    cancel_shift,
    set_hours,
    start_shift,
    text_own_phone,
)
from network.duty.actions.swapping import TooLate, offer_swap, take_swap, withdraw_swap
from network.duty.rules_clock import NotAShift

__all__ = [
    "AcceptedAlready",
    "AlreadyOn",
    "Lines",
    "NoPhone",
    "NoShiftNow",
    "NotAShift",
    "NotYours",
    "Overlaps",
    "TooLate",
    "accept_handoff",
    "add_shifts",
    "answer_heard",
    "be_present",
    "cancel_shift",
    "end_shift",
    "offer_swap",
    "page",
    "set_hours",
    "start_shift",
    "stay_present",
    "take_swap",
    "text_own_phone",
    "withdraw_swap",
]
