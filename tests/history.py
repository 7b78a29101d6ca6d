"""Lines of history in tests, and a hand that no trigger holds back: the database's superuser."""

from contextlib import contextmanager

from django.db import connection, transaction

from network.audit.actions import record
from network.audit.chain import seal_lines
from network.audit.models import Block, Head, Line
from network.audit.rules import ENGINE


def write(action, about="network", *, at, by=ENGINE, **more):
    """A line, written as all are. Returns its row."""
    with transaction.atomic():
        record(action, about, by=by, now=at, **more)
    return Line.objects.latest("pk")


@contextmanager
def as_superuser():
    """Triggers don't run within it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


def seal_and_publish(*, now):
    """What the engine's steps do, without a file."""
    while seal_lines(now=now):
        pass
    last = Block.objects.latest("number")
    Head.objects.update_or_create(
        pk=1,
        defaults={
            "block": last.number,
            "hash": last.hash,
            "published_at": now,
            "next_at": now.replace(year=now.year + 1),
        },
    )
