"""Texts that no webhook brought: the carrier's own list is read, and what is new is stored.

The carrier gives up on a webhook after seconds, and keeps the text. So the list is read when we
start, after a gap, and every two minutes, with an overlap; a text is stored once, by its sid.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import ExtractHour

from network.audit.actions import wake
from network.audit.rules import ENGINE, Task
from network.database.compiled import Compiled
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.messaging.gateway.chosen import carrier
from network.messaging.gateway.protocol import NotReached, Received
from network.messaging.inbox.receiving import receive, wake_for
from network.messaging.models import Inbound, Receipt, Watch
from network.messaging.rules.fields import misfit
from network.messaging.rules.limits import is_quiet_too_long
from network.messaging.rules.states import InState

EVERY = timedelta(minutes=2)
AGAIN = timedelta(seconds=2)  # after the list could not be read
OVERLAP = timedelta(minutes=15)
OVERLAP_AFTER_GAP = timedelta(hours=24)
FIRST_LOOK = timedelta(hours=2)  # of a network that has never read the list
HOLD_FOR = timedelta(seconds=10)  # how long newer texts wait for older ones that may be missing
LATE = timedelta(minutes=1)  # a text this old should have come by a webhook
SILENT = timedelta(minutes=5)  # the list not read for so long: a need
LEARN_FROM = timedelta(days=14)
LIST, WEBHOOK, QUIET = About("carrier", "list"), About("carrier", "webhook"), About("carrier", "quiet")


def watch() -> Watch:
    return Watch.objects.get_or_create(pk=1)[0]


def want(*, now: datetime) -> None:
    """Ask for the carrier's list to be read before more texts are handled, since there may be a gap."""
    Watch.objects.update_or_create(pk=1, defaults={"wanted_at": now})
    wake(Task.BACKFILL)


_watch = Compiled(lambda since: Watch.objects.filter(pk=1, wanted_at__gt=since))


def is_catching_up(*, now: datetime) -> bool:
    """Whether older texts may still be missing. True for ten seconds at most, or until reading failed."""
    seen = _watch.first(now - HOLD_FOR)
    if seen is None or seen.wanted_at is None:
        return False
    return seen.tried_at is None or seen.tried_at < seen.wanted_at


def is_due(*, now: datetime) -> bool:
    seen = watch()
    if seen.read_at is None or (seen.wanted_at and seen.read_at < seen.wanted_at):
        return seen.tried_at is None or seen.tried_at <= now - AGAIN
    return seen.read_at <= now - EVERY and (seen.tried_at is None or seen.tried_at <= now - AGAIN)


def backfill(*, now: datetime) -> int:
    """Read the carrier's list and store what is new, in the order it came. Returns how many were new."""
    seen = watch()
    after_gap = seen.wanted_at is not None and (seen.read_at is None or seen.read_at < seen.wanted_at)
    try:
        listed = carrier().received(since=_since(seen, after_gap=after_gap, now=now))
    except NotReached:
        Watch.objects.filter(pk=1).update(tried_at=now)
        _let_go(now=now)
        return 0
    fresh = _unknown(listed)
    for text in fresh:
        _store(text, late=not after_gap and text.at < now - LATE, now=now)
    with transaction.atomic():
        Watch.objects.filter(pk=1).update(read_at=now, tried_at=now, found=len(fresh))
        _ring(QUIET, is_quiet(now=now), now=now)
        _let_go(now=now)
    return len(fresh)


@transaction.atomic
def _store(text: Received, *, late: bool, now: datetime) -> None:
    """Store a text. If it came late, raise a need at once: afterwards nothing shows that it was late."""
    if receive(text.form, now=now, came_at=text.at) and late:
        raise_need(Reason.CARRIER_SILENT, about=WEBHOOK, now=now, by=ENGINE)


def _since(seen: Watch, *, after_gap: bool, now: datetime) -> datetime:
    if seen.read_at is None:
        return now - FIRST_LOOK
    return seen.read_at - (OVERLAP_AFTER_GAP if after_gap else OVERLAP)


def _unknown(listed: list[Received]) -> list[Received]:
    listed = [text for text in listed if not misfit(text.form, account=settings.TWILIO_ACCOUNT_SID)]
    sids = [text.form["MessageSid"] for text in listed]
    known = set(Inbound.objects.filter(sid__in=sids).values_list("sid", flat=True))
    return [text for text in listed if text.form["MessageSid"] not in known]


def _let_go(*, now: datetime) -> None:
    """Wake workers for texts that waited until older ones had been fetched."""
    waiting = Inbound.objects.filter(state=InState.WAITING, next_attempt_at__lte=now, contact__isnull=False)
    for text in waiting.order_by("contact", "arrival").distinct("contact"):
        wake_for(text)


def check_for_silent_line(*, now: datetime) -> None:
    """Raise a need if the carrier's list hasn't been read for too long, so that texts may be missing."""
    seen = watch()
    if seen.tried_at is None:
        return
    silent = seen.read_at is None or seen.read_at < now - SILENT
    _ring(LIST, silent and (seen.wanted_at or seen.tried_at) < now - SILENT, now=now)


def _ring(about: About, wrong: bool, *, now: datetime) -> None:
    if wrong:
        raise_need(Reason.CARRIER_SILENT, about=about, now=now, by=ENGINE)
    else:
        settle(Reason.CARRIER_SILENT, about=about, by=ENGINE, now=now)


def last_heard(*, now: datetime) -> datetime | None:
    """When a webhook last came: a text, or a receipt that we didn't ask for."""
    texts = Inbound.objects.filter(fetched=False).order_by("-arrival")
    receipts = Receipt.objects.filter(asked=False).order_by("-pk")
    moments = (rows.values_list("received_at", flat=True).first() for rows in (texts, receipts))
    return max((at for at in moments if at), default=None)


def is_quiet(*, now: datetime) -> bool:
    """Whether webhooks have been missing for too long, judged by this network's last two weeks."""
    heard = last_heard(now=now)
    if heard is None or heard > now - timedelta(minutes=30):
        return False
    recent = Inbound.objects.filter(Q(fetched=False), received_at__gt=now - LEARN_FROM)
    by_hour = recent.annotate(hour=ExtractHour("received_at", tzinfo=UTC)).values("hour")
    counts = by_hour.annotate(texts=Count("pk")).values_list("hour", "texts")
    rates = {hour: texts / LEARN_FROM.days for hour, texts in counts}
    return is_quiet_too_long(heard, now, texts_an_hour=rates)
