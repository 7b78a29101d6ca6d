"""Missing receipts: we ask the carrier again and again until we know what became of a text."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from network.messaging.gateway.chosen import carrier
from network.messaging.gateway.protocol import MessageGone, NotReached
from network.messaging.models import Outbound
from network.messaging.receipts.taking import take_receipt
from network.messaging.rules.states import ASK_FOR, OutState, ask_again_in

THREADS = 4
AT_ONCE = 80
AGAIN = timedelta(seconds=5)  # after the carrier did not answer


def due(*, now: datetime) -> list[tuple[UUID, str, int]]:
    waiting = Outbound.objects.filter(state=OutState.SENT, ask_at__lte=now).order_by("ask_at")
    return list(waiting.values_list("pk", "sid", "asked")[:AT_ONCE])


def ask_for_receipts(*, now: datetime) -> int:
    """Ask the carrier about texts whose receipt is late. Returns how many."""
    rows = due(now=now)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="asking") as threads:
        list(threads.map(_ask, rows))
    return len(rows)


def _ask(row: tuple[UUID, str, int]) -> None:
    pk, sid, asked = row
    now = timezone.now()
    still = Outbound.objects.filter(pk=pk, state=OutState.SENT)
    try:
        told = carrier().status_of(sid)
        take_receipt(outbound_id=pk, sid=sid, word=told.status, error=told.error, now=now, asked=True)
    except NotReached:
        still.update(ask_at=now + AGAIN)
    except MessageGone:
        still.update(ask_at=None)
    else:
        still.update(ask_at=now + ask_again_in(asked + 1), asked=F("asked") + 1)
        still.filter(sent_at__lt=now - ASK_FOR).update(ask_at=None)
    finally:
        connection.close()
