"""Lines are written without waiting for each other, and sealed into a chain right after (ADR 15)."""

import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from network.audit.actions import record
from network.audit.marks import NONE_BEFORE, BlockValues, LineValues, marks_of
from network.audit.models import Block, Line
from network.audit.rules import ENGINE
from network.privacy.rules.sealing import derive

SEALED_WITHIN = timedelta(minutes=5)
MOST_LINES = 2000  # in a block
LOOKS = 10  # for whoever is in the middle of a commit, before the step is left for the next second
PAUSE_S = 0.01

DROPPED = "history.dropped"  # so many lines, up to this block

_LAST_NUMBER = f"""
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {Line._meta.db_table}_id_seq
"""  # noqa: S608  our own names
# Whoever writes lines holds this lock from before their numbers are taken until all can see them.
_WRITERS = f"""
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = '{Line._meta.db_table}'::regclass AND mode = 'RowExclusiveLock'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND pid IS DISTINCT FROM pg_backend_pid()
"""  # noqa: S608  our own names


def chain_key() -> bytes:
    """Not in the database: who can write all of that can't make a block."""
    return derive(settings.FIELD_KEY, "history")


def seal_lines(*, now: datetime) -> int:
    """One more block of what was written since the last one. Returns how many lines.

    Only one process does this at a time (the engine's lock); blocks have numbers, so a second one would fail.
    """
    up_to = _all_seen_up_to()
    if up_to is None:
        return 0
    with transaction.atomic():
        last = Block.objects.order_by("-number").first()
        unsealed = Line.objects.filter(pk__gt=last.up_to if last else 0, pk__lte=up_to).order_by("pk")
        lines = [values_of(line) for line in unsealed[:MOST_LINES]]
        if not lines:
            return 0
        values = BlockValues(
            number=last.number + 1 if last else 1,
            first=last.first + last.lines if last else 1,
            lines=len(lines),
            up_to=lines[-1].id if len(lines) == MOST_LINES else up_to,
            at=now,
            latest=max(line.at for line in lines),
            previous=bytes(last.hash) if last else NONE_BEFORE,
            marks=marks_of(lines, key=chain_key()),
        )
        Block.objects.create(**asdict(values), hash=values.hash(chain_key()))
    return len(lines)


def unsealed() -> QuerySet[Line]:
    """Lines that are in no block yet, in their order."""
    last = Block.objects.order_by("-number").values_list("up_to", flat=True).first()
    return Line.objects.filter(pk__gt=last or 0).order_by("pk")


def is_waiting(*, now: datetime) -> bool:
    """Whether a line waits to be sealed for longer than ever happens while a worker is at work."""
    oldest = unsealed().first()
    return oldest is not None and oldest.at < now - SEALED_WITHIN


def _all_seen_up_to() -> int | None:
    """The last number taken, once whoever may have taken it is done. None where that takes long."""
    up_to = _number()
    writing = _writers()
    for _ in range(LOOKS):
        if not writing:
            return up_to
        time.sleep(PAUSE_S)
        writing &= _writers()
    return None if writing else up_to


def _number() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_NUMBER)
        return int(cursor.fetchone()[0])


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        return {name for (name,) in cursor.fetchall()}


def values_of(line: Line) -> LineValues:
    names = None if line.names is None else bytes(line.names)
    return LineValues(line.pk, line.at, line.actor, line.action, line.about, line.detail, names)


def block_values_of(block: Block) -> BlockValues:
    return BlockValues(
        number=block.number,
        first=block.first,
        lines=block.lines,
        up_to=block.up_to,
        at=block.at,
        latest=block.latest,
        previous=bytes(block.previous),
        marks=bytes(block.marks),
    )


def drop(blocks: Iterable[int], *, before: datetime, now: datetime) -> None:
    """The oldest blocks with their lines, of days that were over before this moment: on record, and only up
    to a published head. The database refuses anything else.
    """
    last = max(blocks)
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_drop(%s, %s)", [last, before])
        lines = int(cursor.fetchone()[0])
    record("history.dropped", "history", by=ENGINE, now=now, block=last, lines=lines)
