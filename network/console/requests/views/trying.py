"""For who words texts: what a text would be understood as, and what would be answered. Nothing is kept."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from network.console.requests import words
from network.console.shell import words as shared_words
from network.console.shell.access import opens
from network.conversations.rules.context import Question
from network.conversations.rules.understanding import decide
from network.conversations.trying import WHO, answer, name_of, situation
from network.staff.rules.access import Action
from network.visits.rules.stages import LIVE, Stage

MOST = 1600  # signs of a text, as the carrier takes them
OFFERED = 41
STAGES = tuple(stage for stage in Stage if stage in LIVE)


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.SET_RULES)
def trying(request: HttpRequest) -> HttpResponse:
    """The text comes in the form, never in an address, and goes with the page."""
    said = request.POST
    given = {
        "text": said.get("text", "")[:MOST],
        "who": _one_of(said.get("who"), WHO) or "member",
        "asked": _one_of(said.get("asked"), [one.value for one in Question]),
        "stage": _one_of(said.get("stage"), [one.value for one in STAGES]),
        "language": _one_of(said.get("language"), settings.NETWORK_LANGUAGES)
        or settings.NETWORK_LANGUAGES[0],
        "offered": bool(said.get("offered")),
    }
    written = bool(str(given["text"]).strip())
    shown = {"given": given, "found": _found(given) if written else None, "offered": OFFERED}
    return render(
        request, "console/trying.html",
        shown | {
            "empty": request.method == "POST" and not written,
            "who": [(one, words.WRITERS[one]) for one in WHO],
            "asked": [(one.value, words.QUESTIONS[one]) for one in Question],
            "stages": [(one.value, shared_words.STAGES[one]) for one in STAGES],
            "languages": [(one, shared_words.LANGUAGES[one]) for one in settings.NETWORK_LANGUAGES],
            "most": MOST,
        },
    )  # fmt: skip


def _one_of(value: str | None, among: Iterable[str]) -> str:
    return value if value and value in set(among) else ""


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
