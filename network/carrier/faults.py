"""What may go wrong at the carrier: each kind by chance, or for the next calls on demand."""

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum


class Fault(StrEnum):
    """What happens to one call to create a message, or to any call."""

    LOST = "lost"  # taken, and the line is cut before the answer
    CUT = "cut"  # the line is cut before anything is taken
    ERROR = "error"  # 500, nothing taken
    ERROR_TAKEN = "error_taken"  # 503, and taken all the same
    SLOW_DOWN = "slow_down"  # 429
    HANG = "hang"  # no answer for HANGS_S


HANGS_S = 60.0


@dataclass
class Faults:
    """Chances from 0 to 1. `next` names faults for the next calls, before chance has its say."""

    lost: float = 0.0
    cut: float = 0.0
    error: float = 0.0
    error_taken: float = 0.0
    slow_down: float = 0.0
    hang: float = 0.0
    asked_too: bool = False  # lists, fetches and deletions fail as well, not only creation
    receipts_lost: float = 0.0
    receipts_doubled: float = 0.0
    receipts_shuffled: bool = False
    receipts_early: float = 0.0  # before our answer to their own call
    texts_doubled: float = 0.0
    texts_shuffled: bool = False
    texts_lost: float = 0.0  # the webhook never comes; the text stays in the list
    slow_s: float = 0.0  # every answer takes so much longer
    slow_answers: float = 0.0  # as often an answer takes some time, up to
    slow_upto_s: float = 20.0  # seconds; the text is taken at some moment of it
    next: deque[str] = field(default_factory=deque)
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def of_call(self, *, creates: bool) -> Fault | None:
        """What befalls this call."""
        if creates and self.next:
            return Fault(self.next.popleft())
        if not creates and not self.asked_too:
            return None
        thrown, edge = self.chance.random(), 0.0
        for fault in Fault:
            edge += getattr(self, fault.value)
            if thrown < edge:
                return fault
        return None

    def slowness(self, *, creates: bool) -> tuple[float, float]:
        """How many seconds pass before this call is taken, and how many more until it is answered."""
        if not (creates or self.asked_too) or not self.hits(self.slow_answers):
            return 0.0, 0.0
        whole = self.chance.uniform(0, self.slow_upto_s)
        before = self.chance.uniform(0, whole)
        return before, whole - before

    def hits(self, chance: float) -> bool:
        return self.chance.random() < chance

    def set(self, asked: Mapping[str, object]) -> None:
        """Take new values by name. Raises ValueError for a name or a value that is none."""
        known = {field.name: field.type for field in fields(self) if field.name != "chance"}
        for name, value in asked.items():
            if name not in known:
                raise ValueError(f"no such fault: {name}")
            if name == "next":
                self.next = (
                    deque(Fault(str(name)).value for name in value) if isinstance(value, list) else deque()
                )
            elif isinstance(getattr(self, name), bool):
                setattr(self, name, bool(value))
            else:
                setattr(self, name, float(str(value)))

    def shown(self) -> dict[str, object]:
        found = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "chance"}
        return {**found, "next": list(self.next)}
