"""Coming in, touching the key, and one's own account."""

from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.audit.rules import staff as by_staff
from network.console.account import forms
from network.console.account.actions import set_single_keys
from network.console.shell.access import OPEN_BOARD, can, has_factors, me, who
from network.console.shell.forms import UNPROCESSABLE, cleaned
from network.console.shell.keys import single_keys_on
from network.console.shell.reauthentication import own_path, shown
from network.console.shell.setting_up.reads import is_hidden
from network.duty.actions.paging import be_present
from network.staff.actions.accounts import NotPossible
from network.staff.actions.factors import set_first_password
from network.staff.actions.sessions import end_session, end_sessions
from network.staff.actions.sign_in_links import use_sign_in_link
from network.staff.queries import browsers
from network.staff.rules.access import IDLE_AFTER, AccessRefusal, Action, is_idle
from network.staff.sessions import SessionStore


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """A one-time link: its token is in the fragment, and is spent by a POST only."""
    if request.method != "POST":
        return render(request, "account/link.html", {"form": forms.SigningInByLink()})
    now = timezone.now()
    signed_in = use_sign_in_link(cleaned(forms.SigningInByLink(request.POST))["token"], now=now)
    if signed_in is None:
        messages.error(request, _("This link was used already, or is over. Ask for a new one."))
        return render(request, "account/link.html", {"form": forms.SigningInByLink()}, status=403)
    request.session.flush()  # whoever was signed in here before takes nothing along
    login(request, signed_in.staff)
    record_authentication(request, signed_in.staff, method="link")
    if not signed_in.opens_board:
        return redirect("account_home")
    request.session[OPEN_BOARD] = True
    _store(request).reauthenticated(now=now)
    be_present(signed_in.staff.pk, now=now)
    return redirect("board")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def touch(request: HttpRequest) -> HttpResponse:
    """Asks for the key and returns to where one was. In a demo, where no key is set, a click does."""
    if request.method != "POST":
        locked = is_idle(who(request), timezone.now())
        why = AccessRefusal.LOCKED if locked else AccessRefusal.CONFIRM
        return shown(request, why, back=own_path(request.GET.get("next", "/")))
    if not settings.DEMO or not request.session.get(OPEN_BOARD) or has_factors(request.user):
        raise Http404
    _store(request).reauthenticated(now=timezone.now())
    return redirect(own_path(cleaned(forms.Returning(request.POST))["next"]))


@require_safe
@login_required
def lock(request: HttpRequest) -> HttpResponse:
    """In how many seconds this desk locks; 0 when it is. Asking is no act."""
    left = who(request).acted_at + IDLE_AFTER - timezone.now()
    return JsonResponse({"locks_in": max(0, int(left.total_seconds()))})


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """One's own account, and what is still to be set before the board opens."""
    return _home(request, forms.FirstPassword())


def _home(request: HttpRequest, first_password: forms.FirstPassword) -> HttpResponse:
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    store = _store(request)
    context = {
        "complete": who(request).factors,
        "coordinates": can(request, Action.SEE_BOARD),
        "organization": me(request).organization,
        "history": can(request, Action.READ_HISTORY),
        "legal": can(request, Action.READ_LEGAL),
        "people": can(request, Action.SEE_PEOPLE),
        "words": can(request, Action.SET_RULES),
        "setting_up": can(request, Action.SEE_SETTING_UP) and not is_hidden(),
        "password_form": first_password,
        "name_form": forms.Naming(initial={"name": me(request).name}),
        "has_password": me(request).has_usable_password(),
        "has_totp": Authenticator.Type.TOTP in kinds,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "single_keys": single_keys_on(me(request).pk),
        "browsers": browsers(me(request).pk, now=timezone.now()),
        "this": store.row.pk if store.row else None,
    }
    return render(
        request, "account/home.html", context, status=UNPROCESSABLE if first_password.errors else 200
    )


@require_POST
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """The first password; a later one is changed through the sign-in library, which asks again."""
    form, store = forms.FirstPassword(request.POST), _store(request)
    word = cleaned(form)["password"]
    try:
        validate_password(word, me(request))
        changed = set_first_password(
            me(request).pk, word, keep=store.row.pk if store.row else None, now=timezone.now()
        )
    except ValidationError as why:
        form.wrong("password", " ".join(why.messages))
        return _home(request, form)
    except NotPossible:
        return redirect("account_change_password")
    update_session_auth_hash(request, changed)
    messages.success(request, _("The password is set. Now set up codes from an app."))
    return redirect("account_home")


@require_POST
@login_required
def name(request: HttpRequest) -> HttpResponse:
    """The name that texts call a coordinator by."""
    staff = me(request)
    staff.name = cleaned(forms.Naming(request.POST))["name"]
    staff.save(update_fields=["name"])
    return redirect("account_home")


@require_POST
@login_required
def keys(request: HttpRequest) -> HttpResponse:
    """Single keys on or off; kept with the account, so on every device."""
    set_single_keys(
        cleaned(forms.SettingSingleKeys(request.POST))["on"], staff_id=me(request).pk, now=timezone.now()
    )
    return redirect("account_home")


@require_POST
@login_required
def sign_out(request: HttpRequest, which: str) -> HttpResponse:
    """One of one's own browsers, or everywhere, this one too."""
    staff_id, now = me(request).pk, timezone.now()
    if which == "everywhere":
        end_sessions(staff_id, by=by_staff(staff_id), now=now)
        logout(request)
        return redirect("account_login")
    if not any(str(browser.id) == which for browser in browsers(staff_id, now=now)):
        raise Http404
    end_session(UUID(which), by=by_staff(staff_id), now=now)
    messages.success(request, _("Signed out there."))
    return redirect("account_home")


def _store(request: HttpRequest) -> SessionStore:
    assert isinstance(request.session, SessionStore)
    return request.session
