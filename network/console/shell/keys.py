"""The single keys of the console, as one table: the page's script looks here for what each does."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.console.models import SingleKeys


@dataclass(frozen=True, slots=True)
class Key:
    signs: tuple[str, ...]  # as the browser names them
    does: str  # a step of keys.js
    says: str | Promise


KEYS = (
    Key(("/",), "find", _("Find a request or a person")),
    Key(("?",), "help", _("Show these keys")),
    Key(("j",), "next", _("The next need")),
    Key(("k",), "previous", _("Previous item")),
    Key(("Enter", "o"), "open", _("Open it")),
    Key(("n",), "take", _("Take next; on a request, to the next step")),
    Key(("c",), "claim", _("I've got it")),
    Key(("r",), "reply", _("Write a reply")),
    Key(("t",), "talk", _("The conversation")),
    Key(("p",), "people", _("The people of this request")),
    Key(("h",), "history", _("The history of this request")),
    Key(("u",), "undo", _("Take back a text that has not left")),
    Key(("b",), "board", _("To the board")),
)


def single_keys_on(staff_id: UUID) -> bool:
    """They are, until somebody switches theirs off."""
    return not SingleKeys.objects.filter(staff=staff_id, on=False).exists()
