"""How to tell a carrier's duplicate from a person's second text in the same words. Pure.

Carriers deliver a text again under another id if its receipt was lost on the way. People repeat words too:
"1", and then "1" to the next question. What tells them apart is whether we asked anything in between, and
whether our question was sent before the second text came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

COPIED_WITHIN = timedelta(minutes=2)  # carriers try again after seconds, a busy one after a minute or so
MANY_COPIES = 5  # of one text: no carrier does that, and a person looks


@dataclass(frozen=True, slots=True)
class ArrivedText:
    """An incoming text. `said_before`: the order of our last text to that phone before it was handled.

    `ahead` marks a number that came before the question it answers was sent. People who know our questions
    type the answers one after the other, and mean each of them.
    """

    words: str
    came_at: datetime
    said_before: int = 0
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A text of ours to that phone that was sent, or may have been. `asks` if it can be answered."""

    order: int
    left_at: datetime
    asks: bool


def is_copy(text: ArrivedText, earlier: Sequence[ArrivedText], said: Sequence[Said]) -> bool:
    """Whether this is a copy of an earlier text (newest first, themselves no copies).

    It is if we sent nothing since that can be answered; or, if they wrote something else in between, nothing
    at all.
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
