"""Many requests at once: nobody is asked twice, and who came too late is asked for the neediest nearby."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.dispatch.rules.chance import Outstanding
from network.dispatch.rules.crowd import KM_IN_A_MILE, Crowd
from network.dispatch.rules.fit import refusal, unfit
from network.dispatch.rules.surge import MANY, MOST_EACH, SURGE, better_use, plan_surge, share
from network.dispatch.rules.waves import limit, plan_wave
from network.support.rules.requests import Kind
from tests.budget import examples
from tests.dispatch.test_rules_fit import FIT, HERE, NOW, POLICY, crowds, situations


def another(**change):
    return replace(FIT, person=uuid4(), **change)


@given(crowds, st.lists(situations, max_size=5))
@settings(max_examples=examples(100))
def test_in_a_surge_nobody_is_asked_twice_or_unfit(people, open_requests):
    crowd = Crowd.of(people)
    of = {person.person: person for person in people}

    plans = plan_surge([(here, crowd) for here in open_requests], POLICY, now=NOW)

    asked = [person for plan in plans for person in plan.ask]
    assert len(plans) == len(open_requests)
    assert len(asked) == len(set(asked))
    for here, plan in zip(open_requests, plans, strict=True):
        mine = [of[person] for person in plan.ask]
        assert not unfit(Crowd.of(mine), here, POLICY).any()
        assert all(refusal(candidate, here, width=plan.width) is None for candidate in mine)
        assert len(plan.ask) <= limit(here, POLICY)
        assert set(plan.forecasts) == set(plan.ask)
        if here.places_left == 0:
            assert plan.ask == ()


@given(crowds, situations)
@settings(max_examples=examples(100))
def test_alone_in_a_surge_a_request_looks_as_wide_as_it_would_by_itself(people, here):
    policy = replace(POLICY, most=MOST_EACH)
    wave = plan_wave(here, people, policy, now=NOW)
    (plan,) = plan_surge([(here, Crowd.of(people))], policy, now=NOW)

    if wave.ask:
        assert plan.ask
        assert plan.width is wave.width


def test_two_requests_share_the_people_and_each_gets_its_nearest():
    here, there = replace(HERE, member=uuid4()), replace(HERE, member=uuid4())
    ana, luis = another(miles=1.0, accepts=50.0, expected=1.0), another(miles=9.0, accepts=50.0, expected=1.0)
    for_here = Crowd.of([ana, luis])
    for_there = Crowd.of([replace(ana, miles=9.0), replace(luis, miles=1.0)])

    plans = plan_surge([(here, for_here), (there, for_there)], replace(POLICY, most=1), now=NOW)

    assert [plan.ask for plan in plans] == [(ana.person,), (luis.person,)]


def test_a_request_that_has_its_number_leaves_the_rest_to_others():
    old = replace(HERE, began_at=NOW - timedelta(minutes=20))
    ana, luis = another(miles=1.0), another(miles=2.0)

    plans = plan_surge(
        [(old, Crowd.of([ana, luis])), (HERE, Crowd.of([luis]))], replace(POLICY, most=1), now=NOW
    )

    assert [plan.ask for plan in plans] == [(ana.person,), (luis.person,)]


def test_who_has_waited_longer_is_served_first():
    old = replace(HERE, began_at=NOW - timedelta(minutes=20))
    plans = plan_surge([(HERE, Crowd.of([FIT])), (old, Crowd.of([FIT]))], POLICY, now=NOW)
    assert [plan.ask for plan in plans] == [(), (FIT.person,)]


def test_a_request_with_likely_offers_out_asks_nobody_in_a_surge():
    out = tuple(Outstanding(0.9, NOW) for _ in range(4))
    plan, none = plan_surge(
        [(replace(HERE, outstanding=out), Crowd.of([FIT])), (HERE, Crowd.of([]))], POLICY, now=NOW
    )
    assert plan.ask == ()
    assert not plan.nobody_left
    assert none.nobody_left
    assert plan_surge([], POLICY, now=NOW) == []


def test_with_each_request_more_a_wave_may_be_a_little_smaller():
    shares = [share(POLICY, count) for count in range(1, 60)]
    assert shares[:SURGE] == [POLICY.most] * SURGE
    assert shares[MANY - 1 :] == [MOST_EACH] * (60 - MANY)
    assert all(0 <= before - after <= 3 for before, after in pairwise(shares))
    assert share(replace(POLICY, most=5), 60) == 5


def test_how_many_are_open_counts_not_how_many_are_due():
    people = [another(expected=9.0) for _ in range(60)]
    few, many = (
        plan_surge([(HERE, Crowd.of(people))], POLICY, now=NOW, open_now=count)[0] for count in (12, 200)
    )
    assert len(few.ask) == POLICY.most
    assert len(many.ask) == MOST_EACH


def best_of(*pairs, policy=POLICY):
    return better_use(pairs, now=NOW, policy=policy)


def test_who_came_too_late_is_asked_for_the_nearest_open_request():
    covered = replace(HERE, places_left=0)
    assert best_of() is None
    assert best_of((covered, FIT), (HERE, replace(FIT, miles=6.0)), (HERE, replace(FIT, miles=3.0))) == 2
    assert best_of((HERE, replace(FIT, miles=3.0)), (HERE, replace(FIT, miles=6.0))) == 0


@pytest.mark.parametrize(
    ("km", "speaks", "near_enough"),
    [(11.9, False, True), (12.1, False, False), (15.9, True, True), (16.1, True, False)],
)
def test_twelve_kilometres_are_the_most_and_the_language_is_worth_four(km, speaks, near_enough):
    late = replace(FIT, miles=km / KM_IN_A_MILE, languages=frozenset({"es"} if speaks else {"en"}))
    old = replace(HERE, began_at=NOW - timedelta(minutes=5))
    assert best_of((old, late)) == (0 if near_enough else None)


def test_who_came_too_late_is_asked_for_those_who_have_waited_longest():
    young, old = HERE, replace(HERE, began_at=NOW - timedelta(minutes=30))
    assert best_of((young, replace(FIT, miles=1.0)), (old, replace(FIT, miles=6.0))) == 1
    # A whole target is worth twelve kilometers, and childcare's is an hour.
    child = replace(old, kind=Kind.CHILDCARE, member=uuid4())
    cared = replace(FIT, kinds=frozenset(Kind))
    assert best_of((child, cared), (old, cared)) == 1


@pytest.mark.parametrize(
    ("change", "asked"),
    [({"awake": False}, True), ({"offer_open": True}, True), ({"resting": True}, True),
     ({"asked_today": 6}, False), ({"off": True}, False), ({"probation": True}, False),
     ({"engaged": True}, False), ({"vouched": False}, False), ({"suspended": True}, False)],
)  # fmt: skip
def test_a_redirect_is_as_strict_as_an_acceptance_but_for_the_cap_being_off_and_being_new(change, asked):
    assert best_of((HERE, replace(FIT, **change))) == (0 if asked else None)


def test_who_was_asked_about_it_already_is_asked_again_unless_they_said_no():
    silent = replace(HERE, asked=frozenset({FIT.person}))
    assert best_of((silent, FIT)) == 0
    assert best_of((replace(silent, said_no=frozenset({FIT.person})), FIT)) is None


def test_the_language_outweighs_three_kilometres():
    old = replace(HERE, began_at=NOW - timedelta(minutes=5))
    near = replace(FIT, miles=5 / KM_IN_A_MILE, languages=frozenset())
    assert best_of((old, near), (old, replace(FIT, miles=8 / KM_IN_A_MILE))) == 1


def test_before_five_minutes_only_who_speaks_the_language_is_asked_instead():
    assert best_of((HERE, replace(FIT, languages=frozenset()))) is None


def test_the_hour_is_excused_by_a_late_yes_and_the_cap_is_not():
    assert best_of((HERE, replace(FIT, awake=False, offer_open=True, on_hours=False))) == 0
    assert best_of((HERE, replace(FIT, off=True))) is None
    capped = replace(FIT, asked_today=6)
    assert best_of((HERE, capped)) is None
    assert best_of((HERE, capped), policy=replace(POLICY, daily_cap=12)) == 0
    assert best_of((HERE, replace(FIT, miles=None))) is None
    assert best_of((HERE, replace(FIT, suspended=True))) is None


def test_the_unlikely_are_left_alone_while_somebody_likely_is_waited_for():
    poor = another(expected=20.0)
    waiting = replace(HERE, outstanding=(Outstanding(0.5, NOW),))

    assert plan_wave(waiting, [poor], POLICY, now=NOW).ask == ()
    assert plan_surge([(waiting, Crowd.of([poor]))], POLICY, now=NOW)[0].ask == ()


def test_nobody_left_is_not_said_of_a_filled_request_or_of_one_that_another_went_before():
    crowd = Crowd.of([FIT])
    filled, young, old = (
        replace(HERE, places_left=0), HERE, replace(HERE, began_at=NOW - timedelta(minutes=20)),
    )  # fmt: skip

    plans = plan_surge([(filled, crowd), (young, crowd), (old, crowd)], POLICY, now=NOW)

    assert [len(plan.ask) for plan in plans] == [0, 0, 1]
    assert not any(plan.nobody_left for plan in plans)
    assert plan_surge([(HERE, Crowd.of([]))], POLICY, now=NOW)[0].nobody_left


def test_a_surge_foretells_with_its_own_wave():
    alone = plan_wave(HERE, [FIT], POLICY, now=NOW)
    together = plan_surge([(HERE, Crowd.of([FIT]))], POLICY, now=NOW)[0]
    assert together.chance == pytest.approx(alone.chance)
    assert together.chance > 0
