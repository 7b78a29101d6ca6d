"""Record, then tell: a line of history, a hint to the consoles, a wake-up for a worker."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection

from network.audit.models import Entry
from network.audit.rules import Actor, Detail, codes

CHANNEL = "porchlight"  # PostgreSQL's NOTIFY channel that each web process listens to

_SAID = f"""
    said AS (
        SELECT nextval(pg_get_serial_sequence('{Entry._meta.db_table}', 'id')) AS id, t.*
        FROM unnest(
            %(at)s::timestamptz[], %(actor)s::text[], %(action)s::text[], %(about)s::text[],
            %(request_id)s::uuid[], %(detail)s::jsonb[], %(told)s::text[], %(shows)s::jsonb[]
        ) WITH ORDINALITY AS t (at, actor, action, about, request_id, detail, told, shows, n)
    ), lines AS (
        INSERT INTO {Entry._meta.db_table} (id, at, actor, action, about, request_id, detail)
        SELECT id, at, actor, action, about, request_id, detail FROM said ORDER BY n
    )
"""  # noqa: S608  our own names
# As the library's own function does, but that a repeat which is still queued spoils nothing.
_WOKEN = """
    woken AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args)
        SELECT * FROM unnest(
            %(queue)s::text[], %(task)s::text[], %(priority)s::int[], %(once)s::text[], %(ids)s::jsonb[]
        ) ON CONFLICT DO NOTHING
    )
"""
_TOLD = {
    True: """
        SELECT pg_notify(%(channel)s, (jsonb_build_object('about', told, 'seq', id) || shows)::text)
        FROM (SELECT * FROM said ORDER BY n) AS in_order UNION ALL
        SELECT pg_notify(%(channel)s, hint) FROM unnest(%(hints)s::text[]) AS hint
    """,
    False: "SELECT pg_notify(%(channel)s, hint) FROM unnest(%(hints)s::text[]) AS hint",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Of history, with the hint that tells of it."""

    at: datetime
    actor: str
    action: str
    about: str
    request_id: UUID | None
    detail: str
    told: str
    shows: str


@dataclass(frozen=True, slots=True)
class Hint:
    """To the consoles, of what has no line."""

    words: str


@dataclass(frozen=True, slots=True)
class Wake:
    """A worker, to look now."""

    queue: str
    task: str
    priority: int
    once: str | None
    ids: str


type Owed = Line | Hint | Wake


def pay(owed: list[Owed]) -> None:
    """All that one transaction owes beside its rows, in one statement: history, hints, wake-ups."""
    lines = [one for one in owed if isinstance(one, Line)]
    hints = dict.fromkeys(one.words for one in owed if isinstance(one, Hint))
    wakes = sorted(
        dict.fromkeys(one for one in owed if isinstance(one, Wake)), key=lambda one: one.once or ""
    )
    parts = [*([_SAID] if lines else ()), *([_WOKEN] if wakes else ())]
    statement = (f"WITH {', '.join(parts)}" if parts else "") + _TOLD[bool(lines)]
    given: dict[str, Any] = {"channel": CHANNEL, "hints": list(hints)}
    for kind, rows in ((Line, lines), (Wake, wakes)):
        if rows:
            given |= {field.name: [getattr(row, field.name) for row in rows] for field in fields(kind)}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def _owe(one: Owed) -> None:
    # Our own database backend collects it; see network/database.
    cast(Any, connection).owe(pay, one)


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
    """One more line, announced, at the end of this transaction and in it. Raises rules.NotACode rather than
    store or tell a private word.

    `shows`: codes of what changed, which an open page paints before it has fetched the rest.
    """
    told = f"request:{request_id}" if request_id else about
    said = json.dumps(codes(detail))
    _owe(Line(now, str(by), action, about, request_id, said, told, json.dumps(_shown(shows))))


def announce(about: str, *, shows: Mapping[str, Detail] | None = None) -> None:
    """Tell the consoles, at commit, that something changed; ids and codes, as in `record`."""
    _owe(Hint(json.dumps({"about": about, **_shown(shows)})))


def _shown(shows: Mapping[str, Detail] | None) -> dict[str, object]:
    return {"shows": codes(dict(shows))} if shows else {}


def wake(
    task: str,
    *,
    once: str | None = None,
    queue: str = "people",
    priority: int = 0,
    **ids: str,
) -> None:
    """Ask a worker, at commit, to look now. `once` folds repeats that are still queued.

    Only a hint: whatever is owed is a row, and the engine finds it without this. Each queue has
    hands of its own, so that a slow carrier or a flood of strangers never takes them all.
    """
    _owe(Wake(queue, task, priority, once, json.dumps(ids)))
