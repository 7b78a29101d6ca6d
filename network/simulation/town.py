"""The town: where people live, what they can do, when they are free, and how they answer.

All numbers here are assumptions; docs/simulation.md says where each comes from. Keep them as they are:
results are comparable only under the same ones.
"""

from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from network.dispatch.rules import Kind
from network.dispatch.rules.crowd import KIND_BIT, KM_IN_A_MILE, Counts, Crowd, Flags, Numbers

DAY = 24 * 60.0  # minutes
WEEK_HOURS = 7 * 24
ACROSS_KM, AROUND_HOME_KM = 44.0, 1.0
SHARE_SHAPE = 2.0
# Dormant, casual and core volunteers: how many, and how often each says yes when free and near.
TYPES, SAYS_YES, APART = (0.40, 0.45, 0.15), (0.01, 0.15, 0.45), 1.0
PER_KM, PER_ASK, NOT_FREE, OTHER_LANGUAGE = 0.09, 0.12, 0.3, 0.75
FREE_ON_HOURS, FREE_ELSE, FREE_FOR_HOURS = 0.60, 0.12, 3
MEDIAN_DELAY, MEDIAN_DELAY_NOT_FREE, DELAY_SIGMA = 4.5, 20.0, 1.2
SAYS_NO = 0.25  # else silence
LEAVES, LEAVES_MOST = 0.0002, 0.002  # opt-outs an ask, times one more than the recent asks
A_POST = 0.2  # what a post in a chat weighs beside a text to oneself
LANGUAGES = ("en", "es", "pl", "zh", "ar", "ht")
SPEAK = (0.92, 0.35, 0.05, 0.04, 0.03, 0.02)  # of volunteers
ASK_IN = (0.26, 0.52, 0.07, 0.06, 0.05, 0.04)  # of members
CAN = {Kind.ACCOMPANIMENT: 0.85, Kind.LEGAL: 0.06, Kind.CHILDCARE: 0.40}
PLACES = {Kind.ACCOMPANIMENT: 1, Kind.LEGAL: 1, Kind.CHILDCARE: 2}
NEED = {Kind.ACCOMPANIMENT: 0.75, Kind.LEGAL: 0.10, Kind.CHILDCARE: 0.15}
MILES, MILES_SHARE = (8, 15, 25, 30), (0.1, 0.3, 0.4, 0.2)
WOKEN = 0.40
# The hours that people say are theirs, as (first weekday, last, from, to), and how many say so.
HOURS: tuple[tuple[float, tuple[tuple[int, int, int, int], ...]], ...] = (
    (0.20, ((0, 6, 0, 24),)),
    (0.25, ((0, 4, 17, 23), (5, 6, 8, 22))),
    (0.20, ((0, 4, 8, 17),)),
    (0.15, ((0, 6, 5, 13),)),
    (0.20, ((0, 6, 12, 22),)),
)
ON_THE_ROAD_KMH = 25.0
TAKES_SIGMA = 0.4
TAKES_MIN = {Kind.ACCOMPANIMENT: 60.0, Kind.LEGAL: 45.0, Kind.CHILDCARE: 120.0}
PATIENCE_MIN, PATIENCE_SIGMA = 150.0, 0.5
# Requests by hour of the day, relative: early mornings and evenings.
SHAPE = (1, 1, 1, 1, 1, 2, 4, 6, 8, 8, 7, 6, 5, 5, 5, 5, 6, 7, 7, 6, 4, 2, 1, 1)
EARLIER_ASKS, EARLIER_ON_HOURS, EARLIER_NEAREST_OF = 8, 0.8, 8  # of a volunteer, before the first day


@dataclass(frozen=True, slots=True)
class Town:
    """Its volunteers as columns: what they told us, and (from `yes` on) what only they know."""

    people: list[UUID]
    zip_of: Counts
    zip_km: Numbers  # between the middles of two ZIPs, as the policy sees it
    zip_share: Numbers
    middle: Numbers  # of each ZIP, kilometers
    kinds: Counts
    speaks: dict[str, Flags]
    max_miles: Numbers
    hours: Flags  # volunteer by hour of the week
    own_hours: Flags  # who wrote down hours, rather than "always"
    woken: Flags
    yes: Numbers  # says yes when free and near
    home: Numbers  # kilometers

    def crowd(self) -> Crowd:
        """Everybody as the rules see them, idle and never asked."""
        size = len(self.people)
        no, none = np.zeros(size, dtype=np.bool_), np.zeros(size)
        yes, nought = ~no, np.zeros(size, dtype=np.int64)
        return Crowd(
            people=self.people,
            row_of={who: n for n, who in enumerate(self.people)},
            active=yes,
            suspended=no,
            opted_out=no.copy(),
            unreachable=no,
            off=no,
            kinds=self.kinds,
            speaks=self.speaks,
            miles=none,
            max_miles=self.max_miles,
            on_hours=yes,
            awake=yes,
            clearance_until=nought + 10**7,
            bar_checked=yes,
            vouched=yes,
            engaged=no.copy(),
            offer_open=no.copy(),
            own_vouch=yes,
            probation=no,
            resting=no,
            standby=no.copy(),
            asked_today=nought.copy(),
            asks=none.copy(),
            missed=none.copy(),
            accepts=none.copy(),
            expected=none.copy(),
        )

    def miles_from(self, zip_: int) -> Numbers:
        return np.asarray(self.zip_km[zip_][self.zip_of] / KM_IN_A_MILE, dtype=np.float64)


def logit(chance: Numbers) -> Numbers:
    return np.asarray(np.log(chance / (1 - chance)), dtype=np.float64)


def build(rng: np.random.Generator, *, people: int, zips: int) -> Town:
    """A town of so many volunteers in so many ZIPs, dense in the middle."""
    middle = rng.uniform(-ACROSS_KM / 2, ACROSS_KM / 2, (zips, 2))
    share = rng.gamma(SHARE_SHAPE, size=zips)
    share /= share.sum()
    zip_of = rng.choice(zips, size=people, p=share)
    kind_of = rng.choice(len(TYPES), size=people, p=TYPES)
    logit = np.log(np.array(SAYS_YES) / (1 - np.array(SAYS_YES)))[kind_of] + rng.normal(0, APART, people)
    # Drawn in this order: a seed is the same town from version to version.
    kinds = _kinds(rng, people)
    speaks = {name: rng.uniform(size=people) < part for name, part in zip(LANGUAGES, SPEAK, strict=True)}
    max_miles = rng.choice(MILES, size=people, p=MILES_SHARE).astype(np.float64)
    hours = _hours(rng, people)
    return Town(
        people=[UUID(int=n + 1) for n in range(people)],
        zip_of=zip_of,
        zip_km=np.hypot(*(middle[:, None, axis] - middle[None, :, axis] for axis in (0, 1))),
        zip_share=share,
        middle=middle,
        kinds=kinds,
        speaks=speaks,
        max_miles=max_miles,
        hours=hours,
        own_hours=~hours.all(axis=1),
        woken=rng.uniform(size=people) < WOKEN,
        yes=1 / (1 + np.exp(-logit)),
        home=middle[zip_of] + rng.normal(0, AROUND_HOME_KM, (people, 2)),
    )


def _kinds(rng: np.random.Generator, people: int) -> Counts:
    bits = np.zeros(people, dtype=np.int64)
    for kind, part in CAN.items():
        bits |= np.where(rng.uniform(size=people) < part, KIND_BIT[kind], 0)
    return np.where(bits == 0, KIND_BIT[Kind.ACCOMPANIMENT], bits)


def _hours(rng: np.random.Generator, people: int) -> Flags:
    patterns = np.zeros((len(HOURS), WEEK_HOURS), dtype=np.bool_)
    for n, (_, spans) in enumerate(HOURS):
        for first, last, start, end in spans:
            for day in range(first, last + 1):
                patterns[n, day * 24 + start : day * 24 + end] = True
    return patterns[rng.choice(len(HOURS), size=people, p=[part for part, _ in HOURS])]


@dataclass(frozen=True, slots=True)
class Case:
    """One request of a made-up member. Minutes from Monday 00:00."""

    number: int
    at: float
    zip_: int
    home: Numbers
    kind: Kind
    language: str
    patience: float

    @property
    def places(self) -> int:
        return PLACES[self.kind]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens in the town. `outage`: the minutes of each day in which the carrier takes no texts."""

    name: str
    days: int
    daily_cap: int
    a_day: float = 60.0
    surge: int = 0  # requests more, within three hours
    surge_from: float = 9 * 60.0
    people: int = 3000
    zips: int = 60
    cold: bool = False  # nobody was ever asked before
    outage: tuple[float, float] | None = None
    other: bool = False  # people who don't behave as the policy thinks: other.py

    def of(self, people: int) -> "Scenario":
        """A town of so many volunteers, with requests in proportion; ZIPs by its root, three at least."""
        part = people / self.people
        return replace(
            self,
            people=people,
            zips=max(3, round(self.zips * part**0.5)),
            a_day=self.a_day * part,
            surge=round(self.surge * part),
        )


SCENARIOS: dict[str, Scenario] = {
    "normal": Scenario("normal", days=5, daily_cap=6),
    # A coordinator has declared a surge: the cap is 12.
    "surge": Scenario("surge", days=1, daily_cap=12, surge=400),
}
SURGE_MIN, SURGE_ZIPS, SURGE_PART = 180.0, 5, 0.6


def cases(rng: np.random.Generator, town: Town, scenario: Scenario) -> list[Case]:
    """Poisson by the hour; in a surge most of the rest in five ZIPs within three hours."""
    times = [
        _time_of_day(rng) + DAY * day
        for day in range(scenario.days)
        for _ in range(rng.poisson(scenario.a_day))
    ]
    usual = [(at, int(rng.choice(len(town.zip_share), p=town.zip_share))) for at in times]
    crowded = rng.choice(
        len(town.zip_share), size=min(SURGE_ZIPS, len(town.zip_share)), replace=False, p=town.zip_share
    )
    more = [
        (scenario.surge_from + rng.uniform(0, SURGE_MIN), _surge_zip(rng, town, crowded))
        for _ in range(scenario.surge)
    ]
    return [
        Case(
            number=n,
            at=at,
            zip_=zip_,
            home=town.middle[zip_] + rng.normal(0, AROUND_HOME_KM, 2),
            kind=list(NEED)[rng.choice(len(NEED), p=list(NEED.values()))],
            language=LANGUAGES[rng.choice(len(LANGUAGES), p=ASK_IN)],
            patience=PATIENCE_MIN * float(np.exp(PATIENCE_SIGMA * rng.normal())),
        )
        for n, (at, zip_) in enumerate(sorted([*usual, *more]))
    ]


def _time_of_day(rng: np.random.Generator) -> float:
    shape = np.array(SHAPE) / sum(SHAPE)
    return float(rng.choice(24, p=shape) * 60 + rng.uniform(0, 60))


def _surge_zip(rng: np.random.Generator, town: Town, crowded: Counts) -> int:
    if rng.uniform() < SURGE_PART:
        return int(rng.choice(crowded))
    return int(rng.choice(len(town.zip_share), p=town.zip_share))
