"""Record, then tell: a line of history, a hint to the consoles, a wake-up for a worker."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from network.audit.models import Entry
from network.audit.rules import Actor, Detail, codes

CHANNEL = "porchlight"  # PostgreSQL's NOTIFY channel that each web process listens to


RECORD = f"""
    WITH line AS (
        INSERT INTO {Entry._meta.db_table} (at, actor, action, about, request_id, detail)
        VALUES (%s, %s, %s, %s, %s, %s::jsonb) RETURNING id
    ) SELECT pg_notify(%s, (jsonb_build_object('about', %s::text, 'seq', line.id) || %s::jsonb)::text)
    FROM line
"""  # noqa: S608  our own names


def record(
    action: str,
    about: str,
    *,
    by: Actor,
    now: datetime,
    request_id: UUID | None = None,
    shows: Mapping[str, Detail] | None = None,
    **detail: Detail,
) -> None:
    """Write one line and announce it. Raises rules.NotACode rather than store or tell a private word.

    `shows`: codes of what changed, which an open page paints before it has fetched the rest.
    """
    told = f"request:{request_id}" if request_id else about
    line: list[Any] = [
        now,
        str(by),
        action,
        about,
        request_id,
        json.dumps(codes(detail)),
        CHANNEL,
        told,
        json.dumps(_shown(shows)),
    ]
    with connection.cursor() as cursor:  # both in one statement: there are a dozen of these a text
        cursor.execute(RECORD, line)


def announce(about: str, *, shows: Mapping[str, Detail] | None = None) -> None:
    """Tell the consoles, at commit, that something changed; ids and codes, as in `record`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"about": about, **_shown(shows)})])


def _shown(shows: Mapping[str, Detail] | None) -> dict[str, object]:
    return {"shows": codes(dict(shows))} if shows else {}


def wake(
    task: str,
    *,
    once: str | None = None,
    lock: str | None = None,
    queue: str = "people",
    priority: int = 0,
    **ids: str,
) -> None:
    """Ask a worker, at commit, to look now. `once` folds repeats that are still queued.

    Only a hint: whatever is owed is a row, and the engine finds it without this. Each queue has
    hands of its own, so that a slow carrier or a flood of strangers never takes them all.
    """
    deferrer = app.configure_task(task, queueing_lock=once, lock=lock, queue=queue, priority=priority)
    try:
        with transaction.atomic():  # a refused repeat must not spoil the caller's transaction
            deferrer.defer(**ids)
    except AlreadyEnqueued:
        pass
