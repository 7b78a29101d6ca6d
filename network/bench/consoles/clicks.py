"""How soon a click of one coordinator is on the boards of all others."""

import asyncio
import json
import re
import signal
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

import aiohttp
import psycopg

from network.bench import books
from network.bench.town import BenchTown, free_port, town

ROUNDS, APART_S = 40, 1.0
TARGET_MS = 250.0

type Heard = list[tuple[str, str, float]]


def run(consoles: int) -> bool:
    """True if the slowest hundredth of the boards could paint within 250 ms of the click."""
    with town(members=4, responders=0) as here:
        for phone in here.members:
            here.types(phone, "I need help")
        keys = seats(here, consoles)
        few = asyncio.run(_fetches(here, keys[0]))
        print(f"a board's fetch, nobody else there    p50 {few:6.0f} ms", flush=True)
        with _listening(here.url, keys) as listening:
            clicks = asyncio.run(_clicks(here, keys[0]))
            many = asyncio.run(_fetches(here, keys[0]))
            heard = _end(listening)
        print(f"a board's fetch, {consoles} consoles there   p50 {many:6.0f} ms")
        plain = _bare(consoles, books.dsn(here.environment))
        worst = _said(f"a click, painted on {consoles} boards", _took(clicks, heard, consoles))
        bar = _said(f"bare NOTIFY to {consoles} sockets", plain)
        print(f"ratio to the baseline: {worst / bar:.1f}; target {TARGET_MS:.0f} ms")
        return worst <= TARGET_MS


def seats(here: BenchTown, count: int) -> list[str]:
    made = subprocess.run(
        [sys.executable, "-m", "network.bench.consoles.seats", str(count)],
        env=here.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.split()


@contextmanager
def _listening(url: str, keys: list[str]) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "network.bench.consoles.sockets", "listen", url], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write("".join(f"{key}\n" for key in [*keys, ""]))
        child.stdin.flush()
        if child.stdout.readline() != "ready\n":
            raise SystemExit("the sockets did not open")
        yield child
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
        child.wait(20)


def _end(listening: subprocess.Popen[str]) -> Heard:
    time.sleep(2)
    heard, _ = listening.communicate()
    return [(need, state, at) for need, state, at in json.loads(heard)]


async def _clicks(here: BenchTown, key: str) -> list[tuple[str, str, float]]:
    """Take a need, give it back, and so on. When each was pressed."""
    pressed = []
    jar = aiohttp.CookieJar(unsafe=True)  # else it keeps none of a host that is a number
    async with aiohttp.ClientSession(cookies={"session": key}, cookie_jar=jar) as session:
        async with session.get(here.url) as page:
            html = await page.text()
        needs = re.findall(r"/needs/([0-9a-f-]{36})/claim", html)
        token = re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', html)
        if not needs:
            raise SystemExit("nothing waits on the board")
        steps = cycle([("claim", "taken"), ("unclaim", "free")])
        for n, (step, state) in zip(range(ROUNDS), steps, strict=False):
            pressed.append((needs[0], state, time.monotonic()))
            form = {"csrfmiddlewaretoken": token[0], "back": "/duty/ringing", "n": str(n)}  # each a press
            url = f"{here.url}/needs/{needs[0]}/{step}"
            async with session.post(url, data=form, allow_redirects=False) as answer:
                assert answer.status == 302, answer.status
            await asyncio.sleep(APART_S)
    return pressed


async def _fetches(here: BenchTown, key: str) -> float:
    took = []
    async with aiohttp.ClientSession(cookies={"session": key}) as session:
        for _ in range(20):
            began = time.perf_counter()
            async with session.get(f"{here.url}/board/all", headers={"X-Panel": "1"}) as answer:
                await answer.read()
                assert answer.status == 200, answer.status
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def _took(pressed: list[tuple[str, str, float]], heard: Heard, consoles: int) -> list[float]:
    """Milliseconds from each press to each console. A console that heard nothing of one is an error."""
    took = []
    for need, state, at in pressed:
        after = [(when - at) * 1000 for what, how, when in heard if (what, how) == (need, state)]
        waits = [ms for ms in after if 0 <= ms < APART_S * 2000]
        if len(waits) < consoles:
            raise SystemExit(f"{consoles - len(waits)} of {consoles} consoles were not told of a click")
        took += sorted(waits)[:consoles]
    return took


def _bare(consoles: int, dsn: str) -> list[float]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "network.bench.consoles.sockets", "bare", str(port), dsn]
    )
    try:
        asyncio.run(_until_up(port))
        with _listening(f"http://127.0.0.1:{port}", ["-"] * consoles) as listening:
            pressed = []
            with psycopg.connect(dsn, autocommit=True) as connection:
                for _ in range(ROUNDS):
                    need = str(uuid.uuid4())
                    pressed.append((need, "taken", time.monotonic()))
                    hint = json.dumps({"shows": {"need": need, "state": "taken"}})
                    connection.execute("SELECT pg_notify('bench_bare', %s)", [hint])
                    time.sleep(APART_S)
            return _took(pressed, _end(listening), consoles)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


async def _until_up(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


def _said(name: str, took: list[float]) -> float:
    cuts = statistics.quantiles(took, n=100)
    print(f"{name:38} p50 {cuts[49]:6.0f} ms   p99 {cuts[98]:6.0f} ms", flush=True)
    return cuts[98]
