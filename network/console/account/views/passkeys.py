"""Signing in with a passkey, begun without a row: what was asked of the key waits in a signed cookie.

The sign-in library keeps it in the session, so that each look at it by anybody would write one.
"""

import hashlib
from datetime import timedelta
from typing import Any

from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

COOKIE = "__Host-passkey" if settings.HTTPS else "passkey"
SALT = "passkey"
LASTS = timedelta(minutes=5)


class SignInWithPasskey(LoginWebAuthnView):
    """As the library's, but for where the question waits; each can be answered once."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        before = request.session.modified
        response: HttpResponse = super().get(request, *args, **kwargs)
        asked = request.session.pop(STATE_SESSION_KEY, None)
        request.session.modified = before
        if asked is not None:
            response.set_cookie(
                COOKIE,
                signing.dumps(asked, salt=SALT),
                max_age=LASTS,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Strict",
            )
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked, before = _asked(request), request.session.modified
        if asked is not None:
            request.session[STATE_SESSION_KEY] = asked
        response: HttpResponse = super().post(request, *args, **kwargs)
        if request.session.pop(STATE_SESSION_KEY, None) is not None:
            request.session.modified = before  # it wasn't answered
        response.delete_cookie(COOKIE, samesite="Strict")
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        asked = _asked(self.request)
        if asked is None or not _is_first_answer(str(asked["challenge"])):
            return HttpResponseRedirect(reverse("account_login"))
        response: HttpResponse = super().form_valid(form)
        return response


def _asked(request: HttpRequest) -> dict[str, Any] | None:
    try:
        loaded = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return dict(loaded)


def _is_first_answer(challenge: str) -> bool:
    spent = hashlib.sha256(challenge.encode()).hexdigest()
    return bool(cache.add(f"passkey:{spent}", 1, LASTS.total_seconds()))


sign_in = SignInWithPasskey.as_view()
