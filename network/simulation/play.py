"""The days, event by event: requests, waves, answers, visits, people who lose patience or leave."""

import heapq
import itertools
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import numpy as np

from network.dispatch.rules.case import OPEN_FOR, SLOW_WINDOW, Forecast, Policy, Situation
from network.dispatch.rules.chance import Outstanding
from network.dispatch.rules.surge import LANGUAGE_KM, REDIRECT_KM, better_use
from network.simulation import town as t
from network.simulation.line import TextQueue
from network.simulation.memory import Memory
from network.simulation.other import OtherVolunteers
from network.simulation.policies import UNFORESEEN, Contender
from network.simulation.runs import Ask, Run, in_minutes, moment
from network.simulation.town import DAY, Case, Scenario, Town
from network.simulation.volunteers import Volunteers

OPEN_MIN, SLOW_MIN = in_minutes(OPEN_FOR), in_minutes(SLOW_WINDOW)
AFTERWARDS_MIN = 12 * 60.0  # played on after the last day
NOBODY = UUID(int=0)  # the member, who is none of the volunteers


class Play:
    """One scenario under one contender, from one seed."""

    def __init__(
        self, town: Town, scenario: Scenario, contender: Contender, rng: np.random.Generator
    ) -> None:
        self.town, self.scenario, self.contender, self.rng = town, scenario, contender, rng
        self.now = 0.0
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self.order = itertools.count()
        weight = t.A_POST if contender.posts else 1.0
        people = OtherVolunteers if scenario.other else Volunteers
        self.volunteers = people(town, days=scenario.days, weight=weight, rng=rng)
        self.memory = Memory(self.volunteers.crowd, learns=contender.learns)
        self.line = TextQueue(scenario.outage)
        self.runs: list[Run] = []

    # The clock.

    def play(self, cases: list[Case], tick: Callable[[float], None] = lambda _: None) -> list[Run]:
        """Everything until twelve hours after the last day; `tick` gets the part that is played, hourly."""
        if not self.scenario.cold:
            self.memory.recall(self.town, self.rng)
        for case in cases:
            self.at(case.at, partial(self.opens, case))
        for day in range(1, self.scenario.days + 1):
            self.at(day * DAY, self.midnight)
        end, hour = self.scenario.days * DAY + AFTERWARDS_MIN, 0
        while self.events and self.events[0][0] <= end:
            self.now, _, what = heapq.heappop(self.events)
            if self.now >= hour * 60:
                tick(self.now / end)
                hour = int(self.now // 60) + 1
            what()
        return self.runs

    def at(self, when: float, what: Callable[[], None]) -> None:
        heapq.heappush(self.events, (when, next(self.order), what))

    @property
    def time(self) -> datetime:
        return moment(self.now)

    def midnight(self) -> None:
        self.volunteers.crowd.asked_today[:] = 0
        self.memory.fades()

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
        self.at(self.now + in_minutes(self.contender.every), partial(self.looks, run))
        together = self.contender.together_from
        searching = [run for run in self.runs if run.searching] if together else []
        if together and len(searching) >= together:
            if run is searching[0]:
                self.plan(searching)
            return
        self.plan([run])

    def plan(self, runs: list[Run]) -> None:
        searches = [(self.situation(run), self.volunteers.seen_for(run.case, self.now)) for run in runs]
        waves = self.contender.plan(searches, self.memory.learned, self.time)
        for run, wave in zip(runs, waves, strict=True):
            if wave.ask:
                run.waves += 1
                rows = [self.volunteers.crowd.row_of[who] for who in wave.ask]
                self.asks(run, rows, [wave.forecasts[who] for who in wave.ask])

    def situation(self, run: Run) -> Situation:
        """The request as the rules see it."""
        return Situation(
            member=NOBODY,
            kind=run.case.kind,
            language=run.case.language,
            places_left=run.places_left,
            places=run.case.places,
            wave=run.waves,
            asked=frozenset(self.town.people[ask.row] for ask in run.asks if not ask.stood_down),
            said_no=frozenset(self.town.people[ask.row] for ask in run.asks if ask.answered and not ask.yes),
            today=self.time.date(),
            began_at=moment(run.case.at),
            outstanding=tuple(
                Outstanding(ask.forecast.chance, moment(min(self.now, ask.left_at)))
                for ask in run.asks
                if not (ask.answered or ask.stood_down) and self.now < ask.at + OPEN_MIN
            ),
            offers=len(run.asks),
            offers_lately=sum(ask.at > self.now - SLOW_MIN for ask in run.asks),
            queue_wait=moment(self.line.wait(self.now)) - moment(0),
        )

    # An offer's life.

    def asks(
        self, run: Run, rows: Sequence[int], forecasts: Sequence[Forecast], *, instead: bool = False
    ) -> None:
        """Offers to these, each with what was thought of it."""
        given = self.volunteers.asked(
            np.array(rows, dtype=np.int64), run.case, forecasts, instead=instead, now=self.now
        )
        for n, (row, forecast) in enumerate(zip(rows, forecasts, strict=True)):
            sent = self.now if self.contender.posts else self.line.leaves(self.now)
            answers_at = sent + float(given.delay[n]) if given.yes[n] or given.no[n] else None
            ask = Ask(
                row=row,
                at=self.now,
                left_at=sent,
                forecast=forecast,
                yes=bool(given.yes[n]),
                answers_at=answers_at,
                speaks=bool(given.speaks[n]),
                km=float(given.km[n]),
            )
            run.asks.append(ask)
            if answers_at is not None:
                self.at(answers_at, partial(self.answers, run, ask))
            if forecast is not UNFORESEEN:
                self.at(self.now + OPEN_MIN, partial(self.expires, ask))

    def expires(self, ask: Ask) -> None:
        self.memory.settle(ask, yes=False, now=self.now)

    def answers(self, run: Run, ask: Ask) -> None:
        """Too late for the offer itself, or with something else accepted meanwhile, it isn't heard."""
        engaged = self.volunteers.engaged_until[ask.row] > self.now
        if self.now > ask.at + OPEN_MIN or (ask.yes and engaged):
            return
        ask.answered = True
        self.volunteers.hears_from(ask.row, self.now)
        self.memory.settle(ask, yes=ask.yes, now=self.now)
        if not ask.yes:
            return
        self.volunteers.crowd.missed[ask.row] = 0.0
        if run.searching:
            self.accepts(run, ask)
        else:
            self.comes_too_late(run, ask)

    def accepts(self, run: Run, ask: Ask) -> None:
        run.accepted.append(ask)
        self.volunteers.goes(ask.row, run.case, ask.km, self.now)
        if run.places_left == 0:
            run.filled_at = self.now
            for other in run.asks:  # thanked and stood down: they are free for others, and for this one again
                if not other.answered:
                    self.volunteers.lets_go(other.row, self.now)
                    other.stood_down = True
        if (after := self.volunteers.backs_out_after()) is not None:
            self.at(self.now + after, partial(self.backs_out, run, ask))

    def backs_out(self, run: Run, ask: Ask) -> None:
        """They can't go, or didn't come: the place is free, and the search goes on where it was."""
        if run.closed or ask not in run.accepted:
            return
        run.accepted.remove(ask)
        self.volunteers.engaged_until[ask.row] = self.now
        run.backed_out += 1
        if run.filled_at is not None:
            run.filled_at = None
            self.looks(run)

    def comes_too_late(self, run: Run, ask: Ask) -> None:
        other = self.better_use(ask.row) if self.contender.redirects else None
        if other is None:
            run.wasted += 1
        else:
            self.asks(other, [ask.row], [UNFORESEEN], instead=True)

    def better_use(self, row: int) -> Run | None:
        """By the policy's own rule. Those that are too far for it anyhow aren't shown to it: it is slow."""
        km = self.town.zip_km[:, self.town.zip_of[row]]
        near = [run for run in self.runs if run.searching and km[run.case.zip_] < REDIRECT_KM + LANGUAGE_KM]
        shown = [(self.situation(run), self.volunteers.candidate(row, run.case, self.now)) for run in near]
        where = better_use(shown, now=self.time, policy=Policy(daily_cap=self.scenario.daily_cap))
        return None if where is None else near[where]
