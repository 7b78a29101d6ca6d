"""What stands before every page: permissions for browsers, a second factor, and the lock of an idle desk."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone

from network.console.shell.access import OPEN_BOARD, has_factors, me, who
from network.console.shell.reauthentication import is_fetched, touch_page
from network.staff.rules.access import IDLE_AFTER, AccessRefusal, is_idle
from network.staff.sessions import SessionStore

ALWAYS = (
    "/static/",
    "/twilio/",
    "/visit",
    "/private",
    "/healthz",
    "/readyz",
    "/metrics",
    "/i18n/",
    "/sw.js",
    "/offline",
)
SETTING_UP = ("/accounts/", "/account", "/sign-in/")
TOUCHING = (
    "/account/touch", "/accounts/login/", "/accounts/logout/", "/accounts/reauthenticate/",
    "/accounts/2fa/reauthenticate/", "/accounts/2fa/webauthn/reauthenticate/", "/sign-in/",
)  # fmt: skip
POLLED = {
    "board_panel",
    "board_all",
    "board_beside",
    "request_panel",
    "drill_panel",
    "ringing",
    "here",
    "media",
    "account_lock",
    "last",
    "manifest",
}  # fetched by the page, not by a person
WHILE_LOCKED = ("/account/lock", "/duty/ringing")  # they show nobody
SEEN = "factor_seen"

type Answer = Callable[[HttpRequest], HttpResponse]


WORDS = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")


class Compressed(GZipMiddleware):
    """Pages, styles and scripts leave compressed, each with a length of its own by chance (against BREACH).

    Pictures and fonts are small already.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(WORDS):
            return response
        return super().process_response(request, response)


class PublicScheme:
    """A request's scheme is that of PUBLIC_URL, whatever the hop from the proxy to us.

    Else a page of ours would never be told to stay with https, and a form from its http twin would be taken.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.HTTPS:
            request.META["PORCHLIGHT_SCHEME"] = "https"
        return self.get_response(request)


@receiver(user_logged_out)
def note_signing_out(request: HttpRequest | None, **_: object) -> None:
    if request is not None:
        request.signed_out = True  # type: ignore[attr-defined]


class PermissionsPolicy:
    """No camera, microphone, place or the like; pages with people in them are never kept.

    Whoever signs out leaves nothing in the browser.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "signed_out", False):
            # Not "cache": pages are in none, and a browser may take half a minute for it.
            response.headers["Clear-Site-Data"] = '"storage"'
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response


class SecondFactorFirst:
    """Nothing but the account's own pages opens before a second factor was used, and nothing at all
    to an idle desk before it is used again. A person's acts are counted here; a page's own fetches aren't.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALWAYS):
            return self.get_response(request)
        at_the_key = request.path.startswith(TOUCHING)  # a look at the key's page is no act
        if request.user.is_authenticated and not at_the_key:
            stopped = self._stop(request)
            if stopped is not None:
                return stopped
        response = self.get_response(request)
        if request.user.is_authenticated:
            self._note(request, acted=not at_the_key)
        return response

    def _stop(self, request: HttpRequest) -> HttpResponse | None:
        visitor, now = who(request), timezone.now()
        request.locks_in = max(timedelta(), visitor.acted_at + IDLE_AFTER - now)  # type: ignore[attr-defined]
        if not visitor.factors:
            return self._before_factors(request, idle=is_idle(visitor, now))
        if is_idle(visitor, now) and request.path not in WHILE_LOCKED:
            return touch_page(request, AccessRefusal.LOCKED)
        return None

    def _before_factors(self, request: HttpRequest, *, idle: bool) -> HttpResponse | None:
        """A browser in which a factor is being set up, or one that came by a link past its factor."""
        if idle:
            request.session.flush()
            return redirect("account_login")
        if has_factors(request.user):
            return touch_page(request, AccessRefusal.SET_UP)
        if request.path.startswith(SETTING_UP):
            return None
        return redirect("account_home")

    def _note(self, request: HttpRequest, *, acted: bool) -> None:
        session, now = request.session, timezone.now()
        if not isinstance(session, SessionStore) or session.is_empty():
            return
        used = [
            record["at"]
            for record in get_authentication_records(request, me(request))
            if record["method"] == "mfa"
        ]
        if used and used[-1] != session.get(SEEN):
            session[SEEN] = used[-1]
            session.reauthenticated(now=now)
        elif acted and not is_fetched(request) and _route(request) not in POLLED:
            session.acted(now=now)


class PageOfAPress:
    """An address that only takes a press has no page: whoever opens it is led to the page above it.

    So they do who reload what a press was answered with, or change its language.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        opened = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code == 405 and opened and not is_fetched(request):
            return redirect(_page_above(request.path))
        return response


def _page_above(path: str) -> str:
    while path := path.rpartition("/")[0].removesuffix("/do"):
        with suppress(Resolver404):
            resolve(path)
            return path
    return "/"


def _route(request: HttpRequest) -> str:
    return request.resolver_match.url_name or "" if request.resolver_match else ""


__all__ = ["OPEN_BOARD", "PermissionsPolicy", "PublicScheme", "SecondFactorFirst", "has_factors"]
