"""A policy in a town from one seed; and many of them, one after the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from network.dispatch.rules.crowd import Counts, Numbers
from network.simulation import town as t
from network.simulation.measures import Measures, measure, minutes_of
from network.simulation.play import Play
from network.simulation.policies import contenders
from network.simulation.town import Scenario

NAMES: tuple[str, ...] = tuple(contenders(0))
DEFAULT = ("porchlight", "strong", "nearest-10")
ALL = "all"
APART = 10**6  # between the seed of a town and the seed of what its people do


class UnknownPolicy(ValueError):
    """The message lists those that there are."""


def policies_of(given: Sequence[str]) -> list[str]:
    """Each once, from names with or without commas; ours and the usual ones when none is given."""
    names = [name.strip() for some in given for name in some.split(",") if name.strip()] or list(DEFAULT)
    if ALL in names:
        return list(NAMES)
    for name in names:
        if name not in NAMES:
            raise UnknownPolicy(f"There is no policy {name!r}: choose from {', '.join(NAMES)}, or {ALL}.")
    return list(dict.fromkeys(names))


def seeds_of(given: str) -> list[int]:
    """From "11,12", each once. Raises ValueError."""
    parts = [part.strip() for part in given.split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(f"Seeds are whole numbers with commas, such as 11,12, and not {given!r}.")
    return list(dict.fromkeys(int(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one policy and seed. `minutes` of each request, `asked` of each volunteer."""

    measures: Measures
    minutes: Numbers
    asked: Counts


def trial(
    scenario: Scenario, policy: str, seed: int, tick: Callable[[float], None] = lambda _: None
) -> Trial:
    """The same town, requests and luck for the same seed, whatever the policy."""
    rng = np.random.default_rng(seed)
    town = t.build(rng, people=scenario.people, zips=scenario.zips)
    cases = t.cases(rng, town, scenario)
    contender = contenders(scenario.daily_cap)[policy]
    play = Play(town, scenario, contender, np.random.default_rng(seed + APART))
    play.play(cases, tick)
    return Trial(measure(play, seed=seed), minutes_of(play.runs), play.volunteers.asked_in_all)


def trials(
    scenario: Scenario,
    policies: Sequence[str],
    seeds: Sequence[int],
    tick: Callable[[float], None] = lambda _: None,
) -> Iterator[Trial]:
    """Each policy with each seed. `tick` gets how many are played, with the part of the present one."""
    for n, (policy, seed) in enumerate((policy, seed) for policy in policies for seed in seeds):
        yield trial(scenario, policy, seed, partial(_plus, tick, n))
        tick(n + 1.0)


def _plus(tick: Callable[[float], None], done: int, part: float) -> None:
    tick(done + part)
