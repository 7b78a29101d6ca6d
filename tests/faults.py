"""A town in one transaction, in which any one write can fail: what happens twice, or never, is seen at once.

Each attempt begins from the same rows (a savepoint) and is undone after, so a scene costs what its step costs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from twilio.request_validator import RequestValidator

from network import engine
from network.audit.models import Entry
from network.desk.models import Need
from network.duty.actions import calling
from network.messaging.gateway import erasing
from network.messaging.inbox import receiving
from network.messaging.models import Outbound
from network.messaging.outbox import sending
from network.messaging.receipts import asking
from network.messaging.rules.states import Lane, OutState
from network.privacy import actions as privacy_actions
from tests.world import World

WRITES = re.compile(r"\s*\(?\s*(INSERT|UPDATE|DELETE|WITH line AS|SELECT pg_notify)", re.I)
# Columns that say of a row that something was done about it.
MARKS = re.compile(
    r'"(\w*(?:asked|flagged|called|acted_on|told|reacted_on|settled|released|answered|nobody|late|many|ended|'
    r'introduced|suspended|unvouched|frozen|seen|read|due|leased|rang|final)_(?:at|until)|state|stage|holding)" = '
)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Past a second try, past a lease, and past the time that the carrier takes for a call whose end we don't know.
RUNS_ON = (timedelta(seconds=3), timedelta(seconds=11), timedelta(seconds=55))


TO_GO = dict.fromkeys((OutState.OWED, OutState.SENDING, OutState.UNKNOWN), "to go")  # sooner or later


@dataclass
class Writes:
    """Counts what is written, and lets the write of this number fail, once, before it happens.

    What is committed together is a unit: its number stands beside each write.
    """

    fails: int | None = None
    seen: list[tuple[int, str]] = field(default_factory=list)
    unit: int = 0
    failed: bool = False
    outside: int = field(default_factory=lambda: len(connection.savepoint_ids))

    def __call__(self, execute, sql, params, many, context):
        alone = len(connection.savepoint_ids) == self.outside
        if WRITES.match(sql):
            number = len(self.seen)
            self.seen.append((self.unit, sql))
            if number == self.fails and not self.failed:
                self.failed = True
                raise OperationalError("the connection was lost, as this test wants it")
            self.unit += alone
        elif alone and sql.startswith("RELEASE SAVEPOINT"):
            self.unit += 1
        return execute(sql, params, many, context)

    def after_marks(self) -> list[int]:
        """The first write of each unit that follows one in which a row was marked."""
        marked = {unit for unit, sql in self.seen if MARKS.search(sql)}
        return [
            n + 1
            for n, ((unit, _), (following, _)) in enumerate(pairwise(self.seen))
            if following != unit and unit in marked
        ]


class AtOnce:
    """Stands in for a pool of threads: their connections would not see rows that aren't committed."""

    def __init__(self, *args: object, **more: object) -> None: ...

    def __enter__(self) -> AtOnce:
        return self

    def __exit__(self, *failure: object) -> None: ...

    def submit(self, work: Callable[..., object], *args: object) -> Future[object]:
        done: Future[object] = Future()
        try:
            done.set_result(work(*args))
        except Exception as error:
            done.set_exception(error)
        return done

    def map(self, work: Callable[..., object], rows: list[object]) -> list[object]:
        return [work(row) for row in rows]


@contextmanager
def one_transaction_town(now, monkeypatch) -> Iterator[World]:
    """The town of tests/world.py, all of it on the one connection of a test that is rolled back."""
    for module in (sending, asking, erasing, calling):
        monkeypatch.setattr(module, "ThreadPoolExecutor", AtOnce)
    monkeypatch.setattr(connections["default"], "close", lambda: None)
    monkeypatch.setattr(receiving, "WAKE_EVERY_S", 0.0)
    with World.begin(now, monkeypatch) as world:
        world.tolerant = True
        yield world


@contextmanager
def undone(world: World) -> Iterator[None]:
    """Whatever happens inside is as if it had not been: rows, the carrier's memory, the clock."""
    carrier, now = world.carrier, world.now
    rang = list(carrier.calls), set(carrier.rings)
    kept = (list(carrier.log), list(carrier.erased), list(carrier.fails), list(carrier.inbound))
    mark = transaction.savepoint_create()
    try:
        yield
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(mark)
        carrier.log, carrier.erased, carrier.fails, carrier.inbound = kept
        carrier.calls, carrier.rings = rang
        world.now = now
        privacy_actions._days.clear()


type Act = Callable[[], object]


@dataclass(frozen=True)
class Ended:
    """What is there once all is done, by what it is about rather than by its own number."""

    needs: Counter[tuple[object, ...]]
    texts: Counter[tuple[object, ...]]
    history: Counter[tuple[object, ...]]
    sent: Counter[str]

    def differs_from(self, whole: Ended) -> list[str]:
        """In words, what is missing or too much."""
        said = []
        for name in ("needs", "texts", "history", "sent"):
            mine, its = getattr(self, name), getattr(whole, name)
            said += [f"{name}: missing {key} x{n}" for key, n in (its - mine).items()]
            said += [f"{name}: too much {key} x{n}" for key, n in (mine - its).items()]
        return said


def ended(world: World, known: set[str]) -> Ended:
    def plain(value: object) -> str:
        return ID.sub(lambda found: found[0] if found[0] in known else "new", str(value))

    needs = Need.objects.values_list("reason", "about", "request_id", "person_id", "closed_at")
    texts = Outbound.objects.values_list("text", "contact_id", "request_id", "state", "lane")
    history = Entry.objects.values_list("action", "about", "request_id", "actor", "detail")
    return Ended(
        Counter((r, plain(a), plain(q), plain(p), c is None) for r, a, q, p, c in needs),
        # A page to staff stands for several needs: which of them it names is no matter.
        Counter((t, plain(c), lane == Lane.STAFF or plain(q), TO_GO.get(s, s)) for t, c, q, s, lane in texts),
        Counter((a, plain(b), plain(q), plain(by), plain(sorted(d.items()))) for a, b, q, by, d in history),
        Counter(to for _, to, _ in world.carrier.log),
    )


def ids_now() -> set[str]:
    """The ids of all rows that are here already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING"
            " (table_schema, table_name) WHERE c.column_name = 'id' AND c.data_type = 'uuid'"
            " AND c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(f'SELECT id::text FROM "{name}"' for name in tables))
        return {row_id for (row_id,) in cursor.fetchall()}


def run(world: World, act: Act, fails: int | None, known: set[str]) -> tuple[Ended, Writes]:
    """Do it, with one write failing or none, and let the engine go on for a minute."""
    writes = Writes(fails)
    with undone(world):
        with connection.execute_wrapper(writes), suppress(OperationalError):
            act()
        transaction.set_rollback(False)
        for wait in RUNS_ON:
            world.now += wait
            world.settle()
        return ended(world, known), writes


def step(world: World, name: str) -> Act:
    """One step of the engine, run as the engine runs it: what fails in it is logged, and it goes on."""
    meant = next(step for step in engine.STEPS if step.name == name)
    return lambda: world.run(meant)


def webhook(world: World, path: str, form: dict[str, str]) -> Act:
    """The carrier's post; and again where it was not answered, as its fallback address or its list brings it."""
    signature = RequestValidator("token-now").compute_signature(f"https://red.example.org{path}", form)

    def post() -> None:
        client = Client(raise_request_exception=False)
        for _ in range(2):
            answer = client.post(path, form, headers={"X-Twilio-Signature": signature}, secure=True)
            transaction.set_rollback(False)
            if answer.status_code == 200:
                return
        raise AssertionError(f"{path} was refused twice")

    return post


def writes_of(world: World, act: Act) -> Writes:
    """What it writes when nothing fails."""
    writes = Writes()
    with undone(world), connection.execute_wrapper(writes):
        act()
    return writes


def lost_or_doubled(world: World, name: str, act: Act, fails: Collection[int]) -> list[str]:
    """Where a need, a text or a line of history isn't there exactly once after these writes failed."""
    known = ids_now()
    undisturbed, writes = run(world, act, None, known)
    wrong = []
    for number in fails:
        disturbed, _ = run(world, act, number, known)
        if found := disturbed.differs_from(undisturbed):
            said = " ".join(writes.seen[number][1].split())[:110]
            wrong += [f"{name}, write {number}: {said}", *(f"    {difference}" for difference in found)]
    return wrong
