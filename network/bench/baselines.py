"""What our cost stands beside: a signature and one INSERT, and a request's work written by hand."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import psycopg

from network.bench import minimal
from network.bench.bursts import Result
from network.bench.callers import Callers
from network.bench.crowd import phone_of
from network.bench.processes import children, less, seconds
from network.bench.stage import BenchStage, paused, pour
from network.bench.texts import bare, measured, until_up
from network.bench.times import percentile, spread
from network.bench.town import free_port

BARE_POSTS, TEXTS_EACH = 600, 3
AIM = 0.4


def compare(stage: BenchStage, results: Sequence[Result]) -> None:
    """Print both, and each burst's ratio to them. Ours stands still meanwhile."""
    database = {pid: group for pid, group in stage.roots.items() if group == "database"}
    with paused([pid for pid in stage.roots if pid not in database]):
        plain = _bare(stage, database)
        print(f"bare baseline: {plain * 1000:.1f} ms of the processor a text", flush=True)
        _prepare(stage)
        chosen = {result.burst: result for result in results if not result.burst.over_s} or {
            result.burst: result for result in results
        }
        least = {burst: _least(stage, database, settings_) for burst, settings_ in chosen.items()}
    for result in results:
        said = f"{result.cost / (plain * TEXTS_EACH):.0f} times three texts of the bare baseline"
        if result.burst in least:
            said += f", {result.cost / least[result.burst]:.1f} times the least by hand"
            said += f" (which is {least[result.burst] / result.cost:.2f} of ours; aim {AIM})"
        print(f"ratio of a request's cost, {result.burst}: {said}")


def _bare(stage: BenchStage, database: Mapping[int, str]) -> float:
    """Processor seconds a text."""
    with bare(stage.here, stage.dsn) as url:
        roots = {**database, **dict.fromkeys(children("network.bench.bare"), "program")}
        before = seconds(roots)
        measured("bare baseline", url, stage.here.token, BARE_POSTS)
        return sum(less(seconds(roots), before).values()) / BARE_POSTS


def _prepare(stage: BenchStage) -> None:
    everybody = [phone_of(what, n) for what in ("members", "responders") for n in range(stage.filled[what])]
    with psycopg.connect(stage.dsn, autocommit=True) as line:
        line.execute(minimal.TABLES)
        line.execute("INSERT INTO bench_people (phone) SELECT unnest(%s::text[])", [everybody])
        line.execute("ANALYZE bench_people")


def _least(stage: BenchStage, database: Mapping[int, str], ours: Result) -> float:
    """Processor seconds a request, with as many offers to each as ours made."""
    burst, offers = ours.burst, max(round(ours.out / ours.burst.requests) - TEXTS_EACH, 1)
    callers = Callers(stage.here, [phone_of("members", n) for n in range(burst.requests)])
    light = stage.here.light
    with _handler(stage, offers) as (pid, url):
        light.url, was = url, light.url
        roots = {**database, pid: "program"}
        before = seconds(roots)
        pour(callers, burst, lambda: True)
        spent = less(seconds(roots), before)
        light.url = was
    by = ", ".join(f"{group} {amount / burst.requests * 1000:.1f}" for group, amount in spent.items())
    least = sum(spent.values()) / burst.requests
    waits = [wait for call in callers.calls.values() for wait in call.waits]
    slower = percentile(ours.waits, 0.5) / percentile(waits, 0.5)
    print(f"the least by hand, {burst}, {offers} offers each: {least * 1000:.1f} ms a request ({by})")
    print(
        f"  a text to its answer   p50 / p95   {spread(waits)}; ours takes {slower:.1f} times that p50",
        flush=True,
    )
    return least


@contextmanager
def _handler(stage: BenchStage, offers: int) -> Iterator[tuple[int, str]]:
    port, here = free_port(), stage.here
    url, carrier = f"http://127.0.0.1:{port}/twilio/sms", here.environment["TWILIO_API_URL"]
    words = [str(port), here.token, url, stage.dsn, carrier, str(offers)]
    child = subprocess.Popen([sys.executable, "-m", "network.bench.minimal", *words])
    try:
        until_up(f"http://127.0.0.1:{port}/")
        yield child.pid, url
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(10)
