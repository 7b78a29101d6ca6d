"""The volunteers from minute to minute: what the policy can see of them, and how they answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from network.dispatch.rules.case import HOLDS_FOR, Forecast
from network.dispatch.rules.chance import HALVES_IN, SILENCE_HALVES_IN
from network.dispatch.rules.crowd import KIND_BIT, KM_IN_A_MILE, Candidate, Counts, Crowd, Flags, Numbers
from network.simulation import town as t
from network.simulation.runs import in_minutes
from network.simulation.town import Case, Town

HOLDS_MIN = in_minutes(HOLDS_FOR)
ASKS_HALVE_IN, MISSED_HALVE_IN = in_minutes(HALVES_IN), in_minutes(SILENCE_HALVES_IN)
NIGHT_FROM, NIGHT_TO = 22, 7  # as OFFER_NIGHT has it
WOULD_TAKE_ANOTHER = 0.6  # of those who just said yes, and are asked for another request instead


@dataclass(frozen=True, slots=True)
class Answers:
    """What each of those who were asked will do, and after how many minutes."""

    yes: Flags
    no: Flags
    delay: Numbers
    speaks: Flags
    km: Numbers


class Volunteers:
    """Their state as columns, in the order of the town's people.

    `weight` is what being asked weighs beside a text to oneself.
    """

    def __init__(self, town: Town, *, days: int, weight: float, rng: np.random.Generator) -> None:
        size = len(town.people)
        self.town, self.weight, self.rng = town, weight, rng
        self.crowd = town.crowd()
        self.holds_until, self.engaged_until = np.full(size, -1.0), np.full(size, -1.0)
        self.asks_at = np.zeros(size)  # when `crowd.asks` and `crowd.missed` were last written
        self.asked_in_all = np.zeros(size, dtype=np.int64)
        self.most_in_a_day = 0
        self.left = 0
        self.free = rng.uniform(size=(size, int((days + 2) * 24 / t.FREE_FOR_HOURS) + 1))

    # What the policy sees.

    def seen_for(self, case: Case, now: float) -> Crowd:
        """Everybody as the search for this request sees them."""
        hour = int(now // 60)
        return replace(
            self.crowd,
            miles=self.town.miles_from(case.zip_),
            on_hours=self.town.hours[:, hour % t.WEEK_HOURS],
            awake=self.may_be_asked(hour) if is_night(hour) else self.crowd.active,
            engaged=self.engaged_until > now,
            offer_open=self.holds_until > now,
            asks=self.recent_asks(now),
            missed=self.recent_missed(now),
        )

    def candidate(self, row: int, case: Case, now: float) -> Candidate:
        """One of them, as the rules want somebody who came too late for another request."""
        hour, crowd, bits = int(now // 60), self.crowd, int(self.town.kinds[row])
        return Candidate(
            person=crowd.people[row],
            active=True,
            suspended=False,
            opted_out=bool(crowd.opted_out[row]),
            unreachable=False,
            off=False,
            kinds=frozenset(kind for kind, bit in KIND_BIT.items() if bits & bit),
            languages=frozenset(name for name, speaks in self.town.speaks.items() if speaks[row]),
            miles=float(self.town.zip_km[case.zip_, self.town.zip_of[row]]) / KM_IN_A_MILE,
            max_miles=int(self.town.max_miles[row]),
            on_hours=bool(self.town.hours[row, hour % t.WEEK_HOURS]),
            awake=bool(self.may_be_asked(hour)[row]) or not is_night(hour),
            clearance_until=date.max,
            bar_checked=True,
            vouched=True,
            engaged=bool(self.engaged_until[row] > now),
            offer_open=bool(self.holds_until[row] > now),
            last_asked_at=None,
            asked_today=int(crowd.asked_today[row]),
        )

    def may_be_asked(self, hour: int) -> Flags:
        """In the night: who chose to be woken, and whose own hours say so."""
        return self.town.woken | (self.town.hours[:, hour % t.WEEK_HOURS] & self.town.own_hours)

    def recent_asks(self, now: float) -> Numbers:
        return np.asarray(self.crowd.asks * 0.5 ** ((now - self.asks_at) / ASKS_HALVE_IN))

    def recent_missed(self, now: float) -> Numbers:
        return np.asarray(self.crowd.missed * 0.5 ** ((now - self.asks_at) / MISSED_HALVE_IN))

    # What they do.

    def asked(
        self, row: Counts, case: Case, forecasts: Sequence[Forecast], *, instead: bool, now: float
    ) -> Answers:
        """Ask these: how each will answer, and what the ask leaves behind. Some leave for good."""
        recent = self.recent_asks(now)[row]
        km = np.asarray(np.hypot(*(self.town.home[row] - case.home).T))
        free = self.is_free(row, now)
        size = len(row)
        chance = self.says_yes(row, case, km, recent, free, instead=instead, now=now)
        yes = self.rng.uniform(size=size) < chance
        no = ~yes & (self.rng.uniform(size=size) < t.SAYS_NO)
        delay = self.delays(free, instead=instead)
        hazard = self.weight * np.minimum(t.LEAVES * (1 + recent), t.LEAVES_MOST)
        leaves = self.rng.uniform(size=size) < hazard
        self.crowd.missed[row] = self.recent_missed(now)[row] + np.array([f.chance for f in forecasts])
        self.counts(row, recent, now)
        self.crowd.opted_out[row[leaves]] = True
        self.left += int(leaves.sum())
        return Answers(yes, no, delay, self.crowd.speaking(case.language)[row], km)

    def counts(self, row: Counts, recent: Numbers, now: float) -> None:
        """One ask more for each of these, and a hold on them."""
        self.crowd.asks[row] = recent + self.weight
        self.asks_at[row] = now
        self.asked_in_all[row] += 1
        self.crowd.asked_today[row] += 1
        self.most_in_a_day = max(self.most_in_a_day, int(self.crowd.asked_today[row].max()))
        self.holds_until[row] = now + HOLDS_MIN

    def is_free(self, row: Counts, now: float) -> Flags:
        """Drawn for three hours at a time, so that who was busy a moment ago still is."""
        hour = int(now // 60)
        often = np.where(self.town.hours[row, hour % t.WEEK_HOURS], t.FREE_ON_HOURS, t.FREE_ELSE)
        free = (self.free[row, hour // t.FREE_FOR_HOURS] < often) & (self.engaged_until[row] <= now)
        return np.asarray(free, dtype=np.bool_)

    def delays(self, free: Flags, *, instead: bool) -> Numbers:
        """Minutes until each answers, if they do."""
        median = np.where(free, t.MEDIAN_DELAY, t.MEDIAN_DELAY_NOT_FREE) * (0.5 if instead else 1.0)
        return np.asarray(median * np.exp(t.DELAY_SIGMA * self.rng.normal(size=len(free))))

    def backs_out_after(self) -> float | None:
        """Minutes until it shows that somebody who said yes won't come; None where they do, as all here."""
        return None

    def says_yes(
        self, row: Counts, case: Case, km: Numbers, recent: Numbers, free: Flags, *, instead: bool, now: float
    ) -> Numbers:
        """Their own willingness, less for the way, for being asked much, for not being free."""
        willing = np.full(len(row), WOULD_TAKE_ANOTHER) if instead else self.town.yes[row]
        chance = 1 / (1 + np.exp(-(t.logit(willing) - t.PER_ASK * recent - t.PER_KM * km)))
        chance *= np.where(free | instead, 1.0, t.NOT_FREE)
        chance *= np.where(self.crowd.speaking(case.language)[row], 1.0, t.OTHER_LANGUAGE)
        return np.asarray(chance * ((self.town.kinds[row] & KIND_BIT[case.kind]) != 0), dtype=np.float64)

    def lets_go(self, row: int, now: float) -> None:
        """The hold on somebody ends: they answered, or the place was taken."""
        self.holds_until[row] = min(self.holds_until[row], now)

    def hears_from(self, row: int, now: float) -> None:
        """An answer, whatever it says, ends the hold."""
        self.lets_go(row, now)

    def goes(self, row: int, case: Case, km: float, now: float) -> None:
        """Engaged for the way there and back, and for the visit."""
        takes = t.TAKES_MIN[case.kind] * float(np.exp(t.TAKES_SIGMA * self.rng.normal()))
        self.engaged_until[row] = now + 2 * 60 * km / t.ON_THE_ROAD_KMH + takes


def is_night(hour: int, night: tuple[int, int] = (NIGHT_FROM, NIGHT_TO)) -> bool:
    """`hour` of the week, or of the day."""
    first, end = night
    if first <= end:
        return first <= hour % 24 < end
    return hour % 24 >= first or hour % 24 < end
