"""The week of shifts as a table."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.console.duty.week import HALF_HOURS, Stretch, StretchKind, days
from tests.budget import examples

CHICAGO = ZoneInfo("America/Chicago")
FIRST = date(2026, 10, 6)
MIDNIGHT = datetime(2026, 10, 6, tzinfo=CHICAGO)


def stretch(start, end, kind=StretchKind.OTHER):
    """From and to so many hours after the first midnight."""
    return Stretch(MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=end), kind, f"{start}-{end}")


def drawn(*stretches, first=FIRST):
    return [
        [[(cell.columns, cell.stretch and cell.stretch.name) for cell in lane] for lane in day.lanes]
        for day in days(stretches, first=first, zone=CHICAGO)
    ]


def test_a_day_is_forty_eight_half_hours_and_what_overlaps_is_a_lane_below():
    week = drawn(stretch(6, 12), stretch(12, 18), stretch(10, 14))
    assert week[0] == [
        [(12, None), (12, "6-12"), (12, "12-18"), (12, None)],
        [(20, None), (8, "10-14"), (20, None)],
    ]
    assert week[1:] == [[[(48, None)]]] * 6


def test_a_night_is_in_both_days_and_its_ends_in_one_each():
    first, second = days([stretch(22, 30)], first=FIRST, zone=CHICAGO)[:2]
    last = first.lanes[0][-1]
    assert (last.columns, last.begins.hour, last.ends) == (4, 22, None)
    early = second.lanes[0][0]
    assert (early.columns, early.begins, early.ends.hour) == (12, None, 6)


@pytest.mark.parametrize(("start", "end"), [(9.1, 9.2), (23.9, 23.95), (0, 0.1)])
def test_the_shortest_is_seen(start, end):
    assert [columns for columns, name in drawn(stretch(start, end))[0][0] if name] == [1]


@pytest.mark.parametrize(("first", "hours"), [(date(2026, 11, 1), 25), (date(2027, 3, 14), 23)])
def test_on_the_days_when_clocks_change_a_whole_day_is_a_whole_row(first, hours):
    midnight = datetime.combine(first, datetime.min.time(), CHICAGO).astimezone(UTC)
    whole = Stretch(midnight, midnight + timedelta(hours=hours), StretchKind.YOU, "all")
    assert [row for day in drawn(whole, first=first) for row in day][:2] == [[(48, "all")], [(48, None)]]


HOURS = st.floats(-30, 200)


@given(pairs=st.lists(st.tuples(HOURS, st.floats(0.01, 40)), max_size=12))
@settings(max_examples=examples(100))
def test_each_lane_fills_its_day_and_each_stretch_is_on_each_of_its_days_once(pairs):
    stretches = [stretch(start, start + length) for start, length in pairs]
    for day in days(stretches, first=FIRST, zone=CHICAGO):
        assert all(sum(cell.columns for cell in lane) == HALF_HOURS for lane in day.lanes)
        assert all(cell.columns > 0 for lane in day.lanes for cell in lane)
        midnight = datetime.combine(day.day, datetime.min.time(), CHICAGO)
        end = midnight + timedelta(days=1)
        meets = [stretch for stretch in stretches if stretch.starts_at < end and stretch.ends_at > midnight]
        shown = [cell.stretch for lane in day.lanes for cell in lane if cell.stretch]
        assert sorted(map(id, shown)) == sorted(map(id, meets))
