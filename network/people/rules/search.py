"""What somebody searches for: a request's number, a phone, a phone's last four digits, or a name. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from network.people.rules.phone_numbers import e164

MOST = 80  # characters of a search that are read


NUMBER = re.compile(r"#\s*(\d{1,9})|([1-9]\d{0,8})", re.ASCII)


ENDING = re.compile(r"\d{4}", re.ASCII)


SHORTEST_NAME = 2  # letters


class SearchKind(StrEnum):
    """What the history says about a search. It never holds the words."""

    NUMBER = "number"
    PHONE = "phone"
    ENDING = "ending"
    NAME = "name"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """Four digits alone may be a number and an ending at once. Otherwise at most one of the four is set."""

    number: int | None = None
    phone: str = ""  # as +13125550123
    ending: str = ""
    name: tuple[str, ...] = ()

    @property
    def kind(self) -> SearchKind:
        if self.ending:
            return SearchKind.ENDING
        if self.number is not None:
            return SearchKind.NUMBER
        if self.phone:
            return SearchKind.PHONE
        return SearchKind.NAME if self.name else SearchKind.NOTHING


def search_terms(text: str) -> SearchTerms:
    """What these words search for. Empty if they are no number, no phone and no name."""
    plain = _plain(text[:MOST])
    if any(sign.isalpha() for sign in plain):
        name = folded(plain)
        return SearchTerms(name=name) if sum(map(len, name)) >= SHORTEST_NAME else SearchTerms()
    number = NUMBER.fullmatch(plain)
    ending = plain if ENDING.fullmatch(plain) else ""
    if number or ending:
        return SearchTerms(number=int(number[1] or number[2]) if number else None, ending=ending)
    return SearchTerms(phone=e164(plain) or "")


def _plain(text: str) -> str:
    """Digits of any script as 0 to 9, wide characters as plain ones, and no invisible characters."""
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(sign for sign in normal if unicodedata.category(sign) != "Cf")
    return "".join(_digit(sign) for sign in seen).strip()


def _digit(sign: str) -> str:
    decimal = unicodedata.decimal(sign, None)
    return sign if decimal is None else str(decimal)


def folded(text: str) -> tuple[str, ...]:
    """Its words without case or accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return tuple(re.findall(r"\w+", bare.casefold()))


def matches(asked: SearchTerms, name: str, phone: str) -> bool:
    """Whether this person matches: by their whole phone, its last four digits, or their name."""
    if asked.phone or asked.ending:
        return phone == asked.phone if asked.phone else phone.endswith(asked.ending)
    return matches_name(name, asked.name)


def matches_name(name: str, words: tuple[str, ...]) -> bool:
    """Whether each of these words begins a word of the name; "lo ro" finds Rosa López."""
    parts = folded(name)
    return bool(words) and all(any(part.startswith(word) for part in parts) for word in words)
