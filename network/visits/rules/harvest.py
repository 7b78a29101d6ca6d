"""Whether somebody collects addresses rather than goes to them. Pure.

To accept, look and drop out is the cheapest way to learn where people at risk live. It is also what a car
that won't start looks like. So the second time a person asks how they are, and only from the third on the
search stops asking them until somebody has talked with them. Nobody is refused an address to which they
were sent.
"""

from datetime import timedelta
from enum import StrEnum

DROPS_OVER = timedelta(days=14)  # as long as visits are kept
DROPS_TELL, DROPS_STOP = 2, 3
HOMES_OVER = timedelta(days=7)
HOMES_TELL, HOMES_STOP = 10, 20  # far more than the search's own caps lead to but in a surge


class Pattern(StrEnum):
    """What is worth a person's question."""

    SEEN_NOT_GONE = "seen_not_gone"
    MANY_HOMES = "many_homes"


def pattern_of_drops(drops: int) -> tuple[Pattern | None, bool]:
    """Of visits given up after the address was seen, this one too; and whether the search stops asking."""
    return (Pattern.SEEN_NOT_GONE if drops >= DROPS_TELL else None), drops >= DROPS_STOP


def pattern_of_homes(homes: int) -> tuple[Pattern | None, bool]:
    """Of different homes whose address was seen, this one too; and whether the search stops asking."""
    return (Pattern.MANY_HOMES if homes >= HOMES_TELL else None), homes >= HOMES_STOP
