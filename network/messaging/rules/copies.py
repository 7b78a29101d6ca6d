"""One text under two ids: how a carrier's copy is told from an answer in the same words. Pure.

Carriers deliver a text again, under another id, when its receipt was lost on the way. People send the same
words again too: "1", and "1" to the next question. What tells them apart is whether we asked anything in
between, and whether that had left before the second text came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

COPIED_WITHIN = timedelta(minutes=2)  # carriers try again after seconds, a busy one after a minute or so
MANY_COPIES = 5  # of one text: no carrier does that, and a person looks


@dataclass(frozen=True, slots=True)
class Came:
    """A text in. `said_before`: the order of our last text to that phone before this one was handled.

    `ahead`: a figure that came before the question which it answered had left: whoever knows our questions
    types the answers one after the other, and means each.
    """

    words: str
    came_at: datetime
    said_before: int = 0
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A text of ours to that phone that has left, or may have; `asks`: it can be answered."""

    order: int
    left_at: datetime
    asks: bool


def is_copy(text: Came, earlier: Sequence[Came], said: Sequence[Said]) -> bool:
    """Whether this repeats one of the earlier texts, the newest first, which were no copies themselves.

    Nothing that can be answered left since; where they wrote something else in between, nothing at all did.
    """
    for nth, before in enumerate(earlier):
        near = abs(text.came_at - before.came_at) <= COPIED_WITHIN
        if near and before.words == text.words and not before.ahead:
            since = [
                ours for ours in said if ours.order > before.said_before and ours.left_at <= text.came_at
            ]
            if not any(ours.asks for ours in since) and (nth == 0 or not since):
                return True
    return False
