"""What the board's forms say: what is looked for, the names of saved views, and what was ticked."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from network.console.shell.forms import Form, sought, text

MOST = 200  # rows at once


class PhoneLookup(Form):
    """A verifier finds people by their whole phone only."""

    q = sought("", id="q", autocapitalize="off", spellcheck="false", autofocus="autofocus")

    def __init__(self, *args: Any, by_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = _("Number, name or phone") if by_name else _("Whole phone number")


class Saving(Form):
    """The filter that the board has now, as codes, and its name; whether both fit, the rules say."""

    codes, name = text(), text()


class Renaming(Form):
    name = text()


class Ticked(forms.Form):
    """The ticked rows; what is no row's id is left out."""

    def chosen(self) -> list[UUID]:
        found = []
        for need_id in self.data.getlist("need")[:MOST]:  # type: ignore[attr-defined]
            try:
                found.append(UUID(need_id))
            except ValueError:
                continue
        return found
