"""The hours in which somebody may be asked, and words that can't be duress words."""

from datetime import UTC, datetime

import pytest

from network.people.rules.hours import BadHours, is_between, is_night, may_be_asked, on_hours, parse_hours
from network.people.rules.secrets import duress_word_problem


@pytest.mark.parametrize("word", ["STOP", "help", "mango", "uno", "ok", "12345"])
def test_a_duress_word_is_no_command_and_no_visit_word(word):
    assert duress_word_problem(word, is_everyday=lambda word: word.upper() == "MANGO")


@pytest.mark.parametrize(
    ("hours", "day", "hour", "on"),
    [
        ("always", 5, 3, True), ("mon-fri 08:00-18:00", 6, 9, True), ("mon-fri 08:00-18:00", 6, 18, False),
        ("mon-fri 08:00-18:00", 10, 9, False), ("mon-fri 08:00-18:00; sat 09:00-13:00", 10, 9, True),
        ("fri 20:00-02:00", 10, 1, True), ("sun 22:00-03:00", 12, 2, True), ("fri-mon 08:00-09:00", 11, 8, True),
    ],
)  # fmt: skip
def test_hours(hours, day, hour, on):
    assert on_hours(parse_hours(hours), datetime(2026, 10, day, hour, 30, tzinfo=UTC)) is on


@pytest.mark.parametrize("text", ["", "mondays", "mon 8-18", "mon-xxx 08:00-09:00", "mon 25:00-26:00"])
def test_bad_hours(text):
    with pytest.raises(BadHours):
        parse_hours(text)


def test_night_is_from_nine_to_eight():
    assert is_night(datetime(2026, 10, 6, 21, tzinfo=UTC))
    assert not is_night(datetime(2026, 10, 6, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("hour", "hours", "wakes", "asked"),
    [(21, "always", False, True), (22, "always", False, False), (3, "always", True, True), (6, "always", False, False),
     (7, "always", False, True), (23, "mon-sun 20:00-24:00", False, True), (1, "mon-sun 20:00-24:00", False, False),
     (6, "mon-sun 06:00-10:00", False, True), (12, "mon-sun 06:00-10:00", False, True)],
)  # fmt: skip
def test_at_night_who_wants_to_be_woken_is_asked_and_whose_own_hours_say_so(hour, hours, wakes, asked):
    at = datetime(2026, 10, 6, hour, tzinfo=UTC)
    assert may_be_asked(parse_hours(hours), at, wakes=wakes, night=(22, 7)) is asked


def test_a_night_may_run_past_midnight_or_be_none():
    clock = [datetime(2026, 10, 6, hour, tzinfo=UTC) for hour in range(24)]
    assert [at.hour for at in clock if is_between(at, (22, 7))] == [*range(7), 22, 23]
    assert [at.hour for at in clock if is_between(at, (1, 5))] == [1, 2, 3, 4]
    assert not any(is_between(at, (0, 0)) for at in clock)
