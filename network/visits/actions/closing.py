"""Ending a whole request, or changing what it is: in one transaction, under its lock."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.rules import Actor
from network.desk.actions import AlreadyTaken, claim_request, restore_request, settle_request
from network.desk.rules import Reason
from network.dispatch.actions import answering, searching
from network.dispatch.models import Search
from network.dispatch.queries.candidates import candidate
from network.dispatch.queries.engagements import places_left
from network.dispatch.queries.situations import situation
from network.dispatch.rules.fit import refusal_of_acceptance
from network.messaging.outbox.queueing import withdraw
from network.messaging.texts.keys import Text
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import open_of_person
from network.support.rules.requests import RESUMES_FOR, Event, Kind, Outcome, State
from network.visits import queries
from network.visits.actions.acceptance import go_or_wait
from network.visits.actions.leaving import hold, hold_the_others, is_sought, leave, reopen
from network.visits.actions.notices import tell, tell_word_is_void
from network.visits.actions.word_and_link import void_word
from network.visits.models import Visit
from network.visits.queries import first_name
from network.visits.rules.stages import Stage


@transaction.atomic
def close_request(
    request_id: UUID,
    *,
    outcome: Outcome,
    by: Actor,
    now: datetime,
    told: bool = False,
    off: Text = Text.NO_LONGER_NEEDED,
    stand_down: Text = Text.STAND_DOWN,
) -> None:
    """Withdraw open offers, release who accepted, end the visits, void the links, and tell everyone.

    `told`: the member has had or gets a text of its own about it. `off` goes to those who had accepted,
    `stand_down` to those who were asked. Closing again changes nothing. Raises support.NotCalled.
    """
    support_request = support.lock(request_id)
    if support_request.state == State.CLOSED:
        return
    if outcome is Outcome.UNFILLED and support_request.called_at is None:
        raise support.NotCalled
    visits = queries.of_request(request_id)
    for visit in visits:
        leave(visit, by=by, now=now)
        tell(visit, off, now=now)
    void_word(support_request, now=now)
    support.advance(support_request, Event.CLOSE, by=by, now=now, outcome=outcome)
    Search.objects.filter(support_request=support_request).update(due_at=None)
    answering.stand_down(request_id, now=now, text=stand_down)
    settle_request(request_id, by=by, now=now, how=outcome)
    if not told and not support_request.duress:
        text = Text.HELPED_CLOSED if outcome is Outcome.HELPED else Text.CLOSED_BY_TEAM
        support.tell_member(support_request, text, now=now)


class CantResume(Exception):
    """It was closed more than a day ago, is open, was practice, or the member has another one open."""


@transaction.atomic
def resume_request(request_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> SupportRequest:
    """Undo a closing: needs reopen, texts that haven't left are withdrawn, and whoever undid it owns it.

    Nobody is sent again by this: they were told not to go, so they are asked. Raises CantResume.
    """
    support_request = support.lock(request_id)
    if not is_resumable(support_request, now=now):
        raise CantResume
    closed_at = support_request.closed_at
    assert closed_at is not None
    withdraw(now=now, request_id=request_id, owed_at__gte=closed_at, written_by=None)
    support.advance(support_request, Event.RESUME, by=by, now=now)
    restore_request(request_id, closed_at=closed_at, by=by, now=now)
    for search in Search.objects.filter(support_request=support_request, answered_at=None):
        searching.promise_kept(search, now=now)  # a person tells them, not the engine's "nobody yet"
    support.ring(Reason.REOPENED, support_request, by=by, now=now)
    with suppress(AlreadyTaken):
        claim_request(request_id, staff_id=staff_id, by=by, now=now)
    return support_request


def is_resumable(support_request: SupportRequest, *, now: datetime) -> bool:
    """Whether the closing can still be undone."""
    if support_request.closed_at is None or support_request.drill_id:
        return False
    another = open_of_person(support_request.member.person_id)
    return another is None and now - support_request.closed_at < RESUMES_FOR


@transaction.atomic
def change_kind(request_id: UUID, *, kind: Kind, children: int | None, by: Actor, now: datetime) -> None:
    """Ask for another kind: withdraw open offers, release whoever is unfit, and start the search anew."""
    support_request = support.lock(request_id)
    if support_request.kind == kind and children in (None, support_request.children):
        return
    support.set_kind(support_request, kind, by=by, now=now)
    if children is not None:
        support.set_children(support_request, children, by=by, now=now)
    answering.stand_down(request_id, now=now)
    search = Search.objects.filter(support_request=support_request).first()
    if search is None:
        return
    search.started_at = search.clock_from = now
    search.save(update_fields=["started_at", "clock_from"])
    released = _release_the_unfit(support_request, search, by=by, now=now)
    _settle_places(support_request, new_word=released, by=by, now=now)


def _release_the_unfit(support_request: SupportRequest, search: Search, *, by: Actor, now: datetime) -> bool:
    """Whether anybody was released, and the word that they know is void."""
    released = [
        visit
        for visit in queries.of_request(support_request.pk)
        if visit.stage != Stage.THERE and _unfit(visit, support_request, search, now=now)
    ]
    for visit in released:
        leave(visit, by=by, now=now)
        tell(visit, Text.NO_LONGER_NEEDED, now=now)
    if released:
        word = void_word(support_request, now=now)
        hold_the_others(support_request, now=now)
        sought = is_sought(support_request) and places_left(support_request) > 0
        tell_word_is_void(support_request, word, sought=sought, now=now)
    return bool(released)


def _unfit(visit: Visit, support_request: SupportRequest, search: Search, *, now: datetime) -> bool:
    seen = situation(support_request, search, now=now)
    responder = candidate(support_request, visit.person_id, now=now)
    why = refusal_of_acceptance(responder, seen)
    return why is not None and why != "engaged"  # they are engaged by this very visit


def _settle_places(support_request: SupportRequest, *, new_word: bool, by: Actor, now: datetime) -> None:
    left = places_left(support_request)
    if left and support_request.state in (State.COVERED, State.SEARCHING):
        hold_the_others(support_request, now=now)
        reopen(support_request, by=by, now=now, told=True)
    elif not left and support_request.state in (State.SEARCHING, State.STOPPED):
        support.advance(support_request, Event.COVER, by=by, now=now)
        go_or_wait(support_request, by=by, now=now)
    elif new_word and not left:
        _set_out_again(support_request, by=by, now=now)


def _set_out_again(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """Those on the way are enough: both sides get a new word that nobody else knows."""
    going = [visit for visit in queries.of_request(support_request.pk) if visit.stage == Stage.GOING]
    for visit in going:
        hold(visit, now=now)
    if going:
        go_or_wait(support_request, by=by, now=now)


@transaction.atomic
def hold_for_duress(request_id: UUID, *, by: Actor, now: datetime) -> None:
    """Send nobody automatically: withdraw offers, hold visits that haven't arrived, give no reason.

    Nobody who is there already is texted, and nothing automatic tells the member.
    """
    support_request = support.lock(request_id)
    if support_request.state != State.ASKING:  # else the questions go on, as for anybody
        answering.stop(request_id, by=by, now=now)
        support_request = support.lock(request_id)
    support.mark_duress(support_request, by=by, now=now)
    void_word(support_request, now=now)
    for visit in queries.of_request(request_id):
        if visit.stage != Stage.GOING:
            continue
        hold(visit, now=now)
        withdraw(now=now, contact__fingerprint=visit.person.fingerprint, request_id=request_id)
        tell(visit, Text.PLEASE_WAIT, now=now, name=first_name(visit))
