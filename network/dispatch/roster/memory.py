"""Everybody who may be asked, in memory: a hint at whom to load. The database's rows stay the truth.

Rows are sorted by ZIP, so people within reach of a home are slices. All are read every five minutes. In
between, the history names who changed, and only they are read again, into a small table that is used first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.conf import settings

from network.audit.models import Entry
from network.audit.queries import last_seq
from network.dispatch.models import Offer
from network.dispatch.roster.rows import (
    ACTIVE,
    BAR,
    ENGAGED,
    KINDS,
    OPTED_OUT,
    PROBATION,
    ROW,
    SUSPENDED,
    UNREACHABLE,
    WAKES,
    Codes,
    Rows,
    quarter,
    read,
)
from network.dispatch.rules.case import Policy, Situation, Width
from network.dispatch.rules.chance import HALVES_IN, SILENCE_HALVES_IN
from network.dispatch.rules.crowd import KIND_BIT, Counts, Crowd, Flags, Numbers
from network.dispatch.rules.waves import prospects
from network.organizations.models import Holiday, Place
from network.organizations.rules.distance import EARTH_MILES
from network.people.rules.hours import is_between, is_night
from network.support.rules.requests import Kind

IN_FULL = timedelta(minutes=5)
FOLLOWS = timedelta(seconds=1)
OVERLAP = 500  # lines of history read again: a smaller number may be committed later
MOST_LATE = 20_000  # read again one by one, before all are
MOST_HOMES = 512
TOP, TOP_WIDER, TOP_UNLIKELY = 150, 75, 40
MARGIN = 0.8  # of the least chance worth an ask: what was learned lately is not in memory


class Roster:
    """One per process. A thread that asks while another one reads gets the roster as it was before."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.tables: tuple[Table, ...] = ()  # the late, then all
        self.codes = Codes()
        self.holidays: frozenset[date] = frozenset()
        self.loaded_at = self.followed_at = datetime.min.replace(tzinfo=UTC)
        self.seen, self.handled = 0, frozenset[int]()

    def fresh(self, *, now: datetime) -> tuple["Table", ...]:
        if self.lock.acquire(blocking=not self.tables):
            try:
                self._refresh(now)
            finally:
                self.lock.release()
        return self.tables

    def _refresh(self, now: datetime) -> None:
        if not self.tables or not timedelta(0) <= now - self.loaded_at < IN_FULL:
            self._load(now)
        elif now - self.followed_at >= FOLLOWS:
            self._follow(now)

    def _load(self, now: datetime) -> None:
        newest = last_seq()
        codes = Codes()
        rows = read(codes, now=now)
        codes.places = {
            zip_: (lat, lon) for zip_, lat, lon in Place.objects.values_list("zip", "latitude", "longitude")
        }
        self.holidays = frozenset(Holiday.objects.values_list("day", flat=True))
        self.seen, self.handled, self.codes = newest, frozenset(), codes
        self.tables = (Table.of(rows, codes),)
        self.loaded_at = self.followed_at = now

    def _follow(self, now: datetime) -> None:
        lines = list(Entry.objects.filter(pk__gt=self.seen - OVERLAP).order_by("pk"))
        fresh = [
            line for line in lines if line.pk not in self.handled and line.at >= self.loaded_at - FOLLOWS
        ]
        if any(line.action.startswith("import.") for line in fresh):  # names nobody
            self._load(now)
            return
        self.handled = frozenset(line.pk for line in lines)
        self.seen = max([self.seen, *self.handled])
        self.followed_at = now
        people = named(fresh)
        if people:
            self._read_again(people, now)

    def _read_again(self, people: set[UUID], now: datetime) -> None:
        late = self.tables[0].rows if len(self.tables) == 2 else np.empty(0, dtype=ROW)
        if len(late) + len(people) > MOST_LATE:
            self._load(now)
            return
        all_ = self.tables[-1]
        kept = late[
            ~np.isin(late["person"], np.array([person_id.bytes for person_id in people], dtype="S16"))
        ]
        all_.leave_out(people)
        rows = np.concatenate([kept, read(self.codes, people, now=now)])
        self.tables = (Table.of(rows, self.codes), all_)


def named(lines: Iterable[Entry]) -> set[UUID]:
    """Whom these lines of history are about."""
    people, offers = set[UUID](), set[UUID]()
    for line in lines:
        what, _, id_ = line.about.partition(":")
        if what == "person":
            people.add(UUID(id_))
        elif what == "offer":
            offers.add(UUID(id_))
        if isinstance(person_id := line.detail.get("person"), str):
            people.add(UUID(person_id))
    return people | set(Offer.objects.filter(pk__in=offers).values_list("person", flat=True))


@dataclass(slots=True)
class Table:
    """Rows by ZIP. `able` has the bit of each kind whose lasting rules let somebody be asked."""

    rows: Rows
    able: npt.NDArray[np.uint8]
    max_miles: npt.NDArray[np.float32]
    zips: Counts  # the codes of the ZIPs there are, where each begins, and the most miles of anybody there
    begins: Counts
    farthest: Numbers
    where: Numbers  # radians, a row a ZIP; NaN where its place is unknown
    by_person: Counts
    reaches: dict[str, tuple[Counts, Numbers]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Rows, codes: Codes) -> "Table":
        rows = rows[np.argsort(codes.rank_of_zips()[rows["zip"]], kind="stable")]
        _, first = np.unique(codes.rank_of_zips()[rows["zip"]], return_index=True)
        zips = rows["zip"][first].astype(np.int64)
        unknown = (np.nan, np.nan)
        where = np.radians([codes.places.get(codes.zips[row], unknown) for row in zips]).reshape(-1, 2)
        most = np.maximum.reduceat(rows["max_miles"], first) if len(rows) else np.empty(0)
        return cls(
            rows,
            able(rows),
            rows["max_miles"].copy(),
            zips,
            np.append(first, len(rows)),
            most.astype(np.float64),
            where,
            np.argsort(rows["person"]).astype(np.int32),
        )

    def reach(self, home: str, place: tuple[float, float]) -> tuple[Counts, Numbers]:
        """The rows of people who travel far enough for this home, and the distance of each."""
        if home not in self.reaches:
            if len(self.reaches) >= MOST_HOMES:
                self.reaches = {}
            lat, lon = np.radians(place)
            half = np.sin((self.where[:, 0] - lat) / 2) ** 2
            half += np.cos(lat) * np.cos(self.where[:, 0]) * np.sin((self.where[:, 1] - lon) / 2) ** 2
            far = 2 * EARTH_MILES * np.arcsin(np.sqrt(half))
            near = np.flatnonzero(far <= self.farthest)
            spans = [np.arange(self.begins[n], self.begins[n + 1]) for n in near]
            rows = np.concatenate([np.empty(0, dtype=np.int64), *spans])
            miles = np.repeat(far[near], self.begins[near + 1] - self.begins[near])
            reached = miles <= self.max_miles[rows]
            self.reaches[home] = rows[reached], miles[reached]
        return self.reaches[home]

    def leave_out(self, people: Iterable[UUID]) -> None:
        """From now on these people are read from the late table."""
        wanted = np.array([person_id.bytes for person_id in people], dtype="S16")
        at = np.searchsorted(self.rows["person"], wanted, sorter=self.by_person)
        rows = self.by_person[np.minimum(at, len(self.by_person) - 1)] if len(self.rows) else at[:0]
        self.able[rows[self.rows["person"][rows] == wanted[: len(rows)]]] = 0


def able(rows: Rows) -> npt.NDArray[np.uint8]:
    keeps_out = SUSPENDED | PROBATION | OPTED_OUT | UNREACHABLE
    may = (rows["flags"] & (ACTIVE | keeps_out)) == ACTIVE
    bits = np.zeros(len(rows), dtype=np.uint8)
    for kind in KINDS:
        allowed = may & ((rows["vouched"] & KIND_BIT[kind]) != 0)
        if kind is Kind.LEGAL:
            allowed &= (rows["flags"] & BAR) != 0
        bits |= np.where(allowed, rows["kinds"] & KIND_BIT[kind], 0).astype(np.uint8)
    return bits


def crowd_for(
    tables: Sequence[Table],
    codes: Codes,
    home: str,
    kind: Kind,
    *,
    here: datetime,
    at: datetime | None = None,
    waits: bool = False,
    holiday: bool = False,
) -> Crowd:
    """Those near a home who are free and whom no lasting rule keeps out.

    `here` is the local time, `at` the local time at which they are to go, if that differs, and `waits` says
    that it is still far away.
    """
    at = at or here
    parts: list[Rows] = [np.empty(0, dtype=ROW)]
    far: list[Numbers] = [np.empty(0)]
    for table in tables if home in codes.places else ():
        near, how_far = table.reach(home, codes.places[home])
        able = np.flatnonzero(table.able[near] & KIND_BIT[kind])
        rows = table.rows[near[able]]
        free = (rows["flags"] & ENGAGED) == 0
        free &= rows["holds_until"] <= here.timestamp()
        for until in ("off_until", "rest_until"):
            free &= rows[until] <= at.timestamp()
        parts.append(rows[free])
        far.append(how_far[able][free])
    return crowd_of(
        np.concatenate(parts),
        np.concatenate(far),
        codes,
        kind,
        here=here,
        at=at,
        waits=waits,
        holiday=holiday,
    )


def _awake(rows: Rows, codes: Codes, *, here: datetime, waits: bool, holiday: bool) -> Flags:
    """As queries.candidates has it. `waits`: for a set time that is still far away."""
    wakes = np.asarray((rows["flags"] & WAKES) != 0)
    if not (is_night(here) if waits else is_between(here, settings.OFFER_NIGHT)):
        return np.ones(len(rows), dtype=np.bool_)
    if waits:
        return wakes
    own = np.array(codes.own_hours, dtype=np.bool_) & codes.on_hours(quarter(here, holiday=holiday))
    return np.asarray(wakes | own[rows["hours"]])


def crowd_of(
    rows: Rows,
    miles: Numbers,
    codes: Codes,
    kind: Kind,
    *,
    here: datetime,
    at: datetime,
    waits: bool,
    holiday: bool,
) -> Crowd:
    now, flags = here.timestamp(), rows["flags"]
    age = np.where(rows["asked_at"] > 0, now - rows["asked_at"], 0.0)
    no = np.zeros(len(rows), dtype=np.bool_)
    names = Names(rows["person"])
    return Crowd(
        people=names,
        row_of=RowOf(names),
        active=(flags & ACTIVE) != 0,
        suspended=(flags & SUSPENDED) != 0,
        opted_out=(flags & OPTED_OUT) != 0,
        unreachable=(flags & UNREACHABLE) != 0,
        off=rows["off_until"] > at.timestamp(),
        kinds=rows["kinds"].astype(np.int64),
        speaks={
            language: (rows["speaks"] >> bit) & np.uint64(1) != 0 for language, bit in codes.languages.items()
        },
        miles=miles,
        max_miles=rows["max_miles"].astype(np.float64),
        on_hours=codes.on_hours(quarter(at, holiday=holiday))[rows["hours"]],
        awake=_awake(rows, codes, here=here, waits=waits, holiday=holiday),
        clearance_until=rows["clearance"].astype(np.int64),
        bar_checked=(flags & BAR) != 0,
        vouched=(rows["vouched"] & KIND_BIT[kind]) != 0,
        engaged=(flags & ENGAGED) != 0,
        offer_open=rows["holds_until"] > now,
        own_vouch=~no,  # known of those who are loaded
        probation=(flags & PROBATION) != 0,
        resting=rows["rest_until"] > at.timestamp(),
        standby=rows["standby_until"] > now,
        asked_today=rows["asked_today"].astype(np.int64),
        asks=rows["asks"] * np.exp2(-age / HALVES_IN.total_seconds()),
        missed=rows["missed"] * np.exp2(-age / SILENCE_HALVES_IN.total_seconds()),
        accepts=rows["accepts"].astype(np.float64),
        expected=rows["expected"].astype(np.float64),
    )


class Names(Sequence[UUID]):
    """Ids that are only made for those who are read."""

    def __init__(self, raw: npt.NDArray[np.bytes_]) -> None:
        self.raw = raw

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, n: Any) -> Any:
        return UUID(bytes=bytes(self.raw[n]).ljust(16, b"\0"))


class RowOf(Mapping[UUID, int]):
    def __init__(self, names: Names) -> None:
        self.names = names

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[UUID]:
        return iter(self.names)

    def __getitem__(self, person: UUID) -> int:
        rows = np.flatnonzero(self.names.raw == np.bytes_(person.bytes))
        if len(rows) == 0:
            raise KeyError(person)
        return int(rows[0])


ROSTER = Roster()


def shortlist(
    situation: Situation, home: str, policy: Policy, *, now: datetime, here: datetime, at: datetime
) -> list[UUID]:
    """Whom to load: the best at each width, and some of the unlikely too.

    `here`: the local `now`; `at`: the local time at which they are to go.
    """
    tables = ROSTER.fresh(now=now)
    holiday = at.date() in ROSTER.holidays
    waits = situation.due_at is not None
    crowd = crowd_for(
        tables, ROSTER.codes, home, situation.kind, here=here, at=at, waits=waits, holiday=holiday
    )
    view = prospects(situation, crowd, policy, now=now)
    rows: set[int] = set()
    for width in Width:
        top = TOP if width <= Width.FARTHER else TOP_WIDER
        rows.update(view.ranked(width, least=policy.least_late * MARGIN)[:top].tolist())
        rows.update(view.ranked(width, least=0.0)[:TOP_UNLIKELY].tolist())
    rows.update(np.flatnonzero(view.later)[:TOP_UNLIKELY].tolist())  # whoever is left for later
    return [crowd.people[row] for row in sorted(rows)]
