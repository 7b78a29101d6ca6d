"""Visits for a set time: the time itself, and whether those who accepted still come."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.rules import ENGINE, Actor
from network.desk.actions import settle
from network.desk.rules import About, Reason
from network.dispatch.actions import answering, searching
from network.dispatch.models import Search
from network.dispatch.queries.engagements import places_left
from network.messaging.texts.keys import Text
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import zone
from network.support.rules.requests import State
from network.visits import queries
from network.visits.actions.acceptance import confirm_crew
from network.visits.actions.leaving import leave, need_for_place, reopen
from network.visits.actions.locking import lock_visit, recorded
from network.visits.actions.notices import tell, tell_word_is_void
from network.visits.actions.word_and_link import void_word
from network.visits.models import Visit
from network.visits.queries import first_name
from network.visits.rules.confirm import next_confirmation, silence
from network.visits.rules.stages import Stage, StepNotPossible


@transaction.atomic
def set_time(
    request_id: UUID, starts_at: datetime | None, *, right: bool = False, by: Actor, now: datetime
) -> None:
    """Ask for help at this instant, or (None) as soon as possible. Whoever had accepted is released.

    The member is asked whether the time is right, and nobody is asked to come before they confirm. If a
    coordinator already heard from them that it is right, and for their home (`right`), the search starts.
    Raises StepNotPossible once somebody is there or the request is closed, searching.NotReady.
    """
    support_request = support.lock(request_id)
    crew = queries.of_request(request_id)
    if support_request.state == State.CLOSED or any(visit.stage == Stage.THERE for visit in crew):
        raise StepNotPossible("a time is set before anybody is there")
    if support_request.state in (State.SEARCHING, State.COVERED):
        answering.stop(request_id, by=by, now=now)
        support_request = support.lock(request_id)
    _release(support_request, crew, by=by, now=now)
    # The hunt begins anew: who was asked for another time may be asked again.
    Search.objects.filter(support_request=support_request).update(started_at=now, clock_from=now)
    support.set_time(support_request, starts_at, right=right, by=by, now=now)
    settle(Reason.LATER, Reason.CALL_MEMBER, about=About("request", str(request_id)), by=by, now=now)
    if starts_at and right:
        if not support_request.at_home:
            support.confirm_home(support_request, by=by, now=now)
        _begin(support_request, by=by, now=now)
    elif starts_at and not support_request.duress:
        support.tell_member(support_request, Text.TIME_RIGHT, now=now, when=starts_at)


def _release(support_request: SupportRequest, crew: list[Visit], *, by: Actor, now: datetime) -> None:
    for visit in crew:
        leave(visit, by=by, now=now)
        if visit.offer.starts_at:
            tell(visit, Text.TIME_CHANGED, now=now, name=first_name(visit), when=visit.offer.starts_at)
        else:
            tell(visit, Text.NO_LONGER_NEEDED, now=now)
    # What comes next, and by when, is said by the text about the new time.
    tell_word_is_void(support_request, void_word(support_request, now=now), sought=False, now=now)


def _begin(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """Search ahead for a confirmed time, and say by when we write. Raises searching.NotReady."""
    search = searching.start(support_request.pk, by=by, now=now)
    support.tell_member(
        support_request, Text.TIME_SAVED, now=now, when=support_request.starts_at, by=search.answer_by
    )


def ask_to_confirm(*, now: datetime) -> int:
    """Ask those who accepted for a set time whether they still come: 24 and 2 hours before."""
    waiting = Visit.objects.filter(stage=Stage.HELD, confirm_at__lte=now)
    due = list(waiting.values_list("pk", flat=True))
    for visit_id in due:
        with suppress(Visit.DoesNotExist), transaction.atomic():  # ended meanwhile
            visit, _ = lock_visit(visit_id)
            starts_at = visit.offer.starts_at
            if starts_at is None or not waiting.filter(pk=visit_id).exists():
                continue
            visit.confirm_at, visit.confirm_asked_at = None, now
            visit.save(update_fields=["confirm_at", "confirm_asked_at"])
            tell(
                visit,
                Text.STILL_STANDS,
                now=now,
                name=first_name(visit),
                when=starts_at,
                by=now + silence(starts_at, now),
            )
            recorded("visit.confirm_asked", visit, by=ENGINE, now=now)
    return len(due)


@transaction.atomic
def confirm(visit_id: UUID, *, by: Actor, now: datetime) -> Visit:
    """They still come. After the last such yes of all who come, word and links go out.

    Raises Visit.DoesNotExist once the visit has ended.
    """
    visit, support_request = lock_visit(visit_id)
    starts_at = visit.offer.starts_at
    if visit.confirm_asked_at is None or starts_at is None:
        return visit
    visit.confirm_asked_at = None
    visit.confirm_at = next_confirmation(starts_at, now, zone())
    visit.save(update_fields=["confirm_at", "confirm_asked_at"])
    recorded("visit.confirmed", visit, by=by, now=now)
    crew = queries.of_request(support_request.pk)
    if queries.crew_is_ready(crew) and places_left(support_request) == 0 and not support_request.duress:
        confirm_crew(support_request, crew, by=by, now=now)
    else:
        tell(visit, Text.STANDS, now=now, name=first_name(visit), when=starts_at)
    return visit


def flag_unconfirmed(*, now: datetime) -> int:
    """They didn't answer that: ask others, and raise a need."""
    asked = Visit.objects.filter(stage=Stage.HELD, confirm_asked_at__isnull=False).select_related("offer")
    silent = [visit.pk for visit in asked if _is_silent(visit, now=now)]
    for visit_id in silent:
        with suppress(Visit.DoesNotExist), transaction.atomic():  # ended meanwhile
            visit, support_request = lock_visit(visit_id)
            if visit.stage != Stage.HELD or not _is_silent(visit, now=now):
                continue
            tell(visit, Text.NOT_HEARD_FROM, now=now, when=visit.offer.starts_at)
            leave(visit, by=ENGINE, now=now)
            need_for_place(support_request, now=now)
            reopen(support_request, by=ENGINE, now=now, told=False)
    return len(silent)


def _is_silent(visit: Visit, *, now: datetime) -> bool:
    asked_at, starts_at = visit.confirm_asked_at, visit.offer.starts_at
    return bool(asked_at and starts_at and asked_at <= now - silence(starts_at, asked_at))
