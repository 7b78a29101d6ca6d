"""The single keys of the console, as one table: the page's script looks here for what each does."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.console.models import SingleKeys


@dataclass(frozen=True, slots=True)
class Shortcut:
    signs: tuple[str, ...]  # as the browser names them
    does: str  # a step of keys.js
    says: str | Promise


KEYS = (
    Shortcut(("/",), "find", _("Find a request or a person")),
    Shortcut(("?",), "help", _("Show these keys")),
    Shortcut(("j",), "next", _("The next need")),
    Shortcut(("k",), "previous", _("Previous item")),
    Shortcut(("Enter", "o"), "open", _("Open it")),
    Shortcut(("n",), "take", _("Take next; on a request, to the next step")),
    Shortcut(("c",), "claim", _("I've got it")),
    Shortcut(("r",), "reply", _("Write a reply")),
    Shortcut(("t",), "talk", _("The conversation")),
    Shortcut(("p",), "people", _("The people of this request")),
    Shortcut(("h",), "history", _("The history of this request")),
    Shortcut(("u",), "undo", _("Take back a text that has not left")),
    Shortcut(("b",), "board", _("To the board")),
)


def single_keys_on(staff_id: UUID) -> bool:
    """They are, until somebody switches theirs off."""
    return not SingleKeys.objects.filter(staff=staff_id, on=False).exists()
