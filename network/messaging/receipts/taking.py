"""Receipts: what the carrier says of our texts, kept as it came and acted on once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from network.audit.actions import CHANNEL, announce, wake
from network.audit.rules import Task
from network.database.compiled import Compiled, prepared
from network.messaging.contacts import close_app, mark_unreachable, opt_out
from network.messaging.models import Outbound, Receipt
from network.messaging.outbox.queueing import send_by_text
from network.messaging.rules.channels import Channel
from network.messaging.rules.refusals import Meaning, policy
from network.messaging.rules.states import FINAL, OutState, after_receipt, ask_again_in, told_by


def take_receipt(
    *, outbound_id: UUID | None, sid: str, word: str, error: int | None, now: datetime, asked: bool = False
) -> None:
    """Keep a receipt and move its text's state forward, never back.

    A receipt may come before the answer to our call, twice, or for a text that we don't know. `asked` means
    that we had to fetch it. Everything but a failed delivery takes one statement.
    """
    told = told_by(word)
    kept: dict[str, Any] = {
        "outbound_id": outbound_id,
        "sid": sid[:64],
        "word": word[:32],
        "error": error,
        "now": now,
        "asked": asked,
    }
    if told == OutState.UNDELIVERED:
        _take_loss(word, error=error, kept=kept, sid=sid, now=now)
        return
    moves = [state.value for state in OutState if after_receipt(state, word) != state]
    with prepared() as cursor:
        cursor.execute(
            _taken(by_id=outbound_id is not None),
            kept
            | {
                "told": told and told.value,
                "moves": moves,
                "final": [state.value for state in FINAL],
                "channel": CHANNEL,
                "ask_at": now + ask_again_in(0),
            },
        )


KEEP = f"""
    INSERT INTO {Receipt._meta.db_table} (outbound_id, sid, word, error, received_at, asked)
    VALUES (%(outbound_id)s, %(sid)s, %(word)s, %(error)s, %(now)s, %(asked)s)
"""  # noqa: S608  our own names


def _taken(*, by_id: bool) -> str:
    """Find the text, move its state, and tell the consoles that show its request, in one statement.

    The text is found by our own id in the receipt's address, or by the carrier's if a proxy dropped that.
    """
    which = "id = %(outbound_id)s AND sid IN ('', %(sid)s)" if by_id else "sid = %(sid)s AND sid <> ''"
    return f"""
        WITH kept AS ({KEEP}), found AS (
            SELECT id, CASE WHEN state = ANY(%(moves)s) THEN %(told)s ELSE state END AS becomes
            FROM {Outbound._meta.db_table}
            WHERE {which} AND (state = ANY(%(moves)s) OR sid = '')
            ORDER BY id LIMIT 1 FOR NO KEY UPDATE
        ), moved AS (
            UPDATE {Outbound._meta.db_table} o SET
                state = becomes, sid = %(sid)s, sent_at = COALESCE(sent_at, %(now)s), leased_until = NULL,
                final_at = CASE WHEN becomes = ANY(%(final)s) THEN %(now)s END,
                erase_at = CASE WHEN becomes = ANY(%(final)s) THEN %(now)s END,
                ask_at = CASE WHEN becomes = ANY(%(final)s) THEN NULL ELSE COALESCE(ask_at, %(ask_at)s) END
            FROM found WHERE o.id = found.id RETURNING request_id
        )
        SELECT pg_notify(%(channel)s, json_build_object('about', 'request:' || request_id)::text)
        FROM moved WHERE request_id IS NOT NULL
    """  # noqa: S608  our own names


@transaction.atomic
def _take_loss(word: str, *, error: int | None, kept: dict[str, Any], sid: str, now: datetime) -> None:
    with prepared() as cursor:
        cursor.execute(KEEP, kept)
    outbound_id = kept["outbound_id"]
    text = held_text.first(outbound_id) if outbound_id else _by_sid.first(sid) if sid else None
    if text is None or text.sid not in ("", sid):
        return
    new = after_receipt(OutState(text.state), word)
    if new != text.state or not text.sid:
        settle_all([MovedRow(text, new, sid=sid, error=error)], now=now)


held_text = Compiled(
    lambda pk: (
        Outbound.objects.select_for_update(no_key=True, of=("self",)).select_related("contact").filter(pk=pk)
    )
)
_by_sid = Compiled(
    lambda sid: (
        Outbound.objects.select_for_update(no_key=True, of=("self",))
        .select_related("contact")
        .filter(sid=sid)
        .order_by("pk")[:1]
    )
)


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A text whose row is locked, and its new state."""

    text: Outbound
    state: OutState
    sid: str
    error: int | None


def settle_all(moved: Sequence[MovedRow], *, now: datetime) -> None:
    """Save these states in one statement. The caller has locked the rows."""
    if not moved:
        return
    later = now + ask_again_in(0)
    rows = [
        (
            receipt.text.pk,
            receipt.state.value,
            receipt.sid[:64],
            receipt.error if receipt.state == OutState.UNDELIVERED else receipt.text.error,
            receipt.text.sent_at or now,
            now if receipt.state in FINAL else None,
            None if receipt.state in FINAL else receipt.text.ask_at or later,
        )
        for receipt in moved
    ]
    with prepared() as cursor:
        cursor.execute(SETTLE, [list(column) for column in zip(*rows, strict=True)])
    for receipt in moved:
        if receipt.state == OutState.UNDELIVERED != receipt.text.state:
            not_delivered(receipt.text, code=receipt.error or 0, now=now)
        if receipt.text.request_id:
            announce(f"request:{receipt.text.request_id}")


SETTLE = f"""
    UPDATE {Outbound._meta.db_table} AS o SET
        state = v.state, sid = v.sid, error = v.error, sent_at = v.sent_at, leased_until = NULL,
        final_at = v.final_at, ask_at = v.ask_at, erase_at = v.final_at
    FROM unnest(
        %s::uuid[], %s::text[], %s::text[], %s::integer[], %s::timestamptz[], %s::timestamptz[],
        %s::timestamptz[]
    ) AS v (id, state, sid, error, sent_at, final_at, ask_at)
    WHERE o.id = v.id
"""  # noqa: S608  our own names


def _goes_by_text(text: Outbound, *, code: int, now: datetime) -> bool:
    if text.contact is None or text.contact.channel != Channel.WHATSAPP:
        return False
    if policy(code).meaning in (Meaning.OPTED_OUT, Meaning.CONTENT, Meaning.BUG):
        return False
    close_app(text.contact, now=now)
    if send_by_text(text, now=now) is None:
        return False
    Outbound.objects.filter(pk=text.pk).update(loss_acted_on_at=now)
    return True


def not_delivered(text: Outbound, *, code: int, now: datetime) -> None:
    """Mark the number of a text that won't arrive as its error code says, and wake a worker to act on it.

    If WhatsApp didn't deliver it, it is sent by SMS at once.
    """
    if _goes_by_text(text, code=code, now=now):
        return
    if text.contact_id:
        meaning = policy(code).meaning
        if meaning is Meaning.OPTED_OUT:
            opt_out(text.contact_id, now=now)
        elif meaning is Meaning.NUMBER:
            mark_unreachable(text.contact_id, code=code, now=now)
    wake(Task.TEXTS_NOT_DELIVERED)
