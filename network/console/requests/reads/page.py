"""What the page of one request shows, gathered in few queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from network.console.requests import words
from network.console.shell.reads.requests import ASKING, CLOSED, SEARCHING, how_far
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
    counts: bool  # a yes, and one that still stands
    look: str  # the name of its state in style sheets
    icon: str


LOOKS: dict[str, tuple[str, str]] = {
    OfferState.OPEN: ("open", "hourglass"),
    OfferState.ACCEPTED: ("yes", "check"),
    OfferState.DECLINED: ("no", "x"),
    OfferState.UNDELIVERABLE: ("dead", "unplug"),
}
FELL_THROUGH = ("no", "undo-2")


def offer_rows(support_request: SupportRequest) -> list[OfferRow]:
    offers = Offer.objects.filter(search__support_request=support_request).select_related("person")
    left = set(offers.filter(visit__stage=Stage.LEFT).values_list("pk", flat=True))
    rows = list(offers.order_by("-asked_at", "code", "pk"))
    open_keys(row.person.key_id for row in rows)
    return [_offer_row(row, fell=row.pk in left) for row in rows]


def _offer_row(offer: Offer, *, fell: bool) -> OfferRow:
    look, icon = FELL_THROUGH if fell else LOOKS.get(offer.state, ("", "circle"))
    said = words.FELL_THROUGH if fell else words.OFFERS[offer.state]
    return OfferRow(offer, said, offer.state == OfferState.ACCEPTED and not fell, look, icon)


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
    """Where it is, what lies behind it and what is ahead; people are counted as on the board."""
    at = how_far(support_request.state, set(out))
    people = {row.offer.person_id for row in offers}
    yes = {row.offer.person_id for row in offers if row.counts}
    rows = []
    for n, name in enumerate(words.FIVE_STAGES, start=1):
        standing = "now" if n == at else "done" if n < at else "ahead"
        when = {ASKING: support_request.opened_at, CLOSED: support_request.closed_at}.get(n)
        row = StageRow(name, standing, when if n <= at else None)
        rows.append(replace(row, asked=len(people), yes=len(yes)) if n == SEARCHING <= at else row)
    return rows


def readers_of(person: Person, *, staff_id: UUID, now: datetime) -> list[ReaderRow]:
    """Which other coordinators have this conversation open."""
    return _reader_rows(readers([person.pk], apart_from=staff_id, now=now).get(person.pk, []))


def _reader_rows(readers: Sequence[Beside]) -> list[ReaderRow]:
    names = {
        staff.pk: staff_name(staff)
        for staff in Staff.objects.filter(pk__in=[reader.staff_id for reader in readers])
    }
    return [ReaderRow(names.get(reader.staff_id, ""), reader.writing) for reader in readers]


def owning_staff(request_id: UUID) -> Staff | None:
    """Who is at work on a request."""
    owner = desk.owner_of(request_id)
    return Staff.objects.filter(pk=owner).first() if owner else None


def open_offers(request_id: UUID) -> int:
    """How many people were asked and have not answered yet."""
    return Offer.objects.filter(search__support_request=request_id, state=OfferState.OPEN).count()
