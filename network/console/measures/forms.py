"""What the pages of measures say: over how many days, and what of the coverage is looked at."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.console.shell import words
from network.console.shell.forms import EMPTY, Form, chosen_from, day, name_choices, number, text, why
from network.support.rules.requests import Kind

type Named = tuple[str, str | Promise]


class Downloading(Form):
    """A span that the page doesn't offer is its usual one."""

    days = text()


class Holding(Form):
    """Of which request nothing is erased, until when, and why."""

    number = number(_("Number of the request"), least=1, wrong=_("There is no request of this number."))
    until = day(_("Until the end of"), wrong=_("Give a day after today, within a year."))
    why = why()


class LookingAt(Form):
    """Of the coverage: where and for whom. What the page doesn't offer is as if it weren't said."""

    kind = chosen_from(_("Kind"), wrong=EMPTY)
    language = chosen_from(_("Language"), wrong=EMPTY)
    area = chosen_from(_("Area"), wrong=EMPTY)

    def __init__(
        self, *args: Any, languages: Iterable[Named] = (), areas: Iterable[Named] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        name_choices(self.fields["kind"], [(kind.value, words.KINDS[kind]) for kind in Kind])
        name_choices(self.fields["language"], languages)
        if list(areas):
            name_choices(self.fields["area"], areas)
        else:
            del self.fields["area"]
