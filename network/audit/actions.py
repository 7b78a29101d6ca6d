"""Record, then tell: a line of history, a hint to the consoles, a wake-up for a worker."""

import json
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from network.audit.models import Entry
from network.audit.rules import Actor, Detail, codes

CHANNEL = "porchlight"  # PostgreSQL's NOTIFY channel that each web process listens to


def record(
    action: str,
    about: str,
    *,
    by: Actor,
    now: datetime,
    request_id: UUID | None = None,
    **detail: Detail,
) -> None:
    """Write one line and announce it. Raises rules.NotACode rather than store a private word."""
    Entry.objects.create(
        at=now,
        actor=str(by),
        action=action,
        about=about,
        request_id=request_id,
        detail=codes(detail),
    )
    announce(f"request:{request_id}" if request_id else about)


def announce(about: str) -> None:
    """Tell the consoles, at commit, that something changed; an id, never what it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"about": about})])


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
