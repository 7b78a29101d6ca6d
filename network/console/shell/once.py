"""One press, one act: a form that comes in twice from one page, since the line was slow, acts once.

Every form carries a token that is new each time a page is drawn. The same token with the same words to the
same address is the same press, however often the button was hit.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from network.console.models import Press
from network.console.shell.forms import Back, cleaned
from network.console.shell.reauthentication import own_path

KEPT_FOR = timedelta(days=1)
WAITS_FOR_S = 10.0  # for the first of two to be answered
LOOKS_EVERY_S = 0.1
LONGEST_ANSWER = 300

type Answer = Callable[[HttpRequest], HttpResponse]


class OncePerPress:
    """Answers a repeated press as the first was answered, and lets nothing happen twice."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = press_of(request)
        if not key:
            return self.get_response(request)
        if not begin(key, now=timezone.now()):
            return _again(request, key)
        done = False
        try:
            response = self.get_response(request)
            if isinstance(response, HttpResponseRedirect):
                place = response.url.partition("#")[0][:LONGEST_ANSWER]  # a fragment may hold a link's token
                Press.objects.filter(pk=key).update(answer=place)
                done = True
            return response
        finally:
            if not done:  # refused, or only shown something: pressing again may act
                Press.objects.filter(pk=key).delete()


def press_of(request: HttpRequest) -> str:
    """A digest of who pressed what on which drawing of a page; empty where a post carries no token."""
    if request.method != "POST" or not request.user.is_authenticated:
        return ""
    token = request.POST.get("csrfmiddlewaretoken", "")
    if len(token) < 64:
        return ""
    words = [f"{name}={value}" for name, values in sorted(request.POST.lists()) for value in values]
    files = [
        f"{name}={file.name}:{file.size}" for name, some in sorted(request.FILES.lists()) for file in some
    ]
    told = "\0".join([str(request.user.pk), request.path, *words, *files])
    return hashlib.sha256(told.encode()).hexdigest()


def begin(key: str, *, now: datetime) -> bool:
    """Whether this press is the first of its kind. Forgets those of yesterday."""
    Press.objects.filter(at__lt=now - KEPT_FOR).delete()
    rows = Press.objects.bulk_create([Press(key=key, at=now)], ignore_conflicts=True)
    return bool(rows) and Press.objects.filter(key=key, nonce=rows[0].nonce).exists()


def _again(request: HttpRequest, key: str) -> HttpResponse:
    """What the first was answered, once it is; it may still be under way, or have been refused."""
    until = time.monotonic() + WAITS_FOR_S
    while time.monotonic() < until:
        answer = Press.objects.filter(pk=key).values_list("answer", flat=True).first()
        if answer:
            messages.info(request, _("You pressed twice: it was done once."))
            return redirect(own_path(answer))
        if answer is None:
            break
        time.sleep(LOOKS_EVERY_S)
    messages.warning(request, _("You pressed twice. Look whether it was done before you press again."))
    return redirect(own_path(cleaned(Back(request.POST))["back"]))
