"""A home as it is written. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Home:
    street: str
    unit: str | None
    city: str
    state: str
    zip: str


def same_home(one: Home, other: Home) -> bool:
    """Whether two people may have written the same home: capitals, points and spaces aside."""
    return _folded(one) == _folded(other)


def _folded(home: Home) -> list[str]:
    parts: Iterable[str] = (home.street, home.unit or "", home.city, home.state, home.zip)
    return ["".join(sign for sign in part.casefold() if sign.isalnum()) for part in parts]
