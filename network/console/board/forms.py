"""What the board's forms say: what is looked for, the names of saved views, and what was ticked."""

from uuid import UUID

from django import forms

from network.console.shell.forms import Form, text

MOST = 200  # rows at once


class Finding(Form):
    q = text()


class Saving(Form):
    """The filter that the board has now, as codes, and its name; whether both fit, the rules say."""

    codes, name = text(), text()


class Renaming(Form):
    name = text()


class Ticked(forms.Form):
    """The ticked rows; what is no row's id is left out."""

    def chosen(self) -> list[UUID]:
        found = []
        for said in self.data.getlist("need")[:MOST]:  # type: ignore[attr-defined]
            try:
                found.append(UUID(said))
            except ValueError:
                continue
        return found
