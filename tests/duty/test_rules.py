"""Who is on, who is next, and what the week lacks."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.duty.rules.clock import NotAShift, awake, moment, reading, span, weekly
from network.duty.rules.shifts import (
    Colleague,
    CoverageLack,
    Gap,
    ShiftTurn,
    crew_of,
    gaps,
    is_missed,
    is_on,
    next_turn,
    overlaps,
)

CHICAGO = ZoneInfo("America/Chicago")
SIX = datetime(2026, 10, 6, 6, tzinfo=UTC)
ANA, BETO, CARLA = (UUID(int=n) for n in (1, 2, 3))


def at(hours: float) -> datetime:
    return SIX + timedelta(hours=hours)


def turn(who=ANA, begins=0.0, ends=8.0, started=None, ended=None, offered=False) -> ShiftTurn:
    return ShiftTurn(
        who,
        at(begins),
        at(ends),
        None if started is None else at(started),
        None if ended is None else at(ended),
        offered,
    )


@pytest.mark.parametrize(
    ("planned", "hour", "on"),
    [
        (turn(), 1, False),  # planned only
        (turn(started=0), 1, True),
        (turn(started=-0.5), 0, True),  # started early
        (turn(started=2), 1, False),
        (turn(started=0, ended=2), 3, False),
        (turn(started=0), 7.99, True),
        (turn(started=0), 8, False),  # its time is over
    ],
)
def test_a_shift_counts_from_its_start_to_its_end(planned, hour, on):
    assert is_on(planned, at(hour)) is on


@pytest.mark.parametrize(
    ("planned", "hour", "late"),
    [
        (turn(), 0.1, False), (turn(), 0.2, True), (turn(), 7.9, True), (turn(), 8, False),
        (turn(started=0), 1, False), (turn(started=0, ended=1), 2, False),
    ],
)  # fmt: skip
def test_a_shift_that_nobody_starts_is_missed_after_ten_minutes(planned, hour, late):
    assert is_missed(planned, at(hour)) is late


def test_a_started_shift_goes_before_a_live_console_and_a_live_console_counts_alone():
    everyone = [Colleague(ANA), Colleague(BETO)]
    crew = crew_of([turn(started=0.5)], {BETO: at(1)}, everyone, now=at(1))
    assert (crew.on, crew.since) == (frozenset({ANA}), at(0.5))
    crew = crew_of([turn()], {BETO: at(1) - timedelta(seconds=119)}, everyone, now=at(1))
    assert (crew.on, crew.since, crew.following) == (frozenset({BETO}), None, ANA)
    crew = crew_of([], {BETO: at(1) - timedelta(minutes=2)}, everyone, now=at(1))
    assert (crew.on, crew.following) == (frozenset(), None)


def test_with_two_on_the_shift_that_began_first_says_since_when():
    crew = crew_of([turn(started=2), turn(BETO, started=1)], {}, [], now=at(3))
    assert (crew.on, crew.since) == (frozenset({ANA, BETO}), at(1))


def test_next_is_the_first_to_come_who_is_not_on_and_one_who_should_be_here_comes_first():
    turns = [turn(started=0), turn(ANA, 8, 12), turn(BETO, 9, 12), turn(CARLA, 0, 2), turn(BETO, 0, 1, 0, 1)]
    assert next_turn(turns, {ANA}, now=at(1)) == turns[3]
    assert next_turn(turns, {ANA}, now=at(3)) == turns[2]
    assert next_turn(turns[:2], {ANA}, now=at(3)) is None


def test_the_hours_with_nobody_stand_first():
    turns = [turn(begins=0, ends=8, offered=True), turn(BETO, 8, 12), turn(BETO, 20, 24)]
    assert gaps(turns, now=at(0), ahead=timedelta(hours=30)) == [
        Gap(at(12), at(20), CoverageLack.NOBODY),
        Gap(at(24), at(30), CoverageLack.NOBODY),
        Gap(at(0), at(8), CoverageLack.OFFERED),
    ]


def test_what_somebody_else_covers_is_no_gap_and_what_ended_covers_nothing():
    covered = [turn(offered=True), turn(BETO)]
    assert gaps(covered, now=at(0), ahead=timedelta(hours=8)) == []
    ended = [turn(started=0, ended=1), turn(CARLA, -9, 0), turn(CARLA, 9, 10)]
    assert gaps(ended, now=at(2), ahead=timedelta(hours=6)) == [Gap(at(2), at(8), CoverageLack.NOBODY)]
    two = [turn(begins=0, ends=4, offered=True), turn(BETO, 4, 8, offered=True)]
    assert gaps(two, now=at(0), ahead=timedelta(hours=8)) == [Gap(at(0), at(8), CoverageLack.OFFERED)]


HOURS = st.integers(0, 40)
TURNS = st.lists(
    st.builds(
        lambda who, start, long, offered: turn(who, start, start + long, offered=offered),
        st.sampled_from([ANA, BETO]),
        HOURS,
        st.integers(1, 12),
        st.booleans(),
    ),
    max_size=8,
)


@given(turns=TURNS, hour=st.integers(0, 47))
def test_every_moment_is_in_a_gap_exactly_when_it_lacks_somebody(turns, hour):
    moment_ = at(hour + 0.5)
    here = [
        gap.lack
        for gap in gaps(turns, now=at(0), ahead=timedelta(hours=48))
        if gap.starts_at <= moment_ < gap.ends_at
    ]
    covering = [turn for turn in turns if turn.starts_at <= moment_ < turn.ends_at]
    if not covering:
        assert here == [CoverageLack.NOBODY]
    else:
        assert here == ([CoverageLack.OFFERED] if all(turn.offered for turn in covering) else [])


def test_two_shifts_of_one_person_may_touch_but_not_meet():
    assert not overlaps(turn(begins=8, ends=9), [turn()])
    assert overlaps(turn(begins=7, ends=9), [turn()])
    assert not overlaps(turn(BETO, 7, 9), [turn()])


def test_a_nights_shift_is_an_hour_shorter_or_longer_when_the_clocks_change():
    def hours(day):
        start, end = span(day, time(22), time(6), CHICAGO)
        return (end - start) / timedelta(hours=1)

    assert hours(date(2026, 10, 6)) == 8
    assert hours(date(2026, 10, 31)) == 9  # clocks go back on 1 November
    assert hours(date(2027, 3, 13)) == 7  # and forward on 14 March


def test_an_hour_that_is_skipped_is_the_one_after_it_and_one_that_comes_twice_the_first():
    assert moment(date(2027, 3, 14), time(2, 30), CHICAGO).astimezone(CHICAGO).time() == time(3, 30)
    assert moment(date(2026, 11, 1), time(1, 30), CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_a_weekly_shift_keeps_its_hours_by_the_clock():
    spans = weekly(date(2026, 10, 29), time(6), time(14), CHICAGO, weeks=2, now=SIX)
    assert [start.astimezone(CHICAGO).time() for start, _ in spans] == [time(6), time(6)]
    assert [start.hour for start, _ in spans] == [11, 12]


@pytest.mark.parametrize("weeks", [0, 13])
def test_a_shift_repeats_for_one_to_twelve_weeks(weeks):
    with pytest.raises(NotAShift):
        weekly(date(2026, 10, 29), time(6), time(14), CHICAGO, weeks=weeks, now=SIX)


def test_a_shift_that_is_over_or_that_the_clocks_swallow_is_none():
    with pytest.raises(NotAShift):
        weekly(date(2026, 10, 5), time(6), time(14), CHICAGO, weeks=1, now=SIX)
    with pytest.raises(NotAShift):
        weekly(date(2027, 3, 14), time(2, 30), time(3, 30), CHICAGO, weeks=1, now=SIX)


@pytest.mark.parametrize(
    ("wakes", "sleeps", "hour", "is_awake"),
    [(7, 23, 6, False), (7, 23, 7, True), (7, 23, 23, False), (15, 7, 6, True), (15, 7, 8, False), (15, 7, 16, True), (7, 7, 3, True)],
)  # fmt: skip
def test_waking_hours_may_run_past_midnight(wakes, sleeps, hour, is_awake):
    assert awake(datetime(2026, 10, 6, hour, tzinfo=CHICAGO), time(wakes), time(sleeps)) is is_awake


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(0, 0, "12 am"), (6, 0, "6 am"), (9, 30, "9:30 am"), (12, 5, "12:05 pm"), (22, 0, "10 pm")],
)
def test_an_hour_is_said_as_texts_say_it(hour, minute, said):
    assert reading(datetime(2026, 10, 6, hour, minute, tzinfo=CHICAGO)) == said
