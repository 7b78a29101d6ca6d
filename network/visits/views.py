"""The responder's page. The link's token reaches the server only in a POST, with the PIN.

A browser gets a name when it first opens the page, before anything is bound: so a press whose answer is
lost on a bad line, or two presses at once, come from one device. No script can read the name, and only its
hash is kept here.
"""

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from network.visits.actions.page import PageRefused, open_page, page_step
from network.visits.forms import OfPin, OpeningLink

STATUS = {
    "gone": 410, "wrong_pin": 403, "locked": 403, "no_pin": 403, "not_now": 409, "elsewhere": 409,
    "refused": 403,
}  # fmt: skip
COOKIE = "__Host-visit" if settings.HTTPS else "visit"
LASTS = timedelta(days=2)  # from the last look: longer than any visit
NAME = re.compile(r"[\w-]{22}", re.ASCII)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same page for everybody. It spends nothing, so a link preview learns and spends nothing."""
    return _named(render(request, "visits/page.html", {"form": OfPin(label_suffix="")}), _device(request))


@require_POST
def open_it(request: HttpRequest) -> HttpResponse:
    """The address, or a button of the page, for the token and the PIN, on the device that has it open."""
    form = OpeningLink(request.POST)
    if not form.is_valid():
        raise BadRequest
    cleaned, device, now = form.cleaned_data, _device(request), timezone.now()
    token, pin, step, move = cleaned["token"], cleaned["pin"], cleaned["step"], bool(cleaned["move"])
    try:
        if step:
            shown = page_step(token, pin, step=step, device=device, now=now)
        else:
            shown = open_page(token, pin, device=device, move=move, now=now)
    except PageRefused as refused:
        context = {"why": refused.why, "tries_left": refused.tries_left}
        response = render(request, "visits/_refused.html", context, status=STATUS[refused.why])
    else:
        template = "visits/_address.html" if shown else "visits/_ended.html"
        response = render(request, template, {"visit": shown, "step": step})
    return _named(response, device)


def _device(request: HttpRequest) -> str:
    """The name of this browser; a new one if it has none of ours."""
    name = request.COOKIES.get(COOKIE, "")
    return name if NAME.fullmatch(name) else secrets.token_urlsafe(16)


def _named(response: HttpResponse, device: str) -> HttpResponse:
    response.set_cookie(
        COOKIE, device, max_age=LASTS, secure=settings.HTTPS, httponly=True, samesite="Strict"
    )
    return response
