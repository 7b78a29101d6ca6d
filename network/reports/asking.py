"""How the asking is spread over people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from network.dispatch.models import Offer
from network.dispatch.rules_case import OfferState
from network.people.models import Person, Responder

OVER = timedelta(days=7)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    person_id: UUID
    name: str
    asked: int
    yeses: int


@dataclass(frozen=True, slots=True)
class Load:
    """Asks of the last week: how many people, how unevenly over all who may be asked, and the most asked."""

    people: int
    gini: float
    most: list[Asked]


def load(*, now: datetime) -> Load:
    yes = Q(state=OfferState.ACCEPTED) | Q(late_yes_at__isnull=False)
    counted = list(
        Offer.objects.filter(asked_at__gt=now - OVER)
        .values("person")
        .annotate(asked=Count("pk"), yeses=Count("pk", filter=yes))
        .order_by("-asked", "person")
    )
    able = Responder.objects.filter(
        person__standing=Person.Standing.ACTIVE, person__suspended_at=None
    ).count()
    names = {one.pk: one.name for one in Person.objects.filter(pk__in=[c["person"] for c in counted[:SHOWN]])}
    asks = [one["asked"] for one in counted]
    return Load(
        people=len(counted),
        gini=gini([*asks, *[0] * max(0, able - len(asks))]),
        most=[Asked(c["person"], names[c["person"]], c["asked"], c["yeses"]) for c in counted[:SHOWN]],
    )


def gini(asks: Sequence[int]) -> float:
    """0 when everybody was asked as often, near 1 when one was asked for all."""
    ordered, total, size = sorted(asks), sum(asks), len(asks)
    if not total:
        return 0.0
    return sum((2 * n - size - 1) * one for n, one in enumerate(ordered, 1)) / (size * total)
