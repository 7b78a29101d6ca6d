"""What keeps somebody from being erased. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class ErasureRefusal(StrEnum):
    OPEN_REQUEST = "open_request"
    ON_VISIT = "on_visit"
    BEING_ASKED = "being_asked"
    HELD = "held"
    TEXT_WAITS = "text_waits"  # of theirs, that nobody has read: it may ask for help
    TEXT_LEAVES = "text_leaves"  # of ours, to them: the carrier is being given it
    PROPOSED = "proposed"  # something else about them
    STAFF = "staff"  # the phone is also an account's, which is paged by it


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why not now, and which request it is about; of a hold, until when."""

    refusal: ErasureRefusal
    number: int | None = None
    until: str = ""  # a day


class CannotErase(Exception):
    """Not now."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.refusal)
        self.obstacle = obstacle
