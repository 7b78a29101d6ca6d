"""Who is there to decide, what is known of members, what texts say, and whether people are as foretold."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from network.checks.result import CheckResult
from network.console.requests.words import DOUBTS
from network.dispatch.queries.reliability import reliability
from network.messaging.outbox.wording import fits, last_versions
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import TABLES
from network.people.models import Member
from network.staff import queries
from network.trust.queries import a_pair_is_left

UNCONFIRMED_AFTER = timedelta(days=180)


def coordinators(now: datetime) -> CheckResult:
    reachable = sum(staff.phone is not None for staff in queries.coordinators())
    if reachable >= 2 or settings.DEMO:
        return CheckResult("coordinators", "pass")
    return CheckResult("coordinators", "warn", "Fewer than two coordinators have a phone: add_staff.")


def pair(_now: datetime) -> CheckResult:
    """Whether anything that takes two people can still be decided."""
    if a_pair_is_left() or settings.DEMO:
        return CheckResult("two people", "pass")
    mend = (
        "Nothing that takes two people can be decided: no two of staff have a phone on file, were met by "
        "somebody who didn't make their account, and are of two bodies: page Staff, or add_staff --met."
    )
    return CheckResult("two people", "warn", mend)


def confirmed_homes(now: datetime) -> CheckResult:
    """Members whose organization has not confirmed their home for half a year."""
    old = Member.objects.filter(
        attested_at__lt=now - UNCONFIRMED_AFTER,
        person__standing="active",
        person__suspended_at=None,
    ).count()
    if old:
        mend = f"{old} members' homes were not confirmed for {UNCONFIRMED_AFTER.days} days: see People."
        return CheckResult("confirmed homes", "warn", mend)
    return CheckResult("confirmed homes", "pass")


def wording(now: datetime) -> CheckResult:
    """Whether every text can be said in each language of this network, its own wordings included."""
    lacking = sorted(
        f"{key.value} ({language})"
        for language in settings.NETWORK_LANGUAGES
        for key in Text
        if key not in TABLES[language]
    )
    wrong = sorted(
        f"{row.text} ({row.language})"
        for row in last_versions()
        if row.words and not fits(row.text, row.language, row.words)
    )
    if lacking or wrong:
        mend = f"These texts can't be said as they are worded: {', '.join(lacking + wrong)}. See Wording."
        return CheckResult("wording", "fail" if lacking else "warn", mend)
    return CheckResult("wording", "pass")


def forecast(now: datetime) -> CheckResult:
    """Whether what the search foretells of this network comes true."""
    doubts = reliability(now=now, today=timezone.localdate(now)).doubts
    if doubts:
        mend = (
            f"The search is not at home here: {' '.join(str(DOUBTS[doubt]) for doubt in doubts)} See Asking."
        )
        return CheckResult("forecast", "warn", mend)
    return CheckResult("forecast", "pass")
