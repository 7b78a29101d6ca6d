"""For who words texts: what a text would be understood as, and what would be answered. Nothing is kept."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from network.console.requests import forms, words
from network.console.shell import words as shared_words
from network.console.shell.access import opens
from network.conversations.rules import decide
from network.conversations.rules_context import Question
from network.conversations.trying import WHO, answer, name_of, situation
from network.staff.rules.access import Action
from network.visits.rules import Stage

OFFERED = 41


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.SET_RULES)
def trying(request: HttpRequest) -> HttpResponse:
    """The text comes in the form, never in an address, and goes with the page."""
    given = (forms.Trying(request.POST) if request.method == "POST" else forms.Trying()).given
    written = bool(str(given["text"]).strip())
    shown = {"given": given, "found": _found(given) if written else None, "offered": OFFERED}
    return render(
        request, "console/trying.html",
        shown | {
            "empty": request.method == "POST" and not written,
            "who": [(one, words.WRITERS[one]) for one in WHO],
            "asked": [(one.value, words.QUESTIONS[one]) for one in Question],
            "stages": [(one.value, shared_words.STAGES[one]) for one in forms.STAGES],
            "languages": [(one, shared_words.LANGUAGES[one]) for one in settings.NETWORK_LANGUAGES],
            "most": forms.MOST_OF_TEXT,
        },
    )  # fmt: skip


def _found(given: dict[str, object]) -> dict[str, object]:
    context = situation(
        str(given["who"]),
        asked=Question(str(given["asked"])) if given["asked"] else None,
        offers=[OFFERED] if given["offered"] else (),
        stage=Stage(str(given["stage"])) if given["stage"] else None,
    )
    decision = decide(str(given["text"]), context)
    return {
        "outcome": name_of(decision.command),
        "rule": words.RULES[decision.rule],
        "fear": decision.fear,
        "answers": answer(decision.command, context, str(given["language"])),
    }
