"""Whom to ask: every hard rule keeps out, and the plan asks nobody that a rule keeps out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.dispatch.rules import (
    WAVE_GAP,
    WAVE_SIZE,
    Candidate,
    NoCodeLeft,
    Refusal,
    Situation,
    new_code,
    plan_wave,
    refusal,
    refusal_by_hand,
    refusal_of_acceptance,
)
from network.support.rules import Kind

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
MEMBER = uuid4()
FIT = Candidate(
    person=uuid4(), active=True, suspended=False, opted_out=False, unreachable=False, off=False,
    kinds=frozenset(Kind), languages=frozenset({"en", "es"}), miles=2.0, max_miles=10, on_hours=True,
    awake=True, clearance_until=date(2027, 1, 1), bar_checked=True, vouches=2, engaged=False,
    offer_open=False, last_asked_at=None,
)  # fmt: skip
HERE = Situation(
    member=MEMBER, kind=Kind.ACCOMPANIMENT, language="es", places_left=1, wave=0, asked=frozenset(),
    waiting=0, today=date(2026, 10, 6),
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind", "why"),
    [
        ({"person": MEMBER}, Kind.ACCOMPANIMENT, Refusal.SAME_PERSON),
        ({"active": False}, Kind.ACCOMPANIMENT, Refusal.NOT_ACTIVE),
        ({"suspended": True}, Kind.ACCOMPANIMENT, Refusal.SUSPENDED),
        ({"opted_out": True}, Kind.ACCOMPANIMENT, Refusal.OPTED_OUT),
        ({"unreachable": True}, Kind.ACCOMPANIMENT, Refusal.UNREACHABLE),
        ({"off": True}, Kind.ACCOMPANIMENT, Refusal.OFF),
        ({"kinds": frozenset({"legal"})}, Kind.ACCOMPANIMENT, Refusal.KIND),
        ({"clearance_until": None}, Kind.CHILDCARE, Refusal.CLEARANCE),
        ({"clearance_until": date(2026, 10, 5)}, Kind.CHILDCARE, Refusal.CLEARANCE),
        ({"vouches": 1}, Kind.CHILDCARE, Refusal.VOUCHES),
        ({"vouches": 0}, Kind.ACCOMPANIMENT, Refusal.VOUCHES),
        ({"bar_checked": False}, Kind.LEGAL, Refusal.BAR),
        ({"languages": frozenset({"en"})}, Kind.ACCOMPANIMENT, Refusal.LANGUAGE),
        ({"miles": 10.1}, Kind.ACCOMPANIMENT, Refusal.DISTANCE),
        ({"miles": None}, Kind.ACCOMPANIMENT, Refusal.DISTANCE),
        ({"on_hours": False}, Kind.ACCOMPANIMENT, Refusal.HOURS),
        ({"awake": False}, Kind.ACCOMPANIMENT, Refusal.NIGHT),
        ({"engaged": True}, Kind.ACCOMPANIMENT, Refusal.ENGAGED),
        ({"offer_open": True}, Kind.ACCOMPANIMENT, Refusal.OFFER_OPEN),
    ],
)
def test_each_hard_rule_keeps_out(change, kind, why):
    assert refusal(replace(FIT, **change), replace(HERE, kind=kind)) is why
    assert refusal(FIT, replace(HERE, kind=kind)) is None


def test_a_clearance_holds_on_its_last_day():
    last = replace(FIT, clearance_until=HERE.today)
    assert refusal(last, replace(HERE, kind=Kind.CHILDCARE)) is None


def test_who_was_asked_already_is_not_asked_again_but_may_say_yes():
    asked = replace(HERE, asked=frozenset({FIT.person}))
    assert refusal(FIT, asked) is Refusal.ALREADY_ASKED
    assert refusal_of_acceptance(FIT, asked) is None
    assert refusal_by_hand(FIT, asked) is None
    assert refusal_of_acceptance(replace(FIT, suspended=True), asked) is Refusal.SUSPENDED
    assert refusal_by_hand(replace(FIT, clearance_until=None), replace(HERE, kind=Kind.CHILDCARE))


def test_near_people_come_first_and_of_those_the_least_recently_asked():
    far = replace(FIT, person=uuid4(), miles=5.0)
    fresh = replace(FIT, person=uuid4(), miles=2.1, last_asked_at=None)
    tired = replace(FIT, person=uuid4(), miles=1.9, last_asked_at=NOW - timedelta(hours=1))
    plan = plan_wave(HERE, [far, tired, fresh], now=NOW)
    assert plan.ask == (fresh.person, tired.person, far.person)
    assert plan.next_at == NOW + WAVE_GAP


def test_nobody_left_is_said_only_when_nobody_is_waited_for():
    assert plan_wave(HERE, [], now=NOW).nobody_left
    assert not plan_wave(replace(HERE, waiting=1), [], now=NOW).nobody_left
    assert plan_wave(replace(HERE, places_left=0), [FIT], now=NOW).ask == ()


candidates = st.builds(
    replace,
    st.just(FIT),
    person=st.uuids(),
    active=st.booleans(),
    suspended=st.booleans(),
    opted_out=st.booleans(),
    unreachable=st.booleans(),
    off=st.booleans(),
    kinds=st.frozensets(st.sampled_from(list(Kind))),
    languages=st.frozensets(st.sampled_from(["en", "es"])),
    miles=st.none() | st.floats(0, 50),
    clearance_until=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    bar_checked=st.booleans(),
    vouches=st.integers(0, 3),
    engaged=st.booleans(),
    offer_open=st.booleans(),
    on_hours=st.booleans(),
    awake=st.booleans(),
)


@given(st.lists(candidates, max_size=30), st.sampled_from(list(Kind)), st.integers(0, 2))
def test_no_plan_asks_the_unfit_or_more_than_a_wave(people, kind, places_left):
    here = replace(HERE, kind=kind, places_left=places_left)
    plan = plan_wave(here, people, now=NOW)
    fit = {one.person for one in people if refusal(one, here) is None}
    assert set(plan.ask) <= fit
    assert len(plan.ask) <= (WAVE_SIZE[kind] if places_left else 0)


@given(st.sets(st.integers(10, 99)))
def test_a_code_is_never_one_that_is_taken(taken):
    if len(taken) == 90:
        with pytest.raises(NoCodeLeft):
            new_code(lambda free: free[0], taken=taken)
    else:
        assert new_code(lambda free: free[-1], taken=taken) not in taken
