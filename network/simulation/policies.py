"""What is compared: ours, as it runs; and what networks do today."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from network.dispatch.rules import plan_wave
from network.dispatch.rules.case import SURGE_CAP, Forecast, Policy, Situation, WavePlan
from network.dispatch.rules.chance import Learned
from network.dispatch.rules.crowd import Counts, Crowd
from network.dispatch.rules.fit import Refusal, unfit
from network.dispatch.rules.surge import SURGE, plan_surge

type Searches = Sequence[tuple[Situation, Crowd]]
UNCAPPED = 10**6
UNFORESEEN = Forecast(chance=0.0, rate=0.0, likeliness=1.0, cells=())


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to ask. `plan` gets the searches that are due, all of them when `together`."""

    name: str
    plan: Callable[[Searches, Learned, datetime], list[WavePlan]]
    every: timedelta = timedelta(minutes=1)
    together_from: int | None = None
    redirects: bool = False
    posts: bool = False  # to a group chat: to everybody at once, by no carrier
    learns: bool = False


def ours(
    name: str, *, cap: int, learns: bool = True, surge: bool = True, redirects: bool = True
) -> Contender:
    """The policy that runs."""

    def plan(searches: Searches, learned: Learned, now: datetime) -> list[WavePlan]:
        policy = Policy(learned=learned, daily_cap=cap)
        if surge and len(searches) >= SURGE:
            return plan_surge(searches, policy, now=now)
        return [plan_wave(situation, crowd, policy, now=now) for situation, crowd in searches]

    return Contender(name, plan, together_from=SURGE if surge else None, redirects=redirects, learns=learns)


def waves(
    name: str,
    size: int,
    *,
    cap: int | None = None,
    holds: bool = False,
    language_first: bool = False,
    redirects: bool = False,
    gap: timedelta = timedelta(minutes=10),
) -> Contender:
    """The nearest so many, again and again, of those whose hour it is."""
    excused = set() if holds else {Refusal.OFFER_OPEN}
    policy = Policy(daily_cap=UNCAPPED if cap is None else cap)

    def plan(searches: Searches, _: Learned, now: datetime) -> list[WavePlan]:
        return [_nearest(s, crowd, policy, size, excused, language_first, now + gap) for s, crowd in searches]

    return Contender(name, plan, every=gap, redirects=redirects)


def _nearest(
    situation: Situation,
    crowd: Crowd,
    policy: Policy,
    size: int,
    excused: Collection[Refusal],
    language_first: bool,
    next_at: datetime,
) -> WavePlan:
    fit = ~unfit(crowd, situation, policy, excused=excused) & crowd.on_hours
    rows = np.flatnonzero(fit)
    far = crowd.miles[rows] + (0 if not language_first else 1000 * ~crowd.speaking(situation.language)[rows])
    return _plan(crowd, rows[np.argsort(far, kind="stable")][:size], next_at)


def _plan(crowd: Crowd, rows: Counts, next_at: datetime) -> WavePlan:
    people = tuple(crowd.people[row] for row in rows)
    return WavePlan(ask=people, next_at=next_at, forecasts=dict.fromkeys(people, UNFORESEEN))


def group_chat() -> Contender:
    """One post that everybody reads who reads it."""

    def plan(searches: Searches, _: Learned, now: datetime) -> list[WavePlan]:
        return [
            _plan(crowd, np.flatnonzero(~crowd.opted_out), now + timedelta(days=1)) for _, crowd in searches
        ]

    return Contender("group-chat", plan, every=timedelta(days=1), posts=True)


def eligible_blast() -> Contender:
    """A text to all who are fit, at once, whatever their hours and however often they were asked."""
    policy, excused = Policy(daily_cap=UNCAPPED), {Refusal.OFFER_OPEN}

    def plan(searches: Searches, _: Learned, now: datetime) -> list[WavePlan]:
        return [
            _plan(crowd, np.flatnonzero(~unfit(crowd, s, policy, excused=excused)), now + timedelta(days=1))
            for s, crowd in searches
        ]

    return Contender("eligible-blast", plan, every=timedelta(days=1))


def contenders(cap: int) -> dict[str, Contender]:
    """By name; ours first. `cap` is how often one person may be asked in a day, where that counts."""
    found = [
        ours("porchlight", cap=cap),
        ours("no-batch", cap=cap, surge=False),
        ours("no-redirect", cap=cap, redirects=False),
        ours("no-learning", cap=cap, learns=False),
        waves("strong", 10, cap=SURGE_CAP, holds=True, language_first=True, redirects=True),
        waves("nearest-5", 5),
        waves("nearest-10", 10),
        waves("nearest-20", 20),
        waves("phone-tree", 1, gap=timedelta(minutes=5)),
        group_chat(),
        eligible_blast(),
    ]
    return {policy.name: policy for policy in found}
