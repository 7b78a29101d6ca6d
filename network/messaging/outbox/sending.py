"""Sending what is owed: claim a row, call the carrier with no transaction open, write what it said.

The carrier has no key by which a repeat is known. So a send whose answer was lost, or whose worker
was killed, is *unknown*: it is first looked for in the carrier's list, by phone and words, and is
sent again only when the carrier answers and doesn't have it, and can't take it any more: a slow
carrier may take a text long after we stopped waiting for its answer.
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
    Held,
    LostAnswer,
    NotReached,
    Refused,
    Sent,
    SlowAnswer,
    SlowDown,
)
from network.messaging.models import Contact, Outbound
from network.messaging.outbox import pace
from network.messaging.receipts.taking import Moved, held_text, not_delivered, settle_all
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
class Letter:
    """A claimed text, opened: all that a sending thread needs."""

    id: UUID
    phone: str
    body: str
    was: OutState  # OWED: certainly not with the carrier; else it may be
    since: datetime  # of its first attempt
    expires_at: datetime | None
    in_flight_until: datetime | None  # None: no call for it is open
    attempt: int  # this one; nobody else holds the row under this number
    slowed: bool  # we were told to slow down lately
    claimed_at: datetime
    begun: bool  # its row says since it was claimed that a call is open


type Taken = tuple[Letter, Sent]


def drain(*, limit: int = 1000) -> int:
    """Send what is owed, the most urgent first, as fast as the sender may. Returns how many were tried.

    One slow call holds back its own phone only: whenever a thread is free, the next text is claimed. What the
    carrier answered is written down together, while the next calls are under way.
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


def _by_phone(letters: list[Letter]) -> list[list[Letter]]:
    """Texts to one phone go one after the other, in their order; phones side by side."""
    phones: dict[str, list[Letter]] = {}
    for letter in letters:
        phones.setdefault(letter.phone, []).append(letter)
    return list(phones.values())


def _in_a_thread(letters: list[Letter]) -> list[Taken]:
    try:
        return send(letters)
    finally:
        connection.close()  # give this thread's connection back to the pool


def send(letters: Sequence[Letter]) -> list[Taken]:
    """These texts to one phone, in their order, until one has to be tried again. What the carrier took is
    returned, to be settled; all else is written down already."""
    taken: list[Taken] = []
    for n, letter in enumerate(letters):
        goes_on, sent = _try(letter)
        if sent and n + 1 < len(letters):
            settle_taken([(letter, sent)])  # what follows may take its time
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
def claim(most: int, *, now: datetime) -> list[Letter]:
    """Take rows that are due, no more than the sender's pace allows, and lease them to this worker.

    From here on the carrier may have them: a worker that is killed now leaves rows that say so.
    """
    held = pace.take(now=now)
    if pace.is_waiting(held, now=now):
        return []
    rows = _due.all(pace.affordable(held), now, now - ORDER_FOR)[:most]
    for row in rows:
        _by_text_if_closed(row, now=now)
    allowed = pace.within(held, [row for row in rows if not _stopped(row, now=now)], now=now)
    # The first to a phone is called at once; what follows it is looked at once more when its turn comes.
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
        cursor.execute(CLAIM, {
            "ids": [letter.id for letter in letters],
            "begun": [letter.id for letter in letters if letter.begun],
            "now": now, "leased_until": now + LEASE, "in_flight_until": now + BEGINS_WITHIN + TAKES_FOR,
        })  # fmt: skip
    return letters


CLAIM = f"""
    UPDATE {Outbound._meta.db_table} SET
        state = '{OutState.SENDING}', leased_until = %(leased_until)s, attempts = attempts + 1,
        first_attempt_at = COALESCE(first_attempt_at, %(now)s),
        in_flight_until = CASE WHEN id = ANY(%(begun)s) THEN %(in_flight_until)s ELSE in_flight_until END
    WHERE id = ANY(%(ids)s)
"""  # noqa: S608  our own names


def _busy(now: object, lost_since: object) -> QuerySet[Outbound, Any]:
    """Phones that are being texted, or wait for a lost answer: their later texts keep their order."""
    sending = Q(state=OutState.SENDING)
    lost = Q(state=OutState.UNKNOWN, first_attempt_at__gt=lost_since)
    return Outbound.objects.filter(sending | lost, leased_until__gt=now, contact__isnull=False).values(
        "contact"
    )


def _letter(row: Outbound, *, slowed: bool, begun: bool, now: datetime) -> Letter | None:
    """None for a text that can't be opened any more: a person sees that it never went."""
    assert row.contact is not None  # an owed text keeps its contact
    try:
        phone, body = row.contact.phone, row.body or ""
    except Unreadable:
        _refused(row, code=0, now=now)
        return None
    if len(body) > MAX_LENGTH:
        _refused(row, code=TOO_LONG, now=now)
        return None
    return Letter(
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
    """An offer that is too late to be of use is never sent late."""
    late = Outbound.objects.filter(state=OutState.OWED, expires_at__lte=now)
    return late.update(state=OutState.EXPIRED, final_at=now)


def _by_text_if_closed(row: Outbound, *, now: datetime) -> None:
    """WhatsApp lets us write for a while only: what is owed past it goes by SMS."""
    if row.state != OutState.OWED or row.contact is None or row.contact.channel != Channel.WHATSAPP:
        return
    if not is_app_open(row.contact, now=now) and (plain := by_text_instead(row.contact, now=now)):
        Outbound.objects.filter(pk=row.pk).update(contact=plain)
        row.contact = plain


def _stopped(row: Outbound, *, now: datetime) -> bool:
    """Somebody who opted out, or can't be texted, gets nothing; what may have left stays unknown."""
    if row.state != OutState.OWED or row.contact is None:
        return False
    if row.contact.opted_out_at:
        Outbound.objects.filter(pk=row.pk).update(state=OutState.WITHDRAWN, final_at=now)
        return True
    if row.contact.unreachable_at:
        _refused(row, code=row.contact.unreachable_code or 0, now=now)
        return True
    return False


def _try(letter: Letter) -> tuple[bool, Sent | None]:
    """One text to the carrier: whether the next to this phone may go, and the answer, to be settled."""
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


def _hand_over(letter: Letter) -> tuple[bool, Sent | None]:
    try:
        sent = carrier().send(
            to=letter.phone,
            body=letter.body,
            callback=f"{settings.PUBLIC_URL}/twilio/status?o={letter.id}",
            valid_for_s=_valid_for_s(letter, now=timezone.now()),
        )
    except Refused as refused:
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


def _valid_for_s(letter: Letter, *, now: datetime) -> int | None:
    """The carrier stops trying when the offer is over."""
    return int((letter.expires_at - now).total_seconds()) if letter.expires_at else None


def _found(letter: Letter) -> Sent | None:
    """The same words to the same phone in the carrier's list, if no other row of ours has them."""
    for held in carrier().sent_to(letter.phone):
        if _is_this(letter, held) and not (
            Outbound.objects.filter(sid=held.sent.sid).exclude(pk=letter.id).exists()
        ):
            return held.sent
    return None


def _is_this(letter: Letter, held: Held) -> bool:
    recent = held.made_at is None or held.made_at > letter.since - CLOCKS_DIFFER
    return recent and held.body == letter.body


def _mine(letter: Letter) -> QuerySet[Outbound]:
    return Outbound.objects.filter(pk=letter.id, state=OutState.SENDING, attempts=letter.attempt)


def _may_go(letter: Letter, *, now: datetime) -> bool:
    """Right before the call: still ours, in time, and wanted. The lease begins anew.

    From here on the carrier may take it: a worker that is killed now leaves a row that says so.
    """
    rows, silent = _mine(letter), Q(contact__opted_out_at__isnull=False)
    if _begin_call(letter, now=now):
        return True
    if rows.filter(expires_at__lte=now).update(state=OutState.EXPIRED, final_at=now, leased_until=None):
        return False
    rows.filter(silent).update(state=OutState.WITHDRAWN, final_at=now, leased_until=None)
    return False


def _begin_call(letter: Letter, *, now: datetime) -> bool:
    with prepared() as cursor:
        cursor.execute(BEGIN, {
            "id": letter.id, "attempt": letter.attempt, "now": now,
            "leased_until": now + LEASE, "in_flight_until": now + TAKES_FOR,
        })  # fmt: skip
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
    """Write down what the carrier took, all rows in one statement.

    A row that somebody else holds is waited for alone, with no other in hand: nobody waits in a circle.
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
    """A receipt may have been faster than the answer to our own call."""
    moved = []
    for row in rows:
        sent = answers[row.pk]
        new = after_receipt(OutState(row.state), sent.status)
        if RANK[new] < RANK[OutState.SENT]:
            new = OutState.SENT
        if new != row.state or not row.sid:
            moved.append(Moved(row, new, sid=sent.sid, error=sent.error))
    settle_all(moved, now=now)


def _refuse(letter: Letter, *, code: int, now: datetime) -> bool:
    """The carrier said no. What is ours to mend keeps the text owed, and rings an operator."""
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


def _later(letter: Letter, *, state: OutState, wait: timedelta, in_flight: bool = True) -> None:
    """To be tried again: looked for first if it may have left. A receipt may have come meanwhile.

    `in_flight`: a call may still be open at the carrier's end; else it has taken it by now, or never will.
    """
    at = timezone.now() + wait
    over = {} if in_flight else {"in_flight_until": None}
    _mine(letter).update(state=state, leased_until=at, not_before=at, **over)


def _give_back(letters: Sequence[Letter]) -> None:
    """Not tried, since one before them to the same phone has to be tried again."""
    for letter in letters:
        _later(letter, state=letter.was, wait=timedelta(0), in_flight=letter.was is not OutState.OWED)
