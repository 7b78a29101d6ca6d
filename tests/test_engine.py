"""Every step says when it is next wanted, and never too late."""

from datetime import timedelta

import pytest

from network import engine
from network.audit.rules import ENGINE
from network.desk.actions import claim, raise_need
from network.desk.models import Need
from network.desk.rules import CLAIM_LASTS, About, Reason
from network.dispatch.models import Search
from network.duty.models import Page
from network.messaging.models import Outbound
from network.messaging.rules.states import Lane
from network.support.models import SupportRequest
from tests.world import by_staff, nothing_is_written


def test_every_step_is_named_once_and_says_when_it_is_wanted():
    names = [step.name for step in engine.STEPS]
    assert len(names) == len(set(names))
    assert all(step.owed() for step in engine.STEPS)


def test_all_moments_are_read_with_few_statements(world, django_assert_max_num_queries):
    world.coordinator()
    rosa = world.member()
    world.responder()
    rosa.asks()
    engine.next_due(world.now)
    with django_assert_max_num_queries(11):  # one for all rows, one for vouches, the rest for the alarm
        engine.next_due(world.now)


def run_without_the_full_round(monkeypatch, now):
    monkeypatch.setattr(engine, "_last_full_round", now)
    engine.step(now)


def test_an_idle_step_costs_one_statement(world, monkeypatch, django_assert_num_queries):
    world.settle()
    run_without_the_full_round(monkeypatch, world.now)
    with django_assert_num_queries(1):
        run_without_the_full_round(monkeypatch, world.now)


def test_only_what_is_due_runs_and_all_of_it_once_a_minute(world, monkeypatch):
    world.settle()
    ran = []
    monkeypatch.setattr(engine, "_run", lambda run, *, now: ran.append(run.__name__))
    account = world.coordinator()
    raise_need(Reason.CALL_MEMBER, about=About("text", "1"), now=world.now, by=by_staff(account.pk))
    claim(Need.objects.get().pk, staff_id=account.pk, by=by_staff(account.pk), now=world.now)
    run_without_the_full_round(monkeypatch, world.now)
    assert "lapse_claims" not in ran
    world.now += CLAIM_LASTS
    run_without_the_full_round(monkeypatch, world.now)
    assert "lapse_claims" in ran
    assert len(ran) < len(engine.STEPS)
    ran.clear()
    engine.step(world.now + engine.EVERY_STEP_EVERY)
    assert set(ran) == {step.name for step in engine.STEPS}


def test_what_a_step_makes_due_runs_in_the_same_second(world, monkeypatch):
    """A claim lapses, and whoever is on is told of the need again."""
    account = world.coordinator()
    raise_need(Reason.CALL_MEMBER, about=About("text", "1"), now=world.now, by=by_staff(account.pk))
    claim(Need.objects.get().pk, staff_id=account.pk, by=by_staff(account.pk), now=world.now)
    world.now += max(CLAIM_LASTS, timedelta(minutes=30))
    run_without_the_full_round(monkeypatch, world.now)
    assert Page.objects.exists()
    assert Outbound.objects.filter(lane=Lane.STAFF).exists()


def test_nothing_is_due_once_all_is_settled(world):
    rosa = world.member()
    rosa.asks()
    moments = world.settle()
    assert moments
    assert all(at > world.now for at in moments.values())


def test_a_claim_lapses_at_its_time(world):
    account = world.coordinator()
    raise_need(Reason.CALL_MEMBER, about=About("text", "1"), now=world.now, by=by_staff(account.pk))
    claim(Need.objects.get().pk, staff_id=account.pk, by=by_staff(account.pk), now=world.now)
    assert engine.next_due(world.now)["lapse_claims"] == world.now + CLAIM_LASTS


def test_a_search_is_wanted_at_its_wave_and_its_promise(world):
    world.responder()
    rosa = world.member()
    rosa.asks()
    search, moments = Search.objects.get(), engine.next_due(world.now)
    assert moments["plan_due_searches"] == search.due_at
    assert moments["keep_promises"] == search.answer_by


def test_the_night_forgets_at_the_networks_own_midnight(world):
    world.settle()
    midnight = (world.now + timedelta(days=1)).replace(hour=0, minute=0)
    assert engine.next_due(world.now)["forget_slowly"] == midnight


def test_the_alarm_is_wanted_when_a_rung_is_reached(world):
    world.coordinator()
    rosa = world.member()
    rosa.sends("tocan la puerta")
    need = Need.objects.get(reason=Reason.NEW_REQUEST)
    assert engine.next_due(world.now)["page"] <= need.raised_at + timedelta(minutes=5)


@pytest.mark.slow("looks at all steps in each minute of a whole story")
def test_what_is_not_due_writes_nothing_all_through_a_story(world):
    """The long run does this in every story."""
    world.every_step = True
    world.coordinator()
    ana, rosa = world.responder("Ana"), world.member()
    rosa.sends("tocan la puerta")
    world.wait(minutes=4)
    rosa.sends("1")
    rosa.sends("1")
    ana.accepts(" 10 min")
    world.wait(minutes=13)
    ana.sends("3")
    world.wait(minutes=2)
    ana.sends("4")
    world.wait(minutes=1)
    assert SupportRequest.objects.count() == 1


def test_the_town_would_notice_a_step_that_writes_though_it_is_not_due(world):
    with pytest.raises(AssertionError, match="was not due"), nothing_is_written("a step"):
        raise_need(Reason.CALL_MEMBER, about=About("text", "1"), now=world.now, by=ENGINE)
