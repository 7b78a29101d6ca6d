"""How well the network answers, over the last days: what docs/measures.md defines, in four queries.

Exact numbers; what of them may be shown is for network.reports.shown.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count

from network.dispatch.models import AskCount, Offer
from network.dispatch.rules.crowd import gini
from network.messaging.models import Contact
from network.people.models import Person, Responder
from network.reports.measures_sql import AT_SET_TIMES, FOR_NOW
from network.support.queries import local

SPANS = (7, 30, 90)  # days
TENTH = 10


@dataclass(frozen=True, slots=True)
class Times:
    """Minutes from the member's first text."""

    of: int  # requests that came so far
    median: float | None
    ninetieth: float | None


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Of all requests, or of those of one kind or in one language. What each means: docs/measures.md."""

    requests: int
    searched: int  # for which people were asked, and were needed until some were found
    filled: int
    asks: int
    yeses: int
    late_yeses: int
    stood_down: int
    said_how: int  # members who said how it went, or that nobody came
    not_come: int
    first_yes: Times
    full_team: Times
    arrival: Times


@dataclass(frozen=True, slots=True)
class AtSetTimes:
    """Requests for a set time that lies in the span."""

    requests: int
    searched: int
    filled: int
    in_time: int  # with a full team before the set time
    arrived: int
    on_time: int  # of those: there by the set time
    asks: int
    yeses: int


@dataclass(frozen=True, slots=True)
class AskingLoad:
    """Asks of the span, spread over all who may be asked."""

    able: int
    asked: int  # people
    asks: int
    gini: float
    most_asked_tenth: int  # asks that went to it


@dataclass(frozen=True, slots=True)
class NetworkMeasures:
    days: int
    since: datetime
    until: datetime
    everything: AnswerFigures
    kinds: dict[str, AnswerFigures]
    languages: dict[str, AnswerFigures]
    at_set_times: AtSetTimes
    load: AskingLoad
    opt_outs: int


def measures(days: int, *, now: datetime) -> NetworkMeasures:
    """Over this many days up to now. Neither drills nor duress, nor what was opened by mistake."""
    since = now - timedelta(days=days)
    everything, kinds, languages = _for_now(since, now)
    return NetworkMeasures(
        days=days,
        since=since,
        until=now,
        everything=everything,
        kinds=kinds,
        languages=languages,
        at_set_times=_at_set_times(since, now),
        load=_load(since, now),
        opt_outs=_opt_outs(since, now),
    )


def _for_now(
    since: datetime, until: datetime
) -> tuple[AnswerFigures, dict[str, AnswerFigures], dict[str, AnswerFigures]]:
    kinds: dict[str, AnswerFigures] = {}
    languages: dict[str, AnswerFigures] = {}
    everything = None
    for by_kind, by_language, kind, language, *numbers in _rows(FOR_NOW, since, until):
        if by_kind:
            kinds[kind] = _answers(numbers)
        elif by_language:
            languages[language] = _answers(numbers)
        else:
            everything = _answers(numbers)
    assert everything is not None  # a total has a row even of nothing
    return everything, kinds, languages


def _answers(row: list[Any]) -> AnswerFigures:
    fields: list[Any] = [int(n or 0) for n in row[:9]]
    fields += [Times(*row[at : at + 3]) for at in (9, 12, 15)]
    return AnswerFigures(*fields)


def _at_set_times(since: datetime, until: datetime) -> AtSetTimes:
    (row,) = _rows(AT_SET_TIMES, since, until)
    return AtSetTimes(*(int(n or 0) for n in row))


def _rows(query: str, since: datetime, until: datetime) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"since": since, "until": until})
        return [list(row) for row in cursor.fetchall()]


def _load(since: datetime, until: datetime) -> AskingLoad:
    counts = sorted(_asks(since, until).values(), reverse=True)
    able = Responder.objects.filter(
        person__standing=Person.Standing.ACTIVE, person__suspended_at=None
    ).count()
    everyone = [*counts, *[0] * max(0, able - len(counts))]
    tenth = -(-len(everyone) // TENTH)
    return AskingLoad(len(everyone), len(counts), sum(counts), gini(everyone), sum(everyone[:tenth]))


def _asks(since: datetime, until: datetime) -> Counter[UUID]:
    """How often each person was asked. For requests that are no longer kept, on whole days."""
    offers = Offer.objects.filter(asked_at__gt=since, asked_at__lte=until, drill=False)
    earlier = AskCount.objects.filter(day__gt=local(since).date(), day__lte=local(until).date())
    counted = offers.values_list("person").annotate(asks=Count("pk")).order_by()
    asks = Counter[UUID]()
    for person_id, many in counted.union(earlier.values_list("person", "asks").order_by(), all=True):
        asks[person_id] += many
    return asks


def _opt_outs(since: datetime, until: datetime) -> int:
    """People of the network whose phone stopped our texts in the span, and still has them stopped."""
    stopped = Contact.objects.filter(opted_out_at__gt=since, opted_out_at__lte=until).values("fingerprint")
    return Person.objects.filter(fingerprint__in=stopped).count()
