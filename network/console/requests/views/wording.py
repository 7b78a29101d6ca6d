"""A network's own words for its texts: for stewards."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.console.requests import forms, words
from network.console.shell import words as shared_words
from network.console.shell.access import me, opens
from network.console.shell.forms import UNPROCESSABLE, cleaned
from network.messaging.models import Wording
from network.messaging.outbox.wording import StaleWording, change, fits, history, last_versions
from network.messaging.rules.speech import SENTENCE_AT_MOST
from network.messaging.rules.wording import (
    SAMPLE,
    WordingVerdict,
    answers,
    judge,
    places,
    plain_fields,
    sample,
)
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import SPOKEN, TABLES
from network.staff.rules.access import Action


@require_safe
@opens(Action.SET_RULES)
def wordings(request: HttpRequest) -> HttpResponse:
    """Every text in every language of the network: ours, theirs, or theirs in another language only."""
    theirs = {(row.text, row.language): row.words for row in last_versions() if row.words}
    rows = []
    for key in Text:
        own = [code for code in settings.NETWORK_LANGUAGES if (key, code) in theirs]
        cells = [
            (code, shared_words.LANGUAGES[code], _state(key, code, theirs))
            for code in settings.NETWORK_LANGUAGES
        ]
        gap = [shared_words.SPOKEN[code] for code in settings.NETWORK_LANGUAGES if own and code not in own]
        rows.append((key.value, sample(TABLES["en"][key]), cells, gap))
    return render(request, "console/wordings.html", {"rows": rows})


def _state(key: Text, language: str, theirs: dict[tuple[str, str], str]) -> str:
    own = theirs.get((key.value, language))
    if own is None:
        return ""
    return "own" if fits(key, language, own) else "unfit"


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.SET_RULES)
def wording(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """One text in one language: look, check, save, or go back to ours."""
    if key not in Text or language not in settings.NETWORK_LANGUAGES:
        raise Http404
    text, form = Text(key), forms.WordingForm(request.POST)
    asked = cleaned(form)
    typed, step = asked["words"], asked["step"]
    verdict = judge(text, language, typed) if step in ("check", "save") else None
    if step == "ours" or (verdict and _may_save(step, verdict, asked["anyway"])):
        new = "" if step == "ours" else typed
        try:
            change(text, language, new, by=me(request).pk, now=timezone.now(), seen=asked["seen"])
        except StaleWording:
            form.wrong(None, _("Somebody else has changed these words just now: look at theirs first."))
        else:
            done = _("Kept. Texts say it from now on.") if new else _("Texts say our words again.")
            messages.success(request, done)
            return redirect("wording", key=text.value, language=language)
    return _page(request, text, language, form if step else None, verdict)


def _page(
    request: HttpRequest,
    text: Text,
    language: str,
    form: forms.WordingForm | None,
    verdict: WordingVerdict | None,
) -> HttpResponse:
    """With the words that were typed and what is wrong with them, or those that are sent now."""
    past = history(text, language)
    now_said = (past[0].words if past else "") or TABLES[language][text]
    form = form or forms.WordingForm({"words": now_said})
    shown = str(form["words"].value() or "")
    judged = verdict or judge(text, language, shown)
    if judged.problems:
        sentences = [(str(words.WORDING[why]).replace("%s", about),) for why, about in judged.problems]
        form.wrong("words", format_html_join(SafeString("<br>"), "{}", sentences))
    form.written_in(language)
    context = _context(text, language, past, shown) | {
        "form": form,
        "verdict": judged,
        "confirm": bool(verdict and verdict.rare and not verdict.problems),
    }
    status = UNPROCESSABLE if form.errors and request.method == "POST" else 200
    return render(request, "console/wording.html", context, status=status)


def _may_save(step: str, verdict: WordingVerdict, anyway: bool) -> bool:
    """Signs outside the carrier's basic set are a choice to confirm, not a mistake."""
    return step == "save" and not verdict.problems and (not verdict.rare or anyway)


def _context(text: Text, language: str, past: list[Wording], shown: str) -> dict[str, object]:
    ours = TABLES[language][text]
    theirs = {(row.text, row.language) for row in last_versions() if row.words}
    changed = [code for code in settings.NETWORK_LANGUAGES if (text.value, code) in theirs]
    return {
        "key": text.value,
        "language": language,
        "spoken": shared_words.SPOKEN[language],
        "ours": ours,
        "aloud": SENTENCE_AT_MOST if text in SPOKEN else 0,
        "own": bool(past and past[0].words),
        "seen": past[0].version if past else 0,
        "past": past,
        "fields": [(f"{{{name}}}", SAMPLE[name]) for name in dict.fromkeys(plain_fields(ours) or ())],
        "answers": [f"{mark} =" for mark in answers(ours)],
        "example": sample(shown),
        "languages": [(code, shared_words.LANGUAGES[code]) for code in settings.NETWORK_LANGUAGES],
        "gaps": [
            shared_words.SPOKEN[code]
            for code in settings.NETWORK_LANGUAGES
            if changed and code not in changed
        ],
        "twins": [key.value for key, code in places(text, language) if code == language and key != text],
    }
