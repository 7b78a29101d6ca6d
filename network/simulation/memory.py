"""What the network has learned: from the asks before the first day, then from each offer's end."""

from dataclasses import replace

import numpy as np

from network.dispatch.rules.chance import (
    DECAY_A_DAY,
    Count,
    Learned,
    Settlement,
    kappa_of,
    learn,
    likeliness,
    rates,
)
from network.dispatch.rules.crowd import KM_IN_A_MILE, Crowd, Flags, Numbers
from network.simulation import town as t
from network.simulation.runs import Ask
from network.simulation.town import Town


class Memory:
    """The counters of `crowd`, and the table. With `learns` off it only notes how right it was."""

    def __init__(self, crowd: Crowd, *, learns: bool) -> None:
        self.crowd, self.learns = crowd, learns
        self.learned = Learned()
        self.predicted = self.seen = 0.0  # yeses foretold, and those that came

    def settle(self, ask: Ask, *, yes: bool, now: float) -> None:
        """An offer has its answer, or had its hour. Once each, and only what was foretold."""
        if ask.settled or not ask.forecast.cells:
            return
        ask.settled = True
        self.predicted += ask.forecast.chance
        self.seen += yes
        if not self.learns:
            return
        self.crowd.accepts[ask.row] += yes
        self.crowd.expected[ask.row] += ask.forecast.rate
        settlement = Settlement(
            cells=ask.forecast.cells,
            rate=ask.forecast.rate,
            likeliness=ask.forecast.likeliness,
            yes=yes,
            said_no=ask.answered and not yes,
            minutes=now - ask.left_at if yes else None,
        )
        self.learned = learn(self.learned, [settlement])

    def fades(self) -> None:
        """At midnight, as dispatch.actions.learning.forget_slowly has it: all counters, and κ anew."""
        self.crowd.accepts[:] *= DECAY_A_DAY
        self.crowd.expected[:] *= DECAY_A_DAY
        if not self.learns:
            return
        cells = {
            name: Count(count.accepts * DECAY_A_DAY, count.expected * DECAY_A_DAY)
            for name, count in self.learned.cells.items()
        }
        self.learned = replace(
            self.learned,
            cells=cells,
            noes=self.learned.noes * DECAY_A_DAY,
            silences=self.learned.silences * DECAY_A_DAY,
            kappa=kappa_of(self.crowd.accepts, self.crowd.expected),
        )

    def recall(self, town: Town, rng: np.random.Generator) -> None:
        """About eight asks of everybody, mostly on their own hours, before the first day."""
        if not self.learns:
            return
        size = len(town.people)
        speaks = np.array([self.crowd.speaking(name) for name in t.LANGUAGES])
        for _ in range(t.EARLIER_ASKS):
            wanted = rng.choice(len(t.LANGUAGES), size=size, p=t.ASK_IN)
            seen = replace(
                self.crowd,
                miles=_miles(town, rng),
                on_hours=rng.uniform(size=size) < t.EARLIER_ON_HOURS,
                speaks={"": speaks[wanted, np.arange(size)]},
            )
            known, own = rates(seen, "", self.learned), likeliness(seen, self.learned)
            yes = _said_yes(town, seen, rng)
            self.learned = learn(
                self.learned,
                (
                    Settlement(known.cells(n), float(known.rate[n]), float(own[n]), yes=bool(yes[n]))
                    for n in range(size)
                ),
            )
            self.crowd.accepts[:] += yes
            self.crowd.expected[:] += known.rate


def _miles(town: Town, rng: np.random.Generator) -> Numbers:
    """For each volunteer the way to the nearest of a few requests anywhere."""
    size = len(town.people)
    drawn = rng.choice(len(town.zip_share), size=(t.EARLIER_NEAREST_OF, size), p=town.zip_share)
    return np.asarray(np.min(town.zip_km[drawn, town.zip_of], axis=0) / KM_IN_A_MILE)


def _said_yes(town: Town, seen: Crowd, rng: np.random.Generator) -> Flags:
    size = len(town.people)
    free = rng.uniform(size=size) < np.where(seen.on_hours, t.FREE_ON_HOURS, t.FREE_ELSE)
    pull = t.logit(town.yes) - t.PER_KM * seen.miles * KM_IN_A_MILE
    chance = 1 / (1 + np.exp(-pull)) * np.where(free, 1.0, t.NOT_FREE)
    spoke = np.where(seen.speaking(""), 1.0, t.OTHER_LANGUAGE)
    return np.asarray(rng.uniform(size=size) < chance * spoke, dtype=np.bool_)
