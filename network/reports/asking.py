"""How the asking is spread over people."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from network.dispatch.models import Offer
from network.dispatch.rules.case import OfferState
from network.dispatch.rules.crowd import gini
from network.people.models import Person, Responder

OVER = timedelta(days=7)
A_DAY = timedelta(hours=24)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class AskedPerson:
    person_id: UUID
    name: str
    asked: int
    yeses: int
    resting: bool
    off: bool


@dataclass(frozen=True, slots=True)
class WeekOfAsking:
    """Asks of the last week: how many people, how unevenly over all who may be asked, and the most asked."""

    people: int
    gini: float
    most_in_a_day: int  # to one person, in any 24 hours of the week
    most: list[AskedPerson]


def load(*, now: datetime) -> WeekOfAsking:
    yes = Q(state=OfferState.ACCEPTED) | Q(late_yes_at__isnull=False)
    lately = Offer.objects.filter(asked_at__gt=now - OVER)
    counted = list(
        lately.values("person")
        .annotate(asked=Count("pk"), yeses=Count("pk", filter=yes))
        .order_by("-asked", "person")
    )
    able = Responder.objects.filter(
        person__standing=Person.Standing.ACTIVE, person__suspended_at=None
    ).count()
    asks = [row["asked"] for row in counted]
    return WeekOfAsking(
        people=len(counted),
        gini=gini([*asks, *[0] * max(0, able - len(asks))]),
        most_in_a_day=_most_in_a_day(lately.values_list("person", "asked_at").order_by("asked_at")),
        most=_named([(row["person"], row["asked"], row["yeses"]) for row in counted[:SHOWN]], now=now),
    )


def _most_in_a_day(asks: Iterable[tuple[UUID, datetime]]) -> int:
    of_each: dict[UUID, list[datetime]] = defaultdict(list)
    for person, at in asks:
        of_each[person].append(at)
    return max((most_within(A_DAY, times) for times in of_each.values()), default=0)


def _named(counted: list[tuple[UUID, int, int]], *, now: datetime) -> list[AskedPerson]:
    ids = [person for person, _, _ in counted]
    people = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
    theirs = Responder.objects.filter(person__in=ids)
    resting = set(theirs.filter(rest_until__gt=now).values_list("person", flat=True))
    off = set(theirs.filter(off_until__gt=now).values_list("person", flat=True))
    return [
        AskedPerson(person, people[person].name, asked, yeses, person in resting, person in off)
        for person, asked, yeses in counted
    ]


def most_within(span: timedelta, times: Sequence[datetime]) -> int:
    """The most of these times, oldest first, that lie within less than one span."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] >= span:
            first += 1
        most = max(most, last - first + 1)
    return most
