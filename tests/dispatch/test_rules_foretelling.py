"""Whether what was foretold comes true: bands of chances, fifths of delays, waves in which nobody says yes."""

import random

import pytest

from network.dispatch.rules.chance import Delays
from network.dispatch.rules.foretelling import (
    CHANCE_EDGES,
    Band,
    Doubt,
    Reliability,
    SilentWaves,
    Wave,
    chance_band,
    fifth_of,
    silent_waves,
)

YES_MINUTES = Delays()


@pytest.mark.parametrize(
    ("chance", "band"),
    [(0.0, 0), (0.049, 0), (0.05, 1), (0.1, 2), (0.29, 4), (0.3, 5), (0.79, 8), (0.8, 9), (1.0, 9)],
)
def test_a_chance_belongs_to_one_of_ten_bands(chance, band):
    assert chance_band(chance) == band
    assert len(CHANCE_EDGES) + 1 == 10


def test_a_fifth_of_the_yeses_is_foretold_for_each_fifth():
    dice = random.Random(3)
    fifths = [
        fifth_of(dice.lognormvariate(YES_MINUTES.mean, YES_MINUTES.sigma), YES_MINUTES) for _ in range(5000)
    ]
    for fifth in range(5):
        assert fifths.count(fifth) == pytest.approx(1000, abs=120)
    assert (fifth_of(0, YES_MINUTES), fifth_of(1e9, YES_MINUTES)) == (0, 4)


@pytest.mark.parametrize(
    ("band", "off"),
    [
        (Band(), False),
        (Band(29, 14.5, 0), False),  # too few to tell
        (Band(30, 15.0, 0), True),
        (Band(100, 20.0, 20), False),
        (Band(100, 20.0, 26), False),  # by chance
        (Band(100, 20.0, 40), True),
        (Band(100, 20.0, 4), True),
        (Band(100_000, 20_000.0, 20_900), False),  # surely no chance, and near enough
        (Band(100_000, 20_000.0, 30_000), True),
        (Band(40, 0.4, 4), True),
        (Band(50, 50.0, 50), False),
    ],
)
def test_a_band_is_off_where_neither_chance_explains_it_nor_it_is_near_enough(band, off):
    assert band.is_off is off


def test_waves_in_which_nobody_says_yes_are_foretold_from_each_chance():
    found = silent_waves([Wave([0.5, 0.5], 0), Wave([0.2], 1), Wave([], 0)])
    assert (found.waves, found.seen) == (3, 2)
    assert found.foretold == pytest.approx(0.25 + 0.8 + 1)


@pytest.mark.parametrize(
    ("silent", "off"),
    [
        (SilentWaves(29, 3, 29, 1.6), False),
        (SilentWaves(100, 10, 16, 3), False),
        (SilentWaves(100, 10, 21, 3), True),
        (SilentWaves(100, 10, 0, 3), False),  # fewer than foretold harms nobody
        (SilentWaves(10_000, 1000, 1150, 30), False),  # no chance, and near enough
    ],
)
def test_silence_is_shared_where_far_more_waves_than_foretold_have_no_yes(silent, off):
    assert silent.is_off is off


@pytest.mark.parametrize(
    ("counts", "off"),
    [
        ([10] * 5, False),
        ([4, 4, 2, 0, 39], False),
        ([40] * 5, False),
        ([80, 40, 40, 30, 10], True),
        ([2100, 2000, 2000, 1950, 1950], False),
    ],
)
def test_delays_are_off_where_a_fifth_is_far_from_a_fifth(counts, off):
    found = Reliability(fifths=dict(enumerate(counts)))
    assert found.doubts == ([Doubt.DELAYS] if off else [])


def town(dice, *, times=1.0, days_of_silence=0.0, slower=1.0, waves=400):
    """A made-up town, and what would be noted of it."""
    bands, fifths, asked = {}, dict.fromkeys(range(5), 0), []
    for _ in range(waves):
        chances = [dice.choice((0.03, 0.08, 0.12, 0.18, 0.25, 0.45)) for _ in range(8)]
        silent, yeses = dice.random() < days_of_silence, 0
        for chance in chances:
            yes = not silent and dice.random() < chance * times
            yeses += yes
            before = bands.get(chance_band(chance), Band())
            bands[chance_band(chance)] = Band(before.offers + 1, before.foretold + chance, before.came + yes)
            if yes:
                minutes = dice.lognormvariate(YES_MINUTES.mean, YES_MINUTES.sigma) * slower
                fifths[fifth_of(minutes, YES_MINUTES)] += 1
        asked.append(Wave(chances, yeses))
    return Reliability(bands, fifths, silent_waves(asked))


def test_in_a_town_as_expected_there_is_hardly_ever_a_doubt():
    doubted = sum(bool(town(random.Random(seed)).doubts) for seed in range(200))
    assert doubted <= 2


@pytest.mark.parametrize(
    ("otherwise", "doubt"),
    [
        ({"times": 0.5}, Doubt.CHANCES),
        ({"times": 2.0}, Doubt.CHANCES),
        ({"slower": 3.0}, Doubt.DELAYS),
        ({"slower": 0.3}, Doubt.DELAYS),
        ({"days_of_silence": 0.3}, Doubt.SILENCE),
    ],
)
def test_in_another_town_it_is_seen(otherwise, doubt):
    for seed in range(20):
        assert doubt in town(random.Random(seed), **otherwise).doubts
