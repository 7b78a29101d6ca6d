"""Sending what is owed: claim a row, call the carrier with no transaction open, write what it said.

A send that crashed or got no answer is first looked for at the carrier, by phone, body and
time; it is sent again only when the carrier answers and doesn't have it.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from network.audit.actions import announce
from network.messaging import gateway
from network.messaging.actions import not_delivered
from network.messaging.models import Outbound, Pace
from network.messaging.rules import LEASE, RANK, OutState, after_receipt

THREADS = 6
BURST_S = 1.0  # how far ahead of its rate a sender may run
SETTLES_IN = timedelta(seconds=5)  # until the carrier's list shows a text that it took
BACK_OFF = timedelta(seconds=2)
CLOCKS_DIFFER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed text, opened: all that a sending thread needs."""

    id: UUID
    phone: str
    body: str
    valid_for_s: int | None
    before: bool  # was tried before: look for it first
    since: datetime
    attempts: int


def drain(*, limit: int = 200) -> int:
    """Send what is owed, the most urgent first, as fast as the sender may. Returns how many were tried."""
    tried = 0
    with ThreadPoolExecutor(THREADS, thread_name_prefix="outbox") as threads:
        while tried < limit:
            letters = claim(THREADS, now=timezone.now())
            if not letters:
                break
            tried += len(letters)
            list(threads.map(_send_and_let_go, _by_phone(letters)))
    return tried


def _by_phone(letters: list[Letter]) -> list[list[Letter]]:
    """Texts to one phone go one after the other, in their order; phones side by side."""
    phones: dict[str, list[Letter]] = {}
    for letter in letters:
        phones.setdefault(letter.phone, []).append(letter)
    return list(phones.values())


def _send_and_let_go(letters: list[Letter]) -> None:
    try:
        for letter in letters:
            post(letter)
    finally:
        connection.close()  # give this thread's connection back to the pool


@transaction.atomic
def claim(most: int, *, now: datetime) -> list[Letter]:
    """Take rows that are due, no more than the sender's rate allows, and lease them to this worker."""
    expire(now=now)
    due = Q(state=OutState.OWED, not_before__lte=now) | Q(
        state__in=(OutState.SENDING, OutState.UNKNOWN), leased_until__lte=now
    )
    # A phone that another worker is texting now waits for that, so that its texts keep their order.
    busy = Outbound.objects.filter(state=OutState.SENDING, leased_until__gt=now, contact__isnull=False)
    rows = list(
        Outbound.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("contact")
        .filter(due)
        .exclude(contact__in=busy.values("contact"))
        .order_by("lane", "order")[:most]
    )
    allowed = _within_pace(rows, now=now) if rows else []
    letters = [_letter(row, now=now) for row in allowed if not _stopped(row, now=now)]
    Outbound.objects.filter(pk__in=[letter.id for letter in letters]).update(
        state=OutState.SENDING, leased_until=now + LEASE, attempts=F("attempts") + 1
    )
    Outbound.objects.filter(pk__in=[letter.id for letter in letters], first_attempt_at=None).update(
        first_attempt_at=now
    )
    return letters


def _letter(row: Outbound, *, now: datetime) -> Letter:
    assert row.contact is not None  # an owed text keeps its contact
    left = int((row.expires_at - now).total_seconds()) if row.expires_at else None
    return Letter(
        id=row.pk,
        phone=row.contact.phone,
        body=row.body or "",
        valid_for_s=left,
        before=row.attempts > 0,
        since=(row.first_attempt_at or now) - CLOCKS_DIFFER,
        attempts=row.attempts,
    )


def expire(*, now: datetime) -> int:
    """An offer that is too late to be of use is never sent late."""
    late = Outbound.objects.filter(state=OutState.OWED, expires_at__lte=now)
    return late.update(state=OutState.EXPIRED, final_at=now)


def _stopped(row: Outbound, *, now: datetime) -> bool:
    """Somebody who opted out after this was owed gets nothing; what may have left stays unknown."""
    if row.state != OutState.OWED or not row.contact or row.contact.opted_out_at is None:
        return False
    Outbound.objects.filter(pk=row.pk).update(state=OutState.WITHDRAWN, final_at=now)
    return True


def _within_pace(rows: list[Outbound], *, now: datetime) -> list[Outbound]:
    """Those that the sender's rate allows now: TWILIO_RATE segments a second over all workers, in one row."""
    sender = settings.TWILIO_MESSAGING_SERVICE_SID or settings.TWILIO_NUMBER
    pace, _ = Pace.objects.select_for_update().get_or_create(
        sender=sender, defaults={"free_at": now, "day": now.date()}
    )
    if pace.day != now.date():
        pace.day, pace.sent_today = now.date(), 0
    allowed = []
    for row in rows:
        if pace.free_at > now + timedelta(seconds=BURST_S):
            break
        pace.free_at = max(pace.free_at, now) + timedelta(seconds=row.segments / settings.TWILIO_RATE)
        pace.sent_today += row.segments
        allowed.append(row)
    pace.save()
    return allowed


def post(letter: Letter) -> None:
    """One text to the carrier, and what came of it into its row."""
    try:
        sent = (_found(letter) if letter.before else None) or gateway.send(
            to=letter.phone,
            body=letter.body,
            callback=f"{settings.PUBLIC_URL}/twilio/status?o={letter.id}",
            valid_for_s=letter.valid_for_s,
        )
    except gateway.Refused as refused:
        _refuse(letter, code=refused.code, now=timezone.now())
    except gateway.NotReached:
        _later(letter, state=OutState.UNKNOWN if letter.before else OutState.OWED)
    except gateway.LostAnswer:
        _later(letter, state=OutState.UNKNOWN)
    else:
        _sent(letter, sent, now=timezone.now())


def _found(letter: Letter) -> gateway.Sent | None:
    """The same text to the same phone in the carrier's list, if no other row of ours claims it."""
    for sent, body in gateway.sent_to(letter.phone, since=letter.since):
        if body == letter.body and not Outbound.objects.filter(sid=sent.sid).exclude(pk=letter.id).exists():
            return sent
    return None


def _sent(letter: Letter, sent: gateway.Sent, *, now: datetime) -> None:
    with transaction.atomic():
        row = Outbound.objects.select_for_update().get(pk=letter.id)
        new = after_receipt(OutState(row.state), sent.status)
        if RANK[new] < RANK[OutState.SENT]:
            new = OutState.SENT
        Outbound.objects.filter(pk=letter.id).update(
            state=new, sid=sent.sid, leased_until=None, sent_at=row.sent_at or now
        )
        if row.request_id:
            announce(f"request:{row.request_id}")


def _refuse(letter: Letter, *, code: int, now: datetime) -> None:
    with transaction.atomic():
        Outbound.objects.filter(pk=letter.id).update(
            state=OutState.REFUSED, error=code, leased_until=None, final_at=now
        )
        not_delivered(Outbound.objects.get(pk=letter.id), code=code, now=now)


def _later(letter: Letter, *, state: OutState) -> None:
    """Try again in a while: at once looked for if it may have left, never sent blindly."""
    now = timezone.now()
    wait = SETTLES_IN if state is OutState.UNKNOWN else BACK_OFF * min(letter.attempts + 1, 10)
    mine = Outbound.objects.filter(pk=letter.id, state=OutState.SENDING)  # a receipt may be first
    mine.update(state=state, leased_until=now + wait, not_before=now + wait)
