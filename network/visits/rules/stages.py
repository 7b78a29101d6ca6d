"""A visit's stages, clocks and word. Pure: the caller passes in the randomness."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from network.support.rules.requests import Kind


class Stage(StrEnum):
    HELD = "held"  # accepted, waiting for the second adult: knows neither address nor word
    GOING = "going"
    THERE = "there"
    DONE = "done"
    LEFT = "left"  # can't go after all, or was released


LIVE = frozenset({Stage.HELD, Stage.GOING, Stage.THERE})
SHOWS_ADDRESS = frozenset({Stage.GOING, Stage.THERE})


class Plan(StrEnum):
    """How a lawyer helps, as they choose on the page."""

    CALL = "call"
    GO = "go"


class VisitStep(StrEnum):
    CONFIRM = "confirm"  # the second adult has accepted
    ARRIVE = "arrive"
    FINISH = "finish"
    LEAVE = "leave"


STEPS: dict[tuple[Stage, VisitStep], Stage] = {
    (Stage.HELD, VisitStep.CONFIRM): Stage.GOING,
    (Stage.HELD, VisitStep.LEAVE): Stage.LEFT,
    (Stage.GOING, VisitStep.ARRIVE): Stage.THERE,
    (Stage.GOING, VisitStep.FINISH): Stage.DONE,  # "done" without "there": a call, or forgotten
    (Stage.GOING, VisitStep.LEAVE): Stage.LEFT,
    (Stage.THERE, VisitStep.FINISH): Stage.DONE,
    (Stage.THERE, VisitStep.LEAVE): Stage.LEFT,
}


class StepNotPossible(Exception):
    """The visit's stage has no such step."""


def after(stage: Stage, step: VisitStep) -> Stage:
    """The stage that follows. Raises StepNotPossible where the table has no such step."""
    try:
        return STEPS[stage, step]
    except KeyError:
        raise StepNotPossible(f"{step} from {stage}") from None


THERE_SLACK = timedelta(minutes=20)
USUAL_TRIP = timedelta(minutes=40)
STAY: dict[Kind, timedelta] = {
    Kind.ACCOMPANIMENT: timedelta(hours=2, minutes=30),
    Kind.LEGAL: timedelta(hours=2, minutes=30),
    Kind.CHILDCARE: timedelta(hours=6),
}
SILENCE = timedelta(minutes=10)  # between "are you OK?" and a person
CAME_SILENCE = timedelta(minutes=15)
PIN_TRIES = 5
RESTS_FOR = timedelta(hours=24)  # whoever asks to be called after a visit
MILES_AN_HOUR = 20


def trip_minutes(told: int | None, miles: int | None) -> int | None:
    """Minutes to name to the member: what the responder said, else from the distance, else none.

    At 20 miles an hour in a town, plus five minutes to leave, in steps of five.
    """
    if told is not None:
        return told
    if miles is None:
        return None
    return max(10, 5 * round((5 + miles * 60 / MILES_AN_HOUR) / 5))


HURRY = timedelta(minutes=30)


def comes_later(starts_at: datetime | None, now: datetime) -> bool:
    """Whether texts name the set time. Near it or after it, they say "on the way"."""
    return starts_at is not None and now < starts_at - HURRY


def there_by(now: datetime, minutes: int | None, *, starts_at: datetime | None = None) -> datetime:
    """By when they should have arrived; after that we ask."""
    there = _there_by(now, minutes)
    return max(there, starts_at + THERE_SLACK) if starts_at else there


def _there_by(now: datetime, minutes: int | None) -> datetime:
    return now + (timedelta(minutes=minutes) + THERE_SLACK if minutes is not None else USUAL_TRIP)


def done_by(there_at: datetime, kind: Kind) -> datetime:
    return there_at + STAY[kind]


# Short, plain, and hard to mishear in either language; GSM-7 letters only.
WORDS = (
    "MANGO", "LIMA", "CEDRO", "CANOA", "PALOMA", "ROBLE", "CANELA", "TULIPAN", "VIOLETA", "MAGNOLIA",
    "LLAVE", "FAROL", "MESETA", "CORAL", "TRIGO", "NUBE", "CASCADA", "MELON", "CIRUELA", "ALMENDRA",
    "GUITARRA", "TAMBOR", "VENTANA", "LINTERNA", "MARIPOSA", "GAVIOTA", "COLIBRI", "TORTUGA",
    "DELFIN", "CARACOL", "MONTE", "PLAYA", "BOSQUE", "JARDIN", "CLAVEL", "GIRASOL", "LAUREL",
    "MANZANA", "NARANJA", "PAPAYA", "GUAYABA", "TAMARINDO", "VAINILLA", "AZAFRAN", "CACAO",
    "MAIZAL", "COMETA", "LUNAR", "ESTRELLA", "PLANETA", "VOLCAN", "ISLOTE", "BARCO", "VELERO",
    "PUENTE", "TORRE", "MOLINO", "CAMPANA", "VIOLIN", "ARPA", "PINCEL", "LIENZO", "TEJIDO", "SEDA",
)  # fmt: skip


def new_word(
    choose: Callable[[Sequence[str]], str], *, used: Collection[str], forbidden: Collection[str]
) -> str:
    """A word that this request has not used and that isn't anybody's duress word there.

    `choose` picks one of a sequence, such as secrets.choice.
    """
    free = [word for word in WORDS if word not in used and word not in forbidden]
    return choose(free or WORDS)
