"""The end of a restored copy's quiet: somebody says that the original is dead."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Least

from network.audit.actions import record, wake
from network.audit.rules import Actor, Task
from network.dispatch.actions.answering import act_on_loss
from network.messaging.inbox import backfill
from network.messaging.models import Outbound, RestoredCopy
from network.messaging.rules.states import Lane, OutState

FRESH = timedelta(minutes=10)  # a text that was written here so shortly ago may still leave


class NotACopy(Exception):
    """This database isn't a restored copy, or isn't one any more."""


@dataclass(frozen=True, slots=True)
class Awakening:
    """How many owed texts will not leave any more, and for how many of all that were on the way was acted."""

    expired: int
    acted_on: int


@transaction.atomic
def end_quiet(*, by: Actor, now: datetime) -> Awakening:
    """Take the mark away, on record: from here on this is the network. Raises NotACopy.

    Texts of the backup were most likely sent by the original a moment later, and those that were not are
    late by hours. So none of them leaves by itself: see `_end_stale_texts`.
    """
    copy = RestoredCopy.objects.select_for_update().first()
    if copy is None:
        raise NotACopy
    stale = _stale(copy, now=now)
    ended = _end_stale_texts(stale, now=now)
    copy.delete()
    backfill.want(now=now)  # what came to our number since the backup, before anything else is handled
    for task in Task:
        wake(task)
    record("copy.awake", "network", by=by, now=now, expired=ended.expired, acted_on=ended.acted_on)
    return ended


def _stale(copy: RestoredCopy, *, now: datetime) -> Q:
    """What came with the backup, and what was written in the copy too long ago."""
    return Q(owed_at__lte=copy.restored_at) | Q(owed_at__lte=now - FRESH)


def _end_stale_texts(stale: Q, *, now: datetime) -> Awakening:
    """By the same rules as a text that did not arrive, since nobody got it from us.

    - One with a time of its own that is over is of no use to anybody, and expires as it always would.
    - Any other expires now, and its loss is acted on: for an offer the next person is asked, and for what
      somebody waits for there is a need to call them. Pages to staff are only ended: the alarm pages anew.
    - One that was being sent counts the same. It is looked for at the carrier, and never handed over again.
    """
    waiting = (OutState.OWED, OutState.SENDING, OutState.UNKNOWN)
    rows = Outbound.objects.filter(stale, state__in=waiting)
    of_use = rows.exclude(lane=Lane.STAFF).exclude(state=OutState.OWED, expires_at__lte=now)
    lost = list(of_use.order_by("order").values_list("pk", flat=True))
    for text_id in lost:  # it locks the requests, so it comes before the rows are written
        act_on_loss(text_id, now=now)
    under_way = rows.exclude(state=OutState.OWED)
    under_way.update(expires_at=Least(Coalesce(F("expires_at"), Value(now)), Value(now)))
    expired = rows.filter(state=OutState.OWED).update(state=OutState.EXPIRED, final_at=now)
    return Awakening(expired, len(lost))
