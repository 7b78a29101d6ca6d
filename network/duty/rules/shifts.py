"""Who is on duty, who is next, and which hours nobody has taken. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

LIVE_FOR = timedelta(minutes=2)  # after its last sign of life a console counts as live
SHIFT_MOST = timedelta(hours=12)
EARLY = timedelta(hours=1)  # a planned shift may be started this long before its time
LATE_START = timedelta(minutes=10)  # a planned shift not started by then is shown as missed
AHEAD = timedelta(days=7)  # how far gaps are looked for


class ShiftState(StrEnum):
    PLANNED = "planned"
    STARTED = "started"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ShiftTurn:
    """One shift as the rules see it; canceled ones are never given to them."""

    staff_id: UUID
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    offered: bool = False  # its owner asks for somebody to take it


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody whom the alarm may text."""

    id: UUID
    awake: bool = True


@dataclass(frozen=True, slots=True)
class Crew:
    """Who is on, since when, who comes next, and whom the alarm may text at all."""

    on: frozenset[UUID] = frozenset()
    since: datetime | None = None  # when the first shift that now runs was started; None: by presence only
    following: UUID | None = None
    everyone: tuple[Colleague, ...] = ()

    def without(self, staff_id: UUID) -> "Crew":
        """As if this one had no part in it."""
        return replace(
            self,
            on=self.on - {staff_id},
            following=None if self.following == staff_id else self.following,
            everyone=tuple(person for person in self.everyone if person.id != staff_id),
        )


def is_on(turn: ShiftTurn, now: datetime) -> bool:
    """A shift counts once it was started, until it is ended or its time is over."""
    return turn.started_at is not None and turn.ended_at is None and turn.started_at <= now < turn.ends_at


def is_missed(turn: ShiftTurn, now: datetime) -> bool:
    """Its time runs, and nobody has started it."""
    waits = turn.started_at is None and turn.ended_at is None
    return waits and turn.starts_at + LATE_START <= now < turn.ends_at


def crew_of(
    turns: Collection[ShiftTurn], seen: Mapping[UUID, datetime], staff: Iterable[Colleague], *, now: datetime
) -> Crew:
    """Both a started shift and a live console count as being on."""
    running = [turn for turn in turns if is_on(turn, now)]
    by_shift = frozenset(turn.staff_id for turn in running)
    present = frozenset(who for who, at in seen.items() if at > now - LIVE_FOR)
    coming = next_turn(turns, by_shift | present, now=now)
    return Crew(
        on=by_shift or present,  # the person on shift is paged first, not whoever looks in
        since=min((turn.started_at for turn in running if turn.started_at), default=None),
        following=coming.staff_id if coming else None,
        everyone=tuple(staff),
    )


def next_turn(turns: Iterable[ShiftTurn], on: Collection[UUID], *, now: datetime) -> ShiftTurn | None:
    """The next shift of somebody who is not on; one that should have been started comes first."""
    waiting = [
        turn
        for turn in turns
        if turn.started_at is None
        and turn.ended_at is None
        and turn.ends_at > now
        and turn.staff_id not in on
    ]
    return min(waiting, key=lambda turn: turn.starts_at, default=None)


class CoverageLack(StrEnum):
    """Why a stretch of the week isn't covered."""

    NOBODY = "nobody"  # no shift at all
    OFFERED = "offered"  # only by shifts whose owners ask to be relieved


@dataclass(frozen=True, slots=True)
class Gap:
    starts_at: datetime
    ends_at: datetime
    lack: CoverageLack


def gaps(turns: Collection[ShiftTurn], *, now: datetime, ahead: timedelta = AHEAD) -> list[Gap]:
    """What the coming week lacks: the hours with nobody at all first, then those that are unsure."""
    end = now + ahead
    live = [turn for turn in turns if turn.ended_at is None and turn.ends_at > now and turn.starts_at < end]
    edges = {now, end, *(min(max(at, now), end) for turn in live for at in (turn.starts_at, turn.ends_at))}
    moments = sorted(edges)
    found: list[Gap] = []
    for start, stop in pairwise(moments):
        lack = _lack([turn for turn in live if turn.starts_at <= start and turn.ends_at >= stop])
        if lack and found and found[-1].ends_at == start and found[-1].lack == lack:
            found[-1] = Gap(found[-1].starts_at, stop, lack)
        elif lack:
            found.append(Gap(start, stop, lack))
    return sorted(found, key=lambda gap: (gap.lack != CoverageLack.NOBODY, gap.starts_at))


def _lack(covering: list[ShiftTurn]) -> CoverageLack | None:
    if not covering:
        return CoverageLack.NOBODY
    return CoverageLack.OFFERED if all(turn.offered for turn in covering) else None


def overlaps(turn: ShiftTurn, others: Iterable[ShiftTurn]) -> bool:
    """Whether it meets another of the same person's shifts."""
    return any(
        turn.staff_id == other.staff_id and turn.starts_at < other.ends_at and other.starts_at < turn.ends_at
        for other in others
    )
