"""For who words texts: what a text would be understood as, and what would be answered. Nothing is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from network.console.requests import forms, words
from network.console.shell.access import opens
from network.conversations.rules.context import Question
from network.conversations.rules.understanding import decide
from network.conversations.trying import answer, name_of, situation
from network.staff.rules.access import Action
from network.visits.rules.stages import Stage


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.SET_RULES)
def trying(request: HttpRequest) -> HttpResponse:
    """The text comes in the form, never in an address, and goes with the page."""
    form = forms.Trying(request.POST) if request.method == "POST" else forms.Trying()
    found = _found(form.cleaned_data) if form.is_valid() else None
    return render(request, "console/trying.html", {"form": form, "found": found})


def _found(given: dict[str, Any]) -> dict[str, object]:
    context = situation(
        given["who"],
        asked=Question(given["asked"]) if given["asked"] else None,
        offers=[forms.OFFERED] if given["offered"] else (),
        stage=Stage(given["stage"]) if given["stage"] else None,
    )
    decision = decide(given["text"], context)
    return {
        "outcome": name_of(decision.command),
        "rule": words.RULES[decision.rule],
        "language": given["language"],
        "fear": decision.fear,
        "answers": answer(decision.command, context, given["language"]),
    }
