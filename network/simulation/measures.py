"""What came of it, in the numbers that policies are compared by."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from network.dispatch.rules.case import TARGET
from network.dispatch.rules.crowd import Numbers, gini
from network.simulation.play import Play
from network.simulation.runs import Run


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one policy, scenario and seed. Minutes of a request that was never filled are infinite."""

    policy: str
    scenario: str
    seed: int
    requests: int
    filled: float
    in_target: float
    median_min: float
    p95_min: float
    asks_per_fill: float
    wasted_yes_per_fill: float
    max_asks_per_person_day: int
    gini_asks: float
    language_match: float
    km: float
    opt_outs: int
    predicted_to_seen: float  # yeses foretold to yeses seen: 1 is right

    def as_json(self) -> dict[str, object]:
        """With None where a number is infinite or unknown."""
        return {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in asdict(self).items()
        }


def measure(play: Play, *, seed: int) -> Measures:
    runs = play.runs
    filled = [run for run in runs if run.filled_at is not None]
    minutes = minutes_of(runs)
    targets = np.array([TARGET[run.case.kind].total_seconds() / 60 for run in runs])
    fills = max(1, len(filled))
    came = [ask for run in filled for ask in run.accepted]
    return Measures(
        policy=play.contender.name,
        scenario=play.scenario.name,
        seed=seed,
        requests=len(runs),
        filled=len(filled) / len(runs),
        in_target=float((minutes <= targets).mean()),
        median_min=_quantile(minutes, 0.5),
        p95_min=_quantile(minutes, 0.95),
        asks_per_fill=sum(len(run.asks) for run in runs) / fills,
        wasted_yes_per_fill=sum(run.wasted for run in runs) / fills,
        max_asks_per_person_day=play.volunteers.most_in_a_day,
        gini_asks=gini(play.volunteers.asked_in_all),
        language_match=float(np.mean([ask.speaks for ask in came])) if came else math.nan,
        km=float(np.mean([ask.km for ask in came])) if came else math.nan,
        opt_outs=play.volunteers.left,
        predicted_to_seen=play.memory.predicted / play.memory.seen if play.memory.seen else math.nan,
    )


def minutes_of(runs: Sequence[Run]) -> Numbers:
    """From each request to its last yes; infinite where it was never filled."""
    return np.array([math.inf if run.filled_at is None else run.filled_at - run.case.at for run in runs])


def _quantile(minutes: Numbers, part: float) -> float:
    """The value itself, not between two: half-way to never is never."""
    return float(np.sort(minutes)[min(len(minutes) - 1, math.ceil(part * len(minutes)) - 1)])
