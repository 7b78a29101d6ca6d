"""A bad day: the carrier loses, cuts, refuses and shuffles, our own parts fail, and everything is killed."""

import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import parse_qs, urlsplit

from network.bench.bots import Bots
from network.bench.town import BenchTown, town
from network.bench.troubles import TROUBLES, Untrue

WEATHER: dict[str, object] = {
    "lost": 0.1, "error": 0.1, "slow_down": 0.1, "cut": 0.05, "receipts_lost": 0.3, "receipts_doubled": 0.5,
    "receipts_shuffled": True, "texts_doubled": 0.5, "slow_upto_s": 20.0,
}  # fmt: skip
QUIET_S, LONGEST_S = 20.0, 1500.0
HELPED_WITHIN_S = 180.0
WORKERS = 2  # one is frozen at times


@dataclass(frozen=True, slots=True)
class BookedText:
    """One text of ours as our own books have it."""

    id: str
    state: str
    sid: str


@dataclass(frozen=True, slots=True)
class Books:
    """How a town's own books are read; each takes the town's environment."""

    outbox: Callable[[dict[str, str]], list[BookedText]]
    inbox: Callable[[dict[str, str]], set[str]]
    waiting: Callable[[dict[str, str]], int]  # texts that have no end yet
    broken: Callable[[dict[str, str]], int]  # needs that should not be there
    dsn: Callable[[dict[str, str]], str]


@dataclass(frozen=True, slots=True)
class Hardship:
    """How bad it is. `slow` is how often, from 0 to 1, the carrier takes up to 20 seconds to answer."""

    requests: int
    kills: int
    troubles: int  # faults of our own parts, of each kind in turn
    slow: float
    every_s: float  # seconds from one request to the next


@dataclass(frozen=True, slots=True)
class ChaosVerdict:
    lost: int
    twice: int
    wrong: int
    unanswered: int
    unhandled: int
    unread: int  # texts to us that the carrier has and we have not
    broken: int
    untrue: int  # what must be refused and was not
    helped: int
    members: int
    waited: tuple[float, ...]  # seconds, sorted
    texts: int
    seconds: float

    def lines(self) -> list[str]:
        return [
            f"families helped     {self.helped} of {self.members} within {HELPED_WITHIN_S / 60:.0f} minutes",
            f"answers after       p50 {self.after(0.5):.1f} s, p95 {self.after(0.95):.1f} s",
            f"texts lost          {self.lost}",
            f"texts sent twice    {self.twice}",
            f"statuses wrong      {self.wrong}",
            f"requests unanswered {self.unanswered}",
            f"texts in unhandled  {self.unhandled}",
            f"texts in lost       {self.unread}",
            f"needs left or late  {self.broken}",
            f"not refused         {self.untrue}",
            f"texts out           {self.texts} in {self.seconds:.0f} s",
        ]

    def after(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        if len(self.waited) < 2:
            return sum(self.waited)
        return statistics.quantiles(self.waited, n=100, method="inclusive")[round(share * 100) - 1]

    @property
    def clean(self) -> bool:
        wrong = (
            self.lost, self.twice, self.wrong, self.unanswered, self.unhandled, self.unread, self.broken,
            self.untrue,
        )  # fmt: skip
        return not any(wrong)


def run(day: Hardship, books: Books) -> ChaosVerdict:
    """A day in a town of its own, and what became of it."""
    began = time.monotonic()
    with town(members=day.requests, responders=max(day.requests, 20), workers=WORKERS) as here:
        bots = Bots(here)
        bots.start()
        here.carrier.faults.set({**WEATHER, "slow_answers": day.slow})
        asked, untrue = _requests(here, bots, day, books)
        _settle(lambda: books.waiting(here.environment))
        verdict = _judge(here, bots, books, asked=asked, untrue=untrue, began=began)
        bots.ending.set()
        return verdict


def _requests(here: BenchTown, bots: Bots, day: Hardship, books: Books) -> tuple[dict[str, float], int]:
    """All ask for help, one after another, while things go wrong. When each did, and what was not refused."""
    asked, untrue, kinds, dsn = dict[str, float](), 0, cycle(TROUBLES), books.dsn(here.environment)
    kills, troubles = _spread(day.requests, day.kills), _spread(day.requests, day.troubles)
    for n, phone in enumerate(here.members):
        asked[phone] = time.monotonic()
        bots.write(phone, "I need help")
        time.sleep(day.every_s)
        if n in troubles:
            try:
                print(f"  {next(kinds)(here, dsn)}", flush=True)
            except Untrue as found:
                print(f"  {found}", flush=True)
                untrue += 1
        if n in kills:
            print(f"  kill -9 of {here.kill_all()} processes", flush=True)
            print(f"  ready again after {here.start():.1f} s", flush=True)
    return asked, untrue


def _spread(requests: int, times: int) -> set[int]:
    """After which requests something happens so many times, with requests before and after each."""
    return {(n + 1) * requests // (times + 1) for n in range(times)}


def _settle(busy: Callable[[], int]) -> None:
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


def _judge(
    here: BenchTown, bots: Bots, books: Books, *, asked: dict[str, float], untrue: int, began: float
) -> ChaosVerdict:
    db, rows = here.carrier.store.db, books.outbox(here.environment)
    theirs = db.execute(
        "SELECT sid, status, callback FROM messages WHERE direction = 'outbound-api'"
    ).fetchall()
    typed = {row["sid"] for row in db.execute("SELECT sid FROM messages WHERE direction = 'inbound'")}
    by_ours = Counter(parse_qs(urlsplit(row["callback"]).query)["o"][0] for row in theirs)
    status = {row["sid"]: row["status"] for row in theirs}
    should = [row for row in rows if row.state not in ("withdrawn", "expired")]
    silent = [phone for phone in here.members if not _was_answered(bots, phone)]
    for phone in silent:
        print(f"  unanswered {phone}: {[body[:60] for _, body in bots.got[phone]]}")
    return ChaosVerdict(
        lost=sum(by_ours[row.id] == 0 for row in should),
        twice=sum(times > 1 for times in by_ours.values()),
        wrong=sum(row.state != status.get(row.sid, row.state) for row in should if row.sid),
        unanswered=len(silent),
        unhandled=books.waiting(here.environment),
        unread=len(typed - books.inbox(here.environment)),
        broken=books.broken(here.environment),
        untrue=untrue,
        helped=sum(_was_helped(bots, phone, since) for phone, since in asked.items()),
        members=len(here.members),
        waited=tuple(sorted(bots.waited)),
        texts=len(theirs),
        seconds=time.monotonic() - began,
    )


def _was_answered(bots: Bots, phone: str) -> bool:
    """Told who comes, or that there is nobody yet."""
    return any("is on the way" in body or "still looking" in body for _, body in bots.got[phone])


def _was_helped(bots: Bots, phone: str, since: float) -> bool:
    """Told within three minutes of their first text that somebody is on the way."""
    return any("is on the way" in body and at - since <= HELPED_WITHIN_S for at, body in bots.got[phone])
