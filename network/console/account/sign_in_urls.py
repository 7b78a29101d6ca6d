"""The sign-in library's pages that we have. What would write an e-mail or let anybody sign up isn't there.

The library looks some names up by itself; those lead nowhere.
"""

from allauth.account import views
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from network.console.account.views import passkeys


def nowhere(request: HttpRequest) -> HttpResponse:
    """As if it had never been there: for everybody, signed in or not."""
    raise Http404


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("2fa/webauthn/login/", passkeys.sign_in, name="mfa_login_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
    path("signup/", nowhere, name="account_signup"),
    path("email/", nowhere, name="account_email"),
    path("password/set/", nowhere, name="account_set_password"),
    path("password/reset/", nowhere, name="account_reset_password"),
]
