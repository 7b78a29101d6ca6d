"""What a worker does about workers that were killed."""

import pytest
from django.db import connection

from network.management.commands.worker import forget_stalled


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
