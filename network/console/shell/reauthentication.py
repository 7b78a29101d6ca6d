"""The small page that asks for the key, and where it returns to."""

from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from network.staff.rules.access import AccessRefusal

LOCKED = 423


def touch_page(request: HttpRequest, why: AccessRefusal) -> HttpResponse:
    """Instead of what was asked for. A fetched panel gets no page: the script shows it."""
    if is_fetched(request):
        return HttpResponse(status=LOCKED, content_type="text/plain")
    return shown(request, why, back=_where_they_were(request))


def shown(request: HttpRequest, why: AccessRefusal, *, back: str, waits: bool = False) -> HttpResponse:
    """`waits`: what was pressed is done once the key was touched."""
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    context = {
        "methods": methods,
        "back": back,
        "locked": why is AccessRefusal.LOCKED,
        "posted": request.method == "POST" and not waits,
        "demo": settings.DEMO and not methods,
    }
    return render(request, "account/touch.html", context, status=LOCKED)


def is_fetched(request: HttpRequest) -> bool:
    """By a script or as a picture, not by a person who opens a page."""
    headers = request.headers
    if "X-Panel" in headers or "HX-Request" in headers:
        return True
    if headers.get("Sec-Fetch-Mode") == "navigate":  # a page, also where a browser's worker asks for it
        return False
    return headers.get("Sec-Fetch-Dest", "document") != "document"


def _where_they_were(request: HttpRequest) -> str:
    """The page itself; for a button, the page that it stood on. No form is sent again by itself:
    whoever touches the key must not send what another has left in the browser."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    same = came_from.netloc == request.get_host()
    return own_path(came_from.path) if same else "/"


def own_path(path: str) -> str:
    """A path of ours, or the front page: never another site, however it is written."""
    plain = path.startswith("/") and path.isprintable() and "\\" not in path
    return path if plain and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "/"
