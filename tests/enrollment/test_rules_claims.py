"""What was typed of somebody who was here already is kept whole, and compared as people write homes."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.enrollment.rules.claims import typed
from network.enrollment.rules.entries import NewMember, NewResponder, Someone
from network.people.rules.claims import Typed, from_json, to_json
from network.people.rules.homes import Home, same_home

DATES = st.none() | st.dates()
WORDS = st.text(max_size=20)
HOMES = st.builds(Home, WORDS, st.none() | WORDS, WORDS, WORDS, WORDS)
SPANS = st.tuples(st.integers(0, 10079), st.integers(1, 1440))
TYPED = st.builds(
    Typed,
    name=WORDS,
    languages=st.lists(WORDS, max_size=3).map(tuple),
    consent_on=DATES,
    home=st.none() | HOMES,
    kinds=st.lists(WORDS, max_size=3).map(tuple),
    zip=WORDS,
    max_miles=st.integers(0, 200),
    hours=st.lists(SPANS, max_size=3).map(tuple),
    clearance_until=DATES,
    bar_number=st.none() | WORDS,
    bar_state=WORDS,
    wake_at_night=st.booleans(),
)
HOME = Home("77 Typed Street", None, "Chicago", "IL", "60608")
LUZ = Someone("+13125550999", "Luz", ("es",), date(2026, 10, 6))


@given(TYPED)
def test_nothing_is_lost_on_the_way_to_the_row_and_back(claim):
    assert from_json(to_json(claim)) == claim


def test_the_other_role_is_added_and_the_first_day_of_consent_stays():
    member = typed(NewMember(LUZ, HOME))
    guide = NewResponder(
        replace(LUZ, name="Other", consent_on=date(2026, 11, 1)),
        ("legal",),
        "60608",
        8,
        [[480, 600]],
        bar_number="A1",
        bar_state="IL",
        wake_at_night=True,
    )
    both = typed(guide, member)
    assert (both.name, both.home, both.consent_on) == ("Luz", HOME, date(2026, 10, 6))
    assert (both.kinds, both.hours, both.bar_number, both.wake_at_night) == (
        ("legal",),
        ((480, 600),),
        "A1",
        True,
    )


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Home("77 typed street.", "", "CHICAGO", "il", "60608"), True),
        (Home("77  Typed  Street", None, "Chicago", "IL", "60608"), True),
        (Home("78 Typed Street", None, "Chicago", "IL", "60608"), False),
        (Home("77 Typed Street", "2", "Chicago", "IL", "60608"), False),
        (Home("77 Typed Street", None, "Chicago", "IL", "60609"), False),
    ],
)
def test_two_hands_write_one_home(other, same):
    assert same_home(HOME, other) is same
    assert same_home(other, HOME) is same
