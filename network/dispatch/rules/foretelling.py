"""Whether what was foretold of offers came true, beyond what chance explains. Pure.

A doubt is raised only where a difference is both surely no chance and large enough to matter: with thousands
of offers any model is seen to be wrong, and a slightly wrong one does no harm.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from network.dispatch.rules.chance import Delays

CHANCE_EDGES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)  # most chances are small
FIFTHS = 5
ENOUGH_OFFERS, ENOUGH_YESES, ENOUGH_WAVES = 30, 50, 30
RIGHT = (0.7, 1.4)  # of foretold to came, that is near enough
SURE = 3.3  # standard deviations: chance alone goes so far in 1 of 1,000
SURE_OF_FIFTHS = 18.47  # chi-squared with four degrees of freedom, the same
FIFTHS_APART = 0.08  # from a fifth of all


class Doubt(StrEnum):
    """What about this network isn't as the search takes it to be."""

    CHANCES = "chances"  # who is thought likely isn't, or the unlikely are
    DELAYS = "delays"  # yeses come sooner or later than expected
    SILENCE = "silence"  # people are silent together more often than by chance


def chance_band(chance: float) -> int:
    """Which of the ten bands a forecast belongs to."""
    return bisect_right(CHANCE_EDGES, chance)


def fifth_of(minutes: float, delays: Delays) -> int:
    """In which fifth of all yeses this one was expected to be: 0 are the quickest."""
    return min(FIFTHS - 1, int(delays.by(minutes) * FIFTHS))


@dataclass(frozen=True, slots=True)
class Band:
    """Offers whose chance was in one band: their yeses foretold and come."""

    offers: int = 0
    foretold: float = 0.0
    came: int = 0

    @property
    def is_off(self) -> bool:
        if self.offers < ENOUGH_OFFERS:
            return False
        spread = math.sqrt(self.foretold * (1 - self.foretold / self.offers))
        ratio = self.foretold / max(self.came, 0.5)
        return abs(self.came - self.foretold) > SURE * spread and not RIGHT[0] <= ratio <= RIGHT[1]


@dataclass(frozen=True, slots=True)
class Wave:
    """The chances of those who were asked together, and how many said yes."""

    chances: Sequence[float]
    yeses: int


@dataclass(frozen=True, slots=True)
class SilentWaves:
    """Waves in which nobody said yes: of all, foretold if each answers on their own, and seen."""

    waves: int = 0
    foretold: float = 0.0
    seen: int = 0
    spread: float = 0.0

    @property
    def is_off(self) -> bool:
        """Only too many: fewer than foretold harms nobody."""
        if self.waves < ENOUGH_WAVES:
            return False
        return self.seen - self.foretold > SURE * self.spread and self.seen > RIGHT[1] * self.foretold


def silent_waves(waves: Sequence[Wave]) -> SilentWaves:
    nobody = [math.prod(1 - chance for chance in wave.chances) for wave in waves]
    spread = math.sqrt(sum(chance * (1 - chance) for chance in nobody))
    return SilentWaves(len(waves), sum(nobody), sum(wave.yeses == 0 for wave in waves), spread)


@dataclass(frozen=True, slots=True)
class Reliability:
    """What was foretold beside what came. Bands and fifths without any are left out."""

    bands: Mapping[int, Band] = field(default_factory=dict)
    fifths: Mapping[int, int] = field(default_factory=dict)
    silent: SilentWaves = field(default_factory=SilentWaves)

    @property
    def doubts(self) -> list[Doubt]:
        judged = {
            Doubt.CHANCES: any(band.is_off for band in self.bands.values()),
            Doubt.DELAYS: self._delays_are_off(),
            Doubt.SILENCE: self.silent.is_off,
        }
        return [doubt for doubt, is_off in judged.items() if is_off]

    def _delays_are_off(self) -> bool:
        counts = [self.fifths.get(fifth, 0) for fifth in range(FIFTHS)]
        yeses = sum(counts)
        if yeses < ENOUGH_YESES:
            return False
        even = yeses / FIFTHS
        far = sum((count - even) ** 2 / even for count in counts)
        apart = max(abs(count / yeses - 1 / FIFTHS) for count in counts)
        return far > SURE_OF_FIFTHS and apart > FIFTHS_APART
