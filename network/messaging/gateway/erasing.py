"""Erasing texts at the carrier: once a text is finished, its words and then its record are deleted there."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from network.messaging.gateway.chosen import carrier
from network.messaging.gateway.protocol import NotDoneYet, NotReached
from network.messaging.models import Inbound, Outbound
from network.messaging.rules.states import OutState, erase_again_in

THREADS = 3
AT_ONCE = 30
WHILE_BUSY = 4  # while texts are owed, sending them comes first
AFTER = timedelta(minutes=1)  # for the carrier's last words on it
OVERDUE = timedelta(hours=1)  # doctor says so

type Rows = type[Inbound] | type[Outbound]


@dataclass(frozen=True, slots=True)
class Left:
    """One text that the carrier still has."""

    rows: Rows
    pk: UUID
    sid: str
    tries: int


def left(*, now: datetime, most: int = AT_ONCE) -> list[Left]:
    """Texts to erase that are still at the carrier, oldest first."""
    texts: list[Left] = []
    # Its pictures are fetched first.
    texts_in = Inbound.objects.filter(erase_at__lte=now - AFTER, media_due_at=None).order_by("erase_at")
    texts_out = Outbound.objects.filter(erase_at__lte=now - AFTER).exclude(sid="").order_by("erase_at")
    texts += [Left(Inbound, *columns) for columns in texts_in.values_list("pk", "sid", "erase_tries")[:most]]
    texts += [
        Left(Outbound, *columns) for columns in texts_out.values_list("pk", "sid", "erase_tries")[:most]
    ]
    return texts[:most]


def overdue(*, now: datetime) -> int:
    """How many texts are still at the carrier an hour after they should have been erased."""
    return sum(rows.objects.filter(erase_at__lte=now - OVERDUE).count() for rows in (Inbound, Outbound))


def erase_at_carrier(*, now: datetime) -> int:
    """Erase the texts that are due. Returns how many were tried."""
    busy = Outbound.objects.filter(state=OutState.OWED, not_before__lte=now).exists()
    rows = left(now=now, most=WHILE_BUSY if busy else AT_ONCE)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="erasing") as threads:
        list(threads.map(_erase, rows))
    return len(rows)


def _erase(text: Left) -> None:
    row = text.rows.objects.filter(pk=text.pk)
    try:
        carrier().erase(text.sid)
        row.update(erase_at=None)
    except (NotDoneYet, NotReached):
        later = timezone.now() + erase_again_in(text.tries)
        row.update(erase_at=later, erase_tries=F("erase_tries") + 1)
    finally:
        connection.close()
