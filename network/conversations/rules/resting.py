"""How long somebody wants not to be asked: days, weeks, days in hours, or until a day of the week. Pure.

We never guess a number of days: a text that isn't plainly one of these is for a person to read.
"""

import re
from collections.abc import Sequence

from network.conversations.rules import commands as c
from network.conversations.rules.commands import Command
from network.conversations.words.folding import fold
from network.conversations.words.going import DAY, WEEK

HOURS = frozenset({"h", "hr", "hrs", "hour", "hours", "hora", "horas", "edtan"})
WEEKS = WEEK | {"wk", "wks", "weeks"}
ONE = frozenset({"a", "an", "one", "un", "una", "uno", "yon", "1"})
TWO_HT = "de"  # two in Creole; a mere "of" elsewhere, and so only before a Creole unit
UNITS_HT = frozenset({"jou", "semen"})


def _folded(*lines: str) -> tuple[tuple[str, ...], ...]:
    """Exact words: a person reads a text that has a slip in one of these."""
    return tuple(sorted((fold(line) for line in lines), key=len, reverse=True))


LEAD = _folded(
    "for the next",
    "for",
    "the next",
    "next",
    "por los proximos",
    "por las proximas",
    "por",
    "durante",
    "los proximos",
    "las proximas",
    "pou",
    "pandan",
)
UNTIL = _folded("until", "till", "til", "hasta el", "hasta la", "hasta", "jiska", "jis")
TODAY = _folded(
    "today",
    "for today",
    "hoy",
    "por hoy",
    "jodi",
    "jodi a",
    "pou jodi a",
    "tonight",
    "for tonight",
    "this evening",
    "esta noche",
    "por esta noche",
    "hoy en la noche",
    "aswe a",
    "aswe",
)
TOMORROW = _folded("tomorrow", "manana", "demen")
WEEKDAYS = {
    day: number
    for number, names in enumerate(
        (
            ("monday", "mon", "lunes", "lendi"),
            ("tuesday", "tue", "tues", "martes", "madi"),
            ("wednesday", "wed", "miercoles", "mekredi"),
            ("thursday", "thu", "thurs", "jueves", "jedi"),
            ("friday", "fri", "viernes", "vandredi"),
            ("saturday", "sat", "sabado", "samdi"),
            ("sunday", "sun", "domingo", "dimanch"),
        )
    )
    for day in names
}


def off(words: Sequence[str]) -> Command | None:
    """What "off" and the words after it ask for. None if they don't plainly say how long."""
    rest = tuple(words)
    if not rest:
        return c.Off(None)
    if rest in TODAY:
        return c.Off(1)
    until = _without(rest, UNTIL)
    if until != rest:
        return _until(until)
    return _for(_without(rest, LEAD))


def _until(words: tuple[str, ...]) -> Command | None:
    if words in TOMORROW:
        return c.Off(1)
    return c.OffUntil(WEEKDAYS[words[0]]) if len(words) == 1 and words[0] in WEEKDAYS else None


def _for(words: tuple[str, ...]) -> Command | None:
    glued = re.fullmatch(r"(\d{1,3})([a-z]+)", words[0]) if len(words) == 1 else None
    if glued:  # 24h
        words = (glued[1], glued[2])
    if not words or len(words) > 2:
        return None
    number = _number(words[0], unit=words[1] if len(words) == 2 else "")
    if number is None:
        return None
    if len(words) == 1:  # a bare number is of days; "a" alone is nothing
        return c.Off(number) if words[0].isdigit() else None
    if words[1] in DAY or words[1] == "d":
        return c.Off(number)
    if words[1] in WEEKS:
        return c.Off(7 * number)
    return c.Off(number // 24) if words[1] in HOURS and number % 24 == 0 else None


def _number(word: str, *, unit: str) -> int | None:
    if word.isascii() and word.isdigit() and len(word) < 4:
        return int(word) or None
    if word in ONE:
        return 1
    return 2 if word == TWO_HT and unit in UNITS_HT else None


def _without(words: tuple[str, ...], leads: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The words without the first of these leads that they begin with."""
    longest_first = sorted(leads, key=len, reverse=True)
    matched = next(
        (lead for lead in longest_first if words[: len(lead)] == lead and len(words) > len(lead)), ()
    )
    return words[len(matched) :]
