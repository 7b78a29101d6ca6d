"""A running town that is filled, played a burst in, and watched while it works."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from network.bench.bursts import Burst, Result
from network.bench.callers import Callers, first_and_last
from network.bench.crowd import phone_of
from network.bench.light import Handed
from network.bench.processes import Amounts, less, megabytes, seconds
from network.bench.town import BenchTown

IDLE_S, LOOK_EVERY_S, LONGEST_S = 8.0, 0.1, 900.0

# What is still to be done now. A wave that is due later is not of this burst.
LEFT = """
    SELECT (SELECT count(*) FROM messaging_inbound WHERE state = 'waiting')
         + (SELECT count(*) FROM messaging_outbound WHERE state IN ('owed', 'sending', 'unknown'))
         + (SELECT count(*) FROM dispatch_search WHERE due_at <= now() + interval '1 second')
"""
OFFERS = """
    SELECT o.id::text, o.request_id::text,
           f.wave = (SELECT min(wave) FROM dispatch_offer WHERE search_id = f.search_id)
    FROM messaging_outbound o LEFT JOIN dispatch_offer f ON f.id = o.offer_id WHERE o.request_id IS NOT NULL
"""


@dataclass(slots=True)
class BenchStage:
    """A running town, its database, its processes, and how many people are in its tables."""

    here: BenchTown
    dsn: str
    roots: Mapping[int, str]
    filled: dict[str, int] = field(default_factory=dict)

    def fill(self, what: str, count: int) -> None:
        """So many in all."""
        begin = self.filled.get(what, 0)
        if count > begin:
            self.crowd(what, begin, count)
            self.filled[what] = count

    def clear(self, opened: int) -> None:
        """No texts and requests, but for so many of other families that are open."""
        self.crowd("over", 0, 0)
        if opened:
            begin = self.filled.get("open", 0)
            self.fill("open", begin + opened)

    def crowd(self, what: str, begin: int, end: int) -> None:
        run = subprocess.run(
            [sys.executable, "-m", "network.bench.crowd", what, str(begin), str(end)],
            env=self.here.environment, capture_output=True, check=False,
        )  # fmt: skip
        if run.returncode:
            raise SystemExit(run.stderr.decode()[-2000:])


def idle_of(stage: BenchStage) -> Amounts:
    """Processor seconds a second while nobody texts."""
    time.sleep(2)  # until what was just put in has been read
    before = seconds(stage.roots)
    time.sleep(IDLE_S)
    return {group: spent / IDLE_S for group, spent in less(seconds(stage.roots), before).items()}


def play(stage: BenchStage, burst: Burst, *, idle: Amounts) -> Result:
    """One burst from its first text until nothing is left to do."""
    callers = Callers(stage.here, [phone_of("members", n) for n in range(burst.requests)])
    with psycopg.connect(stage.dsn, autocommit=True) as line:
        before, began, own = seconds(stage.roots), time.monotonic(), time.process_time()
        pour(callers, burst, lambda: not line.execute(LEFT).fetchall()[0][0])
        took, spent = time.monotonic() - began, less(seconds(stage.roots), before)
        own = time.process_time() - own
        rows = line.execute(OFFERS).fetchall()
    first, last = first_and_last(
        callers.calls.values(),
        callers.offers,
        request_of={id_: request for id_, request, _ in rows},
        first_wave={id_ for id_, _, is_first in rows if is_first},
    )
    return Result(
        burst=burst,
        seconds=took,
        spent=spent,
        idle=idle,
        memory=megabytes(stage.roots),
        waits=[wait for call in callers.calls.values() for wait in call.waits],
        first=first,
        last=last,
        out=len(callers.out),
        out_s=_between(callers.out),
        unanswered=sum(not call.is_through for call in callers.calls.values()),
        beside=own,
    )


def pour(callers: Callers, burst: Burst, is_done: Callable[[], bool]) -> None:
    """All its requests, until all are answered and nothing is left to do or on its way."""
    light = callers.here.light
    light.heard, began = callers.hears, time.monotonic()
    for n, phone in enumerate(callers.calls):
        time.sleep(max(began + n * burst.over_s / burst.requests - time.monotonic(), 0))
        callers.begin(phone)
        if burst.in_turn:
            until(lambda: callers.calls[phone].is_through and not light.running and is_done())  # noqa: B023
    until(lambda: callers.are_through and not light.running and is_done())


def until(is_so: Callable[[], bool]) -> None:
    """Twice in a row, for what one thing wakes may not have begun when it is done; 15 minutes at most."""
    deadline, times = time.monotonic() + LONGEST_S, 0
    while times < 2 and time.monotonic() < deadline:
        times = times + 1 if is_so() else 0
        time.sleep(LOOK_EVERY_S)


def _between(out: Sequence[Handed]) -> float:
    return out[-1].at - out[0].at if out else 0.0


@contextmanager
def paused(pids: Sequence[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
