"""What a drill showed: who answered, how soon, who was silent, and which numbers are dead."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from uuid import UUID

from network.dispatch.models import Offer
from network.dispatch.rules.case import OfferState
from network.people.models import Person
from network.support.models import Drill

MINUTE = timedelta(minutes=1)
NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class DrillRow:
    """One chosen responder. `answer` is an OfferState, or "not_asked"."""

    person_id: UUID
    name: str
    answer: str
    minutes: int | None  # from the question to a yes or no


@dataclass(frozen=True, slots=True)
class DrillReport:
    drill: Drill
    rows: list[DrillRow]
    asked: int
    yes: int
    no: int
    silent: int  # asked, reached and without an answer
    dead: int  # the question could not be delivered
    minutes_to_yes: float | None  # the median


def report(drill_id: UUID) -> DrillReport:
    """The state of a drill, running or over. A late yes counts as one."""
    drill = Drill.objects.get(pk=drill_id)
    chosen = Person.objects.filter(drills__drill=drill)
    offers = Offer.objects.filter(search__support_request__drill=drill).order_by("asked_at", "code", "pk")
    by_person: dict[UUID, list[Offer]] = {}
    for offer in offers:
        by_person.setdefault(offer.person_id, []).append(offer)
    rows = [_row(person, by_person.get(person.pk, [])) for person in chosen]
    rows.sort(key=lambda row: (row.minutes is None, row.minutes or 0, row.name))
    answers = [row.answer for row in rows if row.answer != NOT_ASKED]
    yeses = [row.minutes for row in rows if row.answer == OfferState.ACCEPTED and row.minutes is not None]
    return DrillReport(
        drill=drill,
        rows=rows,
        asked=len(answers),
        yes=answers.count(OfferState.ACCEPTED),
        no=answers.count(OfferState.DECLINED),
        silent=sum(
            answer in (OfferState.OPEN, OfferState.EXPIRED, OfferState.WITHDRAWN) for answer in answers
        ),
        dead=answers.count(OfferState.UNDELIVERABLE),
        minutes_to_yes=median(yeses) if yeses else None,
    )


def _row(person: Person, offers: list[Offer]) -> DrillRow:
    """Of several questions the one that was answered, else the last."""
    answered = [offer for offer in offers if offer.answered_at or offer.late_yes_at]
    if not offers:
        return DrillRow(person.pk, person.name, NOT_ASKED, None)
    offer = (answered or offers)[-1]
    at = offer.late_yes_at or offer.answered_at
    answer = OfferState.ACCEPTED.value if offer.late_yes_at else offer.state
    return DrillRow(person.pk, person.name, answer, round((at - offer.asked_at) / MINUTE) if at else None)
