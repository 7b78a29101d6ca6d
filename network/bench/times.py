"""Percentiles and slopes of what was measured."""

import math
import statistics
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them, 0 to 1, does not pass; between two, in proportion. NaN of none."""
    if not values:
        return math.nan
    sorted_ = sorted(values)
    at = share * (len(sorted_) - 1)
    low = math.floor(at)
    high = min(low + 1, len(sorted_) - 1)
    return sorted_[low] + (sorted_[high] - sorted_[low]) * (at - low)


def slope(values: Sequence[float]) -> float:
    """By how much a step adds, in a straight line through all of them; 0 for fewer than two."""
    if len(values) < 2:
        return 0.0
    return statistics.linear_regression(range(len(values)), values).slope


def grows(values: Sequence[float], *, least: float) -> bool:
    """Whether it still grew in the second half: by more than `least` a step there, and to its end.

    The first half is not looked at: caches fill, and pools open, when a process is young.
    """
    half = values[len(values) // 2 :]
    if len(half) < 3:
        return False
    third = max(len(half) // 3, 1)
    begin, end = statistics.mean(half[:third]), statistics.mean(half[-third:])
    return slope(half) > least and end - begin > least


def spread(values: Sequence[float]) -> str:
    """p50 and p95 of seconds, as milliseconds below ten seconds."""
    return f"{shown(percentile(values, 0.5))} / {shown(percentile(values, 0.95))}"


def shown(seconds: float) -> str:
    if math.isnan(seconds):
        return "none"
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"
