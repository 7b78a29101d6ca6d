"""Calling coordinators about what nobody has taken: owed with the page, made by a worker, ended once taken.

A row is claimed before the carrier is asked, and from then on its call is never made again, whatever became
of the answer: at the carrier it rings for twenty seconds at most.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from network.audit import rules as audit
from network.audit.actions import wake
from network.audit.rules import Task
from network.desk.actions import AlreadyTaken, OfThemself, claim
from network.desk.models import Need
from network.duty.models import AlarmCall
from network.duty.queries import alarm_calls_of_taken, alarm_calls_to_look_at
from network.duty.rules.alarm import CALL_LASTS, CALL_OF_USE, UNANSWERED, CallState
from network.messaging.gateway.chosen import carrier
from network.messaging.gateway.protocol import CarrierRefused, LostAnswer, NotReached
from network.messaging.rules.speech import TAKES_IT
from network.messaging.voice import RINGS_S

THREADS = 4
AGAIN = timedelta(seconds=2)  # after the carrier was not reached


def owe(need_id: UUID, staff_id: UUID, *, began_at: datetime, now: datetime) -> None:
    """In the transaction of the page that says the same."""
    row = AlarmCall(need_id=need_id, staff_id=staff_id, began_at=began_at, made_at=now, look_at=now)
    AlarmCall.objects.bulk_create([row], ignore_conflicts=True)
    wake(Task.CALL_COORDINATORS)


def call_coordinators(*, now: datetime) -> int:
    """Make the calls that are owed, and be done with those of which nothing was heard. Returns how many."""
    return _side_by_side(_look_at, alarm_calls_to_look_at(now=now))


def end_calls_of_taken(*, now: datetime) -> int:
    """Somebody has it: what still rings is ended at the carrier. Returns how many."""
    return _side_by_side(_end, alarm_calls_of_taken(now=now))


def _side_by_side(work: Callable[[UUID], None], ids: list[UUID]) -> int:
    with ThreadPoolExecutor(THREADS, thread_name_prefix="calling") as threads:
        list(threads.map(work, ids))
    return len(ids)


def _look_at(call_id: UUID) -> None:
    try:
        call = AlarmCall.objects.select_related("staff").get(pk=call_id)
        if call.state != CallState.OWED:
            _of(call, call.state).update(state=CallState.OVER)  # its time is over
        elif _is_free(call.need_id) and call.made_at > timezone.now() - CALL_OF_USE and call.staff.phone:
            _make(call, call.staff.phone)
        else:
            _of(call, CallState.OWED).update(state=CallState.OVER)
    finally:
        connection.close()


def _make(call: AlarmCall, phone: str) -> None:
    now = timezone.now()
    dialing = {"state": CallState.DIALING, "look_at": now + CALL_LASTS}
    if not _of(call, CallState.OWED).update(**dialing):
        return  # another worker has it
    connection.close()  # nobody's while the carrier takes its time
    try:
        sid = carrier().call(
            to=phone,
            url=f"{settings.PUBLIC_URL}/twilio/alarm?call={call.pk}",
            callback=f"{settings.PUBLIC_URL}/twilio/alarm/over?call={call.pk}",
            rings_s=RINGS_S,
        )
    except NotReached:
        _of(call, CallState.DIALING).update(state=CallState.OWED, look_at=now + AGAIN)
    except CarrierRefused:
        _of(call, CallState.DIALING).update(state=CallState.OVER)
    except LostAnswer:
        return  # it may ring: over when its time is
    else:
        AlarmCall.objects.filter(pk=call.pk).update(sid=sid)
        _of(call, CallState.DIALING).update(state=CallState.RINGING)


def _end(call_id: UUID) -> None:
    try:
        call = AlarmCall.objects.select_related("staff").get(pk=call_id)
        connection.close()
        sids = [call.sid] if call.sid else _unknown(carrier().ringing(call.staff.phone or ""))
        for sid in sids:
            carrier().hang_up(sid)
        if sids:
            AlarmCall.objects.filter(pk=call.pk, state__in=UNANSWERED).update(state=CallState.OVER)
    except NotReached:
        return  # looked at again in a second
    finally:
        connection.close()


def _unknown(sids: list[str]) -> list[str]:
    """Those that are no other row's: of the call whose answer was lost."""
    known = set(AlarmCall.objects.filter(sid__in=sids).values_list("sid", flat=True))
    return [sid for sid in sids if sid not in known]


def _of(call: AlarmCall, state: str) -> QuerySet[AlarmCall]:
    return AlarmCall.objects.filter(pk=call.pk, state=state)


def _is_free(need_id: UUID) -> bool:
    return Need.objects.filter(pk=need_id, claimed_by=None, closed_at=None).exists()


@transaction.atomic
def answered(call_id: UUID, *, sid: str, now: datetime) -> Need | None:
    """Whoever is called has picked up. What they hear of, or None where somebody has it already."""
    call = AlarmCall.objects.select_for_update(no_key=True).get(pk=call_id)
    live = AlarmCall.objects.filter(pk=call_id).exclude(state=CallState.OVER)
    live.update(state=CallState.ANSWERED, sid=sid, look_at=now + CALL_LASTS)
    return Need.objects.filter(pk=call.need_id, claimed_by=None, closed_at=None).first()


@transaction.atomic
def take(call_id: UUID, key: str, *, now: datetime) -> bool | None:
    """Whether the need is theirs, as by a click; None for a key that takes nothing."""
    if key != TAKES_IT:
        return None
    call = AlarmCall.objects.get(pk=call_id)
    by = audit.staff(call.staff_id)
    with suppress(AlreadyTaken, OfThemself):
        claim(call.need_id, staff_id=call.staff_id, by=by, now=now)
        wake(Task.END_ALARM_CALLS)
        return True
    return False


def over(call_id: UUID) -> None:
    """The carrier says that the call has ended."""
    AlarmCall.objects.filter(pk=call_id).update(state=CallState.OVER)
