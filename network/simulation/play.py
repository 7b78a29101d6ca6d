"""The days, event by event: requests, waves, answers, visits, people who lose patience or leave."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np

from network.dispatch.rules_case import HOLDS_FOR, OPEN_FOR, SLOW_WINDOW, Forecast, Situation
from network.dispatch.rules_chance import (
    DECAY_A_DAY,
    HALVES_IN,
    SILENCE_HALVES_IN,
    Learned,
    Outstanding,
    Settlement,
    learn,
    likeliness,
    rates,
)
from network.dispatch.rules_crowd import KM_IN_A_MILE, Counts, Crowd, Flags, Numbers
from network.simulation import town as t
from network.simulation.policies import UNFORESEEN, Contender
from network.simulation.town import DAY, Case, Scenario, Town

MONDAY = datetime(2026, 10, 5, tzinfo=UTC)  # the town keeps one clock
SMS_A_MINUTE = 600.0
HOLDS_MIN, OPEN_MIN = HOLDS_FOR / timedelta(minutes=1), OPEN_FOR / timedelta(minutes=1)
AFTERWARDS_MIN = 12 * 60.0  # played on after the last request
NIGHT_FROM, NIGHT_TO = 21, 8


@dataclass(slots=True)
class Ask:
    """One offer to one volunteer; what they will do is drawn when they are asked."""

    row: int
    at: float
    forecast: Forecast
    yes: bool
    answers_at: float | None
    speaks: bool
    km: float
    settled: bool = False
    answered: bool = False


@dataclass(slots=True)
class Run:
    """A request as it went."""

    case: Case
    asks: list[Ask] = field(default_factory=list)
    accepted: list[Ask] = field(default_factory=list)
    waves: int = 0
    filled_at: float | None = None
    closed: bool = False
    wasted: int = 0

    @property
    def searching(self) -> bool:
        return not self.closed and self.filled_at is None


class Play:
    """One scenario under one contender, from one seed."""

    def __init__(
        self, town: Town, scenario: Scenario, contender: Contender, rng: np.random.Generator
    ) -> None:
        self.town, self.scenario, self.contender, self.rng = town, scenario, contender, rng
        self.now = 0.0
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self.order = itertools.count()
        size = len(town.people)
        self.crowd = town.crowd()
        self.holds_until = np.full(size, -1.0)
        self.engaged_until = np.full(size, -1.0)
        self.asks_at = np.zeros(size)
        self.asked_in_all = np.zeros(size, dtype=np.int64)
        self.most_in_a_day = 0
        blocks = int((scenario.days + 2) * 24 / t.FREE_FOR_HOURS) + 1
        self.free = rng.uniform(size=(size, blocks))
        self.learned = Learned()
        self.runs: list[Run] = []
        self.sender_free_at = 0.0
        self.left = 0
        self.predicted = self.seen = 0.0
        self.weight = t.A_POST if contender.posts else 1.0

    # The clock.

    def at(self, when: float, what: Callable[[], None]) -> None:
        heapq.heappush(self.events, (when, next(self.order), what))

    def play(self, cases: list[Case], tick: Callable[[float], None] = lambda _: None) -> list[Run]:
        """Everything until twelve hours after the last day; `tick` gets each whole hour."""
        self.remember_earlier_asks()
        for case in cases:
            self.at(case.at, partial(self.opens, case))
        for day in range(1, self.scenario.days + 1):
            self.at(day * DAY, self.midnight)
        end, hour = self.scenario.days * DAY + AFTERWARDS_MIN, 0
        while self.events and self.events[0][0] <= end:
            self.now, _, what = heapq.heappop(self.events)
            if self.now >= hour * 60:
                tick(self.now)
                hour = int(self.now // 60) + 1
            what()
        return self.runs

    def midnight(self) -> None:
        self.crowd.asked_today[:] = 0
        self.crowd.accepts[:] *= DECAY_A_DAY
        self.crowd.expected[:] *= DECAY_A_DAY

    @property
    def time(self) -> datetime:
        return MONDAY + timedelta(minutes=self.now)

    # What the policy sees.

    def view(self, case: Case) -> Crowd:
        hour = int(self.now // 60)
        night = hour % 24 >= NIGHT_FROM or hour % 24 < NIGHT_TO
        return replace(
            self.crowd,
            miles=self.town.miles_from(case.zip_),
            on_hours=self.town.hours[:, hour % t.WEEK_HOURS],
            awake=self.town.woken if night else self.crowd.active,
            engaged=self.engaged_until > self.now,
            offer_open=self.holds_until > self.now,
            asks=self.recent_asks(),
            missed=self.recent_missed(),
        )

    def recent_asks(self) -> Numbers:
        return self.crowd.asks * 0.5 ** ((self.now - self.asks_at) / (HALVES_IN / timedelta(minutes=1)))

    def recent_missed(self) -> Numbers:
        return self.crowd.missed * 0.5 ** (
            (self.now - self.asks_at) / (SILENCE_HALVES_IN / timedelta(minutes=1))
        )

    def situation(self, run: Run) -> Situation:
        lately = self.now - SLOW_WINDOW / timedelta(minutes=1)
        return Situation(
            member=self.town.people[0].__class__(int=0),
            kind=run.case.kind,
            language=run.case.language,
            places_left=run.case.places - len(run.accepted),
            places=run.case.places,
            wave=run.waves,
            asked=frozenset(self.town.people[ask.row] for ask in run.asks),
            today=self.time.date(),
            began_at=MONDAY + timedelta(minutes=run.case.at),
            outstanding=tuple(
                Outstanding(ask.forecast.chance, MONDAY + timedelta(minutes=ask.at))
                for ask in run.asks
                if not ask.answered and self.now < ask.at + OPEN_MIN
            ),
            offers=len(run.asks),
            offers_lately=sum(ask.at > lately for ask in run.asks),
            queue_wait=timedelta(minutes=max(0.0, self.sender_free_at - self.now)),
        )

    # A request's life.

    def opens(self, case: Case) -> None:
        run = Run(case)
        self.runs.append(run)
        self.at(case.at + case.patience, partial(self.gives_up, run))
        self.looks(run)

    def gives_up(self, run: Run) -> None:
        run.closed = True

    def looks(self, run: Run) -> None:
        """A request's own tick; in a surge the one of the oldest plans for all."""
        if not run.searching:
            return
        again = self.contender.every / timedelta(minutes=1)
        self.at(self.now + again, partial(self.looks, run))
        together = self.contender.together_from
        searching = [one for one in self.runs if one.searching] if together else []
        if together and len(searching) >= together:
            if run is searching[0]:
                self.plan(searching)
            return
        self.plan([run])

    def plan(self, runs: list[Run]) -> None:
        searches = [(self.situation(run), self.view(run.case)) for run in runs]
        for run, wave in zip(runs, self.contender.plan(searches, self.learned, self.time), strict=True):
            if wave.ask:
                run.waves += 1
                self.asks(run, [self.crowd.row_of[who] for who in wave.ask], list(wave.forecasts.values()))

    # The volunteers.

    def asks(self, run: Run, rows: list[int], forecasts: list[Forecast], *, instead: bool = False) -> None:
        row = np.array(rows)
        recent = self.recent_asks()[row]
        km = np.hypot(*(self.town.home[row] - run.case.home).T)
        free = self.is_free(row)
        chance = self.says_yes(row, run.case, km, recent, free, instead=instead)
        yes = self.rng.uniform(size=len(row)) < chance
        no = ~yes & (self.rng.uniform(size=len(row)) < t.SAYS_NO)
        median = np.where(free, t.MEDIAN_DELAY, t.MEDIAN_DELAY_NOT_FREE)
        delay = median * np.exp(t.DELAY_SIGMA * self.rng.normal(size=len(row))) * (0.5 if instead else 1.0)
        leaves = self.rng.uniform(size=len(row)) < self.weight * np.minimum(
            t.LEAVES * (1 + recent), t.LEAVES_MOST
        )
        speaks = self.crowd.speaking(run.case.language)[row]
        self.crowd.missed[row] = self.recent_missed()[row] + np.array([f.chance for f in forecasts])
        self.counts(row, recent)
        self.crowd.opted_out[row[leaves]] = True
        self.left += int(leaves.sum())
        for n, one in enumerate(rows):
            sent = self.now if self.contender.posts else self.sends()
            ask = Ask(
                row=one, at=self.now, forecast=forecasts[n], yes=bool(yes[n]),
                answers_at=sent + float(delay[n]) if yes[n] or no[n] else None,
                speaks=bool(speaks[n]), km=float(km[n]),
            )  # fmt: skip
            run.asks.append(ask)
            if ask.answers_at is not None:
                self.at(ask.answers_at, partial(self.answers, run, ask))
            if ask.forecast is not UNFORESEEN:
                self.at(self.now + OPEN_MIN, partial(self.settles, ask, yes=False))

    def counts(self, row: Counts, recent: Numbers) -> None:
        self.crowd.asks[row] = recent + self.weight
        self.asks_at[row] = self.now
        self.asked_in_all[row] += 1
        self.crowd.asked_today[row] += 1
        self.most_in_a_day = max(self.most_in_a_day, int(self.crowd.asked_today[row].max()))
        self.holds_until[row] = self.now + HOLDS_MIN

    def is_free(self, row: Counts) -> Flags:
        hour = int(self.now // 60)
        often = np.where(self.town.hours[row, hour % t.WEEK_HOURS], t.FREE_ON_HOURS, t.FREE_ELSE)
        return (self.free[row, hour // t.FREE_FOR_HOURS] < often) & (self.engaged_until[row] <= self.now)

    def says_yes(
        self, row: Counts, case: Case, km: Numbers, recent: Numbers, free: Flags,
        *, instead: bool,
    ) -> Numbers:  # fmt: skip
        """Their own willingness, less for the way, for being asked much, for not being free."""
        willing = np.full(len(row), 0.6) if instead else self.town.yes[row]
        pull = np.log(willing / (1 - willing)) - t.PER_ASK * recent - t.PER_KM * km
        chance = 1 / (1 + np.exp(-pull))
        chance *= np.where(free | instead, 1.0, t.NOT_FREE)
        chance *= np.where(self.crowd.speaking(case.language)[row], 1.0, t.OTHER_LANGUAGE)
        bit = (self.town.kinds[row] & t.KIND_BIT[case.kind]) != 0
        return np.asarray(chance * bit, dtype=np.float64)

    def sends(self) -> float:
        self.sender_free_at = max(self.now, self.sender_free_at) + 1 / SMS_A_MINUTE
        return self.sender_free_at

    def answers(self, run: Run, ask: Ask) -> None:
        if self.now > ask.at + OPEN_MIN or (ask.yes and self.engaged_until[ask.row] > self.now):
            return
        ask.answered = True
        self.holds_until[ask.row] = min(self.holds_until[ask.row], self.now)
        self.settles(ask, yes=ask.yes)
        if not ask.yes:
            return
        self.crowd.missed[ask.row] = 0.0
        if run.searching:
            self.accepts(run, ask)
        else:
            self.comes_too_late(run, ask)

    def accepts(self, run: Run, ask: Ask) -> None:
        run.accepted.append(ask)
        takes = t.TAKES_MIN[run.case.kind] * float(np.exp(0.4 * self.rng.normal()))
        self.engaged_until[ask.row] = self.now + 2 * 60 * ask.km / t.ON_THE_ROAD_KMH + takes
        if len(run.accepted) == run.case.places:
            run.filled_at = self.now
            for other in run.asks:  # thanked and stood down: they are free for others
                if not other.answered:
                    self.holds_until[other.row] = min(self.holds_until[other.row], self.now)

    def comes_too_late(self, run: Run, ask: Ask) -> None:
        other = self.better_use(ask.row) if self.contender.redirects else None
        if other is None:
            run.wasted += 1
            return
        self.asks(other, [ask.row], [UNFORESEEN], instead=True)

    def better_use(self, row: int) -> Run | None:
        """As rules_surge.better_use, over the columns: the nearest, the member's language worth 4 km."""
        best, where = 12.0, None
        can = self.town.kinds[row]
        if self.crowd.asked_today[row] >= self.scenario.daily_cap:
            return None
        for run in self.runs:
            if (
                not run.searching
                or not can & t.KIND_BIT[run.case.kind]
                or any(a.row == row for a in run.asks)
            ):
                continue
            km = self.town.zip_km[run.case.zip_][self.town.zip_of[row]]
            if km / KM_IN_A_MILE > self.town.max_miles[row]:
                continue
            km -= 4 * self.crowd.speaking(run.case.language)[row]
            if km < best:
                best, where = km, run
        return where

    # What is learned.

    def settles(self, ask: Ask, *, yes: bool) -> None:
        if ask.settled or ask.forecast is UNFORESEEN:
            return
        ask.settled = True
        self.predicted += ask.forecast.chance
        self.seen += yes
        if self.contender.learns:
            self.learns(ask, yes=yes)

    def learns(self, ask: Ask, *, yes: bool) -> None:
        self.crowd.accepts[ask.row] += yes
        self.crowd.expected[ask.row] += ask.forecast.rate
        self.learned = learn(
            self.learned,
            [
                Settlement(
                    cells=ask.forecast.cells, rate=ask.forecast.rate, likeliness=ask.forecast.likeliness,
                    yes=yes, said_no=ask.answered and not yes,
                    minutes=self.now - ask.at if yes else None,
                )
            ],
        )  # fmt: skip

    def remember_earlier_asks(self) -> None:
        """About eight asks of everybody, mostly on their own hours, before the first day."""
        if not self.contender.learns:
            return
        size = len(self.town.people)
        speaks = np.array([self.crowd.speaking(name) for name in t.LANGUAGES])
        for _ in range(int(t.EARLIER_ASKS)):
            wanted = self.rng.choice(len(t.LANGUAGES), size=size, p=t.ASK_IN)
            seen = replace(
                self.crowd,
                miles=self.miles_of_an_earlier_ask(),
                on_hours=self.rng.uniform(size=size) < t.EARLIER_ON_HOURS,
                speaks={"": speaks[wanted, np.arange(size)]},
            )
            known, mine = rates(seen, "", self.learned), likeliness(seen, self.learned)
            free = self.rng.uniform(size=size) < np.where(seen.on_hours, t.FREE_ON_HOURS, t.FREE_ELSE)
            pull = t.logit(self.town.yes) - t.PER_KM * seen.miles * KM_IN_A_MILE
            chance = 1 / (1 + np.exp(-pull)) * np.where(free, 1.0, t.NOT_FREE)
            yes = self.rng.uniform(size=size) < chance * np.where(seen.speaking(""), 1.0, t.OTHER_LANGUAGE)
            settled = (
                Settlement(known.cells(n), float(known.rate[n]), float(mine[n]), yes=bool(yes[n]))
                for n in range(size)
            )
            self.learned = learn(self.learned, settled)
            self.crowd.accepts[:] += yes
            self.crowd.expected[:] += known.rate

    def miles_of_an_earlier_ask(self) -> Numbers:
        """For each volunteer the way to the nearest of a few requests anywhere."""
        size = len(self.town.people)
        drawn = self.rng.choice(
            len(self.town.zip_share), size=(t.EARLIER_NEAREST_OF, size), p=self.town.zip_share
        )
        return np.min(self.town.zip_km[drawn, self.town.zip_of], axis=0) / KM_IN_A_MILE
