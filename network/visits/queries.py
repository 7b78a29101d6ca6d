"""Reading visits."""

from uuid import UUID

from django.db.models import QuerySet

from network.support.models import SupportRequest
from network.visits.models import Visit, VisitWord
from network.visits.rules import LIVE, Stage


def live() -> QuerySet[Visit]:
    """Visits that have not ended, with the request and the people in them."""
    return Visit.objects.filter(stage__in=LIVE).select_related(
        "person", "offer", "support_request__member__person"
    )


def live_of_person(person_id: UUID) -> Visit | None:
    return live().filter(person=person_id).order_by("-began_at").first()


def of_request(request_id: UUID) -> list[Visit]:
    return list(live().filter(support_request=request_id).order_by("began_at"))


def somebody_there(request_id: UUID) -> bool:
    return Visit.objects.filter(support_request=request_id, stage=Stage.THERE).exists()


def word_in_force(request_id: UUID) -> VisitWord | None:
    return VisitWord.objects.filter(support_request=request_id, void_at=None).first()


def last_fine_question(person_id: UUID) -> Visit | None:
    """The last ended visit whose "was it fine?" this responder has not answered."""
    asked = Visit.objects.filter(person=person_id, fine_asked_at__isnull=False, fine_answered_at=None)
    return asked.order_by("-fine_asked_at").first()


def names_who_came(support_request: SupportRequest) -> list[str]:
    """First names of those whose visit was carried out, in order of acceptance."""
    done = Visit.objects.filter(support_request=support_request, stage=Stage.DONE)
    return [first_name(visit) for visit in done.select_related("person").order_by("began_at")]


def first_name(visit: Visit) -> str:
    """What a responder is called in texts: the first word of their name."""
    name: str = visit.person.name
    return (name.split() or ["?"])[0]
