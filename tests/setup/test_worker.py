"""What a worker does about parts of it that end, about workers that were killed, and about a database not its own."""

import asyncio
import logging
import os
import signal
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from procrastinate.exceptions import ConnectorException

from network.checks import examine
from network.desk.actions import leave_work, show_life, watch_workers
from network.desk.models import Need, Tick
from network.desk.rules import ALIVE_FOR, PARTS, QUEUES, Sign, gone_workers, silent_parts
from network.management.commands import worker
from network.management.commands.worker import HANDS, NotOurs, Signs, forget_stalled, work
from network.messaging import backfill
from network.privacy.actions import make_key, set_key_check
from network.privacy.models import Key
from tests.console.signing_in import by_link, get, staff_of


class Taking:
    """Stands in for procrastinate. What each queue does, run by run; then it works on."""

    def __init__(self, **runs):
        self.runs = {queue: list(runs.get(queue, ())) for queue in HANDS}
        self.begun = []
        self.connector = SimpleNamespace(get_worker_connector=lambda: None)
        self.job_manager = SimpleNamespace(fetch_job=self.fetch)

    @contextmanager
    def with_connector(self, _):
        yield self

    @asynccontextmanager
    async def open_async(self):
        yield

    async def fetch(self, **_):
        return None

    async def run_worker_async(self, *, queues, **_):
        self.begun.append(queues[0])
        if self.runs[queues[0]]:
            end = self.runs[queues[0]].pop(0)
            if end is None:
                return
            raise end
        if not any(self.runs.values()):
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(worker, "TAKE_UP_AGAIN_S", 0.01)
    monkeypatch.setattr(worker, "step_once", lambda: True)
    monkeypatch.setattr(worker, "show_life_once", lambda name, signs: None)
    monkeypatch.setattr(worker, "say_goodbye", lambda name: None)
    return monkeypatch


@pytest.mark.parametrize("end", [ConnectorException("gone"), None, ValueError("private words")])
@pytest.mark.parametrize("queue", QUEUES)
def test_a_queue_that_ends_for_any_reason_is_taken_up_again(quick, queue, end, caplog):
    taking = Taking(**{queue: [end, end]})
    quick.setattr(worker, "app", taking)
    asyncio.run(asyncio.wait_for(work("here:1"), 5))
    assert taking.begun.count(queue) == 3
    assert all(taking.begun.count(other) == 1 for other in HANDS if other != queue)
    assert f"{queue} ended" in caplog.text
    assert "private words" not in caplog.text


def test_an_engine_that_ends_is_taken_up_again(quick):
    taking, steps = Taking(), []

    def step():
        steps.append(1)
        if len(steps) < 3:
            raise SystemError
        os.kill(os.getpid(), signal.SIGTERM)
        return True

    quick.setattr(worker, "app", taking)
    quick.setattr(worker, "step_once", step)
    quick.setattr(taking, "run_worker_async", lambda **_: asyncio.Event().wait())
    asyncio.run(asyncio.wait_for(work("here:1"), 5))
    assert len(steps) == 3


def test_a_worker_whose_database_became_anothers_stops(quick):
    taking = Taking()

    def show(name, signs):
        raise NotOurs

    quick.setattr(worker, "app", taking)
    quick.setattr(taking, "run_worker_async", lambda **_: asyncio.Event().wait())
    quick.setattr(worker, "show_life_once", show)
    with pytest.raises(NotOurs):
        asyncio.run(asyncio.wait_for(work("here:1"), 5))


def test_an_error_that_nobody_waited_for_is_told_by_its_kind_alone(caplog):
    async def lose_one():
        asyncio.get_running_loop().set_exception_handler(worker.tell_of_lost_task)

        async def fail():
            raise ValueError("private words")

        lost = asyncio.create_task(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del lost
        import gc

        gc.collect()

    with caplog.at_level(logging.ERROR):
        asyncio.run(lose_one())
    assert "ValueError" in caplog.text
    assert "private words" not in caplog.text
    assert "never retrieved" not in caplog.text


def test_each_queue_and_the_engine_have_a_hand_of_their_own():
    assert set(HANDS) == set(QUEUES)


def test_a_queue_whose_hands_are_all_busy_is_at_work(now, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    signs = Signs(at={"carrier": now - timedelta(minutes=1)}, busy={"carrier": HANDS["carrier"]})
    assert signs.now()["carrier"] == now
    signs = Signs(at={"carrier": now - timedelta(minutes=1)}, busy={"carrier": HANDS["carrier"] - 1})
    assert signs.now()["carrier"] == now - timedelta(minutes=1)


def signs_of(now, worker_="one", **late):
    ago = {part: timedelta(seconds=late.get(part, 1)) for part in PARTS}
    return [Sign(worker_, part, now - ago[part]) for part in PARTS]


def test_what_is_silent(now):
    assert silent_parts(signs_of(now), now=now) == set()
    assert silent_parts([], now=now) == set(PARTS)
    assert silent_parts(signs_of(now, outbox=15), now=now) == {"outbox"}
    both = [*signs_of(now), *signs_of(now, "two", people=16)]
    assert silent_parts(both, now=now) == {"people"}  # of four families one is served by nobody


def test_workers_take_turns_at_the_engine(now):
    assert silent_parts([*signs_of(now), *signs_of(now, "two", engine=60)], now=now) == set()
    assert silent_parts([*signs_of(now, engine=60), *signs_of(now, "two", engine=60)], now=now) == {"engine"}


def test_a_worker_that_is_gone_is_forgotten_once_others_do_its_work(now):
    gone = signs_of(now, "gone", **dict.fromkeys(PARTS, 61))
    assert gone_workers([*signs_of(now), *gone], now=now) == {"gone"}
    assert gone_workers([*signs_of(now, outbox=20), *gone], now=now) == set()
    assert gone_workers(gone, now=now) == set()


def test_a_silent_queue_is_a_need_once_and_no_more_when_it_is_back(db, now):
    show_life("one:1", dict.fromkeys(PARTS, now) | {"outbox": now - ALIVE_FOR})
    watch_workers(now=now)
    watch_workers(now=now)
    need = Need.objects.get()
    assert (need.reason, need.about, need.due_at, need.raised_again_at) == (
        "queue_silent", "queue:outbox", now, None,
    )  # fmt: skip
    show_life("one:1", {"outbox": now})
    watch_workers(now=now)
    assert not Need.objects.filter(closed_at=None).exists()


def test_a_worker_that_was_told_to_stop_is_not_waited_for(db, now):
    show_life("one:1", dict.fromkeys(PARTS, now))
    show_life("one:12", dict.fromkeys(PARTS, now))
    leave_work("one:1")
    assert Tick.objects.count() == len(PARTS)
    watch_workers(now=now)
    assert not Need.objects.exists()


def test_doctor_metrics_and_readyz_name_the_silent_queue(db, now, monkeypatch, settings):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    show_life("one:1", dict.fromkeys(PARTS, now) | {"people": now - timedelta(seconds=20)})
    found = next(one for one in examine(now=now) if one.what == "worker")
    assert found.verdict == "fail"
    assert "people" in found.mend
    settings.METRICS_TOKEN = "t"
    said = Client().get("/metrics", headers={"Authorization": "Bearer t"}).content.decode()
    assert 'porchlight_sign_of_life_seconds{worker="one:1",part="people"} 20' in said
    assert 'porchlight_part_silent{part="people"} 1' in said
    assert 'porchlight_part_silent{part="outbox"} 0' in said
    assert Client().get("/readyz").json()["silent"] == ["people"]


def test_the_board_says_in_red_what_is_not_at_work(world):
    client = by_link(world, staff_of(world, "coordinator"))
    show_life("one:1", dict.fromkeys(PARTS, world.now) | {"outbox": world.now - timedelta(minutes=1)})
    page = get(client, "/").content.decode()
    assert "Not at work for 15 seconds: texts to send." in " ".join(page.split())


@pytest.fixture
def begun(monkeypatch):
    """That `web` and `worker` would have begun is told here, and nothing begins."""
    told = []
    monkeypatch.setattr(worker, "work", lambda name: told.append("worker") or asyncio.sleep(0))
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: told.append("web"))
    monkeypatch.setattr("network.management.commands.web.refuse_misconfigured", lambda: None)
    monkeypatch.setattr(worker, "refuse_misconfigured", lambda: None)
    return told


@pytest.mark.parametrize("command", ["web", "worker"])
def test_it_begins_on_its_own_database_and_leaves_the_row_that_tells_its_key(world, begun, command):
    call_command(command)
    assert begun == [command]
    assert Key.objects.filter(holder=Key.Holder.CHECK).exists()


@pytest.mark.parametrize("command", ["web", "worker"])
@pytest.mark.parametrize("checked", [True, False])
def test_it_refuses_a_key_that_opens_nothing_here(world, begun, command, checked, settings):
    if checked:
        set_key_check(now=world.now)
    settings.FIELD_KEY = b"another key of thirty-two bytes!"
    with pytest.raises(CommandError, match="FIELD_KEY is not the key of this database"):
        call_command(command)
    assert not begun
    assert backfill.watch().wanted_at is None


@pytest.mark.parametrize("command", ["web", "worker"])
def test_it_refuses_the_tables_of_a_later_version(world, begun, command):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('desk', '9999_later', now())"
        )
    try:
        with pytest.raises(CommandError, match="A later version has changed this database"):
            call_command(command)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    assert not begun


@pytest.mark.parametrize("command", ["web", "worker"])
def test_it_refuses_tables_that_are_not_made(world, begun, command, monkeypatch):
    monkeypatch.setattr("network.starting.migrated", lambda: False)
    with pytest.raises(CommandError, match="not made yet"):
        call_command(command)
    assert not begun


def test_a_worker_sees_while_it_runs_that_the_key_is_another(world, settings):
    make_key(Key.Holder.CHECK, now=world.now)
    worker.show_life_once("one:1", Signs(at={"people": world.now}))
    assert Tick.objects.get().worker == "one:1:people"
    settings.FIELD_KEY = b"another key of thirty-two bytes!"
    with pytest.raises(NotOurs):
        worker.show_life_once("one:1", Signs(at={"people": world.now}))


def job(status, *, lock=None, once=None):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, status, lock, queueing_lock)"
            " VALUES ('drain_outbox', 'outbox', %s, %s, %s)",
            [status, lock, once],
        )


@pytest.mark.server
def test_a_killed_workers_tasks_hold_nothing_back_even_beside_their_like(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    job("doing", once="drain_outbox")
    job("todo", once="drain_outbox")
    job("doing", lock="contact:1")
    forget_stalled()
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs")
        assert [row[0] for row in cursor.fetchall()] == ["todo"]
        cursor.execute("DELETE FROM procrastinate_jobs")
