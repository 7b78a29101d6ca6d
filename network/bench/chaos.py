"""A bad day: the carrier loses, cuts, refuses and shuffles, and everything is killed, again and again."""

import time
from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from network.bench.bots import Bots
from network.bench.town import Town, town

WEATHER: dict[str, object] = {
    "lost": 0.1, "error": 0.1, "slow_down": 0.1, "cut": 0.05, "receipts_lost": 0.3, "receipts_doubled": 0.5,
    "receipts_shuffled": True, "texts_doubled": 0.5, "slow_upto_s": 20.0,
}  # fmt: skip
QUIET_S, LONGEST_S = 20.0, 1500.0


@dataclass(frozen=True, slots=True)
class Row:
    """One text of ours as our own books have it."""

    id: str
    state: str
    sid: str


@dataclass(frozen=True, slots=True)
class Verdict:
    lost: int
    twice: int
    wrong: int
    unanswered: int
    unhandled: int
    texts: int
    seconds: float

    def lines(self) -> list[str]:
        return [
            f"texts lost          {self.lost}",
            f"texts sent twice    {self.twice}",
            f"statuses wrong      {self.wrong}",
            f"requests unanswered {self.unanswered}",
            f"texts in unhandled  {self.unhandled}",
            f"texts out           {self.texts} in {self.seconds:.0f} s",
        ]

    @property
    def clean(self) -> bool:
        return not (self.lost or self.twice or self.wrong or self.unanswered or self.unhandled)


def run(requests: int, *, kills: int, slow: float, read_rows, waiting) -> Verdict:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """`read_rows(environment)` gives our outbox, `waiting(environment)` the texts in not handled.
    `slow` is how often, from 0 to 1, the carrier takes up to 20 seconds to answer.
    """
    began = time.monotonic()
    with town(members=requests, responders=max(requests, 20)) as here:
        bots = Bots(here)
        bots.start()
        here.carrier.faults.set({**WEATHER, "slow_answers": slow})
        every = max(requests // (kills + 1), 1)
        for n, phone in enumerate(here.members):
            here.types(phone, "I need help")
            time.sleep(0.05)
            if n % every == every - 1 and n // every < kills:
                print(f"  kill -9 of {here.kill_all()} processes", flush=True)
                print(f"  ready again after {here.start():.1f} s", flush=True)
        _settle(lambda: waiting(here.environment))
        verdict = _judge(here, bots, read_rows(here.environment), waiting(here.environment), began)
        bots.ending.set()
        return verdict


def _settle(busy) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Until nothing has been owed, unhandled or unknown for a while."""
    deadline, since = time.monotonic() + LONGEST_S, time.monotonic()
    while time.monotonic() < deadline:
        left = busy()
        print(f"  {left} texts have no end yet", flush=True)
        if left:
            since = time.monotonic()
        if time.monotonic() - since > QUIET_S:
            return
        time.sleep(5)


def _judge(here: Town, bots: Bots, rows: list[Row], unhandled: int, began: float) -> Verdict:
    db = here.carrier.store.db
    theirs = db.execute(
        "SELECT sid, status, callback FROM messages WHERE direction = 'outbound-api'"
    ).fetchall()
    by_ours = Counter(parse_qs(urlsplit(row["callback"]).query)["o"][0] for row in theirs)
    status = {row["sid"]: row["status"] for row in theirs}
    should = [row for row in rows if row.state not in ("withdrawn", "expired")]
    silent = [phone for phone in here.members if not _was_answered(bots, phone)]
    for phone in silent:
        print(f"  unanswered {phone}: {[body[:60] for _, body in bots.got[phone]]}")
    return Verdict(
        lost=sum(by_ours[row.id] == 0 for row in should),
        twice=sum(times > 1 for times in by_ours.values()),
        wrong=sum(row.state != status.get(row.sid, row.state) for row in should if row.sid),
        unanswered=len(silent),
        unhandled=unhandled,
        texts=len(theirs),
        seconds=time.monotonic() - began,
    )


def _was_answered(bots: Bots, phone: str) -> bool:
    """Told who comes, or that there is nobody yet."""
    return any("is on the way" in body or "still looking" in body for _, body in bots.got[phone])
