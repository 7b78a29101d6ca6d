"""Whom to ask, and when. Pure: values and the time in, a plan out."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from network.support.rules import Kind


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"


class Refusal(StrEnum):
    """The hard rule that keeps a person out. The console shows it, so each has a name."""

    SAME_PERSON = "same_person"
    NOT_ACTIVE = "not_active"
    SUSPENDED = "suspended"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    OFF = "off"
    KIND = "kind"
    CLEARANCE = "clearance"
    VOUCHES = "vouches"
    BAR = "bar"
    LANGUAGE = "language"
    DISTANCE = "distance"
    HOURS = "hours"
    NIGHT = "night"
    ENGAGED = "engaged"
    OFFER_OPEN = "offer_open"
    ALREADY_ASKED = "already_asked"


VOUCHES_NEEDED: dict[Kind, int] = {Kind.ACCOMPANIMENT: 1, Kind.LEGAL: 1, Kind.CHILDCARE: 2}
OPEN_FOR = timedelta(minutes=60)
WAVE_GAP = timedelta(minutes=5)
ANSWER_IN = timedelta(minutes=20)
CODE_REST = timedelta(hours=24)
WAVE_SIZE: dict[Kind, int] = {Kind.ACCOMPANIMENT: 5, Kind.LEGAL: 3, Kind.CHILDCARE: 8}
FIRST_CODE, LAST_CODE = 10, 99


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the rules know of a responder. `miles` is None where a ZIP has no known place."""

    person: UUID
    active: bool
    suspended: bool
    opted_out: bool
    unreachable: bool  # the carrier says that this number can't be texted
    off: bool
    kinds: frozenset[str]
    languages: frozenset[str]
    miles: float | None
    max_miles: int
    on_hours: bool  # the present hour is one of theirs
    awake: bool  # it is day, or they chose to be woken
    clearance_until: date | None
    bar_checked: bool
    vouches: int  # organisations that vouch for them in this request's kind
    engaged: bool  # an accepted offer not yet released, or an open request of their own
    offer_open: bool
    last_asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Situation:
    """A request as the search sees it. `wave` is the number of waves already sent."""

    member: UUID
    kind: Kind
    language: str
    places_left: int
    wave: int
    asked: frozenset[UUID]
    waiting: int  # offers of this search that are open
    today: date


@dataclass(frozen=True, slots=True)
class WavePlan:
    """`ask` in order; `next_at` when to plan again; `nobody_left` when a person must look."""

    ask: tuple[UUID, ...] = ()
    next_at: datetime | None = None
    nobody_left: bool = False


def plan_wave(situation: Situation, candidates: Iterable[Candidate], *, now: datetime) -> WavePlan:
    """The nearest and least recently asked of those who may be asked; as many as the kind needs."""
    if situation.places_left == 0:
        return WavePlan()
    fit = sorted((c for c in candidates if refusal(c, situation) is None), key=worth(now))
    ask = tuple(c.person for c in fit[: WAVE_SIZE[situation.kind]])
    if ask or situation.waiting:
        return WavePlan(ask=ask, next_at=now + WAVE_GAP, nobody_left=False)
    # Somebody may come free, or come on at the next hour: keep looking while a person does too.
    return WavePlan(next_at=now + WAVE_GAP, nobody_left=True)


def worth(now: datetime) -> Callable[[Candidate], tuple[float, float]]:
    """A sort key: whole miles first, then the longest unasked."""

    def key(candidate: Candidate) -> tuple[float, float]:
        asked = candidate.last_asked_at
        since = (now - asked).total_seconds() if asked else float("inf")
        return (round(candidate.miles or 0.0), -since)

    return key


def refusal(candidate: Candidate, situation: Situation) -> Refusal | None:
    """The first hard rule that keeps this person out, or None."""
    return next((why for why, keeps_out in RULES if keeps_out(candidate, situation)), None)


def refusal_of_acceptance(candidate: Candidate, situation: Situation) -> Refusal | None:
    """As refusal(), for somebody who was asked and says yes: the hour and the open offer don't count."""
    excused = {
        Refusal.ALREADY_ASKED, Refusal.OFFER_OPEN, Refusal.HOURS, Refusal.NIGHT, Refusal.OFF,
    }  # fmt: skip
    return next((why for why, out in RULES if why not in excused and out(candidate, situation)), None)


def refusal_by_hand(candidate: Candidate, situation: Situation) -> Refusal | None:
    """As refusal(), for a coordinator who names somebody: hours and being asked before don't count."""
    excused = {Refusal.ALREADY_ASKED, Refusal.HOURS, Refusal.NIGHT, Refusal.LANGUAGE}
    return next((why for why, out in RULES if why not in excused and out(candidate, situation)), None)


def _too_far(candidate: Candidate) -> bool:
    return candidate.miles is None or candidate.miles > candidate.max_miles


def _clearance_over(candidate: Candidate, situation: Situation) -> bool:
    until = candidate.clearance_until
    return situation.kind is Kind.CHILDCARE and (until is None or until < situation.today)


RULES: tuple[tuple[Refusal, Callable[[Candidate, Situation], bool]], ...] = (
    (Refusal.SAME_PERSON, lambda c, s: c.person == s.member),
    (Refusal.NOT_ACTIVE, lambda c, s: not c.active),
    (Refusal.SUSPENDED, lambda c, s: c.suspended),
    (Refusal.KIND, lambda c, s: s.kind not in c.kinds),
    (Refusal.CLEARANCE, _clearance_over),
    (Refusal.BAR, lambda c, s: s.kind is Kind.LEGAL and not c.bar_checked),
    (Refusal.VOUCHES, lambda c, s: c.vouches < VOUCHES_NEEDED[s.kind]),
    (Refusal.DISTANCE, lambda c, s: _too_far(c)),
    (Refusal.LANGUAGE, lambda c, s: s.language not in c.languages),
    (Refusal.OPTED_OUT, lambda c, s: c.opted_out),
    (Refusal.UNREACHABLE, lambda c, s: c.unreachable),
    (Refusal.OFF, lambda c, s: c.off),
    (Refusal.HOURS, lambda c, s: not c.on_hours),
    (Refusal.NIGHT, lambda c, s: not c.awake),
    (Refusal.ENGAGED, lambda c, s: c.engaged),
    (Refusal.ALREADY_ASKED, lambda c, s: c.person in s.asked),
    (Refusal.OFFER_OPEN, lambda c, s: c.offer_open),
)


class NoCodeLeft(Exception):
    """Ninety offers to one person in a day."""


def new_code(choose: Callable[[list[int]], int], *, taken: Collection[int]) -> int:
    """A two-digit code unlike any still open to this person or of the last 24 hours."""
    free = [code for code in range(FIRST_CODE, LAST_CODE + 1) if code not in taken]
    if not free:
        raise NoCodeLeft
    return choose(free)
