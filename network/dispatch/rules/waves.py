"""Whom to ask, and when. Pure: values and the time in, a plan out.

Expected-yield waves, paced: as many are asked as make it likely enough that somebody says yes in time,
the likeliest and least burdened first, and more only when that is no longer so (docs/dispatch.md).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from network.dispatch.rules import ahead as ahead_rules
from network.dispatch.rules.case import (
    LOOK_EVERY,
    SLOW_OFFERS,
    TOO_MANY,
    Forecast,
    Policy,
    Situation,
    WavePlan,
    Width,
)
from network.dispatch.rules.chance import Rates, Tail, rates, still_yes
from network.dispatch.rules.crowd import KM_IN_A_MILE, Candidate, Counts, Crowd, Flags, Numbers
from network.dispatch.rules.fit import Refusal, unfit, within

HOPE = 0.05  # less likely than this by the checkpoint, those who were asked have as good as said no
SILENT = timedelta(minutes=15)  # since the last of them was asked, before anybody is told so
LEAST_AHEAD = timedelta(minutes=8)  # a wave never looks less far: few answer sooner
FEW = 5  # offers within SLOW_WINDOW to those whose chance isn't worth an ask
STANDBY_CHANCE = 0.5  # of somebody who said yes a moment ago, and came too late
FIRST_CODE, LAST_CODE = 10, 99


def plan_wave(
    situation: Situation, candidates: Iterable[Candidate] | Crowd, policy: Policy, *, now: datetime
) -> WavePlan:
    """The fewest, best first, that make a yes by the next checkpoint likely enough; nobody if it is."""
    if situation.places_left <= 0:
        return WavePlan()
    view = prospects(situation, candidates, policy, now=now)
    take = view.fewest(limit(situation, policy)) if view.wants_more else view.none()
    return view.plan(take, now=now)


def limit(situation: Situation, policy: Policy) -> int:
    """Offers that a wave may have: few once very many were made."""
    if situation.offers > TOO_MANY * situation.places:
        return max(0, min(policy.most, SLOW_OFFERS - situation.offers_lately))
    return policy.most


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """By when, and how likely, all places are to be taken. `hurry`: 0 while there is time, 1 at the end."""

    until: datetime
    wanted: float
    hurry: float


def checkpoint(situation: Situation, policy: Policy, *, now: datetime) -> Checkpoint:
    """An even chance a little ahead while there is time, near certainty when there is not.

    From one to the other it goes evenly, while the time left falls from two paces to one: a search that
    was planned a minute later asks hardly more.
    """
    pace, left = policy.pace, situation.deadline - now
    if situation.due_at and left > timedelta(0):  # a set time: there is time, and nobody is hurried
        pace = ahead_rules.pace(situation.due_at, now, policy.pace)
    hurry = min(1.0, max(0.0, 2.0 - left / pace))
    wanted = policy.likely + (policy.sure - policy.likely) * hurry
    return Checkpoint(now + max(min(pace, left), LEAST_AHEAD), wanted, hurry)


@dataclass(frozen=True, slots=True)
class Take:
    """Rows to ask, best first, how wide one had to look for them, and how likely that makes it."""

    rows: Counts
    width: Width
    chance: float
    least: float = 0.0  # the chance from which somebody was asked


NOBODY: Counts = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Prospects:
    """Everybody's chance and worth for one request, and how likely it is without asking more."""

    situation: Situation
    crowd: Crowd
    policy: Policy
    goal: Checkpoint
    fit: Flags  # whom no hard rule keeps out
    later: Flags  # the same, and whom only an offer of another search keeps from being asked now
    rates: Rates
    chance: Numbers
    worth: Numbers
    soon: float  # the part of yeses that a new offer would bring by the checkpoint
    waiting: tuple[float, ...]  # the chance of each offer without an answer
    widest: Width

    @property
    def likely(self) -> float:
        return Tail(self.situation.places_left).also(self.waiting).chance

    @property
    def wants_more(self) -> bool:
        return not self.waiting or self.likely < self.goal.wanted - self.policy.slack

    def none(self) -> Take:
        return Take(NOBODY, Width.NEAR, self.likely)

    def ranked(self, width: Width, *, least: float) -> Counts:
        """Those with at least this chance who may be asked when looking this wide, the best first."""
        fit = self.fit & within(width, self.crowd, self.situation) & (self.chance >= least)
        rows = np.flatnonzero(fit)
        return rows[np.argsort(-self.worth[rows], kind="stable")]

    @property
    def somebody_left(self) -> bool:
        """Whether anybody, however unlikely, may be asked now or later: once those may be asked who don't
        speak the language, or once the offer of another search holds them no longer."""
        return bool((self.later & within(Width.LANGUAGE, self.crowd, self.situation)).any())

    @property
    def least(self) -> float:
        return self.policy.worth_asking(hurry=self.goal.hurry)

    def nobody_left(self, *, now: datetime) -> bool:
        """Whether nobody may be asked any more, and nothing is to be hoped of those who were.

        A wider look that is still to come counts, and so does whoever another search holds: a family is
        told "nobody yet" only where nobody could come. An offer counts as waited for during its whole hour,
        so silence is taken for a no before that.
        """
        silent = all(now - ask.asked_at >= SILENT for ask in self.situation.outstanding)
        return not self.somebody_left and silent and self.likely < HOPE

    def fewest(self, most: int) -> Take:
        """The narrowest look in which `most` offers make it likely enough, and the fewest there.

        Whoever is left is asked, however unlikely, when nobody is waited for; and a few at a time when
        little is to be hoped of those who are.
        """
        best = self._fewest(most, least=self.least)
        if len(best.rows):
            return best
        return self._fewest(min(most, self.below_the_floor), least=0.0)

    @property
    def below_the_floor(self) -> int:
        """How many of those may be asked now whose chance isn't worth an ask."""
        if not self.waiting:
            return self.policy.most
        if self.likely >= HOPE:
            return 0
        return max(0, FEW - self.situation.offers_lately)

    def _fewest(self, most: int, *, least: float) -> Take:
        best = self.none()
        for width in (width for width in Width if width <= self.widest):
            rows = self.ranked(width, least=least)[:most]
            tail = Tail(self.situation.places_left).also(self.waiting)
            for n, chance in enumerate(self.chance[rows] * self.soon):
                tail.add(float(chance))
                if tail.chance >= self.goal.wanted:
                    return Take(rows[: n + 1], width, tail.chance, least)
            # One of two who are needed makes neither likelier, and is asked all the same.
            if len(rows) and (tail.chance > best.chance or len(rows) > len(best.rows)):
                best = Take(rows, width, tail.chance, least)
            # Many are left; or it is early, and hours are kept while anybody else is left. But a crowd of
            # unlikely ones nearby keeps nobody from being asked who is likely, and lives farther off.
            early = self.widest < Width.LANGUAGE
            if width >= Width.FARTHER and (len(rows) == most or (early and len(best.rows))):
                break
        return best

    def plan(self, take: Take, *, now: datetime) -> WavePlan:
        people = [self.crowd.people[row] for row in take.rows]
        return WavePlan(
            ask=tuple(people),
            next_at=now + ahead_rules.look_in(self.situation.due_at, now, LOOK_EVERY),
            nobody_left=not people and self.nobody_left(now=now),
            width=take.width,
            late=now >= self.situation.deadline,
            too_many=self.situation.offers > TOO_MANY * self.situation.places,
            chance=take.chance,
            forecasts={
                person: self.forecast(int(row)) for person, row in zip(people, take.rows, strict=True)
            },
        )

    def forecast(self, row: int) -> Forecast:
        """What is thought of asking this one."""
        return Forecast(
            chance=float(self.chance[row]),
            rate=float(self.rates.rate[row]),
            likeliness=float(self.rates.likeliness[row]),
            cells=self.rates.cells(row),
        )


def prospects(
    situation: Situation, candidates: Iterable[Candidate] | Crowd, policy: Policy, *, now: datetime
) -> Prospects:
    """Weigh everybody for one request."""
    crowd = candidates if isinstance(candidates, Crowd) else Crowd.of(candidates)
    goal = checkpoint(situation, policy, now=now)
    learned = policy.learned
    delays = learned.delay(situation.part)
    known = rates(crowd, situation.language, learned)
    chance = np.where(crowd.standby, np.maximum(known.chance, STANDBY_CHANCE), known.chance)
    # A text that is queued now leaves later, and is given its time from then on: were the queue's length
    # taken from it, a long queue would make waves bigger, and so itself longer.
    ahead = (goal.until - now).total_seconds() / 60
    until = goal.until + situation.queue_wait
    return Prospects(
        situation=situation,
        crowd=crowd,
        policy=policy,
        goal=goal,
        fit=~unfit(crowd, situation, policy),
        later=~unfit(crowd, situation, policy, excused=(Refusal.OFFER_OPEN,)),
        rates=known,
        chance=chance,
        worth=worth(crowd, chance, situation, policy),
        soon=delays.by(ahead),
        waiting=tuple(
            still_yes(ask, now=now, until=until, delays=delays, says_no=learned.says_no)
            for ask in situation.outstanding
        ),
        widest=Width.LANGUAGE if now >= situation.language_from else Width.HOURS,
    )


def worth(crowd: Crowd, chance: Numbers, situation: Situation, policy: Policy) -> Numbers:
    """What asking somebody brings, for what it costs them: likely, near and unburdened first."""
    speaks = np.where(crowd.speaking(situation.language), policy.language, 1.0)
    near = np.exp(-np.nan_to_num(crowd.miles, nan=1e6) * KM_IN_A_MILE / policy.far_km)
    return -np.log1p(-chance) * speaks * near / (1.0 + policy.burden * crowd.asks)


class NoCodeLeft(Exception):
    """Ninety offers to one person in a day."""


def new_code(choose: Callable[[Sequence[int]], int], *, taken: Collection[int]) -> int:
    """A two-digit code unlike any still open to this person or of the last 24 hours."""
    free = [code for code in range(FIRST_CODE, LAST_CODE + 1) if code not in taken]
    if not free:
        raise NoCodeLeft
    return choose(free)
