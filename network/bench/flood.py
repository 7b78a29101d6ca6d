"""Ten thousand texts from unknown phones in a minute, while members ask for help."""

import asyncio
import itertools
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import aiohttp

from network.bench.forms import form
from network.bench.town import BenchTown, town
from network.carrier.rules import signature

SECONDS, RATE, BUDGET = 60.0, 10.0, 2000
MEMBERS, RESPONDERS = 40, 40
AT_ONCE = 16
AFTER_S = 30.0  # how long the last member's answer is waited for

type Memory = dict[str, float]  # megabytes by command


@dataclass
class Posted:
    """What became of the strangers' texts: posts answered, refused, and the milliseconds of each."""

    taken: int = 0
    refused: int = 0
    took: list[float] = field(default_factory=list)


async def _pour(here: BenchTown, count: int, posted: Posted) -> None:
    url = f"{here.url}/twilio/sms"
    numbers, began = itertools.count(), time.perf_counter()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

        async def hand() -> None:
            while (n := next(numbers)) < count:
                await asyncio.sleep(max(began + n * SECONDS / count - time.perf_counter(), 0))
                text = form(f"+1414{2000000 + n}", "where are they now?")
                since = time.perf_counter()
                sign = {"X-Twilio-Signature": signature(here.token, url, text)}
                async with session.post(url, data=text, headers=sign) as answer:
                    posted.taken += answer.status == 200
                    posted.refused += answer.status != 200
                posted.took.append((time.perf_counter() - since) * 1000)

        await asyncio.gather(*(hand() for _ in range(AT_ONCE)))


def memory(here: BenchTown) -> Memory:
    """Megabytes that each of our processes holds, by its command."""
    held: Memory = {}
    for command in ("web", "worker"):
        for pid in here.pids(f"\0{command}\0"):
            status = Path(f"/proc/{pid}/status").read_text()
            kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
            held[command] = held.get(command, 0) + int(kilobytes) / 1024
    return held


def run(strangers: int) -> bool:
    """Print what was seen; True if every member was answered in 10 s (p95) and no cap was passed."""
    with town(members=MEMBERS, responders=RESPONDERS, rate=RATE, budget=BUDGET) as here:
        before, posted, asked = memory(here), Posted(), {}
        pouring = threading.Thread(target=lambda: asyncio.run(_pour(here, strangers, posted)))
        pouring.start()
        for phone in here.members:
            asked[phone] = time.time()
            here.types(phone, "I need help")
            time.sleep(SECONDS / MEMBERS)
        pouring.join()
        middle = memory(here)
        waited = _answers(here, asked)
        after = memory(here)
        _print_posts(posted, strangers)
        return _print_answers(here, waited, before, middle, after)


def _answers(here: BenchTown, asked: dict[str, float]) -> list[float]:
    """Seconds from each member's text to our first answer handed to the carrier; 999 for none."""
    deadline = time.monotonic() + AFTER_S
    while True:
        rows = here.carrier.store.db.execute(
            "SELECT receiver, min(made) AS first FROM messages WHERE direction = 'outbound-api'"
            " AND body LIKE '%at home%' GROUP BY receiver"
        ).fetchall()
        first = {row["receiver"]: _epoch(row["first"]) for row in rows}
        if len(first) >= len(asked) or time.monotonic() > deadline:
            return [first.get(phone, at + 999) - at for phone, at in asked.items()]
        time.sleep(0.5)


def _epoch(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()


def _print_posts(posted: Posted, strangers: int) -> None:
    cuts = statistics.quantiles(posted.took, n=100)
    print(f"strangers' texts      {posted.taken} of {strangers} taken, {posted.refused} refused")
    print(f"their webhooks        p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms")


def _print_answers(
    here: BenchTown, waited: list[float], before: Memory, middle: Memory, after: Memory
) -> bool:
    cuts = statistics.quantiles(waited, n=20)
    print(f"members' answers      p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, worst {max(waited):.2f} s")
    rows = here.carrier.store.db.execute(
        "SELECT receiver, made FROM messages WHERE direction = 'outbound-api'"
    ).fetchall()
    seconds = Counter(row["made"][:19] for row in rows)
    strangers = sum(row["receiver"].startswith("+1414") for row in rows)
    most = max(seconds.values())
    print(f"texts out             {len(rows)}, {strangers} to strangers; at most {most} in a second")
    for command, megabytes in before.items():
        then, later = middle[command], after[command]
        print(f"memory of {command:11} {megabytes:.0f} MB before, {then:.0f} at the end, {later:.0f} later")
    return cuts[18] <= 10 and strangers <= BUDGET * 0.4 and most <= RATE * 2
