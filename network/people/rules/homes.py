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


def same_home(first: Home, second: Home) -> bool:
    """Whether both are the same home, apart from capitals, punctuation and spaces."""
    return _folded(first) == _folded(second)


def _folded(home: Home) -> list[str]:
    parts: Iterable[str] = (home.street, home.unit or "", home.city, home.state, home.zip)
    return ["".join(sign for sign in part.casefold() if sign.isalnum()) for part in parts]
