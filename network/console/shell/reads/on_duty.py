"""Who is on duty and who is next, for the board and the page about shifts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from network.console.shell.reads.staff import staff_name
from network.duty import queries as duty
from network.duty.models import Shift


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    id: UUID
    starts_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnShift:
    """Who is on and who is next: the frame's line."""

    on: list[Named]  # by a started shift
    here: list[Named]  # whoever else has a live console
    next: Named | None


@dataclass(frozen=True, slots=True)
class DutyStatus(OnShift):
    """And what went wrong about it, for the board and the page about shifts."""

    missed: list[Named]
    handoffs: int


def on_shift(*, now: datetime) -> OnShift:
    until = dict(duty.running(now=now).values_list("staff", "ends_at"))
    people = duty.people_on(now=now)
    coming = duty.next_shift(on=people, now=now)
    return OnShift(
        on=[
            Named(staff_name(person), person.pk, until=until[person.pk])
            for person in people
            if person.pk in until
        ],
        here=[Named(staff_name(person), person.pk) for person in people if person.pk not in until],
        next=_named(coming) if coming else None,
    )


def standing(*, now: datetime) -> DutyStatus:
    now_on = on_shift(now=now)
    return DutyStatus(
        now_on.on,
        now_on.here,
        now_on.next,
        missed=[_named(shift) for shift in duty.missed(now=now)],
        handoffs=duty.to_accept().count(),
    )


def _named(shift: Shift) -> Named:
    return Named(staff_name(shift.staff), shift.staff_id, shift.starts_at, shift.ends_at)
