"""A dead or missing connection costs nobody an answer."""

from contextlib import contextmanager

import psycopg
import pytest
from django.core.management.base import CommandError
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse

from network import asgi, embedded, starting
from network.checks.examining import examine
from network.database import base, room
from network.database.base import DatabaseWrapper
from network.database.lost import is_loss, watched
from network.database.room import ConnectionRoom
from network.door.requests import CarriersRequests, Requests
from network.messaging import webhooks
from network.messaging.models import Inbound
from tests.setup.serving import served
from tests.setup.test_door import text

ENDS_ITSELF = "SELECT pg_terminate_backend(pg_backend_pid())"
SCOPE = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "scheme": "http"}


def end_all_connections():
    """Those of this test's own database, but for the one that does it."""
    here = connection.settings_dict
    with psycopg.connect(
        dbname=here["NAME"], host=here["HOST"], user=here["USER"], password=here["PASSWORD"], autocommit=True
    ) as own:
        own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def rows(db):
    """A table of nothing but this test's."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE written (n int)")


def test_no_text_is_refused_while_connections_are_ended(world):
    with served(asgi.Application()) as server:
        for n in range(3):
            assert text(server, n) == 200
        for n in range(3, 20):
            end_all_connections()
            assert text(server, n) == 200
    connection.close()
    assert Inbound.objects.count() == 20


@pytest.mark.parametrize("when", ["before it was written", "after it was written"])
def test_a_text_whose_connection_ends_in_the_middle_is_taken_once_more(world, monkeypatch, when):
    real, ended = webhooks.receive, []

    def receive(form, *, now):
        if when == "after it was written":
            real(form, now=now)
        if not ended:
            ended.append(when)
            with connection.cursor() as cursor:
                cursor.execute(ENDS_ITSELF)
        real(form, now=now)

    monkeypatch.setattr(webhooks, "receive", receive)
    with served(asgi.Application()) as server:
        assert text(server, 1) == 200
    assert ended
    assert Inbound.objects.count() == 1


@contextmanager
def answering(handler, work):
    """The handler with such work as its only page; what Django makes of an error is made of it."""

    def respond(request):
        try:
            return work() or HttpResponse("done")
        except OperationalError as error:
            request.watch.failed_by(error)
            return HttpResponse("error", status=500)

    handler.get_response = respond
    yield handler


def lose(statement=ENDS_ITSELF):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def insert():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES (md5(random()::text), '', now())")


def in_a_transaction(*steps):
    with transaction.atomic():
        for step in steps:
            step()


@pytest.mark.parametrize(
    ("first", "status"),
    [
        (lambda: lose(), 200),
        (lambda: in_a_transaction(insert, lose), 200),  # undone with its transaction
        (lambda: (insert(), lose()), 500),
        (lambda: (in_a_transaction(insert), lose()), 500),
    ],
)
def test_a_page_is_made_once_more_only_where_nothing_was_written(transactional_db, first, status):
    tries = []

    def work():
        tries.append(1)
        if len(tries) == 1:
            first()

    with answering(Requests(), work) as handler:
        assert handler.answer(SCOPE, b"").status == status
    assert len(tries) == (2 if status == 200 else 1)
    connection.close()


def test_an_error_that_is_no_loss_is_not_tried_again(transactional_db):
    tries = []

    def work():
        tries.append(1)
        lose("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")

    with answering(CarriersRequests(), work) as handler:
        assert handler.answer(SCOPE, b"").status == 500
    assert len(tries) == 1


def test_a_loss_in_the_commit_may_have_been_written(transactional_db):
    lost = OperationalError("the connection is lost")
    with watched() as watch:
        watch.failed_by(lost)
    assert is_loss(lost)
    assert (watch.lost, watch.wrote) == (True, True)


@pytest.mark.slow("starts a database server of its own twice")
def test_after_a_restart_of_the_server_all_is_healed_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "WITHIN_S", 1.0)
    url = embedded.ensure(tmp_path / "var", throwaway=True).url
    here = {"HOST": url.partition("host=")[2], "NAME": "porchlight", "USER": "porchlight"}
    wrapper = DatabaseWrapper(connection.settings_dict | here, "own")

    def answers():
        taken = wrapper.get_new_connection(wrapper.get_connection_params())
        taken.execute("SELECT 1")
        wrapper.pool.putconn(taken)

    try:
        answers()
        embedded.release(tmp_path / "var")
        with pytest.raises(psycopg.OperationalError):
            answers()

        embedded.ensure(tmp_path / "var", throwaway=True)
        monkeypatch.setattr(base, "WITHIN_S", 5.0)
        answers()
    finally:
        wrapper.close_pool()
        embedded.release(tmp_path / "var")


@pytest.mark.parametrize(
    ("allowed", "used", "size"),
    [(100, 3, 16), (117, 116, 0), (20, 3, 16), (20, 5, 15), (20, 13, 7), (12, 3, 9), (12, 7, 0)],
)
def test_a_process_takes_no_more_connections_than_there_are(allowed, used, size):
    assert room.pool_for(16, 1, ConnectionRoom(allowed, used)) == size


@pytest.mark.parametrize(("connections", "threads"), [(16, (4, 8)), (12, (4, 4)), (6, (1, 1)), (8, (2, 2))])
def test_no_door_has_more_threads_than_there_are_connections(connections, threads):
    assert asgi.threads(connections) == threads


def test_a_server_with_too_few_connections_is_named_at_the_start_and_by_doctor(db, monkeypatch, now, capsys):
    monkeypatch.setattr(room, "look", lambda: ConnectionRoom(17, 15))
    with pytest.raises(CommandError, match="max_connections to 60"):
        starting.fit_connections(room.WEB, room.WEB_BESIDE)
    finding = next(check for check in examine(now=now) if check.what == "connections")
    assert finding.verdict == "fail"
    assert "max_connections" in finding.mend


def test_a_server_with_few_connections_is_served_by_a_smaller_pool(db, monkeypatch, capsys):
    sizes = []
    monkeypatch.setattr(room, "look", lambda: ConnectionRoom(17, 5))
    monkeypatch.setattr(room, "resize", sizes.append)

    starting.fit_connections(room.WEB, room.WEB_BESIDE)

    assert sizes == [12]
    assert "max_connections" in capsys.readouterr().err


def test_the_room_that_is_seen_is_the_servers(db):
    seen = room.look()
    assert seen.allowed > 50
    assert 1 <= seen.used < seen.allowed


def test_files_beside_the_embedded_database_are_their_owners_alone(tmp_path):
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    (folder / "postgres.lock").touch(mode=0o644)  # of an older version

    embedded.ensure(folder, throwaway=True)
    try:
        open_to_others = [
            path.name for path in folder.iterdir() if path.is_file() and path.stat().st_mode & 0o077
        ]
        assert {path.name for path in folder.iterdir()} >= {
            "postgres.lock",
            "postgres.starting",
            "postgres.log",
        }
        assert open_to_others == []
        assert not (folder / "postgres").stat().st_mode & 0o077
    finally:
        embedded.release(folder)
