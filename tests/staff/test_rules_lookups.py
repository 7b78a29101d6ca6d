"""How much one account may look at: a table."""

import pytest

from network.staff.rules.lookups import STOPS_AT, LookupReason, Verdict, verdict

WHY = LookupReason.HAND_OFF


@pytest.mark.parametrize(
    ("seen", "why", "said"),
    [
        (0, None, Verdict.OPEN),
        (19, None, Verdict.OPEN),
        (20, None, Verdict.ASK),
        (20, WHY, Verdict.OPEN),
        (59, None, Verdict.ASK),
        (59, WHY, Verdict.OPEN),
        (60, None, Verdict.STOP),
        (60, WHY, Verdict.STOP),
        (600, WHY, Verdict.STOP),
    ],
)
def test_beyond_what_a_shift_needs_a_reason_is_asked_for_and_at_three_times_it_stops(seen, why, said):
    assert verdict(seen, 20, why=why) is said


def test_a_limit_of_none_shows_nothing():
    assert verdict(0, 0, why=WHY) is Verdict.STOP
    assert STOPS_AT == 3
