"""Somebody who was to come no longer does: they can't go, or a coordinator or a rule takes them off."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.rules import ENGINE, Actor
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.dispatch.actions import answering, searching
from network.dispatch.models import Search
from network.messaging.texts.keys import Text
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.rules.requests import Kind, State
from network.visits import queries
from network.visits.actions.harvest import after_giving_up
from network.visits.actions.locking import lock_visit, recorded
from network.visits.actions.notices import tell, tell_word_is_void
from network.visits.actions.word_and_link import OF_A_LINK, void_word
from network.visits.models import Visit
from network.visits.queries import first_name
from network.visits.rules import stages
from network.visits.rules.stages import Stage, VisitStep


@transaction.atomic
def give_up(visit_id: UUID, *, by: Actor, now: datetime) -> Visit:
    """They can't go after all: tell the member that the word is void, and search on at once."""
    visit, support_request = lock_visit(visit_id)
    visit.gave_up = True
    leave(visit, by=by, now=now)
    after_giving_up(visit, now=now)
    need_for_place(support_request, now=now)
    word = void_word(support_request, now=now)
    hold_the_others(support_request, now=now)
    if word and not support_request.duress:  # before the word went out, nothing was said of them
        if is_sought(support_request):
            support.tell_member(support_request, Text.CANT_GO, now=now, name=first_name(visit), word=word)
        else:
            support.tell_member(support_request, Text.WORD_VOID_ONLY, now=now, word=word)
    reopen(support_request, by=by, now=now, told=word is not None)
    return visit


@transaction.atomic
def end_visit(visit_id: UUID, *, by: Actor, now: datetime) -> None:
    """A coordinator takes somebody off a request. They and the member are told."""
    visit, support_request = lock_visit(visit_id)
    leave(visit, by=by, now=now)
    tell(visit, Text.NO_LONGER_NEEDED, now=now)
    after_taking_off(support_request, by=by, now=now)


@transaction.atomic
def release_unsafe(visit_id: UUID, *, reason: Reason, by: Actor, now: datetime) -> None:
    """Take off somebody who may no longer come: tell them nothing, and raise a need."""
    visit, support_request = lock_visit(visit_id)
    leave(visit, by=by, now=now)
    raise_need(
        reason,
        about=About("person", str(visit.person_id)),
        now=now,
        by=ENGINE,
        request_id=support_request.pk,
        person_id=visit.person_id,
    )
    after_taking_off(support_request, by=by, now=now)


def after_taking_off(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """We took somebody off: void the word, and search on."""
    word = void_word(support_request, now=now)
    hold_the_others(support_request, now=now)
    tell_word_is_void(support_request, word, sought=is_sought(support_request), now=now)
    reopen(support_request, by=by, now=now, told=word is not None)


def reopen(support_request: SupportRequest, *, by: Actor, now: datetime, told: bool) -> None:
    """Search on. A member who was told that somebody can come at a set time is told that it changed.

    `told`: they have had a text that says so and, if the search goes on, that we write in 20 minutes.
    """
    covered = support_request.state == State.COVERED
    searching.reopen(support_request, by=by, now=now, soon=told)
    search = Search.objects.get(support_request=support_request)
    if covered and not told and support_request.starts_at and not support_request.duress:
        support.tell_member(
            support_request,
            Text.TIME_REOPENED,
            now=now,
            when=support_request.starts_at,
            by=search.answer_by,
        )


def is_sought(support_request: SupportRequest) -> bool:
    """Whether the search goes on when somebody leaves. It does not once it was stopped."""
    return support_request.state in (State.SEARCHING, State.COVERED)


def need_for_place(support_request: SupportRequest, *, now: datetime) -> None:
    support.ring(Reason.PLACE_LOST, support_request, by=ENGINE, now=now)


def leave(visit: Visit, *, by: Actor, now: datetime) -> None:
    """End a visit that wasn't carried out, and free its responder."""
    visit.stage = stages.after(Stage(visit.stage), VisitStep.LEAVE)
    end(visit, now=now)
    answering.release(visit.offer, by=by, now=now)
    recorded("visit.left", visit, by=by, now=now)


def end(visit: Visit, *, now: datetime) -> None:
    visit.ended_at, visit.token_hash, visit.device_hash = now, None, None
    visit.confirm_at = visit.confirm_asked_at = None
    visit.save(
        update_fields=[
            "stage",
            "ended_at",
            "gave_up",
            "token_hash",
            "device_hash",
            "confirm_at",
            "confirm_asked_at",
        ]
    )
    about = About("visit", str(visit.pk))
    settle(Reason.NOT_THERE, Reason.NOT_DONE, *OF_A_LINK, about=about, by=ENGINE, now=now)


def hold_the_others(support_request: SupportRequest, *, now: datetime) -> None:
    """Child care is never one adult alone: whoever is left waits, with a dead link, for the next pair.

    Somebody who is inside already stays; the coordinator decides.
    """
    for visit in queries.of_request(support_request.pk):
        if queries.is_promised(visit):  # knows neither word nor address yet
            continue
        if visit.stage == Stage.GOING and support_request.kind == Kind.CHILDCARE:
            hold(visit, now=now)
        if support_request.kind == Kind.CHILDCARE:
            tell(visit, Text.HELD_AGAIN, now=now, name=first_name(visit))


def hold(visit: Visit, *, now: datetime) -> None:
    """They wait, and their link stops working."""
    visit.stage, visit.token_hash, visit.device_hash, visit.there_by = Stage.HELD, None, None, None
    visit.save(update_fields=["stage", "token_hash", "device_hash", "there_by"])
    settle(*OF_A_LINK, about=About("visit", str(visit.pk)), by=ENGINE, now=now)
