"""A network's own words for its texts: for stewards."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.console.requests import forms, words
from network.console.shell import words as shared_words
from network.console.shell.access import me, opens
from network.console.shell.forms import said
from network.messaging.outbox.wording import Stale, change, fits, history, last_versions
from network.messaging.rules.wording import SAMPLE, Verdict, answers, judge, places, plain_fields, sample
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import TABLES
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
    text, asked = Text(key), said(forms.Wording(request.POST))
    typed, step = asked["words"], asked["step"]
    verdict = judge(text, language, typed) if step in ("check", "save") else None
    if step == "ours" or (verdict and _may_save(step, verdict, asked["anyway"])):
        return _save(request, text, language, "" if step == "ours" else typed, asked["seen"])
    return render(
        request, "console/wording.html", _context(text, language, typed if verdict else None, verdict),
        status=422 if verdict and verdict.problems else 200,
    )  # fmt: skip


def _may_save(step: str, verdict: Verdict, anyway: bool) -> bool:
    """Signs outside the carrier's basic set are a choice to confirm, not a mistake."""
    return step == "save" and not verdict.problems and (not verdict.rare or anyway)


def _save(request: HttpRequest, text: Text, language: str, typed: str, seen: int) -> HttpResponse:
    try:
        change(text, language, typed, by=me(request).pk, now=timezone.now(), seen=seen)
    except Stale:
        messages.error(request, _("Somebody else has changed these words just now: look at theirs first."))
    else:
        done = _("Kept. Texts say it from now on.") if typed else _("Texts say our words again.")
        messages.success(request, done)
    return redirect("wording", key=text.value, language=language)


def _context(text: Text, language: str, typed: str | None, verdict: Verdict | None) -> dict[str, object]:
    ours, past = TABLES[language][text], history(text, language)
    now_said = (past[0].words if past else "") or ours
    shown = now_said if typed is None else typed
    found = verdict or judge(text, language, shown)
    theirs = {(row.text, row.language) for row in last_versions() if row.words}
    changed = [code for code in settings.NETWORK_LANGUAGES if (text.value, code) in theirs]
    return {
        "key": text.value,
        "language": language,
        "spoken": shared_words.SPOKEN[language],
        "ours": ours,
        "shown": shown,
        "own": bool(past and past[0].words),
        "seen": past[0].version if past else 0,
        "past": past,
        "fields": [(f"{{{name}}}", SAMPLE[name]) for name in dict.fromkeys(plain_fields(ours) or ())],
        "answers": [f"{mark} =" for mark in answers(ours)],
        "verdict": found,
        "problems": [str(words.WORDING[why]).replace("%s", about) for why, about in found.problems],
        "confirm": bool(verdict and verdict.rare and not verdict.problems),
        "example": sample(shown),
        "languages": [(code, shared_words.LANGUAGES[code]) for code in settings.NETWORK_LANGUAGES],
        "gaps": [
            shared_words.SPOKEN[code]
            for code in settings.NETWORK_LANGUAGES
            if changed and code not in changed
        ],
        "twins": [one.value for one, code in places(text, language) if code == language and one != text],
    }
