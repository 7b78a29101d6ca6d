"""Everything that happens without a click, as one ordered list.

Whatever a crash lost is a row that one of these steps finds: losing a task, a worker or the whole
queue costs seconds, not messages.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.db.models import Q

from network.audit.actions import wake
from network.audit.rules import error_of
from network.conversations.actions import mind_invitations, mind_silence
from network.conversations.checking import check_phones
from network.desk.actions import lapse_claims
from network.dispatch import actions as dispatch
from network.duty.actions import page
from network.messaging import asking, backfill, erasing, media, outbox
from network.messaging.actions import wake_for, wake_sender
from network.messaging.models import Inbound, Outbound
from network.messaging.retention import forget_strangers
from network.messaging.rules import InState, OutState
from network.people.actions import end_exports, remind_renewals
from network.people.sessions import SessionStore
from network.support.actions import mind_unanswered_times
from network.visits import actions as visits

log = logging.getLogger("porchlight")
ENGINE_LOCK = 7201  # an advisory lock's number: one process steps at a time


AT_ONCE = 50


def handle_waiting_texts(*, now: datetime) -> None:
    """Wake the workers again for what the queue has lost; a bounded number, the oldest first."""
    waiting = Inbound.objects.filter(state=InState.WAITING, next_attempt_at__lte=now, contact__isnull=False)
    oldest = waiting.filter(ours=True).order_by("came_at", "arrival")[:AT_ONCE]
    for text in (*oldest, *waiting.filter(ours=False)[:1]):
        wake_for(text)


def mind_texts_not_delivered(*, now: datetime) -> None:
    lost = Outbound.objects.filter(state__in=(OutState.REFUSED, OutState.UNDELIVERED), minded_at=None)
    for text_id in list(lost.values_list("pk", flat=True)):
        dispatch.mind_not_delivered(text_id, now=now)


def send_owed_texts(*, now: datetime) -> None:
    """Wake the sender: what talks to the carrier may be slow, and the clocks must not wait for it."""
    owed = Q(state=OutState.OWED, not_before__lte=now)
    to_look_for = Q(state__in=(OutState.SENDING, OutState.UNKNOWN), leased_until__lte=now)
    if Outbound.objects.filter(owed | to_look_for).exists():
        wake_sender()


def ask_the_carrier(*, now: datetime) -> None:
    """Wake what reads the carrier's lists and takes our words off it."""
    for task, is_due in (
        ("backfill", backfill.is_due(now=now)),
        ("ask_for_receipts", bool(asking.due(now=now))),
        ("fetch_media", bool(media.due(now=now))),
        ("erase_at_carrier", bool(erasing.left(now=now, most=1))),
    ):
        if is_due:
            wake(task, once=task, queue="carrier")


def expire_texts(*, now: datetime) -> None:
    outbox.expire(now=now)


def forget_sessions(*, now: datetime) -> None:
    SessionStore.clear_expired()


STEPS: tuple[Callable[..., object], ...] = (
    handle_waiting_texts,
    lapse_claims,
    visits.suspend_fallen,
    visits.release_suspended,
    visits.release_moved,
    visits.end_drills,
    visits.settle_proposals,
    remind_renewals,
    end_exports,
    mind_texts_not_delivered,
    dispatch.expire_offers,
    dispatch.release_holds,
    dispatch.settle_offers,
    dispatch.forget_slowly,
    dispatch.end_surges,
    dispatch.last_calls,
    dispatch.plan_due_searches,
    dispatch.keep_promises,
    visits.ask_to_confirm,
    visits.mind_unconfirmed,
    visits.ask_the_silent,
    visits.flag_the_silent,
    mind_unanswered_times,
    mind_silence,
    mind_invitations,
    check_phones,
    page,
    expire_texts,
    send_owed_texts,
    ask_the_carrier,
    backfill.mind_the_line,
    forget_strangers,
    forget_sessions,
)


def step(now: datetime) -> None:
    """Run the list once. A step that fails is logged by its kind of error, and the next one runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ENGINE_LOCK])
        if not cursor.fetchone()[0]:
            return
    try:
        for one in STEPS:
            _run(one, now=now)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ENGINE_LOCK])


def _run(one: Callable[..., object], *, now: datetime) -> None:
    try:
        one(now=now)
    except Exception as error:  # one broken row must not stop the clocks of all others
        log.error("step %s failed: %s", one.__name__, error_of(error))
