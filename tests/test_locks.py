"""Advisory locks are all in one place, and what a clock finds is looked at again once it has the row."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from network.audit.locks import Lock, hold, hold_if_free
from network.audit.rules import COMMAND_LINE, ENGINE
from network.conversations.handling import texts
from network.conversations.models import Conversation
from network.conversations.outreach import unanswered
from network.desk.models import Need
from network.dispatch.actions import searching
from network.dispatch.models import Offer, Search
from network.people.models import Person
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.rules.requests import Outcome
from network.visits.actions import clocks, closing, leaving, steps
from network.visits.actions import clocks as visit_clocks
from network.visits.models import Visit
from tests.beside import held_by_another, waits_for

NETWORK = Path(__file__).resolve().parent.parent / "network"


def test_no_advisory_lock_has_its_number_anywhere_else():
    written = [
        str(file.relative_to(NETWORK))
        for file in NETWORK.rglob("*.py")
        if re.search(r"advisory_(xact_)?(lock|unlock)|_LOCK\s*=\s*\d", file.read_text(encoding="utf-8"))
    ]
    assert written == ["audit/locks.py"]
    assert len({lock.value for lock in Lock}) == len(Lock.__members__)


@pytest.mark.server
def test_each_advisory_lock_holds_back_itself_and_no_other(transactional_db):
    for held in Lock:
        with held_by_another(lambda held=held: hold(held)):
            for wanted in Lock:
                with transaction.atomic():
                    assert hold_if_free(wanted) is (wanted is not held), (held, wanted)


@pytest.fixture
def coming(world):
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    rosa.asks()
    ana.accepts(" 10 min")
    return world, ana, rosa


@pytest.mark.server
def test_who_has_just_arrived_is_not_asked_whether_all_is_well(coming):
    world, ana, rosa = coming
    Visit.objects.update(there_by=world.now)
    waits_for(
        lambda: steps.arrive(Visit.objects.get().pk, by=COMMAND_LINE, now=world.now),
        lambda: visit_clocks.ask_the_silent(now=world.now),
    )
    world.settle()
    assert not ana.got("are you OK?")
    assert not rosa.got("running late")


@pytest.mark.server
def test_who_has_just_left_is_not_asked_and_stops_no_other(coming):
    world, ana, _ = coming
    Visit.objects.update(there_by=world.now)
    waits_for(
        lambda: leaving.give_up(Visit.objects.get().pk, by=COMMAND_LINE, now=world.now),
        lambda: visit_clocks.ask_the_silent(now=world.now),
    )
    world.settle()
    assert not ana.got("are you OK?")


@pytest.mark.server
def test_who_has_just_arrived_is_not_flagged_as_silent(coming):
    world, _, _ = coming
    Visit.objects.update(asked_at=world.now - timedelta(hours=1))
    waits_for(
        lambda: steps.arrive(Visit.objects.get().pk, by=COMMAND_LINE, now=world.now),
        lambda: visit_clocks.flag_the_silent(now=world.now),
    )
    assert "not_there" not in world.needs()


@pytest.mark.server
def test_whoever_said_that_they_came_is_not_called_about_it(coming):
    world, _, _ = coming
    SupportRequest.objects.update(came_asked_at=world.now - timedelta(days=1))
    waits_for(
        lambda: steps.answer_came(world.request().pk, well=True, by=COMMAND_LINE, now=world.now),
        lambda: visit_clocks.flag_the_silent(now=world.now),
    )
    assert "no_word_after" not in world.needs()


@pytest.mark.server
def test_a_request_that_was_just_closed_gets_no_word_of_nobody_yet(world):
    world.responder("Ana")
    rosa = world.member("Rosa")
    rosa.asks()
    Search.objects.update(answer_by=world.now)
    close = lambda: closing.close_request(  # noqa: E731
        world.request().pk, outcome=Outcome.NOT_NEEDED, by=COMMAND_LINE, now=world.now
    )
    waits_for(close, lambda: searching.keep_promises(now=world.now))
    world.settle()
    assert not rosa.got("No one has said")
    assert "nobody_found" not in world.needs()


@pytest.mark.server
def test_a_time_that_was_just_confirmed_is_not_called_about(world):
    world.member("Rosa").sends("help")
    SupportRequest.objects.update(
        time_asked_at=world.now - timedelta(hours=1), starts_at=world.now + timedelta(days=1)
    )

    def answered():
        held = support.lock(world.request().pk)
        support.answer_time(held, right=True, by=COMMAND_LINE, now=world.now)

    waits_for(answered, lambda: support.flag_unanswered_times(now=world.now))
    assert "call_member" not in world.needs()


@pytest.mark.server
def test_a_question_that_is_just_being_answered_is_not_flagged(world):
    rosa = world.member("Rosa")
    rosa.sends("help")
    rosa.sends("1")
    world.now += timedelta(minutes=4)
    world.deliver(rosa.number, "1")

    waits_for(
        lambda: texts.handle_waiting(now=world.now),
        lambda: unanswered.escalate_half_requests(now=world.now),
    )
    assert "half_request" not in world.needs()
    assert Conversation.objects.get().flagged_at is None


@pytest.mark.server
def test_two_that_release_whom_a_suspension_took_off_do_it_once_and_both_end_well(coming):
    world, ana, _ = coming
    Person.objects.filter(pk=ana.person.pk).update(suspended_at=world.now)
    waits_for(
        lambda: visit_clocks.release_suspended(now=world.now),
        lambda: visit_clocks.release_suspended(now=world.now),
    )
    assert Need.objects.filter(reason="suspended").count() == 1
    assert Visit.objects.get().stage == "left"


def test_a_suspension_tells_of_ones_own_request_though_the_release_fails(coming, monkeypatch):
    world, _, rosa = coming

    def broken(**_):
        raise RuntimeError

    monkeypatch.setattr(clocks, "release_suspended", broken)
    with pytest.raises(RuntimeError):
        visit_clocks.suspend(rosa.person.pk, why="asked for", by=ENGINE, now=world.now)
    assert "suspended" in world.needs()


def test_an_offer_of_a_suspended_person_is_taken_back_on_record_and_the_next_is_asked(world):
    ana = world.responder("Ana")
    world.member("Rosa").asks()
    luis = world.responder("Luis")
    visit_clocks.suspend(ana.person.pk, why="asked for", by=ENGINE, now=world.now)
    world.settle()
    assert Offer.objects.get(person=ana.person).state == "withdrawn"
    assert luis.got("Can you go")
