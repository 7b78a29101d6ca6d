"""People made of rules: they read what reaches their phones, and answer as people do."""

import random
import re
import sqlite3
import threading
import time
from collections import defaultdict

from network.bench.town import BenchTown

CODE = re.compile(r"(\d\d) = I can go")
SAYS_YES = 0.5


class Bots(threading.Thread):
    """Members answer our questions, half of the responders say yes; all go through a visit to its end."""

    def __init__(self, town: BenchTown, *, seed: int = 1) -> None:
        super().__init__(daemon=True)
        self.town, self.chance = town, random.Random(seed)  # noqa: S311  a measurement, not a secret
        self.seen = 0
        self.got: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self.wrote: dict[str, float] = {}  # members who wait for an answer, and since when
        self.waited: list[float] = []  # seconds from a member's text to the next of ours
        self.answered: set[int] = set()
        self.members, self.ending = set(town.members), threading.Event()

    def run(self) -> None:
        while not self.ending.is_set():
            for row in self.town.carrier.store.changed(self.seen):
                self.seen = max(self.seen, row["change"])
                arrived = row["direction"] == "outbound-api" and row["status"] == "delivered"
                if arrived and row["number"] not in self.answered:
                    self.answered.add(row["number"])
                    self._read(row)
            time.sleep(0.02)

    def _read(self, row: sqlite3.Row) -> None:
        phone, body = row["receiver"], row["body"]
        self.got[phone].append((time.monotonic(), body))
        if since := self.wrote.pop(phone, None):
            self.waited.append(time.monotonic() - since)
        answer = member_says(body) if phone in self.members else responder_says(body, self.chance)
        if answer:
            self.write(phone, answer)

    def write(self, phone: str, body: str) -> None:
        """Somebody texts; a member's wait for an answer begins."""
        if phone in self.members:
            self.wrote.setdefault(phone, time.monotonic())
        self.town.types(phone, body)


def member_says(body: str) -> str:
    """A member's answer to a text of ours, or nothing."""
    return "1" if re.search(r"1 = (?:at home|someone to come|(?:both )?came)", body) else ""


def responder_says(body: str, chance: random.Random) -> str:
    """A responder's, to an offer by chance, and through a visit to its end."""
    if offer := CODE.search(body):
        return offer[1] if chance.random() < SAYS_YES else "2"
    if "/visit#" in body:
        return "3"
    return "4" if "4 = we are done" in body else ""
