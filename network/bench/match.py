"""Whom to ask among very many: one request's best forty, and one surge, in memory and without a database."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np

from network.dispatch.roster.memory import Table, crowd_for, crowd_of
from network.dispatch.roster.rows import ACTIVE, BAR, ENGAGED, KINDS, ROW, SUSPENDED, WAKES, Codes, Rows
from network.dispatch.rules.case import Policy, Situation, Width
from network.dispatch.rules.crowd import Crowd
from network.dispatch.rules.surge import plan_surge
from network.dispatch.rules.waves import prospects
from network.support.rules.requests import Kind

SEED = 7
A_METRO, ZIPS = 10_000, 60
WIDE = 0.4  # degrees: about 44 km
BEST, ASKS, SURGE = 40, 400, 150
NOW = datetime(2026, 10, 6, 15, 0, tzinfo=UTC)


def run(sizes: Sequence[int]) -> None:
    draw = np.random.default_rng(SEED)
    before = None
    for size in sizes:
        began = time.perf_counter()
        codes, rows = made_up(size, draw)
        table = Table.of(rows, codes)
        took = time.perf_counter() - began
        homes = draw.choice(codes.zips, ASKS).tolist()
        for home in set(homes):
            table.reach(home, codes.places[home])
        asked, bare = _timed(lambda n: best(table, codes, homes[n]), draw)  # noqa: B023  used at once
        grown = f", {asked[0] / before:.2f} of the last size" if before else ""
        print(
            f"{size:>9,} responders: best {BEST} in p50 {asked[0]:.3f} ms, p95 {asked[1]:.3f} ms{grown}; "
            f"to sorting {A_METRO:,} numbers ({bare[0]:.3f} ms) {asked[0] / bare[0]:.2f}, p95 "
            f"{asked[1] / bare[1]:.2f}; {rows.itemsize + 9} bytes a row, made in {took:.1f} s",
            flush=True,
        )
        before = asked[0]
    _surge(draw)


def _timed(
    work: Callable[[int], object], draw: np.random.Generator
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Median and 95th hundredth, in ms, of the work and of the bare baseline, in turn."""
    numbers = draw.random(A_METRO)
    took: tuple[list[float], list[float]] = ([], [])
    for n in range(ASKS):
        began = time.perf_counter()
        work(n)
        between = time.perf_counter()
        np.sort(numbers)
        took[0].append((between - began) * 1000)
        took[1].append((time.perf_counter() - between) * 1000)
    asked, bare = (statistics.quantiles(seconds, n=20) for seconds in took)
    return (asked[9], asked[18]), (bare[9], bare[18])


def made_up(size: int, draw: np.random.Generator) -> tuple[Codes, Rows]:
    """Metros of ten thousand responders in sixty ZIPs each; two degrees lie between them."""
    codes, metros = Codes(), max(1, size // A_METRO)
    for n in range(metros * ZIPS):
        middle = 26.0 + 2 * (n // ZIPS % 10), -120.0 + 2 * (n // ZIPS // 10)
        zip_ = f"{n:05d}"
        codes.zip(zip_)
        codes.places[zip_] = (
            middle[0] + draw.uniform(-WIDE / 2, WIDE / 2),
            middle[1] + draw.uniform(-WIDE / 2, WIDE / 2),
        )
    weeks = [codes.week(f"[[{day * 1440 + start * 60}, 600]]") for day in range(7) for start in (0, 8, 12)]
    weeks.append(codes.week("[]"))
    languages = [codes.speaks(spoken) for spoken in ("en", "es", "en es", "en zh", "en pl", "en ar", "en tl")]
    now, rows = int(NOW.timestamp()), np.zeros(size, dtype=ROW)
    rows["person"] = np.frombuffer(draw.bytes(16 * size), dtype="S16")
    rows["zip"] = draw.integers(0, metros * ZIPS, size)
    rows["kinds"] = draw.choice([1, 2, 4, 5, 1], size)
    rows["speaks"] = draw.choice(languages, size, p=[0.55, 0.1, 0.25, 0.03, 0.03, 0.02, 0.02])
    rows["hours"] = draw.choice(weeks, size)
    rows["max_miles"] = draw.choice([5, 10, 15, 25], size)
    rows["clearance"] = NOW.toordinal() + draw.integers(-60, 300, size)
    rows["vouched"] = draw.integers(0, 1 << len(KINDS), size)
    rows["flags"] = ACTIVE
    for flag, part in ((BAR, 0.5), (WAKES, 0.2), (SUSPENDED, 0.02), (ENGAGED, 0.05)):
        rows["flags"] |= np.where(draw.random(size) < part, flag, 0).astype(np.uint8)
    rows["off_until"] = np.where(draw.random(size) < 0.1, now + 86_400, 0)
    rows["holds_until"] = np.where(draw.random(size) < 0.05, now + 600, 0)
    rows["asked_today"] = draw.integers(0, 8, size)
    rows["asked_at"] = now - draw.integers(0, 3 * 86_400, size)
    rows["asks"], rows["missed"] = draw.exponential(1.0, size), draw.exponential(0.1, size)
    rows["accepts"], rows["expected"] = draw.exponential(0.8, size), draw.exponential(0.8, size)
    return codes, rows


def asking(kind: Kind = Kind.ACCOMPANIMENT, *, places: int = 1, minutes: int = 1) -> Situation:
    return Situation(
        member=UUID(int=1),
        kind=kind,
        language="es",
        places_left=places,
        wave=0,
        asked=frozenset(),
        today=NOW.date(),
        began_at=NOW - timedelta(minutes=minutes),
        places=places,
    )


def best(table: Table, codes: Codes, home: str) -> list[UUID]:
    """All the rules and the whole score."""
    crowd = crowd_for([table], codes, home, Kind.ACCOMPANIMENT, here=NOW)
    view = prospects(asking(), crowd, Policy(), now=NOW)
    return [crowd.people[row] for row in view.ranked(Width.FARTHER, least=0.0)[:BEST]]


def _surge(draw: np.random.Generator) -> None:
    """Open requests of all kinds and homes against one metro: they share all columns but the miles."""
    codes, rows = made_up(A_METRO, draw)
    people = [UUID(bytes=row.ljust(16, b"\0")) for row in rows["person"].tolist()]
    shared = {kind: _everybody(rows, codes, kind, people) for kind in Kind}
    where = np.array([codes.places[codes.zips[row]] for row in rows["zip"]])
    searches = []
    for n in range(SURGE):
        kind = list(Kind)[n % len(Kind)]
        home = np.array(codes.places[codes.zips[int(draw.integers(ZIPS))]])
        miles = np.hypot(*((where - home) * (69.0, 58.0)).T)
        here = replace(asking(kind, places=1 + (kind is Kind.CHILDCARE), minutes=n % 40), member=uuid4())
        searches.append((here, replace(shared[kind], miles=miles)))
    took = []
    for _ in range(20):
        began = time.perf_counter()
        plans = plan_surge(searches, Policy(), now=NOW)
        took.append((time.perf_counter() - began) * 1000)
    cuts, asked = statistics.quantiles(took, n=20), sum(len(plan.ask) for plan in plans)
    print(
        f"a surge of {SURGE} requests and {A_METRO:,} responders: p50 {cuts[9]:.0f} ms, "
        f"p95 {cuts[18]:.0f} ms, {asked} asked"
    )


def _everybody(rows: Rows, codes: Codes, kind: Kind, people: list[UUID]) -> Crowd:
    crowd = crowd_of(rows, np.zeros(len(rows)), codes, kind, here=NOW, at=NOW, waits=False, holiday=False)
    return replace(crowd, people=people, row_of={person: n for n, person in enumerate(people)})
