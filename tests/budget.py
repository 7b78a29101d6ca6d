"""How many examples a property is tried with."""

from hypothesis import settings

OF_THE_GATE = 100


def examples(number: int) -> int:
    """So many in the gate, and as many times more as the profile has more."""
    return number * settings.default.max_examples // OF_THE_GATE
