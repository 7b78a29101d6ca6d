"""Record, then tell: a line of history, a hint to the consoles, a wake-up for a worker."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection

from network.audit.marks import of_names
from network.audit.models import Line, Whom
from network.audit.rules import Actor, Detail, Names, Task, codes, parted
from network.database.compiled import prepared

CHANNEL = "porchlight"  # PostgreSQL's NOTIFY channel that each web process listens to
WORKERS = "porchlight_workers"  # and the one for workers
KEY = 16  # random bytes, of each line that names somebody

_SAID = f"""
    said AS (
        SELECT nextval(pg_get_serial_sequence('{Line._meta.db_table}', 'id')) AS id, t.*
        FROM unnest(
            %(at)s::timestamptz[], %(actor)s::text[], %(action)s::text[], %(about)s::text[],
            %(detail)s::jsonb[], %(names)s::bytea[], %(key)s::bytea[], %(request_id)s::uuid[],
            %(person_id)s::uuid[], %(full_actor)s::text[], %(full_about)s::text[], %(ids)s::jsonb[],
            %(told)s::text[], %(shows)s::jsonb[]
        ) WITH ORDINALITY AS t (
            at, actor, action, about, detail, names, key, request_id, person_id, full_actor, full_about, ids,
            told, shows, n
        )
    ), lines AS (
        INSERT INTO {Line._meta.db_table} (id, at, actor, action, about, detail, names)
        SELECT id, at, actor, action, about, detail, names FROM said ORDER BY n
    ), whom AS (
        INSERT INTO {Whom._meta.db_table} (line_id, key, request_id, person_id, actor, about, ids)
        SELECT id, key, request_id, person_id, full_actor, full_about, ids FROM said
        WHERE key IS NOT NULL ORDER BY n
    )
"""  # noqa: S608  our own names
_NOTES = """
    SELECT pg_notify(channel, note) FROM unnest(%(channels)s::text[], %(notes)s::text[]) AS t (channel, note)
"""
_TOLD = """
    SELECT pg_notify(%(channel)s, (jsonb_build_object('about', told, 'seq', id) || shows)::text)
    FROM (SELECT * FROM said ORDER BY n) AS in_order UNION ALL
"""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Of history, whom it names, and the hint that tells of it."""

    at: datetime
    actor: str
    action: str
    about: str
    detail: str
    names: bytes | None
    key: bytes | None
    request_id: UUID | None
    person_id: UUID | None
    full_actor: str
    full_about: str
    ids: str
    told: str
    shows: str


@dataclass(frozen=True, slots=True)
class Notification:
    """By NOTIFY, to whoever listens: a hint of what has no line, or a task that is worth a look now."""

    channel: str
    note: str


type Owed = HistoryLine | Notification


def pay(owed: list[Owed]) -> None:
    """All that one transaction owes beside its rows, in one statement: history, hints, wake-ups."""
    lines = [debt for debt in owed if isinstance(debt, HistoryLine)]
    notes = list(dict.fromkeys(debt for debt in owed if isinstance(debt, Notification)))
    given: dict[str, Any] = {
        "channels": [note.channel for note in notes],
        "notes": [note.note for note in notes],
    }
    statement = _NOTES
    if lines:
        statement = f"WITH {_SAID}{_TOLD}{_NOTES}"
        given |= {field.name: [getattr(row, field.name) for row in lines] for field in fields(HistoryLine)}
        given["channel"] = CHANNEL
    with prepared() as cursor:
        cursor.execute(statement, given)


def _owe(owed: Owed) -> None:
    # Our own database backend collects it; see network/database.
    cast(Any, connection).owe(pay, owed)


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
    plain, named = parted(str(by), about, request_id, codes(detail))
    key = os.urandom(KEY) if named else None
    _owe(
        HistoryLine(
            at=now,
            actor=plain.actor,
            action=action,
            about=plain.about,
            detail=json.dumps(plain.detail),
            names=_hmac(key, named) if key else None,
            key=key,
            request_id=request_id,
            person_id=named.person_id(),
            full_actor=named.actor,
            full_about=named.about,
            ids=json.dumps(named.ids),
            told=f"request:{request_id}" if request_id else about,
            shows=json.dumps(_shown(shows)),
        )
    )


def _hmac(key: bytes, named: Names) -> bytes:
    return of_names(key, request_id=named.request_id, actor=named.actor, about=named.about, ids=named.ids)


def announce(about: str, *, shows: Mapping[str, Detail] | None = None) -> None:
    """Tell the consoles, at commit, that something changed; ids and codes, as in `record`."""
    _owe(Notification(CHANNEL, json.dumps({"about": about, **_shown(shows)})))


def _shown(shows: Mapping[str, Detail] | None) -> dict[str, object]:
    return {"shows": codes(dict(shows))} if shows else {}


def wake(task: Task) -> None:
    """Have each worker look now, at commit, for what this task does.

    Only a hint: whatever is owed is a row, and the engine finds it without this.
    """
    _owe(Notification(WORKERS, task.value))
