"""What `bench chaos` calls a bad day that went well."""

from dataclasses import fields, replace

import pytest

from network.bench.chaos import ChaosVerdict, _spread
from network.bench.troubles import FROZEN_S
from network.messaging.rules.states import LEASE

WELL = ChaosVerdict(
    lost=0,
    twice=0,
    wrong=0,
    unanswered=0,
    unhandled=0,
    unread=0,
    broken=0,
    untrue=0,
    helped=3,
    members=4,
    waited=(1.0, 2.0, 3.0, 20.0),
    texts=40,
    seconds=100.0,
)
COUNTED = [field.name for field in fields(ChaosVerdict)[:8]]


def test_a_day_is_clean_where_nothing_was_lost_doubled_or_left():
    assert WELL.clean
    assert "3 of 4 within 3 minutes" in WELL.lines()[0]
    assert "p50 2.5 s" in WELL.lines()[1]


@pytest.mark.parametrize("what", COUNTED)
def test_one_of_anything_is_too_many(what):
    assert not replace(WELL, **{what: 1}).clean


def test_help_that_came_late_is_told_and_fails_nothing():
    assert replace(WELL, helped=0).clean


@pytest.mark.parametrize(
    ("requests", "times", "after"), [(10, 1, {5}), (60, 4, {12, 24, 36, 48}), (10, 0, set())]
)
def test_what_goes_wrong_is_spread_over_the_day(requests, times, after):
    assert _spread(requests, times) == after


def test_a_worker_stands_still_for_longer_than_it_holds_a_text():
    assert LEASE.total_seconds() < FROZEN_S
