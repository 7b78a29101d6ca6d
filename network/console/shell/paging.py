"""Lists that grow with the network, a page at a time. An address names a page, never what was looked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

AT_ONCE = 50
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class PageOfRows[Row]:
    """Some rows of a list, and whether there are others before and after."""

    rows: list[Row]
    number: int
    more: bool
    name: str = "page"  # of its number in an address
    kept: str = ""  # codes that stay in the address, as "organization=casa-azul&"

    @property
    def before(self) -> int:
        """Zero on the first."""
        return self.number - 1

    @property
    def after(self) -> int:
        """Zero on the last."""
        return self.number + 1 if self.more else 0

    def of[Shown](self, rows: list[Shown]) -> "PageOfRows[Shown]":
        """The same page with its rows as they are shown."""
        return PageOfRows(rows, self.number, self.more, self.name, self.kept)

    @property
    def whole(self) -> bool:
        """Whether all stands on it."""
        return self.number == 1 and not self.more


def number_of(given: Mapping[str, str], name: str = "page") -> int:
    """Which page is asked for; the first, unless it is plainly another."""
    said = given.get(name, "")
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 1
    return min(max(number, 1), MOST_PAGES)


class Sliced[Row](Protocol):
    """A list, or a queryset, of which only one page is asked for."""

    def __getitem__(self, which: slice, /) -> Iterable[Row]: ...


def page_of[Row](
    rows: Sliced[Row], number: int, *, at_once: int = AT_ONCE, name: str = "page", kept: str = ""
) -> PageOfRows[Row]:
    """One page of all rows."""
    first = (number - 1) * at_once
    fetched = list(rows[first : first + at_once + 1])
    return PageOfRows(fetched[:at_once], number, len(fetched) > at_once, name, kept)
