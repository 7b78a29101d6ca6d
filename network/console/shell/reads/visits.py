"""Who is on the way, there or waiting."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from network.console.shell import words
from network.console.shell.reads.people import silence_in_words
from network.messaging.queries import silenced
from network.privacy.keyring import open_keys
from network.visits.models import Visit
from network.visits.queries import is_promised, live
from network.visits.rules.stages import THERE_SLACK, trip_minutes

SOON = timedelta(minutes=2)
ALL = Q()  # no filter


def _standing(due_at: datetime, *, now: datetime) -> str:
    if due_at <= now:
        return "late"
    return "due" if due_at <= now + SOON else "wait"


@dataclass(frozen=True, slots=True)
class VisitRow:
    visit: Visit
    stage: str | Promise
    standing: str
    due_at: datetime | None
    silence: str | Promise

    @property
    def told_at(self) -> datetime | None:
        """What the clock beside them counts to: until they are there, the time that the member was told."""
        visit = self.visit
        told = trip_minutes(visit.offer.minutes, visit.offer.miles) is not None
        if visit.there_at or not visit.there_by or not told:
            return self.due_at
        return visit.there_by - THERE_SLACK


def visit_rows(visits: QuerySet[Visit] | None = None, *, now: datetime, only: Q = ALL) -> list[VisitRow]:
    """Who is on the way, there or waiting; the one whose clock runs out next on top."""
    rows = []
    found = (
        [visit for visit in live().filter(only) if not is_promised(visit)] if visits is None else list(visits)
    )
    open_keys(visit.person.key_id for visit in found)
    silent = silenced(bytes(visit.person.fingerprint) for visit in found)
    for visit in found:
        due = visit.done_by if visit.there_at else visit.there_by or visit.confirm_at
        standing = _standing(due, now=now) if due else "wait"
        silence = silence_in_words(visit.person, silent)
        rows.append(VisitRow(visit, words.stage(visit), standing, due, silence))
    return sorted(rows, key=lambda row: row.due_at or now + timedelta(days=1))
