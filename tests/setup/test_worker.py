"""What wakes a worker's threads, what it does about parts of it that end, and about a database not its own."""

from datetime import timedelta
from threading import Event, Semaphore
from time import monotonic, sleep
from types import SimpleNamespace

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from network import tasks
from network.audit.rules import Task
from network.checks.examining import examine
from network.desk.actions import leave_work, show_life, watch_workers
from network.desk.models import Need, Tick
from network.desk.rules import ALIVE_FOR, PARTS, QUEUES, Sign, gone_workers, silent_parts
from network.management.commands import worker as command
from network.management.commands.worker import Worker
from network.messaging.inbox import backfill
from network.privacy.actions import make_key, set_key_check
from network.privacy.models import Key
from network.queues import Job, Queue
from tests.console.signing_in import by_link, get, staff_of


@pytest.fixture
def threads():
    """Queues made here end with the test."""
    made = []

    def make(*jobs, threads=2):
        made.append(Queue("people", jobs, threads=threads))
        return made[-1]

    yield make
    for queue in made:
        queue.end()


def until(true, within=5.0):
    deadline = monotonic() + within
    while not true():
        assert monotonic() < deadline, "it never came"
        sleep(0.005)


def test_what_was_committed_while_a_hand_was_at_work_is_looked_for_once_more(threads):
    looks, go_on = [], Event()

    def look(*, now):
        looks.append(1)
        go_on.wait(5)

    queue = threads(Job(Task.BACKFILL, look))
    queue.wake(Task.BACKFILL)
    until(lambda: looks)
    for _ in range(5):
        queue.wake(Task.BACKFILL)
    go_on.set()
    until(lambda: len(looks) == 2)
    sleep(0.05)
    assert len(looks) == 2, "five wake-ups while one looks are worth one more look"


def test_no_more_hands_than_its_most_are_at_a_job_and_others_go_on_beside_it(threads):
    at_work, most, go_on, others = Semaphore(0), [], Event(), []

    def hangs(*, now):
        most.append(1)
        at_work.release()
        go_on.wait(5)

    queue = threads(
        Job(Task.HANDLE_TEXTS, hangs, most=2),
        Job(Task.BACKFILL, lambda *, now: others.append(1)),
        threads=3,
    )
    for _ in range(10):
        queue.wake(Task.HANDLE_TEXTS)
    assert at_work.acquire(timeout=5)
    assert at_work.acquire(timeout=5)
    queue.wake(Task.BACKFILL)
    until(lambda: others)
    assert len(most) == 2
    go_on.set()


def test_what_does_a_part_at_a_time_goes_on_until_nothing_is_left(threads):
    left, looks = [3, 2, 0, 9], []

    def look(*, now):
        looks.append(left[0])
        return left.pop(0)

    queue = threads(Job(Task.HANDLE_TEXTS, look, until_nothing=True))
    queue.wake(Task.HANDLE_TEXTS)
    until(lambda: len(looks) == 3)
    sleep(0.05)
    assert looks == [3, 2, 0]


def test_a_job_that_fails_says_its_kind_of_error_only_and_can_be_woken_again(threads, caplog):
    looks = []

    def fail(*, now):
        looks.append(1)
        raise ValueError("private words")

    queue = threads(Job(Task.BACKFILL, fail, until_nothing=True))
    for n in range(1, 4):
        queue.wake(Task.BACKFILL)
        until(lambda n=n: len(looks) == n)
        until(lambda: not queue._at_work[Task.BACKFILL])
    assert "backfill failed" in caplog.text
    assert "ValueError" in caplog.text
    assert "private words" not in caplog.text


def test_a_thread_that_can_not_be_had_is_told_and_tried_again_at_the_next_wake_up(threads, monkeypatch):
    looks = []
    queue = threads(Job(Task.BACKFILL, lambda *, now: looks.append(1)))

    def refuse(*_):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(queue._threads, "submit", refuse)
        for _ in range(3):
            with pytest.raises(RuntimeError):
                queue.wake(Task.BACKFILL)
    queue.wake(Task.BACKFILL)
    until(lambda: looks)


def test_a_queue_that_ends_begins_nothing_more(threads):
    looks = []
    queue = threads(Job(Task.BACKFILL, lambda *, now: looks.append(1)))
    queue.end()
    queue.wake(Task.BACKFILL)
    sleep(0.05)
    assert not looks


def test_each_task_that_anybody_is_woken_for_is_done_by_a_queue():
    assert set(tasks.JOBS) == set(QUEUES)
    assert sorted(job.task for _, jobs in tasks.JOBS.values() for job in jobs) == sorted(Task)


class Line:
    """Stands in for the connection that listens: what it hears, look by look; an error ends it."""

    def __init__(self, turns, ended):
        self.turns, self.ended = turns, ended

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def execute(self, _):
        pass

    def notifies(self, *, timeout):
        if not self.turns:
            self.ended()
            return
        turn = self.turns.pop(0)
        if isinstance(turn, Exception):
            raise turn
        yield from (SimpleNamespace(payload=task) for task in turn)


@pytest.fixture
def quick(monkeypatch):
    for wait in ("TAKE_UP_AGAIN_S", "STEP_EVERY_S", "SHOW_LIFE_EVERY_S"):
        monkeypatch.setattr(command, wait, 0.01)
    monkeypatch.setattr(command, "step_once", lambda: True)
    monkeypatch.setattr(command, "show_life_once", lambda name, signs: True)
    monkeypatch.setattr(command, "leave_work", lambda name: None)
    return monkeypatch


def listens(quick, worker, *turns):
    left = list(turns)
    quick.setattr("psycopg.connect", lambda *_, **__: Line(left, worker.stopping.set))
    worker.work()


def test_a_wake_up_goes_to_its_own_queue_and_one_from_a_later_version_is_passed_over(quick, threads):
    looks = []
    queue = threads(Job(Task.BACKFILL, lambda *, now: looks.append(now)))
    worker = Worker("here:1", [queue])
    woken = []
    quick.setattr(queue, "wake", woken.append)
    quick.setattr(queue, "wake_all", lambda: None)
    listens(quick, worker, ["backfill", "what_comes_later"], ["backfill"])
    assert woken == [Task.BACKFILL, Task.BACKFILL]
    assert "people" in worker.signs


@pytest.mark.parametrize("end", [psycopg.OperationalError("gone"), ValueError("private words")])
def test_a_line_that_ends_for_any_reason_is_taken_up_again_and_all_is_looked_for_meanwhile(
    quick, threads, end, caplog
):
    looks = []
    queue = threads(Job(Task.BACKFILL, lambda *, now: None))
    quick.setattr(queue, "wake_all", lambda: looks.append(1))
    listens(quick, Worker("here:1", [queue]), end, end, [])
    assert len(looks) == 6, "before each of three lines, and as soon as it listens"
    assert "listener ended" in caplog.text
    assert "private words" not in caplog.text


def test_a_line_that_can_not_be_had_leaves_a_look_at_everything_each_second(quick, threads):
    looks = []
    queue, worker = threads(Job(Task.BACKFILL, lambda *, now: None)), Worker("here:1", [])
    worker.queues.append(queue)

    def look():
        looks.append(1)
        if len(looks) == 4:
            worker.stopping.set()

    def refuse(*_, **__):
        raise psycopg.OperationalError("none to be had")

    quick.setattr(queue, "wake_all", look)
    quick.setattr("psycopg.connect", refuse)
    worker.work()
    assert len(looks) == 4
    assert "people" not in worker.signs, "who can't listen shows no sign of life"


def test_an_engine_that_ends_is_taken_up_again(quick):
    worker, steps = Worker("here:1", []), []

    def step():
        steps.append(1)
        if len(steps) < 3:
            raise SystemError
        worker.stopping.set()
        return True

    quick.setattr(command, "step_once", step)
    quick.setattr("psycopg.connect", lambda *_, **__: Line([], lambda: None))
    worker.work()
    assert len(steps) == 3


def test_a_worker_whose_database_became_anothers_stops(quick):
    worker = Worker("here:1", [])
    quick.setattr(command, "show_life_once", lambda name, signs: False)
    quick.setattr("psycopg.connect", lambda *_, **__: Line([], lambda: None))
    worker.work()
    assert worker.is_anothers


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
        "queue_silent",
        "queue:outbox",
        now,
        None,
    )
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
    worker = next(check for check in examine(now=now) if check.what == "worker")
    assert worker.verdict == "fail"
    assert "people" in worker.mend
    settings.METRICS_TOKEN = "t"
    said = Client().get("/metrics", headers={"Authorization": "Bearer t"}).content.decode()
    assert 'porchlight_sign_of_life_seconds{part="people",worker="one:1"} 20.0' in said
    assert 'porchlight_part_silent{part="people"} 1.0' in said
    assert 'porchlight_part_silent{part="outbox"} 0.0' in said
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
    monkeypatch.setattr(Worker, "work", lambda self: told.append("worker"))
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: told.append("web"))
    monkeypatch.setattr("network.management.commands.web.refuse_misconfigured", lambda: None)
    monkeypatch.setattr(command, "refuse_misconfigured", lambda: None)
    return told


@pytest.mark.parametrize("name", ["web", "worker"])
def test_it_begins_on_its_own_database_and_leaves_the_row_that_tells_its_key(world, begun, name):
    call_command(name)
    assert begun == [name]
    assert Key.objects.filter(holder=Key.Holder.CHECK).exists()


@pytest.mark.parametrize("name", ["web", "worker"])
@pytest.mark.parametrize("checked", [True, False])
def test_it_refuses_a_key_that_opens_nothing_here(world, begun, name, checked, settings):
    if checked:
        set_key_check(now=world.now)
    settings.FIELD_KEY = b"another key of thirty-two bytes!"
    with pytest.raises(CommandError, match="FIELD_KEY is not the key of this database"):
        call_command(name)
    assert not begun
    assert backfill.watch().wanted_at is None


@pytest.mark.parametrize("name", ["web", "worker"])
def test_it_refuses_the_tables_of_a_later_version(world, begun, name):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('desk', '9999_later', now())"
        )
    try:
        with pytest.raises(CommandError, match="A later version has changed this database"):
            call_command(name)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    assert not begun


@pytest.mark.parametrize("name", ["web", "worker"])
def test_it_refuses_tables_that_are_not_made(world, begun, name, monkeypatch):
    monkeypatch.setattr("network.starting.migrated", lambda: False)
    with pytest.raises(CommandError, match="not made yet"):
        call_command(name)
    assert not begun


def test_a_worker_sees_while_it_runs_that_the_key_is_another(world, settings):
    make_key(Key.Holder.CHECK, now=world.now)
    assert command.show_life_once("one:1", {"people": world.now})
    assert Tick.objects.get().worker == "one:1:people"
    settings.FIELD_KEY = b"another key of thirty-two bytes!"
    assert not command.show_life_once("one:1", {"people": world.now})
