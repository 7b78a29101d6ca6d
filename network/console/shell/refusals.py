"""What is shown in place of a page: for an address that isn't there, and for what no field can hold."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

TITLES = {
    400: _("This can't be read"),
    404: _("This page isn't here"),
    408: _("It took too long to arrive"),
    413: _("It is too large"),
    429: _("Too many tries"),
}
SENTENCES = {
    400: _("A character or a number in what was sent is one that no field takes. Nothing was changed."),
    404: _("The address may be mistyped, or what it showed is over. Nothing was changed."),
    408: _(
        "What you sent didn't arrive whole, so nothing was changed. Check your connection and send it again."
    ),
    413: _(
        "What you sent is larger than this form takes, so nothing was changed. Send less, or split the file."
    ),
    429: _("Many try to sign in just now. Nothing is locked: wait for a minute, then try again."),
}


def page(request: HttpRequest, status: int) -> HttpResponse:
    """Says what happened and that nothing was changed; a script that asked gets the status alone."""
    context = {"title": TITLES[status], "sentence": SENTENCES[status]}
    return render(request, "console/refused.html", context, status=status)


def not_read(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's answer to a request that it suspects."""
    return page(request, 400)


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)
