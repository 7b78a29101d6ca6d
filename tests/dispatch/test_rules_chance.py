"""How likely a yes is, how soon, and whether those asked are enough: exact where it can be."""

import math
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.dispatch.rules.chance import (
    CELLS,
    KAPPA,
    Count,
    Delays,
    Learned,
    Outstanding,
    Part,
    Settlement,
    decayed,
    enough,
    kappa_of,
    learn,
    likeliness,
    prior,
    rates,
    still_yes,
)
from network.dispatch.rules.crowd import Crowd
from tests.budget import examples
from tests.dispatch.test_rules_fit import FIT, NOW

chances = st.floats(0, 0.9)
some = st.lists(chances, max_size=8)
minutes = st.floats(0, 600)
answered_after = st.lists(st.floats(0, 300), min_size=1, max_size=40)


@given(some, st.integers(0, 4))
@settings(max_examples=examples(80))
def test_enough_is_the_sum_over_all_that_could_happen(each, places):
    total = 0.0
    for yeses in product((0, 1), repeat=len(each)):
        if sum(yeses) >= places:
            total += math.prod(p if yes else 1 - p for p, yes in zip(each, yeses, strict=True))

    assert enough(each, places) == pytest.approx(total, abs=1e-12)


@given(some.filter(bool), st.integers(0, 4), st.data())
@settings(max_examples=examples(80))
def test_enough_is_likelier_with_a_likelier_person_and_with_fewer_places(each, places, data):
    who = data.draw(st.integers(0, len(each) - 1))
    likelier = [*each]
    likelier[who] = data.draw(st.floats(each[who], 1))

    assert enough(likelier, places) >= enough(each, places) - 1e-12
    assert enough(each, places) >= enough(each, places + 1) - 1e-12


@given(chances, st.floats(0, 0.9), st.lists(minutes, min_size=2, max_size=5), st.floats(0, 60))
@settings(max_examples=examples(80))
def test_silence_only_makes_a_yes_by_a_given_time_less_likely(chance, says_no, gone, ahead):
    outstanding, delays = Outstanding(chance, NOW), Delays()
    until = NOW + timedelta(minutes=max(gone) + ahead)
    seen = [
        still_yes(outstanding, now=NOW + timedelta(minutes=ago), until=until, delays=delays, says_no=says_no)
        for ago in sorted(gone)
    ]

    assert all(later <= earlier + 1e-12 for earlier, later in pairwise(seen))
    assert all(0 <= part <= chance for part in seen)


@given(chances, chances, st.floats(0, 0.9), minutes, st.floats(0, 60))
@settings(max_examples=examples(80))
def test_who_was_likelier_when_asked_is_likelier_after_the_same_silence(first, other, says_no, gone, ahead):
    now = NOW + timedelta(minutes=gone)
    low, high = (
        still_yes(
            Outstanding(chance, NOW),
            now=now,
            until=now + timedelta(minutes=ahead),
            delays=Delays(),
            says_no=says_no,
        )
        for chance in sorted((first, other))
    )
    assert low <= high + 1e-12


def test_still_yes_is_what_bayes_says():
    delays, chance, says_no = Delays(), 0.3, 0.25
    by_now, by_then = delays.by(5), delays.by(17)
    silent = chance * (1 - by_now) + (1 - chance) * (1 - says_no * by_now)

    found = still_yes(
        Outstanding(chance, NOW),
        now=NOW + timedelta(minutes=5),
        until=NOW + timedelta(minutes=17),
        delays=delays,
        says_no=says_no,
    )

    assert found == pytest.approx(chance * (by_then - by_now) / silent)


@given(answered_after, minutes, minutes)
@settings(max_examples=examples(60))
def test_more_yeses_have_come_the_longer_one_waits(after, first, other):
    delays = Delays()
    for took in after:
        delays = delays.also(took)
    soon, late = sorted((first, other))

    assert 0 <= delays.by(soon) <= delays.by(late) + 1e-12 <= 1 + 1e-12
    assert delays.by(0) == delays.by(-1) == 0
    assert Delays().by(6) == pytest.approx(0.5)


def with_the_prior(after):
    """Thirty delays whose mean and spread are the prior's, and those that were seen."""
    start = Delays()
    spread = np.repeat([-start.sigma, start.sigma], 15)
    return np.concatenate([start.mean + spread, np.log(np.maximum(after, 1 / 60))])


@given(answered_after)
@settings(max_examples=examples(60))
def test_delays_are_the_mean_and_spread_of_all_that_were_seen(after):
    delays = Delays()
    for took in after:
        delays = delays.also(took)
    logs = with_the_prior(after)

    assert delays.count == len(logs)
    assert delays.mean == pytest.approx(logs.mean())
    assert delays.sigma == pytest.approx(logs.std())


@given(answered_after, answered_after)
@settings(max_examples=examples(60))
def test_day_and_night_are_one_while_few_were_seen(by_day, by_night):
    day, night, both = Delays(), Delays(), Delays()
    for took in by_day:
        day, both = day.also(took), both.also(took)
    for took in by_night:
        night, both = night.also(took), both.also(took)
    learned = Learned(delays={Part.DAY: day, Part.NIGHT: night})

    for part in Part:
        pooled = learned.delay(part)
        assert pooled.count == both.count
        assert pooled.mean == pytest.approx(both.mean)
        assert pooled.squares == pytest.approx(both.squares)


def test_day_and_night_are_told_apart_once_both_were_seen_often():
    day, night = Delays(), Delays()
    for _ in range(200):
        day, night = day.also(3), night.also(20)
    often = Learned(delays={Part.DAY: day, Part.NIGHT: night})

    assert often.delay(Part.DAY) == day
    assert often.delay(Part.NIGHT) == night
    assert Learned(delays={Part.DAY: day}).delay(Part.NIGHT) == day
    assert Learned().delay(Part.NIGHT) == Delays()


def test_before_anything_is_seen_the_factors_are_the_published_ones():
    nothing = Learned()

    assert nothing.factor("g") == pytest.approx(0.10)
    assert nothing.factors("d") == pytest.approx([1.4, 1.2, 1.0, 0.75, 0.5, 0.3])
    assert nothing.factors("v") == pytest.approx([0.5, 1.4])
    assert nothing.factors("a") == pytest.approx([1.2, 1.0, 0.8, 0.6, 0.4])
    assert nothing.factors("l") == pytest.approx([0.7, 1.1])
    assert all(prior(cell).accepts == 30 for cell in CELLS)
    assert len(CELLS) == 16
    assert nothing.says_no == 0.25


def test_the_chance_is_the_product_of_its_bands():
    far = replace(FIT, miles=20.0, on_hours=False, asks=5.0, languages=frozenset())
    silent = replace(FIT, missed=0.6)
    unknown = replace(FIT, miles=None)
    known = rates(Crowd.of([FIT, far, silent, unknown]), "es", Learned())

    near = 0.1 * 1.2 * 1.4 * 1.2 * 1.1
    assert known.chance == pytest.approx([near, 0.1 * 0.3 * 0.5 * 0.4 * 0.7, near / 2, near / 4])
    assert known.cells(0) == ("g", "d1", "v1", "a0", "l1")
    assert known.cells(1) == ("g", "d5", "v0", "a4", "l0")


def test_nobody_is_likelier_than_others_before_they_were_asked_nor_ever_certain():
    eager = replace(FIT, accepts=50.0, expected=1.0)
    deaf = replace(FIT, expected=7.0)
    crowd = Crowd.of([FIT, eager, deaf])

    assert likeliness(crowd, Learned())[0] == 1
    assert likeliness(crowd, Learned())[2] == pytest.approx(KAPPA / 7.7)
    assert rates(crowd, "es", Learned()).chance[1] == 0.9


CELL = ("g", "d0")
SAID_YES = Settlement(CELL, 0.14, 2.0, yes=True, minutes=4.0, part=Part.NIGHT)
SAID_NO = Settlement(CELL, 0.14, 1.0, yes=False, said_no=True)
SILENT = Settlement(CELL, 0.14, 1.0, yes=False)


def test_each_settlement_is_counted_once():
    before = Learned()
    learned = learn(before, [SAID_YES, SAID_NO, SILENT, SILENT])

    assert learned.cells["g"].accepts == learned.cells["d0"].accepts == 1
    assert (learned.noes, learned.silences) == (1, 2)
    assert learned.delays == {Part.NIGHT: Delays().also(4.0)}
    assert learned.says_no == pytest.approx(6 / 23)
    assert before == Learned()
    assert learn(before, [SAID_YES]).cells["g"] == Count(1, pytest.approx(0.28 / 0.1))
    assert learn(before, [SAID_YES]).cells["d0"] == Count(1, pytest.approx(0.28 / 1.4))


def test_a_yes_whose_delay_is_unknown_says_nothing_of_delays():
    assert learn(Learned(), [replace(SAID_YES, minutes=None)]).delays == {}


@given(st.lists(st.sampled_from([SAID_YES, SAID_NO, SILENT]), max_size=12), st.integers(0, 12))
@settings(max_examples=examples(40))
def test_learning_in_two_parts_is_learning_at_once(settled, cut):
    assert learn(learn(Learned(), settled[:cut]), settled[cut:]) == learn(Learned(), settled)


def test_what_is_learned_comes_near_the_truth():
    chance, learned = np.random.default_rng(7), Learned()
    truth = {"d0": 0.25, "d5": 0.02}
    for band in chance.choice(list(truth), size=12_000):
        cells = ("g", str(band))
        rate = learned.factor("g") * learned.factor(cells[1])
        learned = learn(learned, [Settlement(cells, rate, 1.0, yes=bool(chance.random() < truth[cells[1]]))])

    for band, true in truth.items():
        assert learned.factor("g") * learned.factor(band) == pytest.approx(true, rel=0.15)


def test_people_count_as_alike_until_many_were_asked_and_then_within_bounds():
    rng = np.random.default_rng(1)
    asked = rng.uniform(1, 3, 5_000)

    def of(kappa):
        return kappa_of(rng.poisson(asked * rng.gamma(kappa, 1 / kappa, 5_000)).astype(float), asked)

    assert kappa_of(np.zeros(199), np.full(199, 2.0)) == KAPPA
    assert kappa_of(np.zeros(300), np.full(300, 0.5)) == KAPPA
    assert kappa_of(asked, asked) == 3.0
    assert of(0.02) == 0.3
    assert of(50.0) == 3.0
    assert of(1.0) == pytest.approx(1.0, rel=0.3)


def test_what_is_decayed_halves_in_its_time():
    assert decayed(8.0, timedelta(hours=72), halves_in=timedelta(hours=24)) == pytest.approx(1.0)
    assert decayed(8.0, timedelta(0), halves_in=timedelta(hours=24)) == 8.0
