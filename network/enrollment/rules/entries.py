"""Members and responders as a form or a spreadsheet enters them, and what can be wrong with them. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from network.people.rules.homes import Home
from network.people.rules.hours import Hours
from network.people.rules.secrets import BadWord, IsEveryday


class Mistake(StrEnum):
    EMPTY = "empty"
    NO_TEXT = "no_text"
    LONG = "long"
    PHONE = "phone"
    DATE = "date"
    FUTURE = "future"
    LANGUAGE = "language"
    LANGUAGES = "languages"
    STATE = "state"
    ZIP = "zip"
    KIND = "kind"
    MILES = "miles"
    HOURS = "hours"
    YES_OR_NO = "yes_or_no"
    PIN = "pin"
    WORD_SHORT = "word_short"
    WORD_RESERVED = "word_reserved"
    WORD_TAKEN = "word_taken"
    CLEARANCE = "clearance"
    CLEARANCE_OVER = "clearance_over"  # a warning: they aren't asked for childcare
    BAR_NUMBER = "bar_number"
    BAR_STATE = "bar_state"


BAD_WORDS = {
    BadWord.SHORT: Mistake.WORD_SHORT,
    BadWord.RESERVED: Mistake.WORD_RESERVED,
    BadWord.TAKEN: Mistake.WORD_TAKEN,
}


@dataclass(frozen=True, slots=True)
class EntryProblem:
    """What is wrong with which field. `detail` is what the field holds, where that helps."""

    field: str
    wrong: Mistake
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """What the checks must know about the network."""

    languages: Collection[str]  # that it writes
    zips: Collection[str]  # those of the cells that exist
    is_everyday: IsEveryday  # words that can't be duress words
    today: date


@dataclass(frozen=True, slots=True)
class Someone:
    """What everybody is asked for. `phone` is in E.164, or empty if it isn't a phone."""

    phone: str
    name: str
    languages: tuple[str, ...]
    consent_on: date | None


@dataclass(frozen=True, slots=True)
class NewMember:
    person: Someone
    home: Home
    duress_word: str | None = None


@dataclass(frozen=True, slots=True)
class NewResponder:
    person: Someone
    kinds: tuple[str, ...]
    zip: str
    max_miles: int
    hours: Hours
    pin: str | None = None
    clearance_until: date | None = None
    bar_number: str | None = None
    bar_state: str = ""
    wake_at_night: bool = False


@dataclass(slots=True)
class ReadEntry[Entry]:
    """What was read from the cells, and what is wrong with it."""

    entry: Entry
    problems: list[EntryProblem] = field(default_factory=list)
    warnings: list[EntryProblem] = field(default_factory=list)
