"""People who don't behave as the policy thinks: another town, to see what its assumptions are worth.

Everybody has hours and weekdays of their own, which are hardly those that they wrote down. The way counts in
minutes, and only beyond a quarter of an hour. Where texts are left unanswered, others leave theirs too. Some
answer at once and some after half an hour. Willingness drifts from week to week. And one in twelve who said
yes doesn't come.
"""

import numpy as np

from network.dispatch.rules.crowd import KIND_BIT, Counts, Flags, Numbers
from network.simulation import town as t
from network.simulation.town import Case, Town
from network.simulation.volunteers import Volunteers

PEAKS, PEAK_HOURS = 4, 5  # of a week in which somebody is usually free, and how wide each is
FREE_AT_PEAK, FREE_ELSE = 0.75, 0.1
WEEKDAY_APART = 0.5  # standard deviation, in logits, of a person's own weekdays
BY_MINUTE, NEAR_MIN = -0.04, 15.0  # logit a minute of the way, beyond the first
SPREADS = 0.5  # of the chance, where all of their ZIP's texts of late were left unanswered
OF_LATE_MIN = 45.0
QUICK, QUICK_MIN, SLOW_MIN, APART = 0.65, 2.5, 30.0, 0.9  # share that answers quickly; medians; sigma
DRIFT = 0.15  # standard deviation, in logits, of a week
NOT_KEPT, NOT_KEPT_AFTER_MIN, NOT_KEPT_APART = 0.08, 15.0, 0.8
WEEK_MIN = t.WEEK_HOURS * 60


class OtherVolunteers(Volunteers):
    """The same columns, other people."""

    def __init__(self, town: Town, *, days: int, weight: float, rng: np.random.Generator) -> None:
        super().__init__(town, days=days, weight=weight, rng=rng)
        size = len(town.people)
        self.often = self._often(size)
        self.of_weekday = rng.normal(0, WEEKDAY_APART, (size, 7))
        self.drift = np.cumsum(rng.normal(0, DRIFT, (size, days // 7 + 2)), axis=1)
        self.texts: list[tuple[float, int, bool]] = []  # when, to which ZIP, and whether it was answered

    def _often(self, size: int) -> Numbers:
        """How often each is free, by the hour of the week."""
        often = np.full((size, t.WEEK_HOURS), FREE_ELSE)
        for _ in range(PEAKS):
            first = self.rng.integers(0, t.WEEK_HOURS, size)
            for hour in range(PEAK_HOURS):
                often[np.arange(size), (first + hour) % t.WEEK_HOURS] = FREE_AT_PEAK
        return often

    def is_free(self, row: Counts, now: float) -> Flags:
        """By their own habit; what they wrote down says nothing."""
        hour = int(now // 60)
        often = self.often[row, hour % t.WEEK_HOURS]
        free = (self.free[row, hour // t.FREE_FOR_HOURS] < often) & (self.engaged_until[row] <= now)
        return np.asarray(free, dtype=np.bool_)

    def says_yes(
        self, row: Counts, case: Case, km: Numbers, recent: Numbers, free: Flags, *, instead: bool, now: float
    ) -> Numbers:
        """Their own willingness of this week and weekday, the way in minutes, and what others there do."""
        way = 60 * km / t.ON_THE_ROAD_KMH
        pull = t.logit(self.town.yes[row]) + (1.0 if instead else 0.0) - t.PER_ASK * recent
        pull += BY_MINUTE * np.maximum(0.0, way - NEAR_MIN)
        pull += self.of_weekday[row, int(now // t.DAY) % 7] + self.drift[row, int(now // WEEK_MIN)]
        chance = 1 / (1 + np.exp(-pull))
        chance *= np.where(free | instead, 1.0, t.NOT_FREE)
        chance *= np.where(self.crowd.speaking(case.language)[row], 1.0, t.OTHER_LANGUAGE)
        chance *= 1.0 - SPREADS * self._unanswered(row, now)
        answers = chance * ((self.town.kinds[row] & KIND_BIT[case.kind]) != 0)
        self.texts += [(now, int(zip_), False) for zip_ in self.town.zip_of[row]]
        return np.asarray(answers, dtype=np.float64)

    def _unanswered(self, row: Counts, now: float) -> Numbers:
        """Of the texts of late to each one's ZIP, the part without an answer."""
        self.texts = [text for text in self.texts if text[0] > now - OF_LATE_MIN]
        zips = len(self.town.zip_share)
        sent = np.bincount([zip_ for _, zip_, _ in self.texts], minlength=zips).astype(np.float64)
        heard = np.bincount([zip_ for _, zip_, said in self.texts if said], minlength=zips)
        part = np.where(sent > 0, (sent - heard) / np.maximum(sent, 1.0), 0.0)
        return np.asarray(part[self.town.zip_of[row]])

    def hears_from(self, row: int, now: float) -> None:
        """Whoever answers is seen to answer."""
        super().hears_from(row, now)
        self.texts.append((now, int(self.town.zip_of[row]), True))

    def delays(self, free: Flags, *, instead: bool) -> Numbers:
        """Two kinds of people at two speeds, rather than one log-normal."""
        quick = self.rng.uniform(size=len(free)) < np.where(free, QUICK, QUICK / 2)
        median = np.where(quick | instead, QUICK_MIN, SLOW_MIN)
        return np.asarray(median * np.exp(APART * self.rng.normal(size=len(free))))

    def backs_out_after(self) -> float | None:
        """Minutes until it shows that somebody who said yes won't come; None where they do."""
        if self.rng.uniform() >= NOT_KEPT:
            return None
        return float(NOT_KEPT_AFTER_MIN * np.exp(NOT_KEPT_APART * self.rng.normal()))
