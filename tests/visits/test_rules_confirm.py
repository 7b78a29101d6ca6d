from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.visits.rules.confirm import confirmations, next_confirmation, silence
from network.visits.rules.stages import comes_later, there_by

FIRST, LAST = datetime(2026, 1, 1), datetime(2027, 1, 1)  # noqa: DTZ001  the generator wants them bare
CHICAGO = ZoneInfo("America/Chicago")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("start", "asked"),
    [
        ("2026-10-13T09:30", ["2026-10-12T09:30", "2026-10-13T07:30"]),
        ("2026-10-13T07:00", ["2026-10-12T07:00", "2026-10-12T20:00"]),  # 5 am is asked the evening before
        ("2026-10-13T05:00", ["2026-10-11T20:00", "2026-10-12T20:00"]),
        ("2026-10-13T23:30", ["2026-10-12T20:00", "2026-10-13T20:00"]),  # 9:30 pm is late as well
        ("2026-11-01T09:30", ["2026-10-31T10:30", "2026-11-01T07:30"]),  # a day of 25 hours
        ("2027-03-14T09:30", ["2027-03-13T08:30", "2027-03-14T07:30"]),  # and of 23
    ],
)
def test_nobody_is_asked_at_night_whether_it_stands(start, asked):
    moments = confirmations(at(start), CHICAGO)
    assert [f"{moment.astimezone(CHICAGO):%Y-%m-%dT%H:%M}" for moment in moments] == asked


@pytest.mark.parametrize(
    ("yes", "then"),
    [
        ("2026-10-10T12:00", "2026-10-12T09:30"),
        ("2026-10-12T09:15", "2026-10-13T07:30"),  # just said so
        ("2026-10-12T09:40", "2026-10-13T07:30"),
        ("2026-10-13T07:20", None),
        ("2026-10-13T07:35", None),
    ],
)
def test_after_a_yes_the_next_question_is_the_first_that_is_not_too_soon(yes, then):
    found = next_confirmation(at("2026-10-13T09:30"), at(yes), CHICAGO)
    assert (f"{found.astimezone(CHICAGO):%Y-%m-%dT%H:%M}" if found else None) == then


@given(
    st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    st.integers(0, 60 * 24 * 30),
)
def test_a_question_and_the_end_of_its_silence_come_before_the_start(start, minutes):
    asked = next_confirmation(start, start - timedelta(minutes=minutes), CHICAGO)
    if asked is not None:
        assert 6 <= asked.astimezone(CHICAGO).hour < 21
        assert asked + silence(start, asked) <= start - timedelta(minutes=90)


def test_silence_may_be_longer_long_before():
    start = at("2026-10-13T09:30")
    assert silence(start, start - timedelta(hours=24)) == timedelta(hours=3)
    assert silence(start, start - timedelta(hours=2)) == timedelta(minutes=30)


def test_texts_name_the_time_until_it_is_near():
    start = at("2026-10-13T09:30")
    assert comes_later(start, start - timedelta(minutes=31))
    assert not comes_later(start, start - timedelta(minutes=30))
    assert not comes_later(None, start)


def test_who_comes_at_a_set_time_is_missed_after_it():
    start = at("2026-10-13T09:30")
    assert there_by(start - timedelta(hours=2), 30, starts_at=start) == start + timedelta(minutes=20)
    assert there_by(start, 30, starts_at=start) == start + timedelta(minutes=50)
