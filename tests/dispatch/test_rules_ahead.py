from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.dispatch.rules.ahead import clashes, held_by_night, look_in, pace, waits_for_morning

NOW = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("theirs", "wanted", "clash"),
    [
        (None, None, True),
        (None, 3, True),
        (None, 4, False),
        (3, None, True),
        (5, None, False),
        (-6, None, True),  # the visit goes on
        (-6, 5, False),
        (24, 26, True),
        (24, 28, False),
        (28, 24, False),
    ],
)
def test_two_visits_nearer_than_four_hours_clash(theirs, wanted, clash):
    first, second = (None if hours is None else NOW + hours * HOUR for hours in (theirs, wanted))
    assert clashes(first, second, NOW) is clash


@pytest.mark.parametrize(
    ("local", "hours", "then"),
    [
        ("2026-10-05T12:00", 40, None),
        ("2026-10-05T22:00", 40, "2026-10-06T08:00"),
        ("2026-10-06T03:00", 40, "2026-10-06T08:00"),
        ("2026-10-06T08:00", 40, None),
        ("2026-10-06T03:00", 9, None),  # no time to wait
        ("2026-10-31T22:00", 40, "2026-11-01T08:00"),  # the night in which the clock goes back
    ],
)
def test_a_wave_due_at_night_waits_for_the_morning(local, hours, then):
    here = datetime.fromisoformat(local).replace(tzinfo=CHICAGO)
    found = waits_for_morning(here.astimezone(UTC) + hours * HOUR, here)
    assert (f"{found:%Y-%m-%dT%H:%M}" if found else None) == then


@pytest.mark.parametrize(
    ("now", "due", "then"),
    [
        ("2026-10-05T22:00", "2026-10-06T08:00", "2026-10-06T08:00"),  # put off already
        ("2026-10-05T20:50", "2026-10-05T21:20", "2026-10-06T08:00"),  # will be
        ("2026-10-05T22:00", "2026-10-05T21:59", "2026-10-06T08:00"),  # overdue by a breath
        ("2026-10-05T22:00", "2026-10-06T08:10", None),  # due by day, by itself
        ("2026-10-05T12:00", "2026-10-05T12:30", None),
        ("2026-10-06T07:59", "2026-10-06T08:00", "2026-10-06T08:00"),
        ("2026-10-06T08:00", "2026-10-06T08:00", None),
    ],
)
def test_the_next_look_is_named_only_where_the_night_puts_it_off(now, due, then):
    here, at = (datetime.fromisoformat(moment).replace(tzinfo=CHICAGO) for moment in (now, due))
    found = held_by_night(here.astimezone(UTC) + 60 * HOUR, at, here)
    assert (f"{found:%Y-%m-%dT%H:%M}" if found else None) == then


@given(st.integers(1, 60 * 24 * 60))
def test_there_is_less_patience_the_nearer_it_comes(minutes):
    far = pace(NOW + timedelta(minutes=minutes + 60), NOW, 12 * MINUTE)
    near = pace(NOW + timedelta(minutes=minutes), NOW, 12 * MINUTE)
    assert 12 * MINUTE <= near <= far <= 6 * HOUR
    assert MINUTE <= look_in(NOW + timedelta(minutes=minutes), NOW, MINUTE) <= 30 * MINUTE
    assert look_in(None, NOW, MINUTE) == MINUTE
