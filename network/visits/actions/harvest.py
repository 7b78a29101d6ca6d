"""Somebody who sees addresses and doesn't go, or very many: a person asks, then the search stops."""

from datetime import datetime

from network.audit.rules import ENGINE
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.people.actions.persons import set_probation
from network.people.models import Responder
from network.visits.models import Disclosure, Visit
from network.visits.rules.harvest import (
    DROPS_OVER,
    HOMES_OVER,
    Pattern,
    pattern_of_drops,
    pattern_of_homes,
)

REASONS = {Pattern.SEEN_NOT_GONE: Reason.SEEN_NOT_GONE, Pattern.MANY_HOMES: Reason.MANY_HOMES}
ADDRESS = "address"


def after_giving_up(visit: Visit, *, now: datetime) -> None:
    """They gave this visit up. Counts if they had seen the address and never were there. No drill counts."""
    if visit.there_at or visit.offer.drill or not visit.disclosures.filter(what=ADDRESS).exists():
        return
    given_up = Visit.objects.filter(
        person=visit.person_id, gave_up=True, there_at=None, ended_at__gt=now - DROPS_OVER, offer__drill=False
    )
    drops = given_up.filter(disclosures__what=ADDRESS).distinct().count()
    _tell(visit, *pattern_of_drops(drops), now=now)


def after_first_look(visit: Visit, *, now: datetime) -> None:
    """They have seen this home's address for the first time."""
    if visit.offer.drill:
        return
    seen = Disclosure.objects.filter(
        visit__person=visit.person_id, what=ADDRESS, at__gt=now - HOMES_OVER, visit__offer__drill=False
    )
    homes = seen.values("visit__support_request__member").distinct().count()
    _tell(visit, *pattern_of_homes(homes), now=now)


def _tell(visit: Visit, pattern: Pattern | None, stops: bool, *, now: datetime) -> None:
    if pattern is None:
        return
    about = About("person", str(visit.person_id))
    raise_need(REASONS[pattern], about=about, now=now, by=ENGINE, person_id=visit.person_id)
    asked = Responder.objects.filter(person=visit.person_id, on_probation=False)
    if stops and asked.exists():
        set_probation(visit.person_id, on=True, by=ENGINE, now=now)
        raise_need(Reason.BY_NAME_ONLY, about=about, now=now, by=ENGINE, person_id=visit.person_id)
