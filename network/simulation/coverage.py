"""Where and when a network has too few people: counts in, gaps out, the worst first. Pure.

A gap is not that nobody was ever found, but that a request then and there would probably not be filled.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from network.dispatch.rules import Kind
from network.dispatch.rules.chance import enough
from network.simulation.town import PLACES
from network.simulation.volunteers import NIGHT_FROM, NIGHT_TO, is_night

A_YES, SURE = 0.27, 0.95  # of those free and near, casual or core; how likely all places are to be taken
BLOCK_HOURS, FIRST_HOUR, BLOCKS = 4, 2, 6  # 2 to 6 am is the first block of a day
SAMPLES, STEP_MIN = 8, 30  # a block is somebody's if half of its half-hours are
WEEK_HOURS, WEEK_MIN = 7 * 24, 7 * 24 * 60
DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
KIND_WORDS = {Kind.ACCOMPANIMENT: "accompaniment", Kind.LEGAL: "legal help", Kind.CHILDCARE: "childcare"}
LANGUAGE_WORDS = {
    "en": "English", "es": "Spanish", "pl": "Polish", "zh": "Chinese", "ar": "Arabic", "ht": "Haitian Creole",
}  # fmt: skip


class BadShape(ValueError):
    """The counts of a network are not as they should be; the message says where."""


@dataclass(frozen=True, slots=True)
class Responders:
    """So many alike. `kinds` are those they may be asked for; no `hours` are all hours."""

    zip: str
    kinds: frozenset[str]
    languages: frozenset[str]
    hours: tuple[tuple[int, int], ...]  # first minute of the week, minutes long
    wake: bool
    max_miles: float
    count: int


@dataclass(frozen=True, slots=True)
class Members:
    zip: str
    language: str
    count: int


@dataclass(frozen=True, slots=True)
class Shape:
    """A network in counts: no names, no phones, no ids. `miles` from a member's ZIP to a responder's."""

    responders: tuple[Responders, ...]
    members: tuple[Members, ...]
    miles: Mapping[str, Mapping[str, float]]
    night: tuple[int, int] = (NIGHT_FROM, NIGHT_TO)  # hours in which people are asked by choice or own hours


def shape_of(counts: Any) -> Shape:
    """From JSON. Raises BadShape."""
    try:
        return Shape(
            tuple(_responders(count) for count in counts["responders"]),
            tuple(
                Members(str(count["zip"]), str(count["language"]), int(count["count"]))
                for count in counts["members"]
            ),
            {a: {b: float(far) for b, far in row.items()} for a, row in counts["miles"].items()},
            _night(counts.get("night", (NIGHT_FROM, NIGHT_TO))),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadShape(f"The network's counts are not as they should be: {error!r}.") from error


def _night(hours: Any) -> tuple[int, int]:
    first, end = hours
    return int(first), int(end)


def _responders(group: Any) -> Responders:
    return Responders(
        zip=str(group["zip"]),
        kinds=frozenset(group["kinds"]),
        languages=frozenset(group["languages"]),
        hours=tuple((int(start), int(long)) for start, long in group["hours"]),
        wake=bool(group["wake"]),
        max_miles=float(group["max_miles"]),
        count=int(group["count"]),
    )


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """Days and hours in which a request of this kind, from there, would find too few."""

    zip: str
    kind: Kind
    language: str
    days: tuple[int, ...]  # on which it begins, one after the other; 0 is Monday
    start: int  # the hour of the day
    hours: int  # how long, up to the whole week
    eligible: int
    needed: int
    members: int

    @property
    def sentence(self) -> str:
        where = f"{self.zip}, {KIND_WORDS[self.kind]} in {LANGUAGE_WORDS.get(self.language, self.language)}"
        return f"{self._when}, {where}: {self.eligible} eligible, needs {self.needed}"

    @property
    def _when(self) -> str:
        if self.hours == WEEK_HOURS:
            return "At any hour"
        first, last, end = self.days[0], self.days[-1], self.start + self.hours
        if self.hours >= 24:
            ends_on = DAYS[(first + end // 24) % 7]
            return f"{DAYS[first]} {_hour(self.start)} to {ends_on} {_hour(end)}"
        days = "Every day" if len(self.days) == 7 else DAYS[first]
        if 1 < len(self.days) < 7:
            days += f" to {DAYS[last]}"
        return f"{days} {_clock(self.start, end)}"


def gaps(shape: Shape) -> list[CoverageGap]:
    """The worst first: the smallest part of those needed, then the most members."""
    found = [
        gap
        for (code, language), members in _members(shape).items()
        for kind in Kind
        for gap in _gaps(shape, code, kind, language, members)
    ]
    return sorted(
        found, key=lambda g: (g.eligible / g.needed, -g.members, g.zip, g.language, g.kind, g.days, g.start)
    )


@cache
def needed(places: int) -> int:
    """How many must be eligible for it to be likely enough that so many say yes: 10 for one, 16 for two."""
    count = places
    while enough([A_YES] * count, places) < SURE:
        count += 1
    return count


def _members(shape: Shape) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for member in shape.members:
        counted[member.zip, member.language] += member.count
    return counted


def _gaps(shape: Shape, code: str, kind: Kind, language: str, members: int) -> Iterator[CoverageGap]:
    """Blocks that follow each other with as many eligible are one; then days that are alike are."""
    able = [
        responder
        for responder in shape.responders
        if kind in responder.kinds
        and language in responder.languages
        and miles_between(shape, code, responder.zip) <= responder.max_miles
    ]
    need = needed(PLACES[kind])
    eligible = [
        sum(group.count for group in able if _is_theirs(group, block, shape.night))
        for block in range(7 * BLOCKS)
    ]
    days_of: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for first, blocks, count in _stretches(eligible):
        if count < need:
            day, block = divmod(first, BLOCKS)
            days_of[block, blocks, count].append(day)
    for (block, blocks, count), days in days_of.items():
        start, hours = FIRST_HOUR + BLOCK_HOURS * block, BLOCK_HOURS * blocks
        for row in _in_a_row(days) if hours < 24 else [(day,) for day in days]:
            yield CoverageGap(code, kind, language, row, start, hours, count, needed=need, members=members)


def miles_between(shape: Shape, home: str, other: str) -> float:
    """Given in either direction; infinitely far where it isn't, for nobody is sent an unknown way."""
    found = shape.miles.get(home, {}).get(other, shape.miles.get(other, {}).get(home))
    if found is None:
        return 0.0 if home == other else float("inf")
    return found


def _is_theirs(responders: Responders, block: int, night: tuple[int, int]) -> bool:
    start = (FIRST_HOUR + BLOCK_HOURS * block) * 60
    asked = sum(may_be_asked(responders, (start + STEP_MIN * n) % WEEK_MIN, night) for n in range(SAMPLES))
    return asked * 2 >= SAMPLES


def may_be_asked(responders: Responders, minute: int, night: tuple[int, int]) -> bool:
    """Whether this minute of the week, from Monday 00:00, is theirs; in the night by choice or own hours."""
    if is_night(minute // 60, night) and not (responders.wake or responders.hours):
        return False
    return not responders.hours or any((minute - start) % WEEK_MIN < long for start, long in responders.hours)


def _stretches(eligible: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(first block, how many blocks, how many eligible) around the week, which has no end."""
    starts = [n for n in range(len(eligible)) if eligible[n] != eligible[n - 1]]
    if not starts:
        yield 0, len(eligible), eligible[0]
    for first, after in zip(starts, [*starts[1:], *(n + len(eligible) for n in starts[:1])], strict=True):
        yield first, after - first, eligible[first]


def _in_a_row(days: Iterable[int]) -> list[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = []
    for day in days:
        if rows and rows[-1][-1] == day - 1:
            rows[-1] = (*rows[-1], day)
        else:
            rows.append((day,))
    return rows


def _clock(start: int, end: int) -> str:
    """In words such as "2 to 6 am" and "10 am to 2 pm"."""
    same = _hour(start)[-2:] == _hour(end)[-2:] and end - start < 12
    return f"{_hour(start)[:-3] if same else _hour(start)} to {_hour(end)}"


def _hour(hour: int) -> str:
    return f"{(hour - 1) % 12 + 1} {'am' if hour % 24 < 12 else 'pm'}"
