"""Whom to ask, and when: the fewest who make a yes likely enough, and nobody that a rule keeps out."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product
from math import prod
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.dispatch.rules.case import Policy, Width
from network.dispatch.rules.chance import Learned, Outstanding, enough, rates
from network.dispatch.rules.crowd import Crowd
from network.dispatch.rules.fit import Refusal, refusal, unfit
from network.dispatch.rules.surge import MANY, plan_surge
from network.dispatch.rules.waves import (
    Checkpoint,
    NoCodeLeft,
    checkpoint,
    limit,
    new_code,
    plan_wave,
    prospects,
    worth,
)
from tests.budget import examples
from tests.dispatch.test_rules_fit import FIT, HERE, NOW, POLICY, candidates, crowds, situations


def another(**change):
    return replace(FIT, person=uuid4(), **change)


@given(crowds, situations)
@settings(max_examples=examples(100))
def test_no_plan_asks_whom_it_must_not(people, here):
    plan = plan_wave(here, people, POLICY, now=NOW)
    of = {person.person: person for person in people}
    asked = [of[person] for person in plan.ask]

    assert not unfit(Crowd.of(asked), here, POLICY).any()
    assert all(refusal(candidate, here, width=plan.width) is None for candidate in asked)
    assert all(
        candidate.miles <= candidate.max_miles and candidate.asked_today < POLICY.daily_cap
        for candidate in asked
    )
    assert len(set(plan.ask)) == len(plan.ask)
    if NOW - here.began_at < timedelta(minutes=5):
        assert all(here.language in candidate.languages for candidate in asked)


@given(crowds, situations, st.integers(1, 30))
@settings(max_examples=examples(100))
def test_no_plan_asks_more_than_it_may(people, here, most):
    policy = replace(POLICY, most=most)
    plan = plan_wave(here, people, policy, now=NOW)

    assert len(plan.ask) <= most
    if here.offers > 40 * here.places:
        assert len(plan.ask) <= max(0, 10 - here.offers_lately)
        assert plan.too_many or not here.places_left
    if here.places_left == 0:
        assert plan.ask == ()
    assert set(plan.forecasts) == set(plan.ask)
    assert not plan.nobody_left or not plan.ask


@given(crowds, situations)
@settings(max_examples=examples(100))
def test_no_plan_asks_one_more_than_is_needed(people, here):
    plan = plan_wave(here, people, POLICY, now=NOW)
    view = prospects(here, people, POLICY, now=NOW)
    each = [plan.forecasts[person].chance * view.soon for person in plan.ask]

    if plan.ask:
        assert plan.chance == pytest.approx(enough([*view.waiting, *each], here.places_left))
        assert enough([*view.waiting, *each[:-1]], here.places_left) < view.goal.wanted + 1e-9
    if view.waiting and view.likely >= view.goal.wanted - POLICY.slack:
        assert plan.ask == ()


@given(crowds, situations)
@settings(max_examples=examples(100))
def test_somebody_is_asked_when_nobody_is_waited_for_and_anybody_may_be(people, here):
    here = replace(here, outstanding=())
    plan = plan_wave(here, people, POLICY, now=NOW)
    widest = Width.LANGUAGE if NOW - here.began_at >= timedelta(minutes=5) else Width.HOURS
    anybody = any(refusal(person, here, width=widest) is None for person in people)
    later = {Refusal.OFFER_OPEN}
    ever = any(refusal(person, here, width=Width.LANGUAGE, excused=later) is None for person in people)

    if anybody and here.places_left and limit(here, POLICY):
        assert plan.ask
        assert not plan.nobody_left
    if here.places_left:
        assert plan.nobody_left is not ever


near_ones = st.lists(
    candidates.map(
        lambda candidate: replace(
            FIT,
            person=candidate.person,
            miles=(candidate.miles or 1) / 4,
            accepts=candidate.accepts,
            asks=candidate.asks,
        )
    ),
    max_size=15,
    unique_by=lambda candidate: candidate.person,
)
outstanding = st.lists(
    st.builds(Outstanding, st.floats(0, 0.9), st.just(NOW - timedelta(minutes=2))), max_size=4
)


@given(near_ones, outstanding, outstanding, st.integers(1, 2))
@settings(max_examples=examples(100))
def test_among_people_equally_near_more_offers_out_never_mean_more_asks(people, few, more, places):
    # One look only: a narrower look that becomes enough may take more people than a wider one did.
    few_out = replace(HERE, outstanding=tuple(few), places_left=places)
    more_out = replace(HERE, outstanding=(*few, *more), places_left=places)

    first, second = (plan_wave(here, people, POLICY, now=NOW) for here in (few_out, more_out))

    assert len(second.ask) <= len(first.ask)


@given(near_ones, outstanding.filter(bool), st.floats(0, 1))
@settings(max_examples=examples(100))
def test_likelier_offers_out_never_mean_more_asks(people, out, part):
    likelier = tuple(
        replace(outstanding, chance=outstanding.chance + part * (0.9 - outstanding.chance))
        for outstanding in out
    )

    first = plan_wave(replace(HERE, outstanding=tuple(out)), people, POLICY, now=NOW)
    second = plan_wave(replace(HERE, outstanding=likelier), people, POLICY, now=NOW)

    assert len(second.ask) <= len(first.ask)


def brute_enough(each, places):
    return sum(
        prod(p if yes else 1 - p for p, yes in zip(each, yeses, strict=True))
        for yeses in product((0, 1), repeat=len(each))
        if sum(yeses) >= places
    )


@given(st.lists(st.floats(0.5, 40), min_size=1, max_size=7), st.integers(1, 2))
@settings(max_examples=examples(80))
def test_the_wave_is_the_shortest_beginning_of_the_ranking_that_is_enough(yeses, places):
    people = [another(accepts=each, expected=0.5) for each in yeses]
    here = replace(HERE, places_left=places)
    view = prospects(here, people, POLICY, now=NOW)
    ranking = sorted(range(len(people)), key=lambda row: -view.worth[row])
    each = [float(view.chance[row]) * view.soon for row in ranking]
    lengths = [n for n in range(1, len(each) + 1) if brute_enough(each[:n], places) >= view.goal.wanted]
    shortest = min(lengths, default=len(each))

    plan = plan_wave(here, people, POLICY, now=NOW)

    assert plan.ask == tuple(people[row].person for row in ranking[:shortest])


@given(
    st.floats(0, 15),
    st.floats(0, 6),
    st.floats(0.01, 0.89),
    st.floats(0, 5),
    st.floats(0, 3),
    st.floats(0, 0.01),
)
@settings(max_examples=examples(60))
def test_worth_falls_with_miles_and_asks_and_rises_with_the_chance(miles, asks, chance, far, tired, likely):
    base = another(miles=miles, asks=asks)
    crowd = Crowd.of(
        [base, another(miles=miles + far, asks=asks), another(miles=miles, asks=asks + tired), base]
    )
    each = [chance, chance, chance, chance + likely]

    plain, farther, wearier, likelier = worth(crowd, np.array(each), HERE, POLICY)

    assert farther <= plain
    assert wearier <= plain
    assert likelier >= plain


def test_who_speaks_the_language_is_worth_five_who_do_not():
    crowd = Crowd.of([FIT, another(languages=frozenset({"en"}))])
    speaks, does_not = worth(crowd, np.array([0.2, 0.2]), HERE, POLICY)
    assert speaks == pytest.approx(5 * does_not)


def test_near_and_unburdened_people_come_first():
    far, fresh, tired = another(miles=5.0), another(miles=2.1), another(miles=1.9, asks=2.0)
    plan = plan_wave(HERE, [far, tired, fresh], POLICY, now=NOW)
    assert plan.ask == (fresh.person, far.person, tired.person)
    assert plan.next_at == NOW + timedelta(minutes=1)


def test_one_of_two_who_are_needed_is_asked_though_there_is_no_other():
    plan = plan_wave(replace(HERE, places_left=2, places=2), [FIT], POLICY, now=NOW)
    assert plan.ask == (FIT.person,)


def test_who_came_too_late_a_moment_ago_is_thought_willing():
    standby = another(standby=True, expected=20.0)
    plan = plan_wave(HERE, [standby], POLICY, now=NOW)
    assert plan.forecasts[standby.person].chance == 0.5


def test_the_unlikely_are_asked_only_when_nobody_likely_is_waited_for():
    unlikely = another(expected=20.0)
    waited_for = replace(HERE, outstanding=(Outstanding(0.5, NOW),))
    assert plan_wave(waited_for, [unlikely], POLICY, now=NOW).ask == ()
    assert plan_wave(HERE, [unlikely], POLICY, now=NOW).ask == (unlikely.person,)


def test_a_search_looks_wider_only_when_those_near_are_not_enough():
    certain = another(accepts=50.0, expected=1.0)
    off_hours = another(on_hours=False, accepts=50.0, expected=1.0)
    alone = plan_wave(HERE, [certain, off_hours], POLICY, now=NOW)
    assert (alone.ask, alone.width) == ((certain.person,), Width.NEAR)
    wider = plan_wave(HERE, [off_hours], POLICY, now=NOW)
    assert (wider.ask, wider.width) == ((off_hours.person,), Width.HOURS)


def test_when_enough_are_near_nobody_farther_is_asked():
    near = [another(accepts=20.0, expected=3.0) for _ in range(3)]
    far = another(miles=12.0, accepts=50.0, expected=1.0)
    plan = plan_wave(HERE, [*near, far], POLICY, now=NOW)
    assert plan.ask
    assert {*plan.ask} <= {candidate.person for candidate in near}


def test_a_crowd_of_unlikely_people_nearby_does_not_keep_a_likely_one_farther_off_from_being_asked():
    near = [another(expected=2.0) for _ in range(40)]
    far = another(miles=10.0, max_miles=20, accepts=3.0, expected=1.0)
    chance = rates(Crowd.of([near[0], far]), "es", Learned()).chance
    assert chance[0] < 0.1 < 0.2 < chance[1]
    plan = plan_wave(HERE, [*near, far], replace(POLICY, most=12), now=NOW)
    assert far.person in plan.ask[:1]
    assert plan.width is Width.FARTHER


def test_who_does_not_speak_the_language_is_asked_after_five_minutes():
    stranger = another(languages=frozenset({"en"}))
    before = replace(HERE, began_at=NOW - timedelta(minutes=4, seconds=59))
    after = replace(HERE, began_at=NOW - timedelta(minutes=5))
    assert plan_wave(before, [stranger], POLICY, now=NOW).ask == ()
    assert not plan_wave(before, [stranger], POLICY, now=NOW).nobody_left
    assert plan_wave(after, [stranger], POLICY, now=NOW).ask == (stranger.person,)


@pytest.mark.parametrize(
    ("left", "ahead", "wanted", "hurry"),
    [(30, 12, 0.5, 0), (24, 12, 0.5, 0), (18, 12, 0.725, 0.5), (12, 12, 0.95, 1), (9, 9, 0.95, 1),
     (3, 8, 0.95, 1), (0, 8, 0.95, 1), (-5, 8, 0.95, 1)],
)  # fmt: skip
def test_a_search_hurries_as_its_target_comes_near(left, ahead, wanted, hurry):
    here = replace(HERE, began_at=NOW - timedelta(minutes=30 - left))
    goal = checkpoint(here, POLICY, now=NOW)
    assert goal == Checkpoint(NOW + timedelta(minutes=ahead), pytest.approx(wanted), hurry)
    assert plan_wave(here, [], POLICY, now=NOW).late == (left <= 0)


def test_less_unlikely_people_are_worth_an_ask_once_it_is_late():
    floors = [Policy().worth_asking(hurry=hurry / 10) for hurry in range(11)]
    assert floors == sorted(floors, reverse=True)
    assert (floors[0], floors[-1]) == (Policy().least, Policy().least_late)


@pytest.mark.parametrize("chance_of", [0.5, 2.0, 8.0])
def test_a_moment_later_hardly_more_are_asked(chance_of):
    """No cliff in time: in ten seconds a wave grows by a fifth at most, or by two."""
    people = [another(miles=n / 10, accepts=chance_of, expected=2.0) for n in range(80)]
    sizes = [
        len(plan_wave(replace(HERE, began_at=NOW - timedelta(seconds=s)), people, POLICY, now=NOW).ask)
        for s in range(0, 2400, 10)
    ]
    assert sizes[0] < sizes[-1]
    for before, after in pairwise(sizes):
        assert abs(after - before) <= max(2, before / 5)


@given(near_ones, outstanding, st.integers(0, 40), st.integers(0, 40), st.integers(0, 35))
@settings(max_examples=examples(100))
def test_a_longer_queue_never_makes_a_wave_bigger(people, out, wait, more, began):
    here = replace(HERE, outstanding=tuple(out), began_at=NOW - timedelta(minutes=began))
    short, long = (
        plan_wave(replace(here, queue_wait=timedelta(minutes=minutes)), people, POLICY, now=NOW)
        for minutes in (wait, wait + more)
    )
    assert len(long.ask) <= len(short.ask)


@pytest.mark.parametrize(("silent", "nobody"), [(0, False), (14, False), (15, True), (59, True)])
def test_a_family_hears_that_there_is_nobody_once_all_who_could_be_asked_have_been_silent(silent, nobody):
    out = tuple(Outstanding(0.05, NOW - timedelta(minutes=silent)) for _ in range(3))
    here = replace(HERE, outstanding=out, offers=3, began_at=NOW - timedelta(minutes=20))
    assert plan_wave(here, [], POLICY, now=NOW).nobody_left is nobody
    # Not while somebody may still say yes, or could be asked later.
    hopeful = replace(here, outstanding=(*out, Outstanding(0.8, NOW - timedelta(minutes=silent))))
    assert not plan_wave(hopeful, [], POLICY, now=NOW).nobody_left or silent == 59
    assert not plan_wave(here, [another(offer_open=True)], POLICY, now=NOW).nobody_left


def whoever_never_says_yes(how_many):
    return [another(expected=60.0) for _ in range(how_many)]


def played(people, here, *, minutes, plan=plan_wave):
    """Everybody stays silent: how many were asked by the end of each minute."""
    asked, sent = [], []
    for minute in range(minutes):
        now = NOW + timedelta(minutes=minute)
        known = dict(sent)
        now_here = replace(
            here,
            asked=frozenset(known),
            outstanding=tuple(Outstanding(0.02, at) for at in known.values()),
            offers=len(known),
            offers_lately=sum(at > now - timedelta(minutes=10) for at in known.values()),
        )
        left = [person for person in people if person.person not in known]
        sent += [(person, now) for person in plan(now_here, left, POLICY, now=now).ask]
        asked.append(len(sent))
    return asked


def in_a_surge(here, people, policy, *, now):
    return plan_surge([(here, Crowd.of(people))], policy, now=now, open_now=MANY)[0]


@pytest.mark.parametrize(("plan", "first"), [(plan_wave, 30), (in_a_surge, 12)])
def test_when_all_are_unlikely_and_silent_a_few_more_are_asked_every_ten_minutes(plan, first):
    people = whoever_never_says_yes(200)
    assert rates(Crowd.of(people), "es", Learned()).chance.max() < POLICY.least_late
    asked = played(people, replace(HERE, began_at=NOW), minutes=45, plan=plan)
    assert asked[0] == asked[9] == first  # the first wave has its time
    assert first < asked[25] < asked[44]
    assert all(after - before <= 5 for before, after in zip(asked, asked[10:], strict=False))


def test_nobody_below_the_floor_is_asked_while_there_is_hope():
    hopeful = replace(HERE, outstanding=(Outstanding(0.3, NOW - timedelta(minutes=1)),), offers=1)
    view = prospects(hopeful, whoever_never_says_yes(50), POLICY, now=NOW)
    assert view.wants_more
    assert len(view.fewest(30).rows) == 0


@given(st.sets(st.integers(10, 99)))
@settings(max_examples=examples(50))
def test_a_code_is_never_one_that_is_taken(taken):
    if len(taken) < 90:
        assert new_code(lambda free: free[-1], taken=taken) not in taken


def test_ninety_codes_are_all_there_are():
    with pytest.raises(NoCodeLeft):
        new_code(lambda free: free[0], taken=range(10, 100))


def test_a_search_that_only_goes_slowly_does_not_say_that_nobody_is_left():
    slow = replace(HERE, offers=41, offers_lately=10)
    plan = plan_wave(slow, [FIT], POLICY, now=NOW)
    assert plan.ask == ()
    assert plan.too_many
    assert not plan.nobody_left


def test_without_a_least_chance_the_look_widens_just_the_same():
    far = another(miles=12.0, max_miles=20)
    assert len(plan_wave(HERE, [FIT, far], Policy(least=0.0), now=NOW).ask) == 2
