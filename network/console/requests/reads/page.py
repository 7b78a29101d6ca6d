"""What the page of one request shows, gathered in few queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from network.console.requests import words
from network.console.shell.reads.requests import CLOSED, SEARCHING, how_far
from network.console.shell.reads.staff import ReaderRow, staff_name
from network.conversations.outreach.coordinators import Beside, readers
from network.desk import queries as desk
from network.dispatch.models import Offer
from network.dispatch.rules.case import OfferState
from network.people.models import Person
from network.privacy.keyring import open_keys
from network.staff.models import Staff
from network.support.models import SupportRequest
from network.visits.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class OfferRow:
    offer: Offer
    state: str | Promise

    @property
    def look(self) -> str:
        """The name of its state in style sheets."""
        return LOOKS.get(self.offer.state, ("", ""))[0]

    @property
    def icon(self) -> str:
        return LOOKS.get(self.offer.state, ("", "circle"))[1]


LOOKS: dict[str, tuple[str, str]] = {
    OfferState.OPEN: ("open", "hourglass"),
    OfferState.ACCEPTED: ("yes", "check"),
    OfferState.DECLINED: ("no", "x"),
    OfferState.UNDELIVERABLE: ("dead", "unplug"),
}


def offer_rows(support_request: SupportRequest) -> list[OfferRow]:
    offers = Offer.objects.filter(search__support_request=support_request).select_related("person")
    left = set(offers.filter(visit__stage=Stage.LEFT).values_list("pk", flat=True))
    rows = list(offers.order_by("-asked_at"))
    open_keys(one.person.key_id for one in rows)
    return [OfferRow(one, words.FELL_THROUGH if one.pk in left else words.OFFERS[one.state]) for one in rows]


@dataclass(frozen=True, slots=True)
class StageRow:
    """One of the five stages of a request, as its head shows them."""

    name: str | Promise
    standing: str  # done, now or ahead
    at: datetime | None = None
    asked: int = 0
    yes: int = 0


def stage_rows(
    support_request: SupportRequest, offers: Sequence[OfferRow], out: Collection[str]
) -> list[StageRow]:
    """Where it is, what lies behind it and what is ahead."""
    at = how_far(support_request.state, set(out))
    rows = []
    for n, name in enumerate(words.FIVE_STAGES, start=1):
        standing = "now" if n == at else "done" if n < at else "ahead"
        asked = len(offers) if n == SEARCHING and at >= SEARCHING else 0
        yes = sum(row.offer.state == OfferState.ACCEPTED for row in offers) if asked else 0
        when = {1: support_request.opened_at, CLOSED: support_request.closed_at}.get(n)
        rows.append(StageRow(name, standing, when if n <= at else None, asked, yes))
    return rows


def readers_of(person: Person, *, staff_id: UUID, now: datetime) -> list[ReaderRow]:
    """Which other coordinators have this conversation open."""
    return _reader_rows(readers([person.pk], apart_from=staff_id, now=now).get(person.pk, []))


def _reader_rows(found: Sequence[Beside]) -> list[ReaderRow]:
    names = {one.pk: staff_name(one) for one in Staff.objects.filter(pk__in=[one.staff_id for one in found])}
    return [ReaderRow(names.get(one.staff_id, ""), one.writing) for one in found]


def owning_staff(request_id: UUID) -> Staff | None:
    """Who is at work on a request."""
    found = desk.owner_of(request_id)
    return Staff.objects.filter(pk=found).first() if found else None


def open_offers(request_id: UUID) -> int:
    """How many people were asked and have not answered yet."""
    return Offer.objects.filter(search__support_request=request_id, state=OfferState.OPEN).count()
