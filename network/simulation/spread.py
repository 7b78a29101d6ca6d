"""How sure a mean over a few seeds is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WIDEST = 13.0  # Student's t for one degree of freedom is 12.7
STEPS = 130_000


@dataclass(frozen=True, slots=True)
class Spread:
    """A mean, and how far to each side its 95 % confidence interval goes.

    The mean is infinite when one seed's is; `apart` is None where there is no interval to tell.
    """

    mean: float
    apart: float | None


def spread(values: Sequence[float]) -> Spread:
    """Of values from independent seeds."""
    mean = float(np.mean(values)) if len(values) else math.nan
    if len(values) < 2 or not math.isfinite(mean):
        return Spread(mean, None)
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return Spread(mean, student(len(values) - 1) * error)


def student(freedom: int) -> float:
    """What 95 % of Student's t with so many degrees of freedom lies within: its density, summed up."""
    half = (freedom + 1) / 2
    scale = math.exp(math.lgamma(half) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    at, step = np.linspace(0, WIDEST, STEPS + 1, retstep=True)
    density = scale * (1 + at * at / freedom) ** -half
    below = np.cumsum((density[1:] + density[:-1]) / 2 * step)
    return float(at[1 + np.searchsorted(below, 0.475)])
