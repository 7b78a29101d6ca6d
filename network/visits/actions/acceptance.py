"""A yes becomes a visit; once all places are taken, they set out."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from network.audit.rules import ENGINE, Actor
from network.database.writing import save_columns
from network.desk.actions import settle
from network.desk.rules import About, Reason
from network.dispatch.actions import answering, searching
from network.dispatch.models import Search
from network.dispatch.queries.engagements import places_left
from network.messaging.texts.keys import Text
from network.people.models import Responder
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import zone
from network.support.rules.requests import Kind
from network.visits import queries
from network.visits.actions.locking import recorded
from network.visits.actions.notices import tell, tell_who_can_come, tell_who_comes
from network.visits.actions.word_and_link import give_word, link, make_token
from network.visits.models import Visit
from network.visits.queries import first_name
from network.visits.rules import stages
from network.visits.rules.confirm import next_confirmation
from network.visits.rules.stages import Stage, VisitStep


@transaction.atomic
def accept(offer_id: UUID, *, said: str = "", minutes: int | None = None, by: Actor, now: datetime) -> Visit:
    """A yes becomes a visit, and everybody it concerns is told. Raises what answering.accept raises."""
    offer = answering.accept(offer_id, said=said, minutes=minutes, by=by, now=now)
    known = Visit.objects.filter(offer=offer).first()
    if known:
        return known
    support_request = offer.search.support_request  # held since the yes was settled
    visit = Visit.objects.create(
        support_request=support_request,
        offer=offer,
        person=offer.person,
        stage=Stage.HELD,
        began_at=_after_others(support_request, now=now),
        confirm_at=next_confirmation(offer.starts_at, now, zone()) if offer.starts_at else None,
    )
    recorded("visit.accepted", visit, by=by, now=now)
    _flag_missing_pin(visit, now=now)
    whole = places_left(support_request) == 0
    if visit.confirm_at:
        tell(visit, Text.ACCEPTED_AT, now=now, name=first_name(visit), when=support_request.starts_at)
    elif not whole:
        tell(visit, Text.HELD_FIRST, now=now, name=first_name(visit))
    if whole:
        go_or_wait(support_request, by=by, now=now)
    return visit


def _after_others(support_request: SupportRequest, *, now: datetime) -> datetime:
    """Whoever said yes first is named first, even if two did at once. The caller holds the request."""
    last = Visit.objects.filter(support_request=support_request).aggregate(at=Max("began_at"))["at"]
    return max(now, last + timedelta(microseconds=1)) if last else now


def go_or_wait(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """All places are taken: they set out; or, for a set time, they are asked again when it is near."""
    crew = queries.of_request(support_request.pk)
    if queries.crew_is_ready(crew):
        confirm_crew(support_request, crew, by=by, now=now)
        return
    if not support_request.duress:
        tell_who_can_come(support_request, [first_name(visit) for visit in crew], now=now)
    _is_found(crew[0].offer.search, by=by, now=now)


def _is_found(search: Search, *, by: Actor, now: datetime) -> None:
    """The member knows who comes: settle the needs that waited for that."""
    searching.promise_kept(search, now=now)
    settle(
        Reason.NOBODY_FOUND,
        Reason.PLACE_LOST,
        Reason.SEARCH_LATE,
        Reason.MANY_ASKED,
        about=About("request", str(search.support_request_id)),
        by=by,
        now=now,
    )


def _flag_missing_pin(visit: Visit, *, now: datetime) -> None:
    if not Responder.objects.filter(person=visit.person_id).exclude(pin_hash="").exists():
        support.ring(
            Reason.NO_PIN,
            visit.support_request,
            about=About("person", str(visit.person_id)),
            person_id=visit.person_id,
            by=ENGINE,
            now=now,
        )


def confirm_crew(support_request: SupportRequest, crew: list[Visit], *, by: Actor, now: datetime) -> None:
    """Everyone needed has said yes: only now do the word, the links and "on the way" go out."""
    word = give_word(support_request, now=now)
    fresh = [visit for visit in crew if visit.stage == Stage.HELD]
    for visit in fresh:
        _set_out(visit, by=by, now=now)
        token = make_token(visit)
        text = Text.BOTH_READY if support_request.kind == Kind.CHILDCARE else Text.ACCEPTED
        values: dict[str, object] = {"name": first_name(visit), "url": link(token), "word": word}
        if stages.comes_later(support_request.starts_at, now):
            text, values["when"] = Text.READY_AT, support_request.starts_at
        if support_request.drill_id:
            text, values = Text.DRILL_ACCEPTED, {"name": values["name"], "url": values["url"]}
        tell(visit, text, now=now, **values)
    tell_who_comes(support_request, crew, word, now=now)
    _is_found(crew[0].offer.search, by=by, now=now)


def _set_out(visit: Visit, *, by: Actor, now: datetime) -> None:
    visit.stage = stages.after(Stage(visit.stage), VisitStep.CONFIRM)
    minutes = stages.trip_minutes(visit.offer.minutes, visit.offer.miles)
    visit.there_by = stages.there_by(now, minutes, starts_at=visit.support_request.starts_at)
    visit.asked_at = visit.flagged_at = None
    save_columns(visit, "stage", "there_by", "asked_at", "flagged_at")
    recorded("visit.going", visit, by=by, now=now)
