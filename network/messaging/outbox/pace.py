"""How fast and how much our sender may send: one row, taken by whoever sends next.

Segments a second (TWILIO_RATE) over all workers; a pause when the carrier says 429 or refuses our
account; texts a day (DAILY_TEXT_BUDGET), the last fifth of them for open requests only.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from network.audit.rules import ENGINE
from network.database.compiled import Compiled, prepared
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.messaging.models import Outbound, Pace
from network.messaging.rules.states import OutState
from network.messaging.texts.keys import Text

BURST = timedelta(seconds=1)  # how far ahead of its rate a sender may run
RESERVE = 0.2  # of the day's budget: for open requests only
STRANGERS_SHARE = 0.4  # of the day's budget: the most that neutral answers may use
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 30.0
HOLD = timedelta(seconds=30)  # before an account that was refused is tried again
jitter = secrets.SystemRandom()


def sender() -> str:
    return str(settings.TWILIO_MESSAGING_SERVICE_SID or settings.TWILIO_NUMBER)


_held_pace = Compiled(lambda sender: Pace.objects.select_for_update(no_key=True).filter(sender=sender))


def take(*, now: datetime) -> Pace:
    """Lock the sender's row until the end of the transaction. Its daily count is reset at midnight."""
    today = timezone.localdate(now)
    pace = _held_pace.first(sender())
    if pace is None:
        Pace.objects.bulk_create([Pace(sender=sender(), free_at=now, day=today)], ignore_conflicts=True)
        pace = _held_pace.get(sender())
    if pace.day != today:
        pace.day, pace.sent_today = today, 0
    return pace


def is_waiting(pace: Pace, *, now: datetime) -> bool:
    paused = pace.wait_until is not None and pace.wait_until > now
    return paused or pace.free_at > now + BURST


class Rank(IntEnum):
    """What the daily budget pays for, most important first."""

    TRIED_BEFORE = 0
    FOR_REQUEST = 1
    OTHER = 2
    TO_STRANGER = 3


RANKED = Case(
    When(state__in=(OutState.SENDING, OutState.UNKNOWN), then=Rank.TRIED_BEFORE),
    When(request_id__isnull=False, then=Rank.FOR_REQUEST),
    When(text=Text.UNKNOWN_SENDER, then=Rank.TO_STRANGER),
    default=Value(Rank.OTHER),
)


def affordable(pace: Pace) -> Rank:
    """The lowest rank that the daily budget still pays for."""
    if _affords(pace.sent_today, to_stranger=True):
        return Rank.TO_STRANGER
    if _affords(pace.sent_today):
        return Rank.OTHER
    return Rank.FOR_REQUEST if _affords(pace.sent_today, for_request=True) else Rank.TRIED_BEFORE


def _affords(sent: int, *, for_request: bool = False, to_stranger: bool = False) -> bool:
    share = 1.0 if for_request else STRANGERS_SHARE if to_stranger else 1 - RESERVE
    return bool(sent < settings.DAILY_TEXT_BUDGET * share)


def within(pace: Pace, rows: Iterable[Outbound], *, now: datetime) -> list[Outbound]:
    """The rows that may be sent now, in order. Their cost is charged to the rate and the daily budget."""
    allowed: list[Outbound] = []
    spent = pace.sent_today
    for row in rows:
        if pace.free_at > now + BURST:
            break
        new = row.state == OutState.OWED and row.attempts == 0
        stranger = row.text == Text.UNKNOWN_SENDER
        if new and not _affords(
            pace.sent_today, for_request=row.request_id is not None, to_stranger=stranger
        ):
            continue
        pace.free_at = max(pace.free_at, now) + timedelta(seconds=row.segments / settings.TWILIO_RATE)
        pace.sent_today += new
        allowed.append(row)
    pace.save()
    _flag_budget(spent, pace.sent_today, now=now)
    return allowed


def _flag_budget(before: int, after: int, *, now: datetime) -> None:
    """Raise a need once when the reserve is reached, and once when the day's budget is used up."""
    for share in (1 - RESERVE, 1.0):
        limit = settings.DAILY_TEXT_BUDGET * share
        if before < limit <= after:
            raise_need(Reason.BUDGET, about=About("budget", f"{share * 100:.0f}"), now=now, by=ENGINE)


@transaction.atomic
def slow_down(*, now: datetime) -> None:
    """After a 429 from the carrier, all workers pause: twice as long each time, with jitter."""
    pace = take(now=now)
    longest = min(FIRST_PAUSE_S * 2 ** min(pace.slowed, 10), LONGEST_PAUSE_S)
    pace.slowed += 1
    pace.wait_until = now + timedelta(seconds=longest * jitter.uniform(0.5, 1.0))
    pace.save()


@transaction.atomic
def hold(*, now: datetime) -> None:
    """Pause because the carrier refuses our account or sender. Texts stay queued until that is fixed."""
    pace = take(now=now)
    pace.wait_until = now + HOLD
    pace.save()


def keep_going() -> None:
    """The carrier accepted a call, so the next pause is a short one again."""
    Pace.objects.filter(sender=sender(), slowed__gt=0).update(slowed=0)


_wait_until = Compiled(lambda sender: Pace.objects.filter(sender=sender).values_list("wait_until", flat=True))


def pause_left(*, now: datetime) -> timedelta:
    until = _wait_until.first(sender())
    return max(until - now, timedelta(0)) if until else timedelta(0)


def leaves_in(*, now: datetime) -> timedelta:
    """How long until the last text owed now has left, at the sender's rate. The board shows it."""
    return waiting(now=now)[1]


def waiting(*, now: datetime) -> tuple[int, timedelta]:
    """How many texts are owed, and how long until the last of them has left."""
    with prepared() as cursor:
        cursor.execute(OWED, [sender()])
        texts, segments, until = cursor.fetchone()
    pause = max(until - now, timedelta(0)) if until else timedelta(0)
    return texts, timedelta(seconds=segments / settings.TWILIO_RATE) + pause


OWED = f"""
    SELECT COUNT(*), COALESCE(SUM(segments), 0),
        (SELECT wait_until FROM {Pace._meta.db_table} WHERE sender = %s)
    FROM {Outbound._meta.db_table}
    WHERE state IN ('{OutState.OWED}', '{OutState.SENDING}', '{OutState.UNKNOWN}')
"""  # noqa: S608  our own names
