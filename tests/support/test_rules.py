"""Every state with every event."""

import pytest

from network.support.rules.requests import OPEN, TRANSITIONS, Event, Kind, NotAllowed, State, after, places


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_each_pair_is_a_step_or_is_refused(state, event):
    if (state, event) in TRANSITIONS:
        assert after(state, event) in State
    else:
        with pytest.raises(NotAllowed):
            after(state, event)


def test_closed_is_left_only_by_undoing_it_and_every_open_state_can_reach_it():
    assert [event for state, event in TRANSITIONS if state is State.CLOSED] == [Event.RESUME]
    assert after(State.CLOSED, Event.RESUME) is State.STOPPED  # nobody is sought before a person says so
    assert all(after(state, Event.CLOSE) is State.CLOSED for state in OPEN)


def test_childcare_is_never_one_adult_alone():
    assert [places(kind) for kind in (Kind.ACCOMPANIMENT, Kind.LEGAL, Kind.CHILDCARE)] == [1, 1, 2]
