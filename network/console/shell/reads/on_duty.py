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
    starts_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is on and who is next, for the board's own line."""

    on: list[Named]  # by a started shift
    here: list[Named]  # whoever else has a live console
    next: Named | None
    missed: list[Named]
    handoffs: int


@dataclass(frozen=True, slots=True)
class OnShift:
    """The frame's line: who is on by a started shift, and who is next."""

    on: list[tuple[UUID, Named]]
    next: Named | None


def on_shift(*, now: datetime) -> OnShift:
    until = dict(duty.running(now=now).values_list("staff", "ends_at"))
    people = [one for one in duty.people_on(now=now) if one.pk in until]
    coming = duty.next_shift(on=people, now=now)
    return OnShift(
        on=[(one.pk, Named(staff_name(one), None, until[one.pk])) for one in people],
        next=_named(coming) if coming else None,
    )


def standing(*, now: datetime) -> Standing:
    until = dict(duty.running(now=now).values_list("staff", "ends_at"))
    people = duty.people_on(now=now)
    coming = duty.next_shift(on=people, now=now)
    return Standing(
        on=[Named(staff_name(one), None, until[one.pk]) for one in people if one.pk in until],
        here=[Named(staff_name(one)) for one in people if one.pk not in until],
        next=_named(coming) if coming else None,
        missed=[_named(one) for one in duty.missed(now=now)],
        handoffs=duty.to_accept().count(),
    )


def _named(shift: Shift) -> Named:
    return Named(staff_name(shift.staff), shift.starts_at, shift.ends_at)
