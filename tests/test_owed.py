"""What a transaction owes beside its rows: history, hints and wake-ups, paid at its end in one statement."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection, transaction

from network.audit.actions import CHANNEL, announce, record, wake
from network.audit.models import Entry, Line
from network.audit.rules import ENGINE, Task
from tests.woken import listening

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def say(what, **detail):
    record(f"test.{what}", "network:all", by=ENGINE, now=NOW, **detail)


def said():
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


@pytest.fixture
def woken():
    """Lists the tasks that workers were woken for."""
    with listening() as heard:
        yield heard


def test_all_of_a_transaction_is_one_statement_in_the_order_in_which_it_was_said(woken):
    ran = []

    def note(execute, sql, *given):
        ran.append(sql.split()[0])
        return execute(sql, *given)

    with connection.execute_wrapper(note), transaction.atomic():
        for n in range(20):
            say(f"line{n}")
            announce("text")
            wake(Task.DRAIN_OUTBOX)
    assert ran == ["WITH"]
    assert said() == [f"test.line{n}" for n in range(20)]
    assert woken() == ["drain_outbox"]


def test_what_a_savepoint_takes_back_is_not_owed(woken):
    @transaction.atomic
    def taken_back():
        say("inside")
        wake(Task.DRAIN_OUTBOX)
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
        Line.objects.create(at=NOW, actor="engine", action="test.row", about="x")
        say("line")

    with connection.execute_wrapper(fail), pytest.raises(type(error)):
        work()
    assert not connection.in_atomic_block
    assert said() == []
    with transaction.atomic():
        say("goes on")
    assert said() == ["test.goes on"]


def test_a_wake_up_outside_a_transaction_goes_at_once(woken):
    wake(Task.DRAIN_OUTBOX)
    assert woken() == ["drain_outbox"]


def test_workers_are_woken_once_the_rows_can_be_read(woken):
    with transaction.atomic():
        say("mine")
        wake(Task.DRAIN_OUTBOX)
        connection._pay()
        assert woken() == []
    assert woken() == ["drain_outbox"]


def test_hints_are_heard_after_the_commit_with_the_number_of_their_line():
    import json

    with listening(CHANNEL) as heard:
        with transaction.atomic():
            say("line", count=3)
            announce("text")
            announce("text")
        found = [json.loads(payload) for payload in heard()]
    (line,) = Entry.objects.all()
    assert found == [{"about": "network:all", "seq": line.pk}, {"about": "text"}]
    assert line.detail == {"count": 3}
