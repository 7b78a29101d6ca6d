"""The way to the carrier and back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from network.checks.result import CheckResult
from network.messaging.canary import EVERY as CANARY_EVERY
from network.messaging.gateway import account, chosen
from network.messaging.gateway.erasing import overdue
from network.messaging.inbox import backfill
from network.messaging.models import Canary, Outbound, Receipt
from network.messaging.quiet import is_quiet

ASKS_NOTHING = "a restored copy asks the carrier nothing"


BY_HAND = {  # the carrier has no API for it
    "opt-out words": "By hand: in the carrier's console Advanced Opt-Out has ALTO and PARAR as stop words, "
    "AYUDA as none, and our own words for help (./run twilio_setup prints them).",
    "registration": "By hand: this number's campaign is registered (10DLC), or carriers filter its texts.",
    "balance": "By hand: the account recharges by itself, or somebody is told when its balance is low.",
}


def texts_to_us(now: datetime) -> CheckResult:
    """When the carrier's list was last read, and whether its webhooks come."""
    if is_quiet():
        return CheckResult("texts to us", "skip", ASKS_NOTHING)
    seen = backfill.watch()
    if seen.read_at is None or seen.read_at < now - backfill.SILENT:
        mend = "The carrier's list of texts was not read for five minutes: texts to us may be missing."
        return CheckResult("texts to us", "fail", mend)
    if backfill.is_quiet(now=now):
        mend = "No webhook came for longer than this hour makes likely: run doctor --live."
        return CheckResult("texts to us", "fail", mend)
    return CheckResult("texts to us", "pass")


def receipts(now: datetime) -> CheckResult:
    """Whether receipts come by themselves: without them each is asked for, hours later."""
    day = now - timedelta(days=1)
    sent = Outbound.objects.filter(sent_at__gt=day, sent_at__lt=now - timedelta(minutes=10))
    if sent.exists() and not Receipt.objects.filter(asked=False, received_at__gt=day).exists():
        mend = "No receipt came by itself for 24 hours: the carrier can't reach PUBLIC_URL/twilio/status."
        return CheckResult("receipts", "warn" if is_quiet() else "fail", mend)
    return CheckResult("receipts", "pass")


def canary(now: datetime) -> CheckResult:
    """Our hourly text to ourselves."""
    if not settings.CANARY_NUMBER:
        mend = "CANARY_NUMBER is not set: nobody notices when texts stop coming (docs/watching.md)."
        return CheckResult("canary", "skip", mend)
    row = Canary.objects.first()
    if row is None or row.seen_at is None:
        mend = "No text to ourselves has come back yet: does CANARY_NUMBER's webhook come here?"
        return CheckResult("canary", "warn", mend)
    if row.seen_at < now - CANARY_EVERY - timedelta(minutes=2):
        return CheckResult(
            "canary", "fail", "Our last text to ourselves did not come back: run doctor --live."
        )
    return CheckResult("canary", "pass")


def bodies_at_carrier(now: datetime) -> CheckResult:
    late = overdue(now=now)
    if late:
        return CheckResult("bodies at carrier", "warn", f"{late} texts are still there after an hour.")
    return CheckResult("bodies at carrier", "pass")


def carrier(now: datetime) -> CheckResult:
    """The account, asked for by REST with a finite timeout."""
    if is_quiet():
        return CheckResult("carrier", "skip", ASKS_NOTHING)
    if not settings.TWILIO_ACCOUNT_SID:
        return CheckResult("carrier", "fail", "TWILIO_ACCOUNT_SID is not set.")
    if not chosen.carrier().account_is_right():
        mend = "The carrier refuses or doesn't answer: check TWILIO_ACCOUNT_SID and its key or token."
        return CheckResult("carrier", "fail", mend)
    return CheckResult("carrier", "pass")


def number() -> Iterator[CheckResult]:
    """How the number is set up at the carrier."""
    try:
        wrong = account.wrong_with(account.read(), public_url=settings.PUBLIC_URL)
    except account.NoAccount as missing:
        yield CheckResult("number", "warn", str(missing))
        return
    for what in wrong:
        yield CheckResult("number", "warn" if settings.DEMO else "fail", account.MENDS[what])
    if not wrong:
        yield CheckResult("number", "pass")
