"""An address outside is called each minute while all is well, so that a dead machine is noticed.

HEARTBEAT_URL may be any dead-man service, or another network's own watch. Nothing is told but that we called.
"""

import logging
from datetime import datetime, timedelta

import requests
from django.conf import settings

from network.audit.actions import wake
from network.audit.rules import Task, error_of
from network.desk.models import Heartbeat, Need
from network.desk.queries import quiet_parts
from network.desk.rules import Reason
from network.messaging.models import Inbound
from network.messaging.rules.states import InState
from network.privacy.queries import key_is_right

log = logging.getLogger("porchlight")

EVERY = timedelta(minutes=1)
TIMEOUT_S = 5
WAITS_AT_MOST = timedelta(minutes=2)  # a text in, before it is handled
# What the board says when texts don't come in or go out.
LINE_DOWN = (Reason.CARRIER_REFUSES, Reason.CARRIER_SILENT, Reason.CANARY_LOST, Reason.QUEUE_SILENT)


def wake_heartbeat(*, now: datetime) -> None:
    """Have a worker call when it is time: what is slow outside must not hold up the clocks."""
    if not settings.HEARTBEAT_URL:
        Heartbeat.objects.all().delete()
        return
    row, _ = Heartbeat.objects.get_or_create(pk=1, defaults={"next_at": now})
    if row.next_at <= now:
        wake(Task.SEND_HEARTBEAT)


def send_heartbeat(*, now: datetime) -> None:
    """Call, if it is time and all is well. One worker does."""
    if not settings.HEARTBEAT_URL:
        return
    if not Heartbeat.objects.filter(next_at__lte=now).update(next_at=now + EVERY) or unwell(now=now):
        return
    try:
        requests.get(settings.HEARTBEAT_URL, timeout=TIMEOUT_S).raise_for_status()
    except requests.RequestException as error:
        log.warning("heartbeat not told: %s", error_of(error))
        Heartbeat.objects.update(failed_at=now)
    else:
        Heartbeat.objects.update(told_at=now, failed_at=None)


def unwell(*, now: datetime) -> list[str]:
    """Codes of what keeps this network from its work, as far as it can tell itself."""
    wrong = [f"queue:{part}" for part in quiet_parts(now=now)]
    if not key_is_right():
        wrong.append("key")
    late = Inbound.objects.filter(
        state=InState.WAITING, contact__isnull=False, received_at__lt=now - WAITS_AT_MOST
    )
    if late.exists():
        wrong.append("texts_wait")
    rings = Need.objects.filter(reason__in=LINE_DOWN, closed_at=None)
    return wrong + sorted(set(rings.values_list("reason", flat=True)))
