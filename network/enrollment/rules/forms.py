"""Checking what was typed of a member or a responder, in a form or a spreadsheet. Pure.

Cells have the names of a spreadsheet's columns (lists are joined by ;). Mistakes come back as codes, each
with its field; the spreadsheet and the console have words of their own for them.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from network.enrollment.rules.entries import (
    BAD_WORDS,
    EntryProblem,
    Mistake,
    NetworkFacts,
    NewMember,
    NewResponder,
    ReadEntry,
    Someone,
)
from network.people.rules.homes import Home
from network.people.rules.hours import BadHours, Hours, parse_hours
from network.people.rules.phone_numbers import e164
from network.people.rules.plain_text import is_text, longest, plain
from network.people.rules.secrets import duress_word_problem, is_pin

KINDS = frozenset({"accompaniment", "legal", "childcare"})


YES, NO = frozenset({"yes", "true", "1", "y"}), frozenset({"", "no", "false", "0", "n"})


MOST_MILES = 200


PARTS_OF_HOME = ("street", "unit", "city", "state", "zip")


NEEDED_OF_MEMBER = ("phone", "name", "language", "street", "city", "state", "zip")


NEEDED_OF_RESPONDER = ("phone", "name", "languages", "kinds", "zip", "max_miles", "hours")


def missing(cells: Mapping[str, str], needed: Collection[str]) -> list[EntryProblem]:
    """Required fields that are empty, and a phone that isn't one."""
    get = _getter(cells)
    problems = [EntryProblem(name, Mistake.EMPTY) for name in needed if not get(name)]
    if "phone" in needed and get("phone") and e164(get("phone")) is None:
        problems.append(EntryProblem("phone", Mistake.PHONE))
    return problems


def unfit(cells: Mapping[str, str], fields: Collection[str]) -> list[EntryProblem]:
    """The problems of fields that aren't plain text, or are too long."""
    problems = list[EntryProblem]()
    for name in fields:
        text = cells.get(name) or ""
        if not is_text(text):
            problems.append(EntryProblem(name, Mistake.NO_TEXT))
        elif len(plain(text)) > longest(name):
            problems.append(EntryProblem(name, Mistake.LONG, str(longest(name))))
    return problems


def read_member(cells: Mapping[str, str], facts: NetworkFacts) -> ReadEntry[NewMember]:
    """Checks what is there. For what isn't, see `missing`."""
    get, problems = _getter(cells), unfit(cells, [name for name in cells if name not in PARTS_OF_HOME])
    language = get("language").lower()
    if language not in facts.languages:
        problems.append(EntryProblem("language", Mistake.LANGUAGE))
    word = get("duress_word")
    if word and (bad := duress_word_problem(word, is_everyday=facts.is_everyday)):
        problems.append(EntryProblem("duress_word", BAD_WORDS[bad]))
    home = read_home(cells, facts)
    person = Someone(e164(get("phone")) or "", get("name"), (language,), _consent(cells, facts, problems))
    return ReadEntry(NewMember(person, home.entry, word or None), problems + home.problems)


def read_home(cells: Mapping[str, str], facts: NetworkFacts) -> ReadEntry[Home]:
    get, problems = _getter(cells), unfit(cells, PARTS_OF_HOME)
    if len(get("state")) != 2:
        problems.append(EntryProblem("state", Mistake.STATE))
    zip_ = _zip(cells, facts, problems)
    home = Home(get("street"), get("unit") or None, get("city"), get("state").upper(), zip_)
    return ReadEntry(home, problems)


def read_responder(cells: Mapping[str, str], facts: NetworkFacts) -> ReadEntry[NewResponder]:
    """Checks what is there, credentials too. For what isn't, see `missing`. The caller counts vouches."""
    get, problems = _getter(cells), unfit(cells, cells)
    languages = _many(cells, "languages")
    if any(len(language) != 2 for language in languages):
        problems.append(EntryProblem("languages", Mistake.LANGUAGES))
    if get("pin") and not is_pin(get("pin")):
        problems.append(EntryProblem("pin", Mistake.PIN))
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
    named = {problem.field for problem in problems}
    return ReadEntry(
        entry, problems + [problem for problem in lacking if problem.field not in named], warnings
    )


def _credentials(entry: NewResponder, facts: NetworkFacts) -> tuple[list[EntryProblem], list[EntryProblem]]:
    """What legal help and childcare require besides vouches. A clearance that is over is a warning."""
    lacking, warnings = list[EntryProblem](), list[EntryProblem]()
    if "childcare" in entry.kinds:
        if entry.clearance_until is None:
            lacking.append(EntryProblem("clearance_until", Mistake.CLEARANCE))
        elif entry.clearance_until < facts.today:
            warnings.append(EntryProblem("clearance_until", Mistake.CLEARANCE_OVER))
    if "legal" in entry.kinds:
        if not entry.bar_number:
            lacking.append(EntryProblem("bar_number", Mistake.BAR_NUMBER))
        if len(entry.bar_state) != 2:
            lacking.append(EntryProblem("bar_state", Mistake.BAR_STATE))
    return lacking, warnings


def _getter(cells: Mapping[str, str]) -> Callable[[str], str]:
    return lambda name: plain(cells.get(name) or "")


def _many(cells: Mapping[str, str], name: str) -> list[str]:
    return [part.strip().lower() for part in _getter(cells)(name).split(";") if part.strip()]


def _day(cells: Mapping[str, str], name: str, problems: list[EntryProblem]) -> date | None:
    text = _getter(cells)(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(EntryProblem(name, Mistake.DATE))
        return None


def _consent(cells: Mapping[str, str], facts: NetworkFacts, problems: list[EntryProblem]) -> date | None:
    consent = _day(cells, "consent_on", problems)
    if consent and consent > facts.today:
        problems.append(EntryProblem("consent_on", Mistake.FUTURE))
    return consent


def _zip(cells: Mapping[str, str], facts: NetworkFacts, problems: list[EntryProblem]) -> str:
    code = _getter(cells)("zip")
    if code and code not in facts.zips:
        problems.append(EntryProblem("zip", Mistake.ZIP))
    return code


def _kinds(cells: Mapping[str, str], problems: list[EntryProblem]) -> tuple[str, ...]:
    kinds = _many(cells, "kinds")
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        problems.append(EntryProblem("kinds", Mistake.KIND, unknown[0]))
    return tuple(sorted(set(kinds)))


def _miles(cells: Mapping[str, str], problems: list[EntryProblem]) -> int:
    text = _getter(cells)("max_miles")
    miles = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 1 <= miles <= MOST_MILES:
        problems.append(EntryProblem("max_miles", Mistake.MILES))
    return miles


def _hours(cells: Mapping[str, str], problems: list[EntryProblem]) -> Hours:
    try:
        return parse_hours(_getter(cells)("hours"))
    except BadHours:
        problems.append(EntryProblem("hours", Mistake.HOURS))
        return []


def _yes(cells: Mapping[str, str], name: str, problems: list[EntryProblem]) -> bool:
    text = _getter(cells)(name).lower()
    if text not in YES | NO:
        problems.append(EntryProblem(name, Mistake.YES_OR_NO))
    return text in YES
