"""Who may open what, until roles are built out."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from network.console.middleware import OPEN_BOARD, has_factors
from network.people.models import Staff

COORDINATING = (Staff.Role.COORDINATOR, Staff.Role.STEWARD)


def coordinates(staff: object) -> bool:
    """Coordinators and stewards do everything; verifiers and auditors see their own account."""
    return isinstance(staff, Staff) and staff.is_active and staff.role in COORDINATING


def stewards(staff: Staff) -> bool:
    """Whether this one may change the network's own rules."""
    return staff.is_active and staff.role == Staff.Role.STEWARD


def me(request: HttpRequest) -> Staff:
    """Whoever is signed in; every view that asks has let nobody else in."""
    assert isinstance(request.user, Staff)
    return request.user


def may_open_board(staff: object, session: Mapping[str, object] | SessionBase) -> bool:
    return coordinates(staff) and bool(session.get(OPEN_BOARD) or has_factors(staff))


def roles_required(
    *roles: Staff.Role,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Only staff with one of these roles; anybody else sees their own account."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            mine = request.user
            if not isinstance(mine, Staff) or not mine.is_active or mine.role not in roles:
                return redirect("account_home")
            return view(request, *args, **kwargs)

        return checked

    return guard


def coordinator_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_required
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not coordinates(request.user):
            return redirect("account_home")
        return view(request, *args, **kwargs)

    return checked
