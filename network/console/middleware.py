"""What stands before every page: permissions for browsers, and a second factor for staff."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from network.people.models import Staff

OPEN_BOARD = "opens_board"  # set in the session by a demo's link
ALWAYS = ("/static/", "/twilio/", "/visit", "/healthz", "/readyz", "/metrics", "/i18n/")
SETTING_UP = ("/accounts/", "/account", "/sign-in/")

type Answer = Callable[[HttpRequest], HttpResponse]


class PermissionsPolicy:
    """No camera, microphone, place or the like; pages with people in them are never kept."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response


class SecondFactorFirst:
    """Nothing but the account's own pages opens before a passkey, or a password and TOTP, is set."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALWAYS + SETTING_UP) or not request.user.is_authenticated:
            return self.get_response(request)
        if request.session.get(OPEN_BOARD) or has_factors(request.user):
            return self.get_response(request)
        return redirect("account_home")


def has_factors(staff: object) -> bool:
    """A passkey, or a password together with TOTP."""
    if not isinstance(staff, Staff):
        return False
    kinds = set(Authenticator.objects.filter(user=staff).values_list("type", flat=True))
    if Authenticator.Type.WEBAUTHN in kinds:
        return True
    return Authenticator.Type.TOTP in kinds and staff.has_usable_password()
