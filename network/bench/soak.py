"""A steady load for as long as you like: what a minute takes, and what grows from minute to minute."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import psycopg

from network.bench import books
from network.bench.bots import member_says, responder_says
from network.bench.bursts import memory_line
from network.bench.callers import HELP, Callers, FamilyCall
from network.bench.crowd import phone_of
from network.bench.light import Handed
from network.bench.processes import GROUPS, Amounts, less, megabytes, roots_of, seconds
from network.bench.stage import BenchStage
from network.bench.times import grows, percentile, slope, spread
from network.bench.town import town

MEMBERS, RESPONDERS = 400, 2000
MINUTE_S, TELLS_FROM = 60.0, 6
# By how much a minute may add, in the second half, before it is said to grow.
LEAST = {"memory": 1.0, "answers": 0.1, "waiting": 5.0, "opened": 2.0}

WAITING = """
    SELECT (SELECT count(*) FROM messaging_inbound WHERE state = 'waiting'),
           (SELECT count(*) FROM messaging_outbound WHERE state IN ('owed', 'sending', 'unknown')),
           (SELECT count(*) FROM support_supportrequest WHERE state <> 'closed')
"""
TABLES = """
    SELECT relname, n_live_tup, n_dead_tup, pg_total_relation_size(relid) / 1048576.0
    FROM pg_stat_user_tables ORDER BY 4 DESC
"""


class Residents(Callers):
    """Families who go through a whole visit, half of the responders say yes, and all answer at once."""

    def __init__(self, stage: BenchStage) -> None:
        super().__init__(stage.here, [phone_of("members", n) for n in range(MEMBERS)])
        self.chance, self.waits, self.asked = random.Random(1), list[float](), 0  # noqa: S311  no secret

    def ask(self, phone: str) -> None:
        """Help once more, from any thread."""
        self.here.loop.call_soon_threadsafe(self._ask, phone)

    def _ask(self, phone: str) -> None:
        self.waits += self.calls[phone].waits
        self.calls[phone] = FamilyCall()
        self.asked += 1
        self._write(phone, HELP)

    def hears(self, handed: Handed) -> None:
        known = handed.to in self.calls
        answered = len(self.calls[handed.to].answered) if known else 0
        super().hears(handed)
        if known and len(self.calls[handed.to].answered) > answered:
            return  # one of the first three texts, answered there
        says = member_says(handed.body) if known else responder_says(handed.body, self.chance)
        if says:
            self.here.light.text(handed.to, says)

    def taken(self) -> tuple[list[float], int]:
        """Since the last time: the waits of requests that were answered, and how many were asked for."""
        found = Future[tuple[list[float], int]]()
        self.here.loop.call_soon_threadsafe(lambda: found.set_result(self._taken()))
        return found.result()

    def _taken(self) -> tuple[list[float], int]:
        for phone, call in self.calls.items():
            if call.is_through:
                self.waits += call.waits
                self.calls[phone] = FamilyCall(wrote=[], answered=[0.0] * len(self.expects))
        waits, asked = self.waits, self.asked
        self.waits, self.asked = [], 0
        self.out.clear()
        self.offers.clear()
        self.here.light.handed.clear()
        return waits, asked


@dataclass(slots=True)
class Kept:
    """What each minute showed."""

    memory: dict[str, list[float]] = field(default_factory=lambda: {group: [] for group in GROUPS})
    answers: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    tables: dict[str, list[float]] = field(default_factory=dict)
    dead: dict[str, list[float]] = field(default_factory=dict)
    requests: int = 0

    def note(self, held: Amounts, waits: list[float], waiting: int, opened: int, tables: list[Any]) -> None:
        for group, megabytes_ in held.items():
            self.memory[group].append(megabytes_)
        if waits:
            self.answers.append(percentile(waits, 0.5))
        self.waiting.append(waiting)
        self.opened.append(opened)
        for name, _live, dead, size in tables:
            self.tables.setdefault(name, []).append(float(size))
            self.dead.setdefault(name, []).append(float(dead))

    def growing(self) -> Iterator[str]:
        """A sentence for each thing that still grew in the second half."""
        for group, values in self.memory.items():
            if grows(values, least=LEAST["memory"]):
                yield f"The memory of {group} grows: {slope(values[len(values) // 2 :]):.1f} MB a minute."
        if grows(self.answers, least=LEAST["answers"]):
            yield "Answers take longer from minute to minute: there is more load than this machine takes."
        if grows(self.waiting, least=LEAST["waiting"]):
            yield "What waits to be done grows: there is more load than this machine takes."
        if grows(self.opened, least=LEAST["opened"]):
            yield "More requests open than close: visits don't come to their end."

    def nothing(self) -> str:
        if len(self.waiting) < TELLS_FROM:
            return f"{len(self.waiting)} minutes are too few to tell what grows: {TELLS_FROM} at least."
        return f"Nothing grew in the second half but tables, with {self.requests} requests."

    def summary(self) -> Iterator[str]:
        for group, values in self.memory.items():
            yield f"slope of memory, {group:12} {slope(values):7.2f} MB a minute"
        yield f"slope of an answer's p50     {slope(self.answers) * 1000:8.1f} ms a minute"
        largest = sorted(self.tables, key=lambda name: -slope(self.tables[name]))[:5]
        for name in largest:
            kilobytes, dead = slope(self.tables[name]) * 1024, self.dead[name][-1]
            yield f"slope of {name:28} {kilobytes:7.0f} KB a minute, {dead:.0f} dead rows at the end"


def run(minutes: int, *, every_s: float, workers: int) -> bool:
    """Print a line a minute, then slopes; True if nothing grows that should not."""
    with town(members=0, responders=0, workers=workers, light=True) as here:
        stage = BenchStage(here, books.dsn(here.environment), roots_of(here))
        here.bring_in_organizations()
        stage.fill("members", MEMBERS)
        stage.fill("responders", RESPONDERS)
        residents, kept = Residents(stage), Kept()
        here.light.heard = residents.hears
        people = f"{MEMBERS} families, {RESPONDERS} responders"
        print(f"a request every {every_s:.1f} s, {people}, workers: {workers}", flush=True)
        phones = cycle(residents.calls)
        with psycopg.connect(stage.dsn, autocommit=True) as line:
            for minute in range(1, minutes + 1):
                before, began = seconds(stage.roots), time.monotonic()
                for n in range(max(round(MINUTE_S / every_s), 1)):
                    time.sleep(max(began + n * every_s - time.monotonic(), 0))
                    residents.ask(next(phones))
                time.sleep(max(began + MINUTE_S - time.monotonic(), 0))
                spent = less(seconds(stage.roots), before)
                _note(minute, stage, residents, kept, line, sum(spent.values()) / MINUTE_S)
    print("\n".join(kept.summary()))
    growing = list(kept.growing())
    print("\n".join(growing) or kept.nothing())
    return not growing


def _note(
    minute: int,
    stage: BenchStage,
    residents: Residents,
    kept: Kept,
    line: psycopg.Connection[Any],
    cores: float,
) -> None:
    waits, asked = residents.taken()
    *waiting, opened = line.execute(WAITING).fetchall()[0]
    tables, held = line.execute(TABLES).fetchall(), megabytes(stage.roots)
    kept.note(held, waits, sum(waiting), opened, tables)
    kept.requests += asked
    dead = max(tables, key=lambda row: row[2])
    size = sum(float(row[3]) for row in tables)
    print(
        f"minute {minute:3}  {asked} requests  answers p50 / p95 {spread(waits)}  {cores:.2f} cores  "
        f"memory {memory_line(held)}\n"
        f"            waiting: {waiting[0]} texts in, {waiting[1]} texts out; "
        f"{opened} requests open\n"
        f"            tables {size:.1f} MB, {sum(row[2] for row in tables)} dead rows, "
        f"most in {dead[0]} ({dead[2]} of {dead[1] + dead[2]})",
        flush=True,
    )
