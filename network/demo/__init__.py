"""A made-up network to try things on. Its phones are from the numbers kept for fiction."""

from datetime import datetime
from pathlib import Path
from typing import get_args

from django.conf import settings
from django.utils import timezone

from network.audit.rules import COMMAND_LINE
from network.carrier.settings import Handset
from network.conversations.rules.duress import is_everyday
from network.enrollment.actions.imports import load
from network.enrollment.spreadsheets import Sheet
from network.staff.actions.accounts import add_staff
from network.staff.actions.sign_in_links import make_sign_in_link
from network.staff.models import Staff

FOLDER = Path(__file__).parent
EMAIL = "demo@porchlight.example"


def seed(*, now: datetime) -> None:
    """The demo's people and its coordinator, once; a second time changes nothing."""
    for sheet in get_args(Sheet.__value__):
        content = (FOLDER / f"{sheet}.csv").read_bytes()
        load(sheet, content, dry_run=False, is_everyday=is_everyday, by=COMMAND_LINE, now=now)
    if not Staff.objects.filter(email=EMAIL).exists():
        staff = add_staff(
            EMAIL,
            role=Staff.Role.STEWARD,
            organization=None,
            phone="+13125550120",
            by=COMMAND_LINE,
            now=now,
        )
        staff.name = "Noor"
        staff.save(update_fields=["name"])


def sign_in_link() -> str:
    """A fresh one-time link that opens the demo's board."""
    staff = Staff.objects.get(email=EMAIL)
    token = make_sign_in_link(staff, opens_board=True, now=timezone.now())
    return f"{settings.PUBLIC_URL}/sign-in/link#{token}"


def handsets() -> tuple[Handset, ...]:
    """The phones that the page shows: some of the people above, and a stranger."""
    return (
        Handset("+13125550101", "Rosa", "member", "Spanish",
                "Text anything, such as: tocan la puerta. Then answer with the digits."),
        Handset("+13125550111", "Ana", "responder: company", "English",
                "When asked, answer with the two-digit code. PIN for the visit page: 2468."),
        Handset("+13125550112", "Luis", "responder: company", "Spanish", "Asked as well. PIN 2468."),
        Handset("+13125550102", "Grace", "member", "English", "Try: I need a lawyer."),
        Handset("+13125550113", "Dmitri", "responder: lawyer", "English", "PIN 2468."),
        Handset("+13125550114", "Marta", "responder: childcare", "Spanish",
                "Childcare needs two. PIN 2468."),
        Handset("+13125550115", "Beto", "responder: childcare", "Spanish", "The second. PIN 2468."),
        Handset("+13125550120", "Noor", "coordinator", "English",
                "Paged with a need's number when nobody takes it or no console is open."),
        Handset("+13125550199", "Nobody we know", "stranger", "", "Gets one neutral answer a day."),
    )  # fmt: skip
