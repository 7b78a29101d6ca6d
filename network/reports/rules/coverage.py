"""Hour by hour: how many may be asked from a zone, where that is too few, and the worst of it first. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from network.reports.rules.small_counts import K
from network.reports.rules.zones import Zone
from network.simulation.coverage import Responders, Shape, may_be_asked, miles_between
from network.support.rules.requests import Kind

HOURS, DAY = 7 * 24, 24
QUARTERS = (0, 15, 30, 45)  # an hour is somebody's if two of these minutes are

type Pattern = tuple[tuple[tuple[int, int], ...], bool]  # hours, and whether they may be woken


class CoverageLevel(StrEnum):
    """How a count compares with what is needed."""

    ENOUGH = "enough"
    SHORT = "short"  # half or more
    LOW = "low"  # less than half
    FEW = "few"  # under K: the count is hidden


@dataclass(frozen=True, slots=True)
class Area:
    """A zone, and how many may be asked for a request from its worst ZIP, for each hour from Monday 00:00."""

    zone: Zone
    eligible: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Thin:
    """Hours without a break that stand alike, in which too few may be asked: from this hour on.

    Longer than a day, it has one weekday: that on which it begins.
    """

    zone: Zone
    days: tuple[int, ...]  # 0 is Monday
    start: int
    hours: int  # up to the whole week
    lowest: int  # how many in the thinnest of them


def standing(eligible: int, needed: int) -> CoverageLevel:
    if eligible >= needed:
        return CoverageLevel.ENOUGH
    if eligible < K:
        return CoverageLevel.FEW
    return CoverageLevel.SHORT if 2 * eligible >= needed else CoverageLevel.LOW


def by_hour(shape: Shape, homes: Collection[str], kind: Kind, language: str) -> tuple[int, ...]:
    """Of the ZIPs that members live in, the one with the fewest counts, hour for hour."""
    able = [
        responder
        for responder in shape.responders
        if kind in responder.kinds and language in responder.languages
    ]
    of_each = [_from_one(shape, home, able) for home in sorted(homes)]
    return tuple(min(counts) for counts in zip(*of_each, strict=True)) if of_each else (0,) * HOURS


def _from_one(shape: Shape, home: str, able: Sequence[Responders]) -> list[int]:
    alike: Counter[Pattern] = Counter()
    for group in able:
        if miles_between(shape, home, group.zip) <= group.max_miles:
            alike[group.hours, group.wake] += group.count
    counts = [0] * HOURS
    for pattern, people in alike.items():
        for hour in _theirs(pattern, shape.night):
            counts[hour] += people
    return counts


@cache
def _theirs(pattern: Pattern, night: tuple[int, int]) -> tuple[int, ...]:
    hours, wake = pattern
    group = Responders("", frozenset(), frozenset(), hours, wake, 0, 1)
    return tuple(
        hour
        for hour in range(HOURS)
        if 2 * sum(may_be_asked(group, 60 * hour + minute, night) for minute in QUARTERS) >= len(QUARTERS)
    )


def thin(areas: Sequence[Area], needed: int) -> list[Thin]:
    """The worst first: fewest people (those under K alike), then the most hours of the week."""
    found = [thin for area in areas for thin in _thin(area, needed)]
    return sorted(
        found,
        key=lambda thin: (
            0 if thin.lowest < K else thin.lowest,
            -thin.hours * len(thin.days),
            thin.zone.code,
            thin.days,
        ),
    )


def _thin(area: Area, needed: int) -> Iterator[Thin]:
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for first, hours in _stretches([standing(count, needed) for count in area.eligible]):
        lowest = min(area.eligible[(first + n) % HOURS] for n in range(hours))
        day, start = divmod(first, DAY)
        long = (day,) if hours > DAY else ()
        alike[start, hours, 0 if lowest < K else lowest, *long].append(day)
    for (start, hours, lowest, *_), days in alike.items():
        yield Thin(area.zone, tuple(sorted(days)), start, hours, lowest)


def _stretches(week: Sequence[CoverageLevel]) -> Iterator[tuple[int, int]]:
    """(first hour, how many) of each run that stands alike and isn't enough; the week has no end."""
    if len(set(week)) == 1:
        if week[0] != CoverageLevel.ENOUGH:
            yield 0, len(week)
        return
    for first, here in enumerate(week):
        if here != CoverageLevel.ENOUGH and week[first - 1] != here:
            hours = 1
            while week[(first + hours) % len(week)] == here:
                hours += 1
            yield first, hours
