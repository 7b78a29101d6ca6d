"""Before something of a person is shown: how much this account has looked at within the hour."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.console.shell import words
from network.console.shell.access import me
from network.console.shell.forms import Form, name_choices, one_of
from network.staff.actions.lookups import note_lookup
from network.staff.rules.lookups import LookupKind, LookupReason, Verdict

WHY = "why_look"  # the field that a reason comes in


class Looking(Form):
    """Why one more is looked at; whatever the page never offered is no reason."""

    why_look = one_of(LookupReason, label=_("Why"), wrong=_("Choose a reason."), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_choices(self.fields[WHY], words.WHY_LOOKS.items())


def held_back(request: HttpRequest, kind: LookupKind, about: UUID | None = None) -> HttpResponse | None:
    """The page to show in place of what was asked for, or None.

    It asks for a reason, with which the same request is made once more, or says that it is enough for now.
    """
    sent = request.POST if request.method == "POST" else request.GET
    form = Looking(request.POST) if request.method == "POST" else Looking(request.GET)
    why = form.cleaned_data[WHY] if form.is_valid() else None
    match note_lookup(kind, about, staff_id=me(request).pk, why=why, now=timezone.now()):
        case Verdict.OPEN:
            return None
        case Verdict.ASK:
            again = [
                (name, value)
                for name, values in sent.lists()
                for value in values
                if name not in ("csrfmiddlewaretoken", WHY)
            ]
            context = {"again": again, "form": form if WHY in sent else Looking(), "tells": words.LOOKS[kind]}
            return render(request, "console/look_why.html", context, status=403)
        case Verdict.STOP:
            return render(request, "console/look_why.html", {"stopped": True}, status=429)
