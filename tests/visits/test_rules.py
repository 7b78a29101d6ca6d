"""Stages, clocks and words."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from network.messaging.rules.opt_out import RESERVED
from network.support.rules.requests import Kind
from network.visits.rules.stages import (
    STEPS,
    WORDS,
    Stage,
    StepNotPossible,
    VisitStep,
    after,
    done_by,
    new_word,
    there_by,
    trip_minutes,
)

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("step", VisitStep)
def test_each_pair_is_a_step_or_is_refused(stage, step):
    if (stage, step) in STEPS:
        assert after(stage, step) in Stage
    else:
        with pytest.raises(StepNotPossible):
            after(stage, step)


def test_words_are_plain_capitals_of_four_letters_or_more():
    assert all(re.fullmatch(r"[A-ZÑ]{4,}", word) for word in WORDS)
    assert len(set(WORDS)) == len(WORDS)
    assert not set(WORDS) & RESERVED


def test_a_new_word_was_not_used_and_is_nobodys_duress_word():
    chosen = new_word(lambda words: words[0], used=WORDS[:3], forbidden=[WORDS[3]])
    assert chosen == WORDS[4]
    assert new_word(lambda words: words[0], used=WORDS, forbidden=[]) in WORDS


@pytest.mark.parametrize(
    ("said", "miles", "minutes"), [(30, 2, 30), (None, None, None), (None, 2, 10), (None, 10, 35)]
)
def test_minutes_are_what_was_said_or_from_the_distance(said, miles, minutes):
    assert trip_minutes(said, miles) == minutes


def test_clocks():
    assert there_by(NOW, 10) == NOW + timedelta(minutes=30)
    assert there_by(NOW, None) == NOW + timedelta(minutes=40)
    assert done_by(NOW, Kind.CHILDCARE) > done_by(NOW, Kind.LEGAL)
