"""Answers that must not tell by their time what was found: each takes a whole number of steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

STEP_S = 0.5  # several times what entering one person takes, known or fresh


@contextmanager
def even_time(step: float = STEP_S) -> Iterator[None]:
    """Wait, at the end of what is done within, for the end of the step (seconds) that is on.

    Outside of transactions: it holds a thread of the server and nothing else.
    """
    began = monotonic()
    try:
        yield
    finally:
        sleep(rest_of_step(monotonic() - began, step))


def rest_of_step(passed: float, step: float) -> float:
    """Seconds from now to the end of the step, where so many have passed since the first began."""
    return -passed % step
