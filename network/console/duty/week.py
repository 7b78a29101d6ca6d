"""A week as a table: a row a day, a column each half hour, side by side what overlaps. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

HALF_HOURS = 48
DAYS = 7


class StretchKind(StrEnum):
    YOU = "you"
    OTHER = "other"
    OFFERED = "offered"  # its owner asks for somebody to take it
    NONE = "none"  # nobody is on


@dataclass(frozen=True, slots=True)
class Stretch:
    """Somebody's shift, or hours with nobody."""

    starts_at: datetime
    ends_at: datetime
    kind: StretchKind
    name: str = ""
    id: UUID | None = None  # of the shift


@dataclass(frozen=True, slots=True)
class WeekCell:
    """As much of a stretch as one day has, or an empty space before the next."""

    columns: int
    stretch: Stretch | None = None
    begins: datetime | None = None  # by the wall clock; None where it began on a day before
    ends: datetime | None = None  # None where it goes on the day after


@dataclass(frozen=True, slots=True)
class WeekDay:
    day: date
    lanes: list[list[WeekCell]]  # each fills the day


def days(stretches: Iterable[Stretch], *, first: date, zone: ZoneInfo) -> list[WeekDay]:
    """Seven days from the first on.

    Times are the wall clock's, to the nearest half hour: on the days when clocks change an hour is
    drawn over another or left out.
    """
    ordered = sorted(stretches, key=lambda stretch: (stretch.starts_at, stretch.ends_at))
    week = [first + timedelta(days=n) for n in range(DAYS)]
    return [
        WeekDay(day, _lanes([stretch for stretch in ordered if _meets(stretch, day, zone)], day, zone))
        for day in week
    ]


def _bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _meets(stretch: Stretch, day: date, zone: ZoneInfo) -> bool:
    midnight, next_midnight = _bounds(day, zone)
    return stretch.starts_at < next_midnight and stretch.ends_at > midnight


def _lanes(stretches: list[Stretch], day: date, zone: ZoneInfo) -> list[list[WeekCell]]:
    """Each stretch in the first lane that has room for it; the space between them is empty cells."""
    lanes: list[list[WeekCell]] = []
    until: list[int] = []
    for stretch in stretches:
        start, end, cell = _placed(stretch, day, zone)
        lane = next((n for n, at in enumerate(until) if at <= start), len(lanes))
        if lane == len(lanes):
            lanes.append([])
            until.append(0)
        if start > until[lane]:
            lanes[lane].append(WeekCell(start - until[lane]))
        lanes[lane].append(cell)
        until[lane] = end
    for lane, at in enumerate(until):
        if at < HALF_HOURS:
            lanes[lane].append(WeekCell(HALF_HOURS - at))
    return lanes or [[WeekCell(HALF_HOURS)]]


def _placed(stretch: Stretch, day: date, zone: ZoneInfo) -> tuple[int, int, WeekCell]:
    """The columns before it and until its end: never less than one, which the last of a day has too."""
    midnight, next_midnight = _bounds(day, zone)
    begins = stretch.starts_at.astimezone(zone) if stretch.starts_at > midnight else None
    ends = stretch.ends_at.astimezone(zone) if stretch.ends_at < next_midnight else None
    start = min(_half_hours(begins), HALF_HOURS - 1) if begins else 0
    end = max(_half_hours(ends), start + 1) if ends else HALF_HOURS
    return start, end, WeekCell(end - start, stretch, begins, ends)


def _half_hours(local: datetime) -> int:
    return round((local.hour * 60 + local.minute) / 30)
