"""What a count may show: nothing that says how few people, or which few. Pure.

Below K a count reads "under 5". Where a total and its other parts would still tell it, more are held back.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

K = 5
P90_FROM = 10  # of fewer times, the slowest tenth is one person's


class Shown(StrEnum):
    EXACT = "exact"
    UNDER = "under"  # fewer than K
    HELD = "held"  # not few, but telling it would tell another
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it may be shown; None where there is none to show."""

    value: float | None
    shown: Shown = Shown.EXACT


UNDER = Figure(None, Shown.UNDER)
HELD = Figure(None, Shown.HELD)


def count(n: int) -> Figure:
    return UNDER if n < K else Figure(n)


def parts(of: Mapping[str, int]) -> dict[str, Figure]:
    """The parts of a total that is shown beside them."""
    hidden = {name for name, n in of.items() if n < K}
    rest = sorted(of.keys() - hidden, key=lambda name: (of[name], name))
    while rest and _tells([of[name] for name in hidden]):
        hidden.add(rest.pop(0))
    return {name: Figure(n) if name not in hidden else UNDER if n < K else HELD for name, n in of.items()}


def _tells(hidden: list[int]) -> bool:
    """Whether their sum, which anybody can work out, leaves only one way to fill in what is under K."""
    small = [n for n in hidden if n < K]
    if not small:
        return False
    held = len(hidden) - len(small)
    return len(hidden) == 1 or (not held and sum(small) in (0, len(small) * (K - 1)))


def share(some: int, of: int) -> Figure:
    """A percentage. Where those in it, or those not, are under K: only a bound that K itself gives."""
    others = of - some
    if some >= K and others >= K:
        return Figure(round(100 * some / of))
    if some >= K:
        return Figure(math.floor(100 * (of - (K - 1)) / of), Shown.AT_LEAST)
    if others >= K:
        return Figure(math.ceil(100 * (K - 1) / of), Shown.AT_MOST)
    return UNDER


def ratio(some: int, each: int) -> Figure:
    """Such as asks a yes; only where both are K or more."""
    return Figure(round(some / each, 1)) if some >= K and each >= K else UNDER


def median(minutes: float | None, of: int) -> Figure:
    return Figure(round(minutes)) if minutes is not None and of >= K else UNDER


def ninetieth(minutes: float | None, of: int) -> Figure:
    """The ninetieth percentile."""
    return Figure(round(minutes)) if minutes is not None and of >= P90_FROM else UNDER
