"""Sending texts: claim a row, call the carrier with no transaction open, write down its answer.

The carrier has no idempotency key. If its answer was lost, or the worker was killed, the text is *unknown*.
We then look for it in the carrier's list, by phone and words. It is sent again only if the carrier answers
that it doesn't have it, and can't still accept the first call: a slow carrier may accept a text long after
we stopped waiting.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from network.audit.actions import announce
from network.audit.rules import ENGINE
from network.database.compiled import Compiled, prepared
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.messaging.contacts import by_text_instead, is_app_open
from network.messaging.gateway.chosen import carrier
from network.messaging.gateway.protocol import (
    CarrierRefused,
    HeldMessage,
    LostAnswer,
    NotReached,
    Sent,
    SlowAnswer,
    SlowDown,
)
from network.messaging.models import Contact, Outbound
from network.messaging.outbox import pace
from network.messaging.receipts.taking import MovedRow, held_text, not_delivered, settle_all
from network.messaging.rules.channels import Channel
from network.messaging.rules.refusals import is_ours, policy
from network.messaging.rules.segments import MAX_LENGTH
from network.messaging.rules.states import LEASE, RANK, OutState, after_receipt
from network.privacy.rules.sealing import Unreadable

THREADS = 6
TOO_LONG = 21617  # the carrier's code for it; it is not asked
SETTLES_IN = timedelta(seconds=4)  # until the carrier's list shows a text that it took
BEGINS_WITHIN = timedelta(seconds=1)  # of the claim; later it is looked again whether a text is still wanted
TAKES_FOR = timedelta(seconds=60)  # the carrier's own limit: a call that it hasn't taken by then is over
BACK_OFF = timedelta(seconds=2)
CLOCKS_DIFFER = timedelta(minutes=10)
ORDER_FOR = timedelta(minutes=1)  # how long a lost answer holds back later texts to its phone
NAPS = 20  # pauses that one drain waits out before it leaves the rest to the next


@dataclass(frozen=True, slots=True)
class ClaimedText:
    """A claimed text, decrypted, with everything that a sending thread needs."""

    id: UUID
    phone: str
    body: str
    was: OutState  # OWED if it can't be at the carrier yet; otherwise it may be
    since: datetime  # when it was first tried
    expires_at: datetime | None
    in_flight_until: datetime | None  # None if no call for it is open
    attempt: int  # only the worker that claimed the row has this number
    slowed: bool  # the carrier recently told us to slow down
    claimed_at: datetime
    begun: bool  # claiming it already noted that a call is open


type Taken = tuple[ClaimedText, Sent]


def drain(*, limit: int = 1000) -> int:
    """Send the texts that are due, most urgent first, at the allowed rate. Returns how many were tried.

    A slow call only delays its own phone: a free thread claims the next text. Answers are saved together
    while the next calls are under way.
    """
    tried, naps = 0, 0
    running: set[Future[list[Taken]]] = set()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="outbox") as threads:
        while True:
            room = THREADS - len(running) if tried < limit else 0
            letters = claim(room, now=timezone.now()) if room else []
            tried += len(letters)
            running |= {threads.submit(_in_a_thread, bundle) for bundle in _by_phone(letters)}
            if running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                settle_taken([taken for future in done for taken in future.result()])
            elif not letters:
                pause = pace.pause_left(now=timezone.now()).total_seconds()
                if not 0 < pause < 1 or naps == NAPS:
                    return tried
                naps += 1
                time.sleep(pause)


def _by_phone(letters: list[ClaimedText]) -> list[list[ClaimedText]]:
    """Grouped by phone: each phone gets its texts in order, and phones are served in parallel."""
    phones: dict[str, list[ClaimedText]] = {}
    for letter in letters:
        phones.setdefault(letter.phone, []).append(letter)
    return list(phones.values())


def _in_a_thread(letters: list[ClaimedText]) -> list[Taken]:
    try:
        return send(letters)
    finally:
        connection.close()  # give this thread's connection back to the pool


def send(letters: Sequence[ClaimedText]) -> list[Taken]:
    """Send one phone's texts in order, until one has to be tried again.

    Returns those that the carrier accepted, for the caller to settle. Other outcomes are saved here.
    """
    taken: list[Taken] = []
    for n, letter in enumerate(letters):
        goes_on, sent = _try(letter)
        if sent and n + 1 < len(letters):
            settle_taken([(letter, sent)])  # the next text may take a while
        elif sent:
            taken.append((letter, sent))
        if not goes_on:
            _give_back(letters[n + 1 :])
            break
    return taken


_due = Compiled(
    lambda rank, now, lost_since: (
        Outbound.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("contact")
        .annotate(rank=pace.RANKED)
        .filter(
            Q(state=OutState.OWED, not_before__lte=now)
            | Q(state__in=(OutState.SENDING, OutState.UNKNOWN), leased_until__lte=now),
            Q(expires_at=None) | Q(expires_at__gt=now) | ~Q(state=OutState.OWED),
            rank__lte=rank,
        )
        .exclude(contact__in=_busy(now, lost_since))
        .order_by("lane", "order")[:THREADS]
    )
)


@transaction.atomic
def claim(most: int, *, now: datetime) -> list[ClaimedText]:
    """Lease due rows to this worker, no more than the sender's rate allows.

    From here on the rows say that the carrier may have these texts, in case this worker is killed.
    """
    held = pace.take(now=now)
    if pace.is_waiting(held, now=now):
        return []
    rows = _due.all(pace.affordable(held), now, now - ORDER_FOR)[:most]
    for row in rows:
        _by_text_if_closed(row, now=now)
    allowed = pace.within(held, [row for row in rows if not _stopped(row, now=now)], now=now)
    # The first text to each phone is sent at once. Later ones are checked again when their turn comes.
    first = {row.contact_id: row.pk for row in reversed(allowed)}
    letters = [
        letter
        for row in allowed
        for begun in [row.state == OutState.OWED and first[row.contact_id] == row.pk]
        if (letter := _letter(row, slowed=held.slowed > 0, begun=begun, now=now))
    ]
    if not letters:
        return []
    with prepared() as cursor:
        cursor.execute(
            CLAIM,
            {
                "ids": [letter.id for letter in letters],
                "begun": [letter.id for letter in letters if letter.begun],
                "now": now,
                "leased_until": now + LEASE,
                "in_flight_until": now + BEGINS_WITHIN + TAKES_FOR,
            },
        )
    return letters


CLAIM = f"""
    UPDATE {Outbound._meta.db_table} SET
        state = '{OutState.SENDING}', leased_until = %(leased_until)s, attempts = attempts + 1,
        first_attempt_at = COALESCE(first_attempt_at, %(now)s),
        in_flight_until = CASE WHEN id = ANY(%(begun)s) THEN %(in_flight_until)s ELSE in_flight_until END
    WHERE id = ANY(%(ids)s)
"""  # noqa: S608  our own names


def _busy(now: object, lost_since: object) -> QuerySet[Outbound, Any]:
    """Phones with a text under way or an answer lost. Their later texts wait, to stay in order."""
    sending = Q(state=OutState.SENDING)
    lost = Q(state=OutState.UNKNOWN, first_attempt_at__gt=lost_since)
    return Outbound.objects.filter(sending | lost, leased_until__gt=now, contact__isnull=False).values(
        "contact"
    )


def _letter(row: Outbound, *, slowed: bool, begun: bool, now: datetime) -> ClaimedText | None:
    """None, and the row is refused so that a person sees it, if it can't be decrypted or is too long."""
    assert row.contact is not None  # an owed text keeps its contact
    try:
        phone, body = row.contact.phone, row.body or ""
    except Unreadable:
        _refused(row, code=0, now=now)
        return None
    if len(body) > MAX_LENGTH:
        _refused(row, code=TOO_LONG, now=now)
        return None
    return ClaimedText(
        id=row.pk,
        phone=phone,
        body=body,
        was=OutState(row.state),
        since=row.first_attempt_at or now,
        expires_at=row.expires_at,
        in_flight_until=row.in_flight_until,
        attempt=row.attempts + 1,
        slowed=slowed,
        claimed_at=now,
        begun=begun,
    )


def expire(*, now: datetime) -> int:
    """Give up texts that would arrive too late to be of use. Returns how many."""
    late = Outbound.objects.filter(state=OutState.OWED, expires_at__lte=now)
    return late.update(state=OutState.EXPIRED, final_at=now)


def _by_text_if_closed(row: Outbound, *, now: datetime) -> None:
    """Switch a WhatsApp text to SMS if WhatsApp no longer lets us write to this phone."""
    if row.state != OutState.OWED or row.contact is None or row.contact.channel != Channel.WHATSAPP:
        return
    if not is_app_open(row.contact, now=now) and (plain := by_text_instead(row.contact, now=now)):
        Outbound.objects.filter(pk=row.pk).update(contact=plain)
        row.contact = plain


def _stopped(row: Outbound, *, now: datetime) -> bool:
    """Whether this phone opted out or can't be texted, which ends the row if it hasn't been tried yet."""
    if row.state != OutState.OWED or row.contact is None:
        return False
    if row.contact.opted_out_at:
        Outbound.objects.filter(pk=row.pk).update(state=OutState.WITHDRAWN, final_at=now)
        return True
    if row.contact.unreachable_at:
        _refused(row, code=row.contact.unreachable_code or 0, now=now)
        return True
    return False


def _try(letter: ClaimedText) -> tuple[bool, Sent | None]:
    """Send one text, or find it at the carrier. Returns whether the phone's next may go, and the answer."""
    if letter.was is OutState.OWED:
        fresh = letter.begun and timezone.now() - letter.claimed_at < BEGINS_WITHIN
        return _hand_over(letter) if fresh or _may_go(letter, now=timezone.now()) else (True, None)
    try:
        sent = _found(letter)
    except NotReached:
        _later(letter, state=OutState.UNKNOWN, wait=SETTLES_IN)
        return False, None
    if sent:
        return True, sent
    if letter.in_flight_until and letter.in_flight_until > timezone.now() - SETTLES_IN:
        _later(letter, state=OutState.UNKNOWN, wait=SETTLES_IN)
        return False, None
    return _hand_over(letter) if _may_go(letter, now=timezone.now()) else (True, None)


def _hand_over(letter: ClaimedText) -> tuple[bool, Sent | None]:
    try:
        sent = carrier().send(
            to=letter.phone,
            body=letter.body,
            callback=f"{settings.PUBLIC_URL}/twilio/status?o={letter.id}",
            valid_for_s=_valid_for_s(letter, now=timezone.now()),
        )
    except CarrierRefused as refused:
        return _refuse(letter, code=refused.code, now=timezone.now()), None
    except SlowDown:
        pace.slow_down(now=timezone.now())
        _later(letter, state=OutState.OWED, wait=timedelta(0), in_flight=False)
        return False, None
    except NotReached:
        _later(letter, state=OutState.OWED, wait=BACK_OFF * min(letter.attempt, 15), in_flight=False)
        return False, None
    except SlowAnswer:
        _later(letter, state=OutState.UNKNOWN, wait=SETTLES_IN)
        return False, None
    except LostAnswer:
        _later(letter, state=OutState.UNKNOWN, wait=SETTLES_IN, in_flight=False)
        return False, None
    if letter.slowed:
        pace.keep_going()
    return True, sent


def _valid_for_s(letter: ClaimedText, *, now: datetime) -> int | None:
    """How long the carrier should keep trying: until the text is of no more use."""
    return int((letter.expires_at - now).total_seconds()) if letter.expires_at else None


def _found(letter: ClaimedText) -> Sent | None:
    """This text in the carrier's list, found by phone and words, unless it belongs to another row of ours."""
    for held in carrier().sent_to(letter.phone):
        if _is_this(letter, held) and not (
            Outbound.objects.filter(sid=held.sent.sid).exclude(pk=letter.id).exists()
        ):
            return held.sent
    return None


def _is_this(letter: ClaimedText, held: HeldMessage) -> bool:
    recent = held.made_at is None or held.made_at > letter.since - CLOCKS_DIFFER
    return recent and held.body == letter.body


def _mine(letter: ClaimedText) -> QuerySet[Outbound]:
    return Outbound.objects.filter(pk=letter.id, state=OutState.SENDING, attempts=letter.attempt)


def _may_go(letter: ClaimedText, *, now: datetime) -> bool:
    """Whether the text is still ours, in time, and wanted, checked right before the call. Renews the lease.

    From here on the row says that the carrier may have it, in case this worker is killed.
    """
    rows, silent = _mine(letter), Q(contact__opted_out_at__isnull=False)
    if _begin_call(letter, now=now):
        return True
    if rows.filter(expires_at__lte=now).update(state=OutState.EXPIRED, final_at=now, leased_until=None):
        return False
    rows.filter(silent).update(state=OutState.WITHDRAWN, final_at=now, leased_until=None)
    return False


def _begin_call(letter: ClaimedText, *, now: datetime) -> bool:
    with prepared() as cursor:
        cursor.execute(
            BEGIN,
            {
                "id": letter.id,
                "attempt": letter.attempt,
                "now": now,
                "leased_until": now + LEASE,
                "in_flight_until": now + TAKES_FOR,
            },
        )
        return bool(cursor.rowcount)


BEGIN = f"""
    UPDATE {Outbound._meta.db_table} o
    SET leased_until = %(leased_until)s, in_flight_until = %(in_flight_until)s
    WHERE id = %(id)s AND state = '{OutState.SENDING}' AND attempts = %(attempt)s
        AND (expires_at IS NULL OR expires_at > %(now)s)
        AND NOT EXISTS (
            SELECT FROM {Contact._meta.db_table} c WHERE c.id = o.contact_id AND c.opted_out_at IS NOT NULL
        )
"""  # noqa: S608  our own names


_free_rows = Compiled(
    lambda ids: (
        Outbound.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("contact")
        .filter(pk__any=ids)
    )
)


def settle_taken(taken: Sequence[Taken]) -> None:
    """Save what the carrier accepted, all rows in one statement.

    We wait for rows that are locked elsewhere one at a time, holding no other lock, to avoid deadlocks.
    """
    left = {letter.id: sent for letter, sent in taken}
    if not left:
        return
    with transaction.atomic():
        free = _free_rows.all(list(left))
        _settle(free, left, now=timezone.now())
    for pk in left.keys() - {row.pk for row in free}:
        with transaction.atomic():
            _settle([held_text.get(pk)], left, now=timezone.now())


def _settle(rows: Sequence[Outbound], answers: Mapping[UUID, Sent], *, now: datetime) -> None:
    """Move rows forward by the carrier's answers, unless a receipt already moved them further."""
    moved = []
    for row in rows:
        sent = answers[row.pk]
        new = after_receipt(OutState(row.state), sent.status)
        if RANK[new] < RANK[OutState.SENT]:
            new = OutState.SENT
        if new != row.state or not row.sid:
            moved.append(MovedRow(row, new, sid=sent.sid, error=sent.error))
    settle_all(moved, now=now)


def _refuse(letter: ClaimedText, *, code: int, now: datetime) -> bool:
    """The carrier said no. If the fault is ours to fix, keep the text queued and alert an operator.

    Returns whether the next text to this phone may go.
    """
    if is_ours(code):
        raise_need(Reason.CARRIER_REFUSES, about=About("carrier", str(code)), now=now, by=ENGINE)
    if policy(code).holds:
        if is_ours(code):
            pace.hold(now=now)
        else:
            pace.slow_down(now=now)
        _later(letter, state=OutState.OWED, wait=timedelta(0), in_flight=False)
        return False
    with transaction.atomic():
        _refused(held_text.get(letter.id), code=code, now=now)
    return True


def _refused(row: Outbound, *, code: int, now: datetime) -> None:
    Outbound.objects.filter(pk=row.pk).update(
        state=OutState.REFUSED, error=code, leased_until=None, final_at=now
    )
    not_delivered(row, code=code, now=now)
    if row.request_id:
        announce(f"request:{row.request_id}")


def _later(letter: ClaimedText, *, state: OutState, wait: timedelta, in_flight: bool = True) -> None:
    """Try it again after `wait`, unless a receipt has settled it meanwhile.

    `in_flight` means that the carrier may still be working on our call. Otherwise it has the text by now or
    never will.
    """
    at = timezone.now() + wait
    over = {} if in_flight else {"in_flight_until": None}
    _mine(letter).update(state=state, leased_until=at, not_before=at, **over)


def _give_back(letters: Sequence[ClaimedText]) -> None:
    """Release texts that weren't tried because an earlier one to the same phone must be tried again."""
    for letter in letters:
        _later(letter, state=letter.was, wait=timedelta(0), in_flight=letter.was is not OutState.OWED)
