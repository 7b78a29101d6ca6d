"""Two-digit codes and minutes, as figures and as people say them. Pure."""

import re
from collections.abc import Collection, Sequence
from functools import cache

from network.conversations.words.times import AN_HOUR, HALF_HOUR

TENS = {
    20: ("twenty", "veinte", "ven"), 30: ("thirty", "treinta", "trant"), 40: ("forty", "cuarenta", "karant"),
    50: ("fifty", "cincuenta", "senkant"), 60: ("sixty", "sesenta", "swasant"), 70: ("seventy", "setenta"),
    80: ("eighty", "ochenta"), 90: ("ninety", "noventa"),
}  # fmt: skip
TEENS = {
    10: ("ten", "diez", "dis"), 11: ("eleven", "once", "onz"), 12: ("twelve", "doce", "douz"),
    13: ("thirteen", "trece", "trez"), 14: ("fourteen", "catorce", "katoz"),
    15: ("fifteen", "quince", "kenz"),
    16: ("sixteen", "dieciseis", "sez"), 17: ("seventeen", "diecisiete", "disset"),
    18: ("eighteen", "dieciocho", "dizwit"), 19: ("nineteen", "diecinueve", "diznef"),
}  # fmt: skip
TWENTIES = {
    21: "veintiuno", 22: "veintidos", 23: "veintitres", 24: "veinticuatro", 25: "veinticinco",
    26: "veintiseis", 27: "veintisiete", 28: "veintiocho", 29: "veintinueve",
}  # fmt: skip
UNITS_HT = {1: "en", 2: "de", 3: "twa", 4: "kat", 5: "senk", 6: "sis", 7: "set", 8: "uit", 9: "nef"}
MINUTE = frozenset(["m", "min", "mins", "minute", "minutes", "minuto", "minutos", "minit", "mn"])


@cache
def _said(code: int) -> tuple[tuple[str, ...], ...]:
    """The ways to write a code in words, after folding, which turns one to ten into figures."""
    tens, unit = code // 10 * 10, code % 10
    ways: list[tuple[str, ...]] = [(str(code // 10), str(unit))]
    ways += [(word,) for word in TEENS.get(code, ())]
    for word in TENS.get(tens, ()):
        if not unit:
            ways.append((word,))
        else:
            ways += [
                (word, str(unit)),
                (word, "y", str(unit)),
                (word, UNITS_HT[unit]),
                (word, "e", UNITS_HT[unit]),
            ]
    if code in TWENTIES:
        ways.append((TWENTIES[code],))
    return tuple(ways)


def with_codes(words: Sequence[str], codes: Collection[int]) -> tuple[str, ...]:
    """The words with each of these codes as figures, where they spell it out or write it apart ("4 1")."""
    ways = [(way, code) for code in codes for way in _said(code)]
    left = words if isinstance(words, tuple) else tuple(words)
    figures: list[str] = []
    if {way[0] for way, _ in ways}.isdisjoint(left):
        return left
    while left:
        code, span = _first(left, ways)
        figures.append(str(code) if span else left[0])
        left = left[span or 1 :]
    return tuple(figures)


def _first(words: tuple[str, ...], ways: Sequence[tuple[tuple[str, ...], int]]) -> tuple[int, int]:
    for way, code in ways:
        if words[: len(way)] == way and not (way[0].isdigit() and len(words) != len(way)):
            return code, len(way)
    return 0, 0


def stands_alone(text: str, code: str) -> bool:
    """Whether the figures, if any, aren't part of a price, an hour, a date or an address."""
    if code not in text:
        return True  # it was said in words
    return re.search(rf"(?<![\w$#€:/.,@+-]){code}(?![\w:/+]|[.,-]\d|\s*[%$€£¢°])", text) is not None


def without_minutes(words: Sequence[str]) -> tuple[str, ...]:
    """The words without "15", "15 min" and "an hour": how long it takes somebody to come."""
    left = list(words)
    for at, word in enumerate(left):
        if word.isdigit() and len(word) <= 3 and (at + 1 == len(left) or left[at + 1] in MINUTE):
            last = at + 1 == len(left)
            if last and at > 0 and left[at - 1] not in ("in", "en", "nan", "like", "como", "about", "unos"):
                return tuple(left)
            if last and at == 0 and not (len(word) > 1 and word.endswith(("0", "5"))):
                return tuple(left)  # another option's figure, or another offer's
            return tuple(left[:at] + left[at + 2 :])
    hour = next((spoken for spoken in HALF_HOUR + AN_HOUR if tuple(left[-len(spoken) :]) == spoken), ())
    return tuple(left[: len(left) - len(hour)])
