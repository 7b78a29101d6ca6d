"""Coming in, and one's own account."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.console.access import coordinates, me, stewards
from network.console.middleware import OPEN_BOARD, has_factors
from network.people.actions import use_sign_in_link

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """A one-time link: its token is in the fragment, and is spent by a POST only."""
    if request.method == "GET":
        return render(request, "account/link.html")
    found = use_sign_in_link(request.POST.get("token", ""), now=timezone.now())
    if found is None:
        messages.error(request, _("This link was used already, or is over. Ask for a new one."))
        return render(request, "account/link.html", status=403)
    login(request, found.staff, backend=BACKEND)
    record_authentication(request, found.staff, method="link")
    request.session[OPEN_BOARD] = found.opens_board
    return redirect("board" if found.opens_board else "account_home")


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """One's own account, and what is still to be set before the board opens."""
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "complete": has_factors(request.user) or request.session.get(OPEN_BOARD),
        "coordinates": coordinates(request.user),
        "stewards": stewards(me(request)),
        "has_password": me(request).has_usable_password(),
        "has_totp": Authenticator.Type.TOTP in kinds,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
    }
    return render(request, "account/home.html", context)


@require_POST
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """The first password; a later one is changed through the sign-in library, which asks again."""
    staff = me(request)
    word = request.POST.get("password", "")
    if staff.has_usable_password():
        return redirect("account_change_password")
    try:
        validate_password(word, staff)
    except ValidationError as why:
        messages.error(request, " ".join(why.messages))
        return redirect("account_home")
    staff.set_password(word)
    staff.save(update_fields=["password"])
    update_session_auth_hash(request, staff)
    messages.success(request, _("The password is set. Now set up codes from an app."))
    return redirect("account_home")


@require_POST
@login_required
def name(request: HttpRequest) -> HttpResponse:
    """The name that texts call a coordinator by."""
    staff = me(request)
    staff.name = request.POST.get("name", "").strip()[:40] or None
    staff.save(update_fields=["name"])
    return redirect("account_home")
