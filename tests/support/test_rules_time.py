from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.support.rules.set_time import LAST_CALL, BadTime, answer_by, instants, is_ahead, start_at

CHICAGO, PHOENIX = ZoneInfo("America/Chicago"), ZoneInfo("America/Phoenix")
FIRST, LAST = datetime(2026, 1, 1), datetime(2028, 1, 1)  # noqa: DTZ001  the generator wants them bare
NOW = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "utc"),
    [
        (CHICAGO, date(2026, 10, 13), time(9, 30), ["2026-10-13T14:30"]),
        (CHICAGO, date(2026, 12, 1), time(9, 30), ["2026-12-01T15:30"]),
        (CHICAGO, date(2027, 3, 14), time(2, 30), []),
        (CHICAGO, date(2027, 3, 14), time(1, 59), ["2027-03-14T07:59"]),
        (CHICAGO, date(2027, 3, 14), time(3, 0), ["2027-03-14T08:00"]),
        (CHICAGO, date(2026, 11, 1), time(1, 30), ["2026-11-01T06:30", "2026-11-01T07:30"]),
        (CHICAGO, date(2026, 11, 1), time(2, 0), ["2026-11-01T08:00"]),
        (PHOENIX, date(2027, 3, 14), time(2, 30), ["2027-03-14T09:30"]),
        (PHOENIX, date(2026, 11, 1), time(1, 30), ["2026-11-01T08:30"]),
    ],
)
def test_an_hour_is_one_instant_or_none_or_two(zone, day, hour, utc):
    assert [f"{instant:%Y-%m-%dT%H:%M}" for instant in instants(day, hour, zone)] == utc


@given(st.datetimes(FIRST, LAST), st.sampled_from([CHICAGO, PHOENIX]))
def test_every_instant_found_shows_that_hour_on_the_local_clock(local, zone):
    local = local.replace(second=0, microsecond=0)
    for instant in instants(local.date(), local.time(), zone):
        assert instant.astimezone(zone).replace(tzinfo=None) == local


@given(st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
def test_every_instant_is_found_by_what_the_local_clock_shows(instant):
    shown = instant.astimezone(CHICAGO)
    assert instant in instants(shown.date(), shown.time(), CHICAGO)


@pytest.mark.parametrize(
    ("day", "hour", "which", "why"),
    [
        (date(2027, 3, 14), time(2, 30), None, "skipped"),
        (date(2026, 11, 1), time(1, 30), None, "repeated"),
        (date(2026, 10, 5), time(12, 59), None, "too_soon"),
        (date(2026, 10, 4), time(9, 0), None, "too_soon"),
        (date(2026, 12, 30), time(9, 0), None, "too_far"),
    ],
)
def test_a_time_that_can_not_be_meant_is_refused_with_its_reason(day, hour, which, why):
    with pytest.raises(BadTime, match=why):
        start_at(day, hour, CHICAGO, now=NOW, which=which)


@pytest.mark.parametrize(("which", "hour"), [(0, 6), (1, 7), (None, None)])
def test_of_an_hour_that_comes_twice_one_is_chosen(which, hour):
    if which is None:
        assert start_at(date(2026, 10, 13), time(9, 30), CHICAGO, now=NOW, which=1).hour == 14
    else:
        assert start_at(date(2026, 11, 1), time(1, 30), CHICAGO, now=NOW, which=which).hour == hour


def test_the_last_call_ends_the_time_ahead():
    start = NOW + timedelta(hours=5)
    assert is_ahead(start, start - LAST_CALL - timedelta(seconds=1))
    assert not is_ahead(start, start - LAST_CALL)
    assert not is_ahead(None, NOW)


@pytest.mark.parametrize(
    ("start", "now", "by"),
    [
        (None, "2026-10-05T15:00", "2026-10-05T15:20"),
        ("2026-10-13T14:30", "2026-10-05T15:00", "2026-10-12T23:00"),  # 6 pm on the evening before
        ("2026-10-13T14:30", "2026-10-12T22:30", "2026-10-13T11:30"),  # less than an hour to six
        ("2026-11-02T15:30", "2026-10-30T15:00", "2026-11-02T00:00"),  # six is an hour later by then
        ("2026-10-05T20:00", "2026-10-05T15:00", "2026-10-05T17:00"),
        ("2026-10-05T18:05", "2026-10-05T15:00", "2026-10-05T15:20"),
        ("2026-10-05T16:00", "2026-10-05T15:00", "2026-10-05T15:20"),
    ],
)
def test_by_when_we_say_that_we_write(start, now, by):
    starts_at = datetime.fromisoformat(start).replace(tzinfo=UTC) if start else None
    found = answer_by(starts_at, datetime.fromisoformat(now).replace(tzinfo=UTC), CHICAGO)
    assert f"{found:%Y-%m-%dT%H:%M}" == by


@given(st.integers(1, 60 * 24 * 60), st.datetimes(FIRST, LAST))
def test_a_promise_is_never_sooner_than_twenty_minutes_and_never_after_a_last_call_that_is_far(minutes, at):
    now = at.replace(tzinfo=UTC)
    start = now + timedelta(minutes=minutes)
    by = answer_by(start, now, CHICAGO)
    assert by >= now + timedelta(minutes=20)
    if start - now > timedelta(hours=4):
        assert by <= start - LAST_CALL
