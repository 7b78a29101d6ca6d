"""Who may be asked at all: every hard rule keeps out, and what a yes, a hand or two hands excuse."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.dispatch.rules.case import Policy, Situation, Width
from network.dispatch.rules.chance import Outstanding, Part
from network.dispatch.rules.crowd import Candidate, Crowd
from network.dispatch.rules.fit import (
    HARD,
    SOFT,
    Refusal,
    refusal,
    refusal_by_hand,
    refusal_of_acceptance,
    refusals,
    unfit,
    within,
)
from network.support.rules.requests import Kind
from tests.budget import examples

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
MEMBER, FOE, ASKED = uuid4(), uuid4(), uuid4()
FIT = Candidate(
    person=uuid4(),
    active=True,
    suspended=False,
    opted_out=False,
    unreachable=False,
    off=False,
    kinds=frozenset(Kind),
    languages=frozenset({"en", "es"}),
    miles=2.0,
    max_miles=15,
    on_hours=True,
    awake=True,
    clearance_until=date(2027, 1, 1),
    bar_checked=True,
    vouched=True,
    engaged=False,
    offer_open=False,
    last_asked_at=None,
)
HERE = Situation(
    member=MEMBER,
    kind=Kind.ACCOMPANIMENT,
    language="es",
    places_left=1,
    wave=0,
    asked=frozenset({ASKED}),
    never_with=frozenset({FOE}),
    today=date(2026, 10, 6),
    began_at=NOW,
)
POLICY = Policy()

rarely = st.sampled_from([False] * 9 + [True])
mostly = st.sampled_from([True] * 9 + [False])
candidates = st.builds(
    replace,
    st.just(FIT),
    person=st.uuids() | st.sampled_from([MEMBER, FOE, ASKED]),
    active=mostly,
    suspended=rarely,
    opted_out=rarely,
    unreachable=rarely,
    off=rarely,
    kinds=st.just(frozenset(Kind)) | st.frozensets(st.sampled_from(list(Kind))),
    languages=st.frozensets(st.sampled_from(["en", "es"])),
    miles=st.none() | st.floats(0, 20),
    clearance_until=st.sampled_from([None, date(2026, 10, 5), date(2026, 10, 6), date(2027, 1, 1)]),
    bar_checked=mostly,
    vouched=mostly,
    engaged=rarely,
    offer_open=rarely,
    on_hours=st.booleans(),
    awake=mostly,
    own_vouch=mostly,
    probation=rarely,
    resting=rarely,
    standby=rarely,
    asked_today=st.integers(0, 7),
    asks=st.floats(0, 6),
    missed=st.floats(0, 2),
    accepts=st.floats(0, 5),
    expected=st.floats(0, 5),
)
crowds = st.lists(candidates, max_size=25, unique_by=lambda candidate: candidate.person)
offers_waiting = st.builds(
    Outstanding, st.floats(0, 0.9), st.integers(0, 60).map(lambda ago: NOW - timedelta(minutes=ago))
)
situations = st.builds(
    replace,
    st.just(HERE),
    kind=st.sampled_from(list(Kind)),
    language=st.sampled_from(["en", "es", "ht"]),
    places_left=st.integers(0, 2),
    places=st.integers(1, 2),
    began_at=st.integers(0, 90).map(lambda ago: NOW - timedelta(minutes=ago)),
    outstanding=st.lists(offers_waiting, max_size=4).map(tuple),
    offers=st.sampled_from([0, 40, 41, 80, 81]),
    offers_lately=st.integers(0, 12),
    part=st.sampled_from(list(Part)),
    queue_wait=st.integers(0, 15).map(lambda wait: timedelta(minutes=wait)),
)

KEPT_OUT = [
    ({"person": MEMBER}, Kind.ACCOMPANIMENT, Refusal.SAME_PERSON),
    ({"active": False}, Kind.ACCOMPANIMENT, Refusal.NOT_ACTIVE),
    ({"suspended": True}, Kind.ACCOMPANIMENT, Refusal.SUSPENDED),
    ({"opted_out": True}, Kind.ACCOMPANIMENT, Refusal.OPTED_OUT),
    ({"unreachable": True}, Kind.ACCOMPANIMENT, Refusal.UNREACHABLE),
    ({"off": True}, Kind.ACCOMPANIMENT, Refusal.OFF),
    ({"kinds": frozenset({"legal"})}, Kind.ACCOMPANIMENT, Refusal.KIND),
    ({"kinds": frozenset({"unheard of"})}, Kind.ACCOMPANIMENT, Refusal.KIND),
    ({"clearance_until": None}, Kind.CHILDCARE, Refusal.CLEARANCE),
    ({"clearance_until": date(2026, 10, 5)}, Kind.CHILDCARE, Refusal.CLEARANCE),
    ({"vouched": False}, Kind.CHILDCARE, Refusal.VOUCHES),
    ({"vouched": False}, Kind.ACCOMPANIMENT, Refusal.VOUCHES),
    ({"vouched": False}, Kind.LEGAL, Refusal.VOUCHES),
    ({"own_vouch": False}, Kind.CHILDCARE, Refusal.OWN_VOUCH),
    ({"bar_checked": False}, Kind.LEGAL, Refusal.BAR),
    ({"person": FOE}, Kind.ACCOMPANIMENT, Refusal.NEVER_TOGETHER),
    ({"probation": True}, Kind.ACCOMPANIMENT, Refusal.PROBATION),
    ({"miles": 15.1}, Kind.ACCOMPANIMENT, Refusal.DISTANCE),
    ({"miles": None}, Kind.ACCOMPANIMENT, Refusal.DISTANCE),
    ({"awake": False}, Kind.ACCOMPANIMENT, Refusal.NIGHT),
    ({"engaged": True}, Kind.ACCOMPANIMENT, Refusal.ENGAGED),
    ({"resting": True}, Kind.ACCOMPANIMENT, Refusal.RESTING),
    ({"person": ASKED}, Kind.ACCOMPANIMENT, Refusal.ALREADY_ASKED),
    ({"offer_open": True}, Kind.ACCOMPANIMENT, Refusal.OFFER_OPEN),
    ({"asked_today": 6}, Kind.ACCOMPANIMENT, Refusal.CAP),
]


@pytest.mark.parametrize(("change", "kind", "why"), KEPT_OUT)
def test_each_hard_rule_keeps_out_however_wide_the_look(change, kind, why):
    kept_out, here = replace(FIT, **change), replace(HERE, kind=kind)

    assert {refusal(kept_out, here, width=width) for width in Width} == {why}
    assert unfit(Crowd.of([kept_out, FIT]), here, POLICY).tolist() == [True, False]
    assert not unfit(Crowd.of([kept_out]), here, POLICY, excused={why}).any()
    assert refusal(FIT, here, width=Width.NEAR) is None


def test_every_hard_rule_is_in_the_table():
    assert {why for _, _, why in KEPT_OUT} == HARD
    assert HARD | {why for _, why, _ in SOFT} == set(Refusal)


@pytest.mark.parametrize(("change", "kind", "why"), KEPT_OUT)
def test_a_yes_a_hand_and_two_hands_excuse_only_what_they_may(change, kind, why):
    kept_out, here = replace(FIT, **change), replace(HERE, kind=kind)
    by_a_yes = {
        Refusal.ALREADY_ASKED, Refusal.OFFER_OPEN, Refusal.NIGHT, Refusal.OFF, Refusal.CAP,
        Refusal.RESTING, Refusal.PROBATION,
    }  # fmt: skip
    by_hand = {Refusal.ALREADY_ASKED, Refusal.PROBATION}
    by_two = by_hand | {Refusal.NIGHT, Refusal.CAP, Refusal.RESTING, Refusal.OFF}

    assert refusal_of_acceptance(kept_out, here) is (None if why in by_a_yes else why)
    assert refusal_by_hand(kept_out, here) is (None if why in by_hand else why)
    assert refusal_by_hand(kept_out, here, agreed=why) is (None if why in by_two else why)


def test_two_people_set_one_rule_aside_and_not_another_that_stands_beside_it():
    tired = replace(FIT, resting=True, asked_today=6)
    assert refusal_by_hand(tired, HERE, agreed=Refusal.RESTING) is Refusal.CAP
    assert refusal_by_hand(tired, HERE, agreed=Refusal.CAP) is Refusal.RESTING
    assert refusal_by_hand(replace(FIT, suspended=True), HERE, agreed=Refusal.SUSPENDED) is Refusal.SUSPENDED


@pytest.mark.parametrize(
    ("change", "why", "from_width"),
    [
        ({"languages": frozenset({"en"})}, Refusal.LANGUAGE, Width.LANGUAGE),
        ({"languages": frozenset()}, Refusal.LANGUAGE, Width.LANGUAGE),
        ({"on_hours": False}, Refusal.HOURS, Width.HOURS),
        ({"miles": 9.6}, Refusal.FARTHER, Width.FARTHER),
    ],
)
def test_a_soft_rule_keeps_out_until_the_look_is_wide_enough(change, why, from_width):
    candidate = replace(FIT, **change)

    for width in Width:
        assert refusal(candidate, HERE, width=width) is (why if width < from_width else None)
        assert within(width, Crowd.of([candidate]), HERE).tolist() == [width >= from_width]
    assert not unfit(Crowd.of([candidate]), HERE, POLICY).any()
    assert refusal_of_acceptance(candidate, HERE) is None
    assert refusal_by_hand(candidate, HERE) is None


def test_a_clearance_holds_on_its_last_day():
    last = replace(FIT, clearance_until=HERE.today)
    assert refusal(last, replace(HERE, kind=Kind.CHILDCARE)) is None


def test_what_matters_for_children_or_the_bar_matters_for_nobody_else():
    plain = replace(FIT, clearance_until=None, own_vouch=False, bar_checked=False)
    assert refusal(plain, HERE) is None


def test_the_cap_is_the_policys_own():
    busy = replace(FIT, asked_today=6)
    assert refusal(busy, HERE, replace(POLICY, daily_cap=12)) is None
    assert refusal_by_hand(replace(FIT, asked_today=12), HERE, replace(POLICY, daily_cap=12)) is Refusal.CAP


def test_what_cannot_change_soon_is_told_first():
    assert refusal(replace(FIT, suspended=True, off=True, on_hours=False), HERE) is Refusal.SUSPENDED


@given(crowds, situations, st.sampled_from(list(Width)), st.frozensets(st.sampled_from(list(Refusal))))
@settings(max_examples=examples(80))
def test_many_are_refused_as_each_of_them_alone(people, here, width, excused):
    crowd = Crowd.of(people)
    together = refusals(crowd, here, POLICY, width=width, excused=excused)

    assert together == [refusal(person, here, POLICY, width=width, excused=excused) for person in people]
    if not excused:
        free = ~unfit(crowd, here, POLICY) & within(width, crowd, here)
        assert free.tolist() == [why is None for why in together]


def test_a_crowd_keeps_the_order_of_its_people_and_knows_nobody_for_an_unheard_language():
    crowd = Crowd.of([FIT, replace(FIT, person=FOE, miles=None, clearance_until=None)])

    assert [crowd.row_of[person] for person in crowd.people] == [0, 1]
    assert np.isnan(crowd.miles[1])
    assert crowd.clearance_until[1] == 0
    assert not crowd.speaking("ht").any()
    assert len(Crowd.of([])) == 0
