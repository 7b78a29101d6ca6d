"""What a search is about, and the numbers of the policy. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

from network.dispatch.rules.chance import Learned, Outstanding, Part
from network.support.rules.requests import Kind


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"


class Width(IntEnum):
    """How wide a search looks: never beyond anybody's own miles, and never past a hard rule."""

    NEAR = 0
    FARTHER = 1
    HOURS = 2  # those, too, whose hours it is not
    LANGUAGE = 3  # those, too, who don't speak the member's language


TARGET: dict[Kind, timedelta] = {
    Kind.ACCOMPANIMENT: timedelta(minutes=30),
    Kind.LEGAL: timedelta(minutes=60),
    Kind.CHILDCARE: timedelta(minutes=60),
}
OPEN_FOR = timedelta(minutes=60)
HOLDS_FOR = timedelta(minutes=30)
LOOK_EVERY = timedelta(minutes=1)
CODE_REST = timedelta(hours=24)
NEAR_MILES = 9.5
LANGUAGE_AFTER = timedelta(minutes=5)
AHEAD_LANGUAGE_AFTER = 0.25  # of the time that there is until a set time
DAILY_CAP, SURGE_CAP = 6, 12
TOO_MANY, SLOW_WINDOW, SLOW_OFFERS = 40, timedelta(minutes=10), 10
STANDBY_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Situation:
    """A request as the search sees it. `wave` is the number of waves already sent."""

    member: UUID
    kind: Kind
    language: str
    places_left: int
    wave: int
    asked: frozenset[UUID]
    today: date
    began_at: datetime  # the target counts from here
    outstanding: tuple[Outstanding, ...] = ()  # offers of this search without an answer
    offers: int = 0  # all that this search has made
    offers_lately: int = 0  # of the last SLOW_WINDOW
    places: int = 1
    said_no: frozenset[UUID] = frozenset()  # of those asked
    never_with: frozenset[UUID] = frozenset()  # somebody here said: never these two together
    part: Part = Part.DAY
    queue_wait: timedelta = timedelta(0)  # until a text that is queued now leaves
    due_at: datetime | None = None  # a set time's own deadline; else the kind's target counts

    @property
    def deadline(self) -> datetime:
        return self.due_at or self.began_at + TARGET[self.kind]

    @property
    def language_from(self) -> datetime:
        """From when those may be asked who don't speak the member's language: never at once."""
        patience = LANGUAGE_AFTER
        if self.due_at:
            patience = max(patience, (self.due_at - self.began_at) * AHEAD_LANGUAGE_AFTER)
        return self.began_at + patience


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of the policy, and what has been learned so far."""

    learned: Learned = field(default_factory=Learned)
    pace: timedelta = timedelta(minutes=12)  # how far ahead one wave looks
    likely: float = 0.5  # and how likely a yes by then is to be
    sure: float = 0.95  # the same when the target is near
    slack: float = 0.1  # no wave for less
    most: int = 30  # offers in a wave
    burden: float = 1.0  # how much recent asks weigh against somebody
    language: float = 5.0  # what speaking the member's language is worth
    far_km: float = 20.0
    daily_cap: int = DAILY_CAP  # asks to one person in 24 hours
    least: float = 0.03  # a chance below this isn't worth an ask while there is time,
    least_late: float = 0.025  # nor below this when there is not

    def worth_asking(self, *, hurry: float) -> float:
        """The chance of a yes from which somebody is asked at all. `hurry` as in waves.Checkpoint."""
        return self.least + (self.least_late - self.least) * hurry


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was thought of an offer when it was made; it is what the settlement learns from."""

    chance: float
    rate: float
    likeliness: float
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WavePlan:
    """Whom to ask now, when to look again, and whether a person must look."""

    ask: tuple[UUID, ...] = ()
    next_at: datetime | None = None
    nobody_left: bool = False
    width: Width = Width.NEAR
    late: bool = False  # the target is over
    too_many: bool = False  # very many were asked: it goes on slowly, and a person must look
    chance: float = 0.0  # that all places are taken by the checkpoint, with this wave
    forecasts: Mapping[UUID, Forecast] = field(default_factory=dict)
