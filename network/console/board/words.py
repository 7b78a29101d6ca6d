"""The board's filter, and the parts of a worker, in words."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.console.board.filters import CHOICES, FREE, LATE, MINE, NOT_KNOWN, Filter
from network.console.shell.words import KINDS, SPOKEN, STATES, Words

PARTS: Words = {  # of a worker
    "people": _("answers to texts"),
    "outbox": _("texts to send"),
    "strangers": _("texts of unknown phones"),
    "carrier": _("what is asked of the carrier"),
    "engine": _("clocks and promises"),
}
MEMBER = _("member")

FILTER: dict[str, tuple[str | Promise, Words]] = {
    "kind": (_("Kind"), {**KINDS, NOT_KNOWN: KINDS[""]}),
    "language": (_("Language"), SPOKEN),
    "state": (_("State"), STATES),
    "whose": (_("Taken"), {MINE: _("by me"), FREE: _("by nobody")}),
    "due": (_("Due"), {LATE: _("late")}),
}


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """One thing by which a board is narrowed, with its codes in words."""

    name: str
    label: str | Promise
    codes: list[tuple[str, str | Promise]]
    chosen: str

    @property
    def in_words(self) -> str | Promise:
        """The chosen code in words; empty for all."""
        return dict(self.codes).get(self.chosen, "")


def choices(chosen: Filter, languages: Collection[str]) -> list[FilterChoice]:
    """All of them; of the languages those that the network writes in."""
    offered = {**CHOICES, "language": tuple(code for code in CHOICES["language"] if code in languages)}
    return [
        FilterChoice(name, label, [(code, values[code]) for code in offered[name]], getattr(chosen, name))
        for name, (label, values) in FILTER.items()
    ]
