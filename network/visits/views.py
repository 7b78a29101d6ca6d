"""The responder's page. The link's token never reaches the server but in a POST, with the PIN."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from network.visits.actions import PageRefused, open_page, page_step

STATUS = {"gone": 410, "wrong_pin": 403, "locked": 403, "no_pin": 403, "not_now": 409}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same for everybody, and consumes nothing: a preview learns and spends nothing."""
    return render(request, "visits/page.html")


@require_POST
def open_it(request: HttpRequest) -> HttpResponse:
    """The address, or a button of the page, for the token and the PIN."""
    token, pin = request.POST.get("token", ""), request.POST.get("pin", "")
    step, now = request.POST.get("step", ""), timezone.now()
    try:
        shown = page_step(token, pin, step=step, now=now) if step else open_page(token, pin, now=now)
    except PageRefused as refused:
        context = {"why": refused.why, "tries_left": refused.tries_left}
        return render(request, "visits/_refused.html", context, status=STATUS[refused.why])
    if shown is None:
        return render(request, "visits/_ended.html", {"step": step})
    return render(request, "visits/_address.html", {"visit": shown})
