"""What is shown in place of a page: for an address that isn't there, and for what no field can hold."""

import secrets
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

TITLES = {
    400: _("This can't be read"),
    403: _("This wasn't accepted"),
    404: _("This page isn't here"),
    408: _("It took too long to arrive"),
    413: _("It is too large"),
    429: _("Too many tries"),
}
SENTENCES = {
    400: _("A character or a number in what was sent is one that no field takes. Nothing was changed."),
    403: _(
        "The page was open too long, or your browser keeps no cookies. Nothing was changed: try once more."
    ),
    404: _("The address may be mistyped, or what it showed is over. Nothing was changed."),
    408: _(
        "What you sent didn't arrive whole, so nothing was changed. Check your connection and send it again."
    ),
    413: _(
        "What you sent is larger than this form takes, so nothing was changed. Send less, or split the file."
    ),
    429: _("Many try to sign in just now. Nothing is locked: wait for a minute, then try again."),
}


WRITTEN = ("words", "notes", "why", "reason", "lines")  # fields in which somebody wrote sentences
MOST_WORDS = 2000
FAULT_SIGNS = "23456789CFGHJMPQRVWX"  # read aloud without a mistake, and no word comes of them


def page(request: HttpRequest, status: int, *, written: Sequence[str] = ()) -> HttpResponse:
    """Says what happened and that nothing was changed, and gives back what somebody `written`."""
    context = {"title": TITLES[status], "sentence": SENTENCES[status], "written": written}
    return render(request, "console/refused.html", context, status=status)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


def not_trusted(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer to a form without its token: after a long time, or from elsewhere."""
    written = [request.POST[name][:MOST_WORDS] for name in WRITTEN if request.POST.get(name)]
    return page(request, 403, written=written)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours: a page that asks nothing of the database, which may be what is gone.

    The number on it is in the log's line too (network/logs.py), and says nothing else.
    """
    fault = "".join(secrets.choice(FAULT_SIGNS) for _ in range(6))
    request.fault = fault  # type: ignore[attr-defined]
    return HttpResponse(render_to_string("console/broken.html", {"fault": fault}), status=500)


def not_read(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's answer to a request that it suspects."""
    return page(request, 400)


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)
