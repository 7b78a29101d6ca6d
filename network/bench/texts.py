"""Speed: signed webhooks a second against a bare baseline, a text in to its last offer, the outbox."""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import aiohttp

from network.bench.forms import form
from network.bench.town import BenchTown, free_port, town
from network.carrier.rules import signature

AT_ONCE = 16
WEBHOOKS = 2000
ROUNDS = 12


async def _post_all(url: str, token: str, count: int) -> tuple[float, list[float]]:
    """Posts a second, and the milliseconds of each."""
    posts = [form(f"+1312558{n % 10000:04d}", "hola") for n in range(count)]
    signed = iter([(post, signature(token, url, post)) for post in posts])
    took: list[float] = []
    limit = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=limit) as session:

        async def hand() -> None:
            for post, sign in signed:
                began = time.perf_counter()
                async with session.post(url, data=post, headers={"X-Twilio-Signature": sign}) as answer:
                    assert answer.status == 200, answer.status
                    await answer.read()
                took.append((time.perf_counter() - began) * 1000)

        began = time.perf_counter()
        await asyncio.gather(*(hand() for _ in range(AT_ONCE)))
        return count / (time.perf_counter() - began), took


@contextmanager
def bare(here: BenchTown, dsn: str) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/twilio/sms"
    child = subprocess.Popen([sys.executable, "-m", "network.bench.bare", str(port), here.token, url, dsn])
    try:
        until_up(url)
        yield url
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(10)


def until_up(url: str) -> None:
    """Until somebody answers there, whatever they say."""
    asyncio.run(_until_up(url))


async def _until_up(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(200):
            try:
                async with session.get(url):
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


def measured(name: str, url: str, token: str, count: int = WEBHOOKS) -> float:
    """Signed posts a second, which are printed with their times."""
    rate, took = asyncio.run(_post_all(url, token, count))
    cuts = statistics.quantiles(took, n=100)
    print(f"{name:34} {rate:7.0f} a second   p50 {cuts[49]:6.1f} ms   p99 {cuts[98]:6.1f} ms", flush=True)
    return rate


def run(dsn_of, pids_of_worker) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    with town(members=ROUNDS, responders=12) as here:
        _answers(here)
        _drain(here)
        url = f"{here.url}/twilio/sms"
        with bare(here, dsn_of(here.environment)) as baseline:
            for pid in pids_of_worker(here):
                os.kill(pid, signal.SIGSTOP)
            plain = measured("bare baseline", baseline, here.token)
            alone = measured("webhooks, workers paused", url, here.token)
            plain2 = measured("bare baseline again", baseline, here.token)
            for pid in pids_of_worker(here):
                os.kill(pid, signal.SIGCONT)
            busy = measured("webhooks, workers handling them", url, here.token)
        bar = (plain + plain2) / 2
        print(f"ratio to the baseline: {alone / bar:.2f} alone, {busy / bar:.2f} with workers handling them")


def _answers(here: BenchTown) -> None:
    """A member's last answer to the last offer of the wave handed to the carrier."""
    took = []
    for phone in here.members:
        for body, wanted in (("I need help", "at home"), ("1", "someone to come")):
            here.types(phone, body)
            _wait(here, phone, wanted)
        since = here.carrier.store.change
        here.types(phone, "1")
        _wait(here, phone, "We are looking")
        time.sleep(1.0)
        offers = [row["made"] for row in here.carrier.store.changed(since) if "I can go" in row["body"]]
        asked = [row["made"] for row in here.carrier.store.changed(since) if row["sender"] == phone]
        if offers:
            took.append((_seconds(max(offers)) - _seconds(asked[0])) * 1000)
        for row in here.carrier.store.changed(since):  # nobody goes, so that all are free again
            if "I can go" in row["body"]:
                here.types(row["receiver"], "2")
        here.types(phone, "no longer needed")
        time.sleep(0.4)
        here.types(phone, "2")
        time.sleep(0.4)
    half, worst = statistics.median(took), max(took)
    print(f"text in to last offer out: p50 {half:.0f} ms, worst {worst:.0f} ms, {len(took)} requests")


def _seconds(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()


def _wait(here: BenchTown, phone: str, words: str, within: float = 15.0) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        rows = here.carrier.store.db.execute(
            "SELECT 1 FROM messages WHERE receiver = ? AND body LIKE ?", (phone, f"%{words}%")
        )
        if rows.fetchone():
            return
        time.sleep(0.05)  # the carrier notes the times; looking too often slows it
    raise SystemExit(f"no text with {words!r} came")


def _drain(here: BenchTown) -> None:
    """Neutral answers to strangers, as fast as the outbox goes; the carrier's limit is far above."""
    count = 300
    since = here.carrier.store.change
    began = time.perf_counter()
    for n in range(count):
        here.types(f"+1312559{n:04d}", "hola")
    while True:
        rows = here.carrier.store.db.execute(
            "SELECT count(*), max(made) FROM messages WHERE change > ? AND direction = 'outbound-api'"
            " AND receiver LIKE '+1312559%'",
            (since,),
        ).fetchone()
        if rows[0] >= count or time.perf_counter() - began > 120:
            break
        time.sleep(0.05)
    took = time.perf_counter() - began
    print(f"strangers' texts in, handled and answered: {rows[0] / took:.0f} a second")
