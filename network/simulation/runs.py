"""A request as it went, and each of its offers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from network.dispatch.rules.case import Forecast
from network.simulation.town import Case

MONDAY = datetime(2026, 10, 5, tzinfo=UTC)  # the town keeps one clock


def moment(minute: float) -> datetime:
    """The time at this minute from Monday 00:00, as the rules want it."""
    return MONDAY + timedelta(minutes=minute)


def in_minutes(span: timedelta) -> float:
    return span / timedelta(minutes=1)


@dataclass(slots=True)
class Ask:
    """One offer to one volunteer; what they will do is drawn when they are asked."""

    row: int
    at: float
    left_at: float  # when its text left; the queue may be long
    forecast: Forecast
    yes: bool
    answers_at: float | None  # None is silence
    speaks: bool
    km: float
    settled: bool = False
    answered: bool = False
    stood_down: bool = False  # the places were taken before they answered


@dataclass(slots=True)
class Run:
    """A request from its first minute to its last."""

    case: Case
    asks: list[Ask] = field(default_factory=list)
    accepted: list[Ask] = field(default_factory=list)
    waves: int = 0
    filled_at: float | None = None
    closed: bool = False
    backed_out: int = 0  # who said yes, and did not come
    wasted: int = 0  # yeses that came too late, and for which there was no better use

    @property
    def searching(self) -> bool:
        return not self.closed and self.filled_at is None

    @property
    def places_left(self) -> int:
        return self.case.places - len(self.accepted)
