"""How the asking is spread over people. Pure."""

from collections.abc import Sequence

import numpy as np

from network.dispatch.rules_crowd import Counts


def gini(asks: Sequence[int] | Counts) -> float:
    """0 when everybody was asked as often, near 1 when one was asked for all."""
    ordered = np.sort(np.asarray(asks, dtype=np.float64))
    if ordered.sum() == 0:
        return 0.0
    size = len(ordered)
    return float((2 * np.arange(1, size + 1) - size - 1) @ ordered / (size * ordered.sum()))
