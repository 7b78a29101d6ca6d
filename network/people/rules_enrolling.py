"""What a member or a responder needs to be entered, whoever enters them: a form or a sheet. Pure.

Cells are named as a spreadsheet's columns (`many` joined by ;). What is wrong comes back as codes, each with
its field; the sheet and the console have words of their own for them.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import phonenumbers

from network.people.rules import (
    BadHours,
    BadWord,
    Hours,
    IsEveryday,
    duress_word_problem,
    is_pin,
    parse_hours,
)
from network.people.rules_plain_text import is_text, longest, plain
from network.privacy.rules_phone import dialed

KINDS = frozenset({"accompaniment", "legal", "childcare"})
YES, NO = frozenset({"yes", "true", "1", "y"}), frozenset({"", "no", "false", "0", "n"})
MOST_MILES = 200


class Wrong(StrEnum):
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
    BadWord.SHORT: Wrong.WORD_SHORT,
    BadWord.RESERVED: Wrong.WORD_RESERVED,
    BadWord.TAKEN: Wrong.WORD_TAKEN,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which field; `detail` is what stands there, where that helps."""

    field: str
    wrong: Wrong
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What checking must know of the network."""

    languages: Collection[str]  # that it writes
    zips: Collection[str]  # those of the cells' that exist
    is_everyday: IsEveryday  # words that can't be duress words
    today: date


@dataclass(frozen=True, slots=True)
class Someone:
    """What is asked of everybody. `phone` in E.164, or empty where it isn't one."""

    phone: str
    name: str
    languages: tuple[str, ...]
    consent_on: date | None


@dataclass(frozen=True, slots=True)
class Home:
    street: str
    unit: str | None
    city: str
    state: str
    zip: str


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
class Read[Entry]:
    """What the cells say, and what stands against it."""

    entry: Entry
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
PHONE_SIGNS = re.compile(r"\(?\+?[\d\s().\/-]+")
PLAINLY_US = re.compile(r"(?:\+?1)?([2-9]\d\d[2-9]\d{6})", re.ASCII)
NORTH_AMERICA = re.compile(r"\+1[2-9]\d\d[2-9]\d{6}", re.ASCII)
PARTS_OF_HOME = ("street", "unit", "city", "state", "zip")
NEEDED_OF_MEMBER = ("phone", "name", "language", "street", "city", "state", "zip")
NEEDED_OF_RESPONDER = ("phone", "name", "languages", "kinds", "zip", "max_miles", "hours")


def e164(text: str) -> str | None:
    """A phone as +13125550123; ten digits are a US number. None for anything that isn't plainly one phone.

    Letters, an extension and a second number are refused: whoever is meant, it isn't this number alone. An
    area and an exchange of North America begin with 2 to 9 (North American Numbering Plan). Written as it is
    dialed today: +52 1 55 ... is a Mexican mobile, though the 1 is no part of it any more.
    """
    if us := PLAINLY_US.fullmatch(
        text
    ):  # nearly all of them; said by the library too, in fifty times as long
        return f"+1{us[1]}" if len(set(us[1])) > 1 else None
    return e164_of_any(text)


def e164_of_any(text: str) -> str | None:
    """As `e164`, of any country."""
    signs = unicodedata.normalize("NFKC", DASHES.sub("-", plain(text)))
    if not PHONE_SIGNS.fullmatch(signs):
        return None
    try:
        parsed = phonenumbers.parse(signs, "US")
    except phonenumbers.NumberParseException:
        return None
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if (today := dialed(written)) != written:
        parsed.national_number = int(today.removeprefix(f"+{parsed.country_code}"))
    # Seven digits are possible too, but only from next door.
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    phone = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if len(set(str(parsed.national_number))) == 1:
        return None
    return phone if parsed.country_code != 1 or NORTH_AMERICA.fullmatch(phone) else None


def missing(cells: Mapping[str, str], needed: Collection[str]) -> list[Problem]:
    """Fields that nobody can do without and that are empty, and a phone that is none."""
    get = _getter(cells)
    found = [Problem(name, Wrong.EMPTY) for name in needed if not get(name)]
    if "phone" in needed and get("phone") and e164(get("phone")) is None:
        found.append(Problem("phone", Wrong.PHONE))
    return found


def unfit(cells: Mapping[str, str], fields: Collection[str]) -> list[Problem]:
    """Of these fields, those that hold what is no text, or too much of it."""
    found = list[Problem]()
    for name in fields:
        text = cells.get(name) or ""
        if not is_text(text):
            found.append(Problem(name, Wrong.NO_TEXT))
        elif len(plain(text)) > longest(name):
            found.append(Problem(name, Wrong.LONG, str(longest(name))))
    return found


def read_member(cells: Mapping[str, str], facts: Facts) -> Read[NewMember]:
    """`missing` apart: what is there is checked here."""
    get, problems = _getter(cells), unfit(cells, [name for name in cells if name not in PARTS_OF_HOME])
    language = get("language").lower()
    if language not in facts.languages:
        problems.append(Problem("language", Wrong.LANGUAGE))
    word = get("duress_word")
    if word and (bad := duress_word_problem(word, is_everyday=facts.is_everyday)):
        problems.append(Problem("duress_word", BAD_WORDS[bad]))
    home = read_home(cells, facts)
    person = Someone(e164(get("phone")) or "", get("name"), (language,), _consent(cells, facts, problems))
    return Read(NewMember(person, home.entry, word or None), problems + home.problems)


def read_home(cells: Mapping[str, str], facts: Facts) -> Read[Home]:
    get, problems = _getter(cells), unfit(cells, PARTS_OF_HOME)
    if len(get("state")) != 2:
        problems.append(Problem("state", Wrong.STATE))
    zip_ = _zip(cells, facts, problems)
    home = Home(get("street"), get("unit") or None, get("city"), get("state").upper(), zip_)
    return Read(home, problems)


def read_responder(cells: Mapping[str, str], facts: Facts) -> Read[NewResponder]:
    """`missing` apart: what is there is checked here, credentials too. How many vouch is for the caller."""
    get, problems = _getter(cells), unfit(cells, cells)
    languages = _many(cells, "languages")
    if any(len(language) != 2 for language in languages):
        problems.append(Problem("languages", Wrong.LANGUAGES))
    if get("pin") and not is_pin(get("pin")):
        problems.append(Problem("pin", Wrong.PIN))
    person = Someone(
        e164(get("phone")) or "", get("name"), tuple(languages), _consent(cells, facts, problems)
    )
    entry = NewResponder(
        person=person,
        kinds=_kinds(cells, problems),
        zip=_zip(cells, facts, problems),
        max_miles=_miles(cells, problems),
        hours=_hours(cells, problems),
        pin=get("pin") or None,
        clearance_until=_day(cells, "clearance_until", problems),
        bar_number=get("bar_number") or None,
        bar_state=get("bar_state").upper(),
        wake_at_night=_yes(cells, "wake_at_night", problems),
    )
    lacking, warnings = _credentials(entry, facts)
    # A date that can't be read is one mistake, not two.
    named = {one.field for one in problems}
    return Read(entry, problems + [one for one in lacking if one.field not in named], warnings)


def _credentials(entry: NewResponder, facts: Facts) -> tuple[list[Problem], list[Problem]]:
    """What legal help and childcare ask for beside vouches; a clearance that is over is a warning."""
    lacking, warnings = list[Problem](), list[Problem]()
    if "childcare" in entry.kinds:
        if entry.clearance_until is None:
            lacking.append(Problem("clearance_until", Wrong.CLEARANCE))
        elif entry.clearance_until < facts.today:
            warnings.append(Problem("clearance_until", Wrong.CLEARANCE_OVER))
    if "legal" in entry.kinds:
        if not entry.bar_number:
            lacking.append(Problem("bar_number", Wrong.BAR_NUMBER))
        if len(entry.bar_state) != 2:
            lacking.append(Problem("bar_state", Wrong.BAR_STATE))
    return lacking, warnings


def _getter(cells: Mapping[str, str]) -> Callable[[str], str]:
    return lambda name: plain(cells.get(name) or "")


def _many(cells: Mapping[str, str], name: str) -> list[str]:
    return [part.strip().lower() for part in _getter(cells)(name).split(";") if part.strip()]


def _day(cells: Mapping[str, str], name: str, problems: list[Problem]) -> date | None:
    text = _getter(cells)(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(Problem(name, Wrong.DATE))
        return None


def _consent(cells: Mapping[str, str], facts: Facts, problems: list[Problem]) -> date | None:
    consent = _day(cells, "consent_on", problems)
    if consent and consent > facts.today:
        problems.append(Problem("consent_on", Wrong.FUTURE))
    return consent


def _zip(cells: Mapping[str, str], facts: Facts, problems: list[Problem]) -> str:
    code = _getter(cells)("zip")
    if code and code not in facts.zips:
        problems.append(Problem("zip", Wrong.ZIP))
    return code


def _kinds(cells: Mapping[str, str], problems: list[Problem]) -> tuple[str, ...]:
    kinds = _many(cells, "kinds")
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        problems.append(Problem("kinds", Wrong.KIND, unknown[0]))
    return tuple(sorted(set(kinds)))


def _miles(cells: Mapping[str, str], problems: list[Problem]) -> int:
    said = _getter(cells)("max_miles")
    miles = int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0
    if not 1 <= miles <= MOST_MILES:
        problems.append(Problem("max_miles", Wrong.MILES))
    return miles


def _hours(cells: Mapping[str, str], problems: list[Problem]) -> Hours:
    try:
        return parse_hours(_getter(cells)("hours"))
    except BadHours:
        problems.append(Problem("hours", Wrong.HOURS))
        return []


def _yes(cells: Mapping[str, str], name: str, problems: list[Problem]) -> bool:
    said = _getter(cells)(name).lower()
    if said not in YES | NO:
        problems.append(Problem(name, Wrong.YES_OR_NO))
    return said in YES
