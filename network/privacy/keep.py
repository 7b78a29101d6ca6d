"""How long each kind of row is kept: the retention classes that models name their fields in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings


class Keep(StrEnum):
    ALWAYS = "always"  # says nothing of anybody: settings, counters, places
    MEMBERSHIP = "membership"  # while the person, organization or staff member is in the network
    WORDS = "words"  # what people wrote: 72 hours after the request closed, or after it was handled
    CASE = "case"  # who asked and who came: 14 days after the request closed
    DAY = "day"  # strangers: 24 hours; longer only while it waits for a person
    LEDGER = "ledger"  # the history: 90 days
    SESSION = "session"  # while a link or a sign-in lives, and a day
    MEASURES = "measures"  # counts of what is gone: as far back as the longest measure looks


FOR_EVER = frozenset({Keep.ALWAYS, Keep.MEMBERSHIP})
LONGEST_MEASURE = timedelta(days=90)


def kept_for() -> Mapping[Keep, timedelta]:
    """How long what has a time is kept after it is over: a request that closed, a link that ended."""
    return {
        Keep.WORDS: timedelta(hours=settings.KEEP_WORDS_HOURS),
        Keep.CASE: timedelta(days=settings.KEEP_CASES_DAYS),
        Keep.DAY: timedelta(hours=settings.KEEP_STRANGERS_HOURS),
        Keep.LEDGER: timedelta(days=settings.KEEP_HISTORY_DAYS),
        Keep.SESSION: timedelta(days=1),
        Keep.MEASURES: LONGEST_MEASURE,
    }


def limits(*, now: datetime) -> dict[Keep, datetime]:
    """Of each class: what was over before this moment is erased."""
    return {keep: now - kept for keep, kept in kept_for().items()}
