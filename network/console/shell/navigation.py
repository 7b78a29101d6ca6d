"""The places of the console and the tabs in each: one table for rail, thumb bar and tabs."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.staff.rules.access import StaffRole

WORKING = (StaffRole.COORDINATOR, StaffRole.STEWARD)
KNOWING = (*WORKING, StaffRole.VERIFIER)
COUNTING = (*WORKING, StaffRole.AUDITOR)


@dataclass(frozen=True, slots=True)
class Tab:
    """One page that a place leads to, and the pages that are opened from it."""

    page: str  # the name of its URL
    label: str | Promise
    roles: Collection[str]
    pages: Collection[str] = ()

    def holds(self, page: str) -> bool:
        return page == self.page or page in self.pages


@dataclass(frozen=True, slots=True)
class Destination:
    """One item of the rail; it opens its first tab that this role may see."""

    label: str | Promise
    icon: str  # in icons.svg
    tabs: tuple[Tab, ...]
    by_thumb: bool = False  # stands in the phone's bar itself, not behind More


PLACES = (
    Destination(
        _("Board"),
        "list-todo",
        (Tab("board", _("Board"), WORKING, ("all_needs", "strangers", "texts")),),
        by_thumb=True,
    ),
    Destination(
        _("Requests"),
        "messages-square",
        (
            Tab(
                "all_requests",
                _("Requests"),
                WORKING,
                ("request", "request_close", "visit_end", "new_request", "address"),
            ),
            Tab("legal", _("Requests for a lawyer"), (StaffRole.LAWYER,), ("legal_request",)),
        ),
    ),
    Destination(
        _("People"),
        "users",
        (
            Tab(
                "people",
                _("People"),
                KNOWING,
                (
                    "person",
                    "enroll",
                    "enroll_home",
                    "own_sheet",
                    "sheets",
                    "hand_over",
                    "person_apart",
                    "person_history",
                ),
            ),
        ),
    ),
    Destination(
        _("Network"),
        "handshake",
        (
            Tab("organizations", _("Organizations"), KNOWING, ("organization", "taking_back")),
            Tab("vouches", _("Vouches"), KNOWING, ("person_vouches",)),
            Tab("staff", _("Staff"), WORKING, ("staff_account", "staff_invite")),
            Tab("trust_settings", _("Trust settings"), KNOWING),
            Tab("wordings", _("Wording"), (StaffRole.STEWARD,), ("wording", "trying")),
        ),
    ),
    Destination(
        _("Shifts"),
        "calendar-clock",
        (
            Tab("duty", _("Shifts"), WORKING, ("handing",)),
            Tab("drills", _("Drills"), WORKING, ("drill",)),
            Tab("sheet", _("Shift sheet"), WORKING),
        ),
        by_thumb=True,
    ),
    Destination(
        _("Measures"),
        "chart-column",
        (
            Tab("measures", _("Measures"), COUNTING),
            Tab("asking", _("Asking"), WORKING),
            Tab("coverage", _("Coverage"), COUNTING),
            Tab("zones", _("Areas"), COUNTING),
            Tab("history", _("History"), (StaffRole.STEWARD, StaffRole.AUDITOR)),
            Tab("retention", _("Retention"), (StaffRole.STEWARD, StaffRole.AUDITOR)),
            Tab("transparency", _("Transparency"), COUNTING),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class ShownDestination:
    """A place as one person sees it on one page."""

    label: str | Promise
    icon: str
    page: str
    current: bool
    by_thumb: bool
    tabs: list[tuple[Tab, bool]]  # and whether it is the one that is open


def places(role: str, page: str) -> list[ShownDestination]:
    """What this role may open, in order; `page` is the name of the URL that is shown."""
    shown = []
    for place in PLACES:
        tabs = [(tab, tab.holds(page)) for tab in place.tabs if role in tab.roles]
        if tabs:
            current = any(here for _tab, here in tabs)
            shown.append(
                ShownDestination(place.label, place.icon, tabs[0][0].page, current, place.by_thumb, tabs)
            )
    return shown
