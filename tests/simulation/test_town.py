"""The town and the policies in it: what holds whatever the seed, and which is better."""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from network.dispatch.rules.chance import DECAY_A_DAY, Learned, kappa_of
from network.dispatch.rules.surge import better_use
from network.simulation.line import SMS_A_MINUTE, BadOutage, TextQueue, outage_of
from network.simulation.other import OtherVolunteers
from network.simulation.play import Play
from network.simulation.policies import contenders
from network.simulation.spread import spread, student
from network.simulation.town import DAY, SCENARIOS, build, cases
from network.simulation.trials import NAMES, trial

pytestmark = pytest.mark.slow("plays whole days of a town")

A_TEXT = 1 / SMS_A_MINUTE


def played(scenario, policy, seed=1):
    rng = np.random.default_rng(seed)
    town = build(rng, people=scenario.people, zips=scenario.zips)
    wanted = cases(rng, town, scenario)
    play = Play(town, scenario, contenders(scenario.daily_cap)[policy], np.random.default_rng(seed))
    play.play(wanted)
    return play


@pytest.mark.parametrize("policy", NAMES)
def test_the_same_seed_gives_the_same_numbers(small, policy):
    few = replace(small, a_day=12)

    first, second = trial(few, policy, 11), trial(few, policy, 11)

    assert first.measures.as_json() == second.measures.as_json()
    assert np.array_equal(first.asked, second.asked)


def test_another_seed_gives_another_day(small):
    assert trial(small, "strong", 11).measures != trial(small, "strong", 12).measures


@pytest.mark.parametrize("policy", ["porchlight", "no-batch", "no-redirect", "no-learning"])
@pytest.mark.parametrize("surge", [0, 10])
def test_nobody_is_asked_more_often_than_the_cap(small, policy, surge):
    play = played(replace(small, people=60, a_day=10, surge=surge, daily_cap=6), policy)

    assert play.volunteers.most_in_a_day == 6  # so few people are asked as often as they may be


def test_a_group_chat_asks_everybody_and_a_blast_those_who_are_fit(small):
    chat, blast = trial(small, "group-chat", 1), trial(small, "eligible-blast", 1)

    assert chat.measures.asks_per_fill > blast.measures.asks_per_fill > 20


def test_no_request_takes_more_people_than_it_has_places(small):
    play = played(replace(small, a_day=20, surge=60), "porchlight")

    assert {len(run.accepted) for run in play.runs} >= {0, 1, 2}
    assert all(len(run.accepted) <= run.case.places for run in play.runs)
    assert all((run.filled_at is not None) == (run.places_left == 0) for run in play.runs)


def test_who_came_too_late_is_asked_for_another_request_by_the_real_rule(small, monkeypatch):
    found = []

    def rule(shown, **known):
        found.append(better_use(shown, **known))
        return found[-1]

    monkeypatch.setattr("network.simulation.play.better_use", rule)
    played(replace(small, people=600, surge=60), "strong")

    assert [where for where in found if where is not None]
    assert None in found


def test_a_text_in_an_outage_leaves_when_it_is_over():
    line = TextQueue(outage=(540, 600))

    assert line.leaves(539) == pytest.approx(539 + A_TEXT)
    assert line.leaves(550) == pytest.approx(600 + A_TEXT)
    assert line.leaves(560) == pytest.approx(600 + 2 * A_TEXT)
    assert line.leaves(DAY + 570) == pytest.approx(DAY + 600 + A_TEXT)


def test_nobody_knows_in_an_outage_when_it_ends():
    line = TextQueue(outage=(540, 600))
    line.leaves(550)

    assert line.wait(551) == pytest.approx(A_TEXT)


def test_requests_in_an_outage_are_filled_later(small):
    def waits(outage):
        runs = played(replace(small, outage=outage), "nearest-20").runs
        inside = [run for run in runs if 480 <= run.case.at < 600]
        return [math.inf if run.filled_at is None else run.filled_at for run in inside]

    assert min(waits((480, 600))) > 600 > min(waits(None))


@pytest.mark.parametrize("text", ["", "540", "600-540", "5-5", "1-1441", "-5-10", "a-b"])
def test_an_outage_is_two_minutes_of_a_day(text):
    with pytest.raises(BadOutage):
        outage_of(text)


def test_in_a_cold_start_nothing_was_learned_before_the_first_request(small):
    nobody = replace(small, a_day=0.0)

    cold, known = played(replace(nobody, cold=True), "porchlight"), played(nobody, "porchlight")

    assert cold.memory.learned == Learned()
    assert cold.volunteers.crowd.expected.sum() == 0 < known.volunteers.crowd.expected.sum()


def test_without_learning_there_is_no_history_either(small):
    assert played(replace(small, a_day=0.0), "no-learning").memory.learned == Learned()


def test_ours_fills_more_in_time_than_the_strong_baseline_and_that_more_than_the_nearest_five():
    normal = SCENARIOS["normal"]

    ours, strong, nearest = (
        trial(normal, name, 3).measures for name in ("porchlight", "strong", "nearest-5")
    )

    assert ours.in_target > strong.in_target > nearest.in_target
    assert ours.median_min < strong.median_min < nearest.median_min


@pytest.mark.parametrize(
    ("freedom", "value"), [(1, 12.706), (2, 4.303), (3, 3.182), (9, 2.262), (100, 1.984)]
)
def test_students_t_is_as_in_the_tables(freedom, value):
    assert student(freedom) == pytest.approx(value, abs=0.002)


def test_a_mean_over_a_seed_that_never_filled_is_infinite_and_one_seed_has_no_interval():
    assert spread([1.0, math.inf]).mean == math.inf
    assert spread([1.0]).apart is None
    assert spread([1.0, 3.0]).apart == pytest.approx(12.706, abs=0.002)


def test_the_simulator_needs_no_django():
    code = (
        "import sys, network.simulation.plots, network.simulation.tables; sys.exit('django' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_at_midnight_all_that_was_learned_fades_as_the_network_has_it(small):
    play = played(small, "porchlight")
    memory, before = play.memory, play.memory.learned
    accepts, expected = memory.crowd.accepts.copy(), memory.crowd.expected.copy()

    memory.fades()

    assert memory.crowd.accepts == pytest.approx(accepts * DECAY_A_DAY)
    assert memory.crowd.expected == pytest.approx(expected * DECAY_A_DAY)
    assert memory.learned.cells["g"].accepts == pytest.approx(before.cells["g"].accepts * DECAY_A_DAY)
    assert memory.learned.silences == pytest.approx(before.silences * DECAY_A_DAY)
    assert memory.learned.kappa == kappa_of(memory.crowd.accepts, memory.crowd.expected)
    assert memory.learned.delays == before.delays  # how fast people answer is not forgotten


# The other town


def test_in_the_other_town_some_who_said_yes_do_not_come_and_the_search_goes_on(small):
    play = played(replace(small, other=True, a_day=30), "porchlight")

    again = [run for run in play.runs if run.backed_out]
    assert again
    assert any(run.filled_at is not None and len(run.accepted) == run.case.places for run in again)
    assert all(len(run.accepted) <= run.case.places for run in play.runs)
    for run in again:
        assert len({ask.row for ask in run.accepted}) == len(run.accepted)


def test_at_home_everybody_who_said_yes_comes(small):
    assert not any(run.backed_out for run in played(small, "porchlight").runs)


def test_in_the_other_town_what_people_wrote_down_says_nothing_of_when_they_are_free(small):
    town = build(np.random.default_rng(3), people=600, zips=small.zips)
    people = OtherVolunteers(town, days=7, weight=1.0, rng=np.random.default_rng(4))
    everybody = np.arange(600)
    hours = [h for h in range(7 * 24) if 0.1 < town.hours[:, h].mean() < 0.9]
    free = np.array([people.is_free(everybody, h * 60.0) for h in hours])
    written = np.array([town.hours[:, h] for h in hours])
    assert free[written].mean() == pytest.approx(free[~written].mean(), abs=0.02)


def test_in_the_other_town_silence_spreads_within_a_zip_and_an_answer_ends_it(small):
    town = build(np.random.default_rng(3), people=600, zips=small.zips)
    people = OtherVolunteers(town, days=7, weight=1.0, rng=np.random.default_rng(4))
    near = np.flatnonzero(town.zip_of == town.zip_of[0])
    people.texts = [(0.0, int(town.zip_of[0]), False)] * 4
    assert people._unanswered(near, 1.0) == pytest.approx(1.0)
    people.hears_from(int(near[0]), 2.0)
    assert people._unanswered(near, 3.0) == pytest.approx(0.8)
    assert not people._unanswered(near, 60.0).any()


@pytest.mark.parametrize(("people", "zips"), [(30, 6), (300, 19), (3000, 60), (10_000, 110)])
def test_a_town_of_another_size_has_requests_in_proportion(people, zips):
    scenario = SCENARIOS["surge"].of(people)
    assert (scenario.people, scenario.zips) == (people, zips)
    assert scenario.a_day / people == pytest.approx(60 / 3000)
    assert scenario.surge == round(400 * people / 3000)
    rng = np.random.default_rng(1)
    assert cases(rng, build(rng, people=people, zips=zips), scenario)
