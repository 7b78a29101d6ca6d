"""A text to our own second number each hour: out by our sender, through the carrier, in by its webhook.

The number is CANARY_NUMBER, a second number of the same account whose webhook is ours too. What doesn't come
back within a minute is a need: somebody's cry for help would not have come either.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from network.audit.rules import ENGINE
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.messaging.models import Canary, Inbound
from network.messaging.outbox.queueing import Purpose, queue_free
from network.messaging.rules.channels import bare
from network.messaging.rules.states import Lane
from network.privacy.rules.phones import canonical

EVERY = timedelta(hours=1)
BACK_IN = timedelta(seconds=60)
AGAIN = timedelta(minutes=10)  # after one that was lost, so that the alarm ends when the line is back
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no word comes of them
ABOUT = About("carrier", "canary")


def is_to_canary(to: str) -> bool:
    """Whether a text was sent to our second number."""
    return bool(settings.CANARY_NUMBER) and canonical(bare(to)) == canonical(settings.CANARY_NUMBER)


@transaction.atomic
def send_canary(*, now: datetime) -> None:
    """Owe this hour's text, or tell of the last one, which didn't come back."""
    if not settings.CANARY_NUMBER:
        if Canary.objects.all().delete()[0]:
            settle(Reason.CANARY_LOST, about=ABOUT, by=ENGINE, now=now)
        return
    Canary.objects.get_or_create(pk=1, defaults={"next_at": now})
    canary = Canary.objects.select_for_update().get(pk=1)
    if canary.lost_at and canary.lost_at <= now:
        raise_need(Reason.CANARY_LOST, about=ABOUT, by=ENGINE, now=now)
        canary.lost_at, canary.next_at = None, min(canary.next_at, now + AGAIN)
    if canary.next_at <= now:
        canary.code = "".join(secrets.choice(LETTERS) for _ in range(8))
        canary.sent_at, canary.lost_at, canary.next_at = now, now + BACK_IN, now + EVERY
        # No person reads it. It goes with texts to coordinators, as the alarm does.
        words = f"Test of our own line: {canary.code}"
        queue_free(
            settings.CANARY_NUMBER, words, purpose=Purpose(Lane.STAFF, expires_at=now + AGAIN), now=now
        )
    canary.save()


def came_back(text: Inbound, *, to: str, now: datetime) -> bool:
    """Take a text at our second number for the one that we sent there; False if it isn't."""
    if not is_to_canary(to):
        return False
    canary = Canary.objects.select_for_update().exclude(code="").first()
    if canary is None or canary.code not in (text.body or ""):
        return False
    Canary.objects.filter(pk=canary.pk).update(code="", seen_at=now, took=now - F("sent_at"), lost_at=None)
    settle(Reason.CANARY_LOST, about=ABOUT, by=ENGINE, now=now)
    return True
