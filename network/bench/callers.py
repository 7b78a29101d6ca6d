"""Families at a light carrier: they ask for help, answer our two questions, and note how long it took."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from network.bench.light import Handed
from network.bench.town import BenchTown

QUESTIONS = ("1 = at home", "1 = someone to come")
LAST = "We are looking"
OFFER = "= I can go"
HELP = "I need help"


@dataclass(slots=True)
class FamilyCall:
    """One family's three texts, and when each was answered: seconds by the machine's monotonic clock."""

    wrote: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    last_answer: str = ""  # our own id of it

    @property
    def waits(self) -> list[float]:
        return [then - since for since, then in zip(self.wrote, self.answered, strict=False)]

    @property
    def is_through(self) -> bool:
        return len(self.answered) > len(QUESTIONS)


class Callers:
    """All that one burst brings in. `expects` are the answers that end each wait, in their order."""

    expects = (*QUESTIONS, LAST)

    def __init__(self, here: BenchTown, phones: Iterable[str]) -> None:
        self.here = here
        self.calls = {phone: FamilyCall() for phone in phones}
        self.offers: list[Handed] = []
        self.out: list[Handed] = []

    def begin(self, phone: str) -> None:
        """From any thread."""
        self.here.loop.call_soon_threadsafe(self._write, phone, HELP)

    def _write(self, phone: str, body: str) -> None:
        self.calls[phone].wrote.append(time.monotonic())
        self.here.light.text(phone, body)

    def hears(self, handed: Handed) -> None:
        """In the carrier's own loop."""
        self.out.append(handed)
        if OFFER in handed.body:
            self.offers.append(handed)
        call = self.calls.get(handed.to)
        if call is None or call.is_through or self.expects[len(call.answered)] not in handed.body:
            return
        call.answered.append(handed.at)
        call.last_answer = handed.id
        if not call.is_through:
            self._write(handed.to, "1")

    @property
    def are_through(self) -> bool:
        return all(call.is_through for call in self.calls.values())


def first_and_last(
    calls: Collection[FamilyCall],
    offers: Collection[Handed],
    *,
    request_of: dict[str, str],
    first_wave: set[str],
) -> tuple[list[float], list[float]]:
    """Seconds from each family's third text to the first and the last offer of its first wave.

    `request_of` has the request of each text of ours by its id, `first_wave` the ids of offers that count.
    """
    handed = defaultdict[str, list[float]](list)
    for offer in offers:
        if offer.id in first_wave:
            handed[request_of[offer.id]].append(offer.at)
    first, last = [], []
    for call in calls:
        times = handed.get(request_of.get(call.last_answer, ""), [])
        if times and len(call.wrote) > len(QUESTIONS):
            first.append(min(times) - call.wrote[-1])
            last.append(max(times) - call.wrote[-1])
    return first, last
