"""Who may open what, until roles are built out."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from network.console.middleware import OPEN_BOARD, has_factors
from network.people.models import Staff

COORDINATING = (Staff.Role.COORDINATOR, Staff.Role.STEWARD)


class Session(Protocol):
    def get(self, key: str, default: object = None) -> object: ...


def coordinates(staff: object) -> bool:
    """Coordinators and stewards do everything; verifiers and auditors see their own account."""
    return isinstance(staff, Staff) and staff.is_active and staff.role in COORDINATING


def may_open_board(staff: object, session: Session) -> bool:
    return coordinates(staff) and bool(session.get(OPEN_BOARD) or has_factors(staff))


def coordinator_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_required
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not coordinates(request.user):
            return redirect("account_home")
        return view(request, *args, **kwargs)

    return checked
