"""Reading visits."""

from uuid import UUID

from django.db.models import QuerySet

from network.database.compiled import Compiled
from network.support.models import SupportRequest
from network.visits.models import Visit, VisitWord
from network.visits.rules.stages import LIVE, Stage


def live() -> QuerySet[Visit]:
    """Visits that have not ended, with the request and the people in them."""
    return Visit.objects.filter(stage__in=LIVE).select_related(
        "person", "offer", "support_request__member__person"
    )


_all_of_person = Compiled(
    lambda person_id: live().filter(person_id=person_id).order_by("offer__drill", "-began_at")
)


def all_of_person(person_id: UUID) -> list[Visit]:
    """Their visits that have not ended: the newest first, practice last."""
    return _all_of_person.all(person_id)


def live_of_person(person_id: UUID) -> Visit | None:
    """The visit that a responder's texts are about."""
    return current(all_of_person(person_id))


def current(visits: list[Visit]) -> Visit | None:
    """Of all visits of one person, the one that their texts are about: not one for a set time that nobody has
    set out for yet. A real one comes before practice.
    """
    return next((visit for visit in visits if not is_promised(visit)), None)


def is_promised(visit: Visit) -> bool:
    """Accepted for a set time, and neither word nor address has gone out yet."""
    return visit.stage == Stage.HELD and visit.offer.starts_at is not None


def promised(person_id: UUID) -> list[Visit]:
    """What a responder has accepted for set times to come, the next one first."""
    promises = [visit for visit in all_of_person(person_id) if is_promised(visit)]
    return sorted(promises, key=lambda visit: visit.offer.starts_at or visit.began_at)


def to_confirm(person_id: UUID) -> Visit | None:
    """The visit that a responder was last asked to confirm, if they have not answered."""
    return asked_last(all_of_person(person_id))


def asked_last(visits: list[Visit]) -> Visit | None:
    """The same among all visits of one person."""
    asked = [(visit.confirm_asked_at, visit) for visit in visits if visit.confirm_asked_at]
    return max(asked, key=lambda question: question[0])[1] if asked else None


def crew_is_ready(crew: list[Visit]) -> bool:
    """Whether everybody who comes has confirmed it."""
    held = [visit for visit in crew if visit.stage == Stage.HELD]
    return not any(visit.confirm_at or visit.confirm_asked_at for visit in held)


_of_request = Compiled(
    lambda request_id: live().filter(support_request_id=request_id).order_by("began_at", "pk")
)


def of_request(request_id: UUID) -> list[Visit]:
    return _of_request.all(request_id)


def somebody_there(request_id: UUID) -> bool:
    return Visit.objects.filter(support_request=request_id, stage=Stage.THERE).exists()


_word_in_force = Compiled(
    lambda request_id: VisitWord.objects.filter(support_request_id=request_id, void_at=None).order_by("pk")[
        :1
    ]
)


def word_in_force(request_id: UUID) -> VisitWord | None:
    return _word_in_force.first(request_id)


_fine_questions = Compiled(
    lambda person_id: Visit.objects.filter(
        person_id=person_id, fine_asked_at__isnull=False, fine_answered_at=None
    ).order_by("-fine_asked_at")[:1]
)


def last_fine_question(person_id: UUID) -> Visit | None:
    """The last ended visit whose "was it fine?" this responder has not answered."""
    return _fine_questions.first(person_id)


def names_who_came(support_request: SupportRequest) -> list[str]:
    """First names of those whose visit was carried out, in order of acceptance."""
    done = Visit.objects.filter(support_request=support_request, stage=Stage.DONE)
    return [first_name(visit) for visit in done.select_related("person").order_by("began_at", "pk")]


def who_went(request_id: UUID) -> list[UUID]:
    """Those who were on the way to this request, or there, in the order in which they accepted."""
    visits = Visit.objects.filter(support_request=request_id).order_by("began_at", "pk")
    return list(dict.fromkeys(visits.values_list("person", flat=True)))


def first_name(visit: Visit) -> str:
    """What a responder is called in texts: the first word of their name."""
    name: str = visit.person.name
    return (name.split() or ["?"])[0]
