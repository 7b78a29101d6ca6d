"""The menus of a request's page in which something is typed: each a form, filled with what is known."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from network.console.requests import forms
from network.console.shell.forms import Form
from network.staff.models import Staff
from network.support.models import SupportRequest
from network.support.queries import local

type Given = Callable[[SupportRequest, Staff, datetime], dict[str, Any]]


def made(menu: str, support_request: SupportRequest, viewer: Staff, *, now: datetime) -> partial[Form]:
    """One menu, filled with what is known; its ids are its own, since a page has several."""
    given = GIVEN.get(menu)
    return partial(
        FORMS[menu], auto_id=f"id_{menu}_%s", **(given(support_request, viewer, now) if given else {})
    )


def _time(support_request: SupportRequest, viewer: Staff, now: datetime) -> dict[str, Any]:
    at = local(support_request.starts_at) if support_request.starts_at else None
    return {"now": now, "initial": {"day": at.date(), "hour": at.time()} if at else None}


def _kind(support_request: SupportRequest, viewer: Staff, now: datetime) -> dict[str, Any]:
    return {"initial": {"kind": support_request.kind, "children": support_request.children or None}}


def _notes(support_request: SupportRequest, viewer: Staff, now: datetime) -> dict[str, Any]:
    return {"initial": {"notes": support_request.notes}}


def _promise(support_request: SupportRequest, viewer: Staff, now: datetime) -> dict[str, Any]:
    return {"name": viewer.name, "safe_to_call": support_request.member.person.safe_to_call}


FORMS: dict[str, type[Form]] = {
    "start": forms.StartingSearch, "time": forms.SettingTime, "kind": forms.ChangingKind,
    "notes": forms.Noting, "promise": forms.Promising, "exempt": forms.Exempting,
}  # fmt: skip
GIVEN: dict[str, Given] = {"time": _time, "kind": _kind, "notes": _notes, "promise": _promise}


class Menus:
    """What a template asks for by name; `next` is the box of the next step, beside the one in the menu."""

    def __init__(self, support_request: SupportRequest, viewer: Staff, *, now: datetime) -> None:
        self._one, self._viewer, self._now = support_request, viewer, now

    def __getitem__(self, menu: str) -> Form:
        if menu == "next":
            return forms.StartingSearch(auto_id="id_next_%s")
        return made(menu, self._one, self._viewer, now=self._now)()
