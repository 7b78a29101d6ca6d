"""What stays of visits once they are erased: how many each person carried out, for their probation."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, F

from network.people.models import Responder
from network.visits.models import Visit
from network.visits.rules.stages import Stage


def count_done(requests: Collection[UUID]) -> None:
    """What each responder carried out goes on counting once these requests are erased."""
    done = Visit.objects.filter(support_request__in=requests, stage=Stage.DONE)
    counted = done.values("person").annotate(visits=Count("pk")).order_by("person")
    for person_id, visits in counted.values_list("person", "visits"):
        Responder.objects.filter(person=person_id).update(visits_before=F("visits_before") + visits)


def abouts(requests: Collection[UUID]) -> list[str]:
    """What lines of history about the visits for these requests are about."""
    visits = Visit.objects.filter(support_request__in=requests).values_list("pk", flat=True)
    return [f"visit:{pk}" for pk in visits]
