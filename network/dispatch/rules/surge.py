"""Many requests at once: one pass over all of them, so that no two compete for one person. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from network.dispatch.rules.case import LANGUAGE_AFTER, TARGET, Policy, Situation, WavePlan, Width
from network.dispatch.rules.chance import Tail
from network.dispatch.rules.crowd import KM_IN_A_MILE, Candidate, Counts, Crowd, Numbers
from network.dispatch.rules.fit import EXCUSED_BY_A_YES, Refusal, refusal, unfit
from network.dispatch.rules.waves import Prospects, Take, limit, prospects

SURGE = 12  # open searches from which they are planned together
TOP = 150  # candidates of each
TOP_MEAN = 15
MOST_EACH, MANY = 12, 20  # offers in one request's wave, once so many searches are open
FALLS = 0.12  # of the worth, by the place in a request's own ranking
REDIRECT_KM, LANGUAGE_KM = 12.0, 4.0
REDIRECTED = EXCUSED_BY_A_YES - {Refusal.CAP, Refusal.OFF, Refusal.PROBATION}

# What one request's own case decides; the other rules look only at these columns, the kind and the day.
OF_ONE_REQUEST = frozenset({
    Refusal.SAME_PERSON, Refusal.NEVER_TOGETHER, Refusal.ALREADY_ASKED, Refusal.DISTANCE,
})  # fmt: skip
LASTING = (
    "people", "active", "suspended", "kinds", "clearance_until", "bar_checked", "vouched", "own_vouch",
    "probation", "opted_out", "unreachable", "off", "awake", "engaged", "resting", "offer_open",
    "asked_today",
)  # fmt: skip


def share(policy: Policy, open_now: int) -> int:
    """Offers that one request's wave may have with so many searches open: fewer with each, and no step."""
    many = min(1.0, max(0.0, (open_now - SURGE) / (MANY - SURGE)))
    return min(policy.most, round(policy.most - (policy.most - MOST_EACH) * many))


def plan_surge(
    searches: Sequence[tuple[Situation, Crowd]],
    policy: Policy,
    *,
    now: datetime,
    open_now: int | None = None,
) -> list[WavePlan]:
    """A plan for each: the most needed and best matched pairs first, nobody twice (greedy).

    `open_now`: how many searches are open, where not all of them are due.
    """
    policy = replace(policy, most=share(policy, open_now or len(searches)))
    views = [prospects(situation, crowd, policy, now=now) for situation, crowd in _narrowed(searches, policy)]
    wanted = [_wanted(view, policy) for view in views]
    pairs = [
        _pairs(view, rows, now=now) for view, (rows, _, count) in zip(views, wanted, strict=True) if count
    ]
    which = np.repeat([n for n, (_, _, count) in enumerate(wanted) if count], [len(p) for p in pairs])
    taken: set[UUID] = set()
    chosen: list[list[int]] = [[] for _ in views]
    if pairs:
        rows = np.concatenate([wanted[n][0] for n, (_, _, count) in enumerate(wanted) if count])
        _choose(np.argsort(-np.concatenate(pairs), kind="stable"), which, rows, views, wanted, chosen, taken)
    return [
        view.plan(_take(view, people, width), now=now) if view.situation.places_left > 0 else WavePlan()
        for view, people, (_, width, _) in zip(views, chosen, wanted, strict=True)
    ]


def _narrowed(
    open_searches: Sequence[tuple[Situation, Crowd]], policy: Policy
) -> Iterator[tuple[Situation, Crowd]]:
    """Each crowd without those whom no request of this kind may have; what crowds share is done once."""
    fits: dict[tuple[object, ...], Counts] = {}
    done: dict[tuple[object, ...], dict[int, Any]] = {}
    for situation, crowd in open_searches:
        columns = tuple(id(getattr(crowd, name)) for name in LASTING)
        key = (situation.kind, situation.today, *columns)
        if key not in fits:
            fits[key] = np.flatnonzero(~unfit(crowd, situation, policy, excused=OF_ONE_REQUEST))
        yield situation, crowd.only(fits[key], done.setdefault(key, {}))


type Wanted = tuple[Counts, Width, int]  # candidates, best first; how wide; how many to ask


def _choose(
    order: Counts,
    which: Counts,
    rows: Counts,
    views: Sequence[Prospects],
    wanted: Sequence[Wanted],
    chosen: list[list[int]],
    taken: set[UUID],
) -> None:
    """Walk the pairs from the best; each person once, each request until it has its number."""
    missing = sum(count for _, _, count in wanted)
    for n, row in zip(which[order].tolist(), rows[order].tolist(), strict=True):
        if missing == 0:
            return
        if len(chosen[n]) < wanted[n][2]:
            person = views[n].crowd.people[row]
            if person not in taken:
                taken.add(person)
                chosen[n].append(row)
                missing -= 1


def _wanted(view: Prospects, policy: Policy) -> Wanted:
    situation = view.situation
    most = limit(situation, policy)
    if situation.places_left <= 0 or most == 0 or not view.wants_more:
        return view.none().rows, Width.NEAR, 0
    take = view.fewest(most)
    width, rows = take.width, view.ranked(take.width, least=take.least)[:TOP]
    if len(take.rows) == 0:
        return take.rows, width, 0
    if take.least < view.least:
        most = min(most, view.below_the_floor)
    mean = float(view.chance[rows[:TOP_MEAN]].mean()) * view.soon
    lacking = -math.log(1 - view.goal.wanted) + 1.4 * (situation.places_left - 1) - sum(view.waiting)
    count = math.ceil(lacking / max(mean, 1e-6))
    return rows, width, min(most, max(1, count))


def _pairs(view: Prospects, rows: Counts, *, now: datetime) -> Numbers:
    age = (now - view.situation.began_at) / TARGET[view.situation.kind]
    return (1 + age) * np.exp(-FALLS * np.arange(len(rows))) * view.worth[rows]


def _take(view: Prospects, rows: list[int], width: Width) -> Take:
    tail = Tail(view.situation.places_left).also(view.waiting)
    chance = tail.also(float(view.chance[row]) * view.soon for row in rows).chance
    return Take(np.array(rows, dtype=np.int64), width, chance)


def better_use(
    candidate_of: Sequence[tuple[Situation, Candidate]], *, now: datetime, policy: Policy
) -> int | None:
    """Which of these open requests somebody who came too late for another should be asked for.

    Each with the same person as its own candidate. The neediest within 12 km, the member's language worth
    four: a family that has waited for its whole target goes before one that just asked and lives 12 km
    nearer. What a yes excuses is excused here too, but for the cap, for being off or new, and for a no to
    that very request.
    """
    best, where = -math.inf, None
    for n, (situation, candidate) in enumerate(candidate_of):
        young = now - situation.began_at < LANGUAGE_AFTER
        width = Width.HOURS if young else Width.LANGUAGE
        excused = REDIRECTED - ({Refusal.ALREADY_ASKED} if candidate.person in situation.said_no else set())
        if situation.places_left <= 0 or refusal(candidate, situation, policy, width=width, excused=excused):
            continue
        assert candidate.miles is not None  # DISTANCE keeps out who has none
        km = candidate.miles * KM_IN_A_MILE - LANGUAGE_KM * (situation.language in candidate.languages)
        if km > REDIRECT_KM:
            continue
        need = REDIRECT_KM * ((now - situation.began_at) / TARGET[situation.kind]) - km
        if need > best:
            best, where = need, n
    return where
