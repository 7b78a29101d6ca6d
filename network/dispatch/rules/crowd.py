"""Responders as the rules see them: one as a value, thousands as columns. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, cast
from uuid import UUID

import numpy as np
import numpy.typing as npt

from network.support.rules.requests import Kind

type Flags = npt.NDArray[np.bool_]
type Numbers = npt.NDArray[np.float64]
type Counts = npt.NDArray[np.int64]

KIND_BIT: dict[str, int] = {kind: 1 << n for n, kind in enumerate(Kind)}
KM_IN_A_MILE = 1.609344


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the rules know of a responder. `miles` is None where a ZIP has no known place.

    The last group is what has been learned of them: see chance.py.
    """

    person: UUID
    active: bool
    suspended: bool
    opted_out: bool
    unreachable: bool  # the carrier says that this number can't be texted
    off: bool
    kinds: frozenset[str]
    languages: frozenset[str]
    miles: float | None
    max_miles: int
    on_hours: bool  # the present hour is one of theirs
    awake: bool  # it is day, or they chose to be woken
    clearance_until: date | None
    bar_checked: bool
    vouched: bool  # sufficiently, in this request's kind
    engaged: bool  # an accepted offer not yet released, or an open request of their own
    offer_open: bool  # an offer holds them: unanswered, and younger than HOLDS_FOR
    last_asked_at: datetime | None
    own_vouch: bool = True  # what the member's organization asks of who cares for children is there
    probation: bool = False  # new: only a person may ask them
    resting: bool = False  # after a hard visit
    standby: bool = False  # came too late a moment ago: free now, and willing
    asked_today: int = 0
    asks: float = 0.0  # asks, each halved for every 24 h since
    missed: float = 0.0  # yeses expected of the last hours that did not come, decayed
    accepts: float = 0.0  # yeses, decayed
    expected: float = 0.0  # what anybody in their place would have said, decayed


@dataclass(frozen=True, slots=True)
class Crowd:
    """Candidates as columns, one row each. The arrays are as long as `people`."""

    people: Sequence[UUID]
    row_of: Mapping[UUID, int]
    active: Flags
    suspended: Flags
    opted_out: Flags
    unreachable: Flags
    off: Flags
    kinds: Counts  # KIND_BITs
    speaks: Mapping[str, Flags]  # by language; one that nobody speaks may be missing
    miles: Numbers  # NaN where a ZIP has no known place
    max_miles: Numbers
    on_hours: Flags
    awake: Flags
    clearance_until: Counts  # as date.toordinal(), 0 for none
    bar_checked: Flags
    vouched: Flags
    engaged: Flags
    offer_open: Flags
    own_vouch: Flags
    probation: Flags
    resting: Flags
    standby: Flags
    asked_today: Counts
    asks: Numbers
    missed: Numbers
    accepts: Numbers
    expected: Numbers

    def __len__(self) -> int:
        return len(self.people)

    def speaking(self, language: str) -> Flags:
        column = self.speaks.get(language)
        return np.zeros(len(self), dtype=np.bool_) if column is None else column

    def only(self, rows: Counts, done: dict[int, Any] | None = None) -> "Crowd":
        """These rows. `done` keeps columns by id, for crowds that share them and want the same rows."""
        done = {} if done is None else done
        people: list[UUID] = done.get(id(self.people)) or [self.people[row] for row in rows.tolist()]
        done[id(self.people)] = people
        columns: dict[str, Any] = {"people": people}
        columns["row_of"] = done.get(id(people)) or {person: n for n, person in enumerate(people)}
        done[id(people)] = columns["row_of"]
        columns["speaks"] = {language: _taken(column, rows, done) for language, column in self.speaks.items()}
        for column in fields(self):
            if column.name not in columns:
                columns[column.name] = _taken(getattr(self, column.name), rows, done)
        return Crowd(**columns)

    @classmethod
    def of(cls, candidates: Iterable[Candidate]) -> "Crowd":
        rows = list(candidates)
        languages = {language for row in rows for language in row.languages}
        return cls(
            people=[row.person for row in rows],
            row_of={row.person: n for n, row in enumerate(rows)},
            active=_flags(row.active for row in rows),
            suspended=_flags(row.suspended for row in rows),
            opted_out=_flags(row.opted_out for row in rows),
            unreachable=_flags(row.unreachable for row in rows),
            off=_flags(row.off for row in rows),
            kinds=_counts(_bits(row.kinds) for row in rows),
            speaks={language: _flags(language in row.languages for row in rows) for language in languages},
            miles=numbers(np.nan if row.miles is None else row.miles for row in rows),
            max_miles=numbers(row.max_miles for row in rows),
            on_hours=_flags(row.on_hours for row in rows),
            awake=_flags(row.awake for row in rows),
            clearance_until=_counts(_ordinal(row.clearance_until) for row in rows),
            bar_checked=_flags(row.bar_checked for row in rows),
            vouched=_flags(row.vouched for row in rows),
            engaged=_flags(row.engaged for row in rows),
            offer_open=_flags(row.offer_open for row in rows),
            own_vouch=_flags(row.own_vouch for row in rows),
            probation=_flags(row.probation for row in rows),
            resting=_flags(row.resting for row in rows),
            standby=_flags(row.standby for row in rows),
            asked_today=_counts(row.asked_today for row in rows),
            asks=numbers(row.asks for row in rows),
            missed=numbers(row.missed for row in rows),
            accepts=numbers(row.accepts for row in rows),
            expected=numbers(row.expected for row in rows),
        )


def _taken(column: npt.NDArray[Any], rows: Counts, done: dict[int, Any]) -> npt.NDArray[Any]:
    taken = done.get(id(column))
    if taken is None:
        taken = done[id(column)] = column[rows]
    return cast(npt.NDArray[Any], taken)


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, dtype=np.bool_)


def _counts(values: Iterable[int]) -> Counts:
    return np.fromiter(values, dtype=np.int64)


def numbers(values: Iterable[float]) -> Numbers:
    """A column of them."""
    return np.fromiter(values, dtype=np.float64)


def _bits(kinds: Iterable[str]) -> int:
    return reduce(or_, (KIND_BIT.get(kind, 0) for kind in kinds), 0)


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def gini(asks: Sequence[int] | Counts) -> float:
    """0 when everybody was asked as often, near 1 when one was asked for all."""
    ordered = np.sort(np.asarray(asks, dtype=np.float64))
    if ordered.sum() == 0:
        return 0.0
    size = len(ordered)
    return float((2 * np.arange(1, size + 1) - size - 1) @ ordered / (size * ordered.sum()))
