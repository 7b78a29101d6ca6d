"""What a transaction owes beside its rows: history, hints and wake-ups, paid at its end in one statement."""

from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from network.audit.actions import CHANNEL, announce, record, wake
from network.audit.models import Entry
from network.audit.rules import ENGINE
from tests.beside import held_by_another

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def say(what, **detail):
    record(f"test.{what}", "network:all", by=ENGINE, now=NOW, **detail)


def said():
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def woken():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs ORDER BY id")
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture(autouse=True)
def no_jobs(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_all_of_a_transaction_is_one_statement_in_the_order_in_which_it_was_said():
    with CaptureQueriesContext(connection) as ran, transaction.atomic():
        for n in range(20):
            say(f"line{n}")
            announce("text")
            wake("drain_outbox", once="drain_outbox", queue="outbox")
    assert [query["sql"].split()[0] for query in ran.captured_queries] == ["BEGIN", "WITH", "COMMIT"]
    assert said() == [f"test.line{n}" for n in range(20)]
    assert woken() == ["drain_outbox"]


def test_what_a_savepoint_takes_back_is_not_owed():
    @transaction.atomic
    def taken_back():
        say("inside")
        wake("text_not_delivered", outbound_id="x")
        raise ValueError("taken back")

    with transaction.atomic():
        say("before")
        with pytest.raises(ValueError, match="taken back"):
            taken_back()
        say("after")
    assert said() == ["test.before", "test.after"]
    assert woken() == []


def test_what_is_rolled_back_is_not_owed_by_the_next():
    @transaction.atomic
    def lost():
        say("lost")
        raise ValueError("lost")

    with pytest.raises(ValueError, match="lost"):
        lost()
    with transaction.atomic():
        say("kept")
    assert said() == ["test.kept"]


@pytest.mark.parametrize("error", [OperationalError("lost"), RuntimeError("ours")])
def test_where_it_can_not_be_paid_nothing_of_the_transaction_stands(error):
    def fail(execute, sql, params, many, context):
        if sql.lstrip().startswith("WITH"):
            raise error
        return execute(sql, params, many, context)

    @transaction.atomic
    def work():
        Entry.objects.create(at=NOW, actor="engine", action="test.row", about="x")
        say("line")

    with connection.execute_wrapper(fail), pytest.raises(type(error)):
        work()
    assert not connection.in_atomic_block
    assert said() == []
    with transaction.atomic():
        say("goes on")
    assert said() == ["test.goes on"]


def test_a_wake_up_outside_a_transaction_goes_at_once():
    wake("drain_outbox", once="drain_outbox", queue="outbox")
    wake("drain_outbox", once="drain_outbox", queue="outbox")
    assert woken() == ["drain_outbox"]


def test_a_repeat_that_another_has_just_queued_spoils_nothing():
    def queue():
        wake("drain_outbox", once="drain_outbox", queue="outbox")
        connection._pay()

    with held_by_another(queue) as end:
        end.set()
        with transaction.atomic():
            say("mine")
            wake("drain_outbox", once="drain_outbox", queue="outbox")
    assert said() == ["test.mine"]
    assert woken() == ["drain_outbox"]


@contextmanager
def listening():
    settings = connection.settings_dict
    with psycopg.connect(
        dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"], autocommit=True
    ) as line:
        line.execute(f"LISTEN {CHANNEL}")
        yield lambda: [note.payload for note in line.notifies(timeout=0.5)]


def test_hints_are_heard_after_the_commit_with_the_number_of_their_line():
    import json

    with listening() as heard:
        with transaction.atomic():
            say("line", count=3)
            announce("text")
            announce("text")
        found = [json.loads(payload) for payload in heard()]
    (line,) = Entry.objects.all()
    assert found == [{"about": "network:all", "seq": line.pk}, {"about": "text"}]
    assert line.detail == {"count": 3}
