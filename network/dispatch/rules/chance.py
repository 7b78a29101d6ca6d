"""How likely a yes is, how soon, and whether those asked are enough. Pure.

Two things are learned of each responder, how often they said yes and how often anybody in their
place would have (a Gamma-Poisson model), and a small table of what distance, hour, recent asks and
language do to the chance of anybody. All of it is counters, so it is learned at once and forgotten slowly.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from network.dispatch.rules.crowd import KM_IN_A_MILE, Counts, Crowd, Numbers

KAPPA = 0.7  # how much a responder is thought to be like all others before they have answered
MOST_CERTAIN = 0.9
SETTLES_IN = timedelta(minutes=60)  # an offer without an answer is a no; never before, a late yes counts
DECAY_A_DAY = 0.99  # of the counters: half is forgotten in 69 days
HALVES_IN = timedelta(hours=24)  # how long an ask weighs on the one who was asked
SILENCE_HALVES_IN = timedelta(hours=3)  # how long not having said yes tells that they aren't free
SILENCE_WEIGHT = 0.6  # expected yeses that did not come and halve a chance

# Where a band begins: kilometers, and asks weighed by their age.
KM_BANDS = (3.0, 6.0, 10.0, 15.0, 22.0)
ASK_BANDS = (0.3, 1.2, 2.5, 5.0)
PRIOR_WEIGHT = 30.0  # yeses that each prior counts for
PRIOR_RATE = 0.1
PRIOR_FACTORS: dict[str, tuple[float, ...]] = {
    "d": (1.4, 1.2, 1.0, 0.75, 0.5, 0.3),  # distance
    "v": (0.5, 1.4),  # their own hours: no, yes
    "a": (1.2, 1.0, 0.8, 0.6, 0.4),  # recent asks
    "l": (0.7, 1.1),  # speaks the member's language: no, yes
}
RATE = "g"  # the cell that every offer counts in


@dataclass(frozen=True, slots=True)
class Count:
    """Yeses seen, against those expected without this cell's own factor."""

    accepts: float = 0.0
    expected: float = 0.0


def prior(cell: str) -> Count:
    """What a cell such as "d2" is taken for before anything was seen."""
    factor = PRIOR_RATE if cell == RATE else PRIOR_FACTORS[cell[0]][int(cell[1:])]
    return Count(PRIOR_WEIGHT, PRIOR_WEIGHT / factor)


CELLS: tuple[str, ...] = (
    RATE,
    *(f"{name}{n}" for name, factors in PRIOR_FACTORS.items() for n in range(len(factors))),
)


class Part(StrEnum):
    """Of the day: who is woken answers more slowly."""

    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Delays:
    """Logarithms of the minutes from question to yes: how many, their mean, their squared deviations."""

    count: float = 30.0
    mean: float = math.log(6.0)
    squares: float = 30.0 * 1.3**2

    def also(self, minutes: float) -> "Delays":
        """With one more yes (Welford's update)."""
        seen = math.log(max(minutes, 1 / 60))
        count = self.count + 1
        mean = self.mean + (seen - self.mean) / count
        return Delays(count, mean, self.squares + (seen - self.mean) * (seen - mean))

    @property
    def sigma(self) -> float:
        return math.sqrt(self.squares / self.count)

    def by(self, minutes: float) -> float:
        """The part of all yeses that have come within these minutes."""
        if minutes <= 0:
            return 0.0
        return 0.5 * (1 + math.erf((math.log(minutes) - self.mean) / (self.sigma * math.sqrt(2))))


ENOUGH_YESES = 200  # of day and of night each, before they are told apart


@dataclass(frozen=True, slots=True)
class Learned:
    """All that the network has learned. `cells` holds what was seen, without the priors."""

    cells: Mapping[str, Count] = field(default_factory=dict)
    delays: Mapping[Part, Delays] = field(default_factory=dict)
    noes: float = 0.0  # of those who didn't say yes, who said no
    silences: float = 0.0  # and who said nothing
    kappa: float = KAPPA

    def factor(self, cell: str) -> float:
        """How much more often than expected people say yes in this cell."""
        before, seen = prior(cell), self.cells.get(cell, Count())
        return (before.accepts + seen.accepts) / (before.expected + seen.expected)

    def factors(self, name: str) -> Numbers:
        return np.array([self.factor(f"{name}{n}") for n in range(len(PRIOR_FACTORS[name]))])

    def delay(self, part: Part) -> Delays:
        """Of this part of the day once both have been seen often enough; of all until then."""
        day, night = (self.delays.get(part, Delays()) for part in Part)
        if min(day.count, night.count) - Delays().count >= ENOUGH_YESES:
            return night if part is Part.NIGHT else day
        return _pooled(day, night)

    @property
    def says_no(self) -> float:
        """The chance of a "no" from somebody who won't say yes; the rest stay silent."""
        return (5.0 + self.noes) / (20.0 + self.noes + self.silences)


def _pooled(day: Delays, night: Delays) -> Delays:
    """Both as one, the prior counted once (Chan's formula)."""
    start = Delays()
    extra = night.count - start.count
    if extra <= 0:
        return day
    # The night's own observations, with the prior taken out of mean and squares.
    mean = (night.mean * night.count - start.mean * start.count) / extra
    apart = mean - start.mean
    own = night.squares - start.squares - apart * apart * start.count * extra / night.count
    count, step = day.count + extra, mean - day.mean
    return Delays(
        count,
        day.mean + step * extra / count,
        day.squares + max(own, 0.0) + step * step * day.count * extra / count,
    )


@dataclass(frozen=True, slots=True)
class Rates:
    """For each row: the cell of each band, the rate of anybody in their place, and their own chance."""

    bands: Mapping[str, Counts]
    rate: Numbers
    likeliness: Numbers
    chance: Numbers

    def cells(self, row: int) -> tuple[str, ...]:
        """The table's cells that an offer to this row counts in."""
        return (RATE, *(f"{name}{band[row]}" for name, band in self.bands.items()))


def rates(crowd: Crowd, language: str, learned: Learned) -> Rates:
    """The chance of a yes, free, near and willing or not, for everybody in the crowd."""
    bands: dict[str, Counts] = {
        "d": np.digitize(crowd.miles * KM_IN_A_MILE, KM_BANDS),
        "v": crowd.on_hours.astype(np.int64),
        "a": np.digitize(crowd.asks, ASK_BANDS),
        "l": crowd.speaking(language).astype(np.int64),
    }
    rate = np.full(len(crowd), learned.factor(RATE))
    for name, band in bands.items():
        rate *= learned.factors(name)[band]
    rate *= SILENCE_WEIGHT / (SILENCE_WEIGHT + crowd.missed)
    likely = likeliness(crowd, learned)
    return Rates(bands, rate, likely, np.minimum(MOST_CERTAIN, rate * likely))


def likeliness(crowd: Crowd, learned: Learned) -> Numbers:
    """How much more likely than anybody each is: the mean of a Gamma posterior, 1 before any ask."""
    return (learned.kappa + crowd.accepts) / (learned.kappa + crowd.expected)


@dataclass(frozen=True, slots=True)
class Settlement:
    """One offer that has had its time, and what it teaches."""

    cells: tuple[str, ...]
    rate: float  # of anybody in their place, when asked
    likeliness: float  # of this one, when asked
    yes: bool
    said_no: bool = False
    minutes: float | None = None  # from question to yes
    part: Part = Part.DAY


def learn(learned: Learned, settled: Iterable[Settlement]) -> Learned:
    """With these offers counted, each once."""
    cells, delays = dict(learned.cells), dict(learned.delays)
    noes, silences = learned.noes, learned.silences
    for settlement in settled:
        now = replace(learned, cells=cells)
        expected = settlement.rate * settlement.likeliness
        for cell in settlement.cells:
            seen = cells.get(cell, Count())
            cells[cell] = Count(seen.accepts + settlement.yes, seen.expected + expected / now.factor(cell))
        if settlement.yes and settlement.minutes is not None:
            delays[settlement.part] = delays.get(settlement.part, Delays()).also(settlement.minutes)
        noes += settlement.said_no and not settlement.yes
        silences += not settlement.said_no and not settlement.yes
    return replace(learned, cells=cells, delays=delays, noes=noes, silences=silences)


KAPPA_RANGE = (0.3, 3.0)
ENOUGH_PEOPLE = 200


def kappa_of(accepts: Numbers, expected: Numbers) -> float:
    """By the method of moments, from those who were asked: a small one where people differ much."""
    asked = expected > 0.5
    if asked.sum() < ENOUGH_PEOPLE:
        return KAPPA
    mean = float(expected[asked].mean())
    spread = float(np.var(accepts[asked] - expected[asked])) - mean
    low, high = KAPPA_RANGE
    return high if spread <= 0 else min(high, max(low, mean * mean / spread))


@dataclass(frozen=True, slots=True)
class Outstanding:
    """An offer without an answer yet: the chance it had, and when it went."""

    chance: float
    asked_at: datetime


def still_yes(ask: Outstanding, *, now: datetime, until: datetime, delays: Delays, says_no: float) -> float:
    """The chance that a silent offer becomes a yes between now and then (Bayes)."""
    gone, then = _minutes(now - ask.asked_at), _minutes(until - ask.asked_at)
    so_far = delays.by(gone)
    answered = (ask.chance + says_no * (1 - ask.chance)) * so_far
    return ask.chance * (delays.by(then) - so_far) / (1 - answered)


def enough(chances: Sequence[float], places: int) -> float:
    """P(at least `places` of these independent yeses): Poisson-binomial, exactly."""
    return Tail(places).also(chances).chance


class Tail:
    """The same, one chance more at a time: `states[k]` is P(exactly k yeses so far), k < places."""

    __slots__ = ("states",)

    def __init__(self, places: int) -> None:
        self.states = [1.0] + [0.0] * (places - 1) if places > 0 else []

    def also(self, chances: Iterable[float]) -> "Tail":
        for chance in chances:
            self.add(chance)
        return self

    def add(self, chance: float) -> None:
        states = self.states
        for k in range(len(states) - 1, 0, -1):
            states[k] = states[k] * (1 - chance) + states[k - 1] * chance
        if states:
            states[0] *= 1 - chance

    @property
    def chance(self) -> float:
        return 1.0 - sum(self.states)


def decayed(value: float, age: timedelta, *, halves_in: timedelta) -> float:
    """What is left of a counter after this long."""
    return value * float(0.5 ** (age / halves_in))


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
