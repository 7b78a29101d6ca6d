"""Who has come in, and what a view asks before it opens. The decisions are in staff.rules.access."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from types import SimpleNamespace
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from network.console.shell import showing
from network.console.shell.reauthentication import is_fetched, shown, touch_page
from network.duty.queries import came_on
from network.staff.models import Staff
from network.staff.rules.access import AccessRefusal, Action, Who, is_idle, refusal, scope_of
from network.staff.sessions import SessionStore

OPEN_BOARD = "opens_board"  # set in the session by a demo's link


def who_in(session: SessionBase, staff: Staff, *, now: datetime) -> Who:
    """The values by which is decided what this member of staff may do in this session."""
    row = session.row if isinstance(session, SessionStore) else None
    return Who(
        id=staff.pk,
        role=staff.role,
        organization=staff.organization_id,
        is_in_good_standing=staff.is_in_good_standing,
        active=staff.is_active,
        on_shift=came_on(staff.pk, now=now),
        factors=bool(session.get(OPEN_BOARD)) or (used_factor(session, staff) and has_factors(staff)),
        acted_at=row.acted_at if row else now,
        reauthenticated_at=row.reauthenticated_at if row else None,
    )


def who(request: HttpRequest) -> Who:
    """Whoever is signed in, as values; read once a request."""
    known = getattr(request, "who", None)
    if known is None:
        known = request.who = who_in(request.session, me(request), now=timezone.now())  # type: ignore[attr-defined]
    return cast(Who, known)


def me(request: HttpRequest) -> Staff:
    """Whoever is signed in; every view that asks has let nobody else in."""
    assert isinstance(request.user, Staff)
    return request.user


def has_factors(staff: object) -> bool:
    """A passkey, or a password together with TOTP."""
    if not isinstance(staff, Staff):
        return False
    kinds = set(Authenticator.objects.filter(user=staff).values_list("type", flat=True))
    if Authenticator.Type.WEBAUTHN in kinds:
        return True
    return Authenticator.Type.TOTP in kinds and staff.has_usable_password()


def used_factor(session: SessionBase, staff: Staff) -> bool:
    """Whether this session was opened or confirmed by a second factor, or has just set one."""
    request = cast(HttpRequest, SimpleNamespace(session=session))  # of which only the session is read
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, staff))


type View = Callable[..., HttpResponse]


def opens(
    action: Action, *, elsewhere: str = "", even_locked: bool = False, waits: bool = False
) -> Callable[[View], View]:
    """A view for whoever may do this. For others there is no such page: 404, whatever the address;
    only the front page sends them `elsewhere`. Which things they may see of it is for the view's
    queries (`visible_to`). `even_locked`: it shows nobody, and goes on at an idle desk. `waits`: what was
    pressed is done once the key was touched.
    """

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            match refusal(who(request), action, None, timezone.now()):
                case None:
                    return view(request, *args, **kwargs)
                case AccessRefusal.LOCKED if even_locked:
                    return view(request, *args, **kwargs)
                case AccessRefusal.UNKNOWN if elsewhere:
                    return redirect(elsewhere)
                case AccessRefusal.UNKNOWN:
                    raise Http404
                case AccessRefusal.SET_UP:
                    return redirect("account_home")
                case AccessRefusal.OFF_SHIFT:
                    return redirect("board")
                case AccessRefusal.CONFIRM if waits and request.method == "POST" and not is_fetched(request):
                    showing.wait_for_key(request, now=timezone.now())
                    return shown(request, AccessRefusal.CONFIRM, back=request.path, waits=True)
                case AccessRefusal.LOCKED | AccessRefusal.CONFIRM as why:
                    return touch_page(request, why)

        checked.action = action  # type: ignore[attr-defined]  # for the test that walks all routes
        return checked

    return guard


def is_locked(request: HttpRequest) -> bool:
    """Whether nobody acted here for a while: what names a person is covered."""
    return is_idle(who(request), timezone.now())


def may_listen(request: HttpRequest) -> bool:
    """Whether the alarm rings here."""
    if not isinstance(getattr(request, "user", None), Staff):
        return False
    return refusal(who(request), Action.LISTEN, None, timezone.now()) in (None, AccessRefusal.LOCKED)


def can(request: HttpRequest, action: Action) -> bool:
    """Whether their role has such a page at all: what a menu shows."""
    return scope_of(who(request), action) is not None
