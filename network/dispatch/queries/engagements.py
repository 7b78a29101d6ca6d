"""Searches under way, who has accepted what, and which codes are taken."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from network.database.compiled import Compiled
from network.dispatch.models import Offer, Search
from network.dispatch.rules.ahead import clashes
from network.dispatch.rules.case import CODE_REST, OfferState
from network.support.models import SupportRequest
from network.support.rules.requests import Kind, State, places
from network.support.rules.set_time import LAST_CALL


def engaged() -> QuerySet[Offer]:
    """Acceptances not yet released. Whoever gave one is engaged."""
    return Offer.objects.filter(state=OfferState.ACCEPTED, released_at=None)


_theirs = Compiled(
    lambda people: engaged().filter(person_id__any=people, drill=False).values_list("person", "starts_at")
)


def engaged_around(ids: Iterable[UUID], starts_at: datetime | None, *, now: datetime) -> set[UUID]:
    """Which of these people accepted something that keeps them from going at this time (None: now)."""
    return {person for person, start in _theirs.all(list(ids)) if clashes(start, starts_at, now)}


_taken = Compiled(
    lambda request_id: engaged().filter(search__support_request_id=request_id).values_list("pk", flat=True)
)


def keeps_from(offer: Offer, starts_at: datetime | None, *, now: datetime) -> bool:
    """Whether this offer was accepted and keeps its responder from going at this time (None: now)."""
    accepted = offer.state == OfferState.ACCEPTED and offer.released_at is None and not offer.drill
    return accepted and clashes(offer.starts_at, starts_at, now)


def places_left(support_request: SupportRequest) -> int:
    taken = _taken.all(support_request.pk)
    return max(0, places(Kind(support_request.kind)) - len(taken))


def searching(*, now: datetime) -> QuerySet[Search]:
    """Searches that ask people to go now."""
    return searching_until(now + LAST_CALL)


def searching_until(until: Any) -> QuerySet[Search]:
    """Searches that ask people to go now, or at a set time no later than this."""
    soon = Q(support_request__starts_at=None) | Q(support_request__starts_at__lte=until)
    return Search.objects.filter(
        soon,
        support_request__state=State.SEARCHING,
        support_request__member__frozen_at=None,
        support_request__drill=None,
    )


_codes = Compiled(
    lambda people, since: Offer.objects.filter(
        Q(asked_at__gt=since) | Q(state=OfferState.OPEN), person_id__any=people
    ).values_list("person", "code")
)
_recent_offers = Compiled(
    lambda person_id, since: Offer.objects.filter(
        Q(asked_at__gt=since) | Q(state=OfferState.OPEN), person_id=person_id
    ).order_by("-asked_at", "pk")
)


def codes_taken(people: Collection[UUID], *, now: datetime) -> dict[UUID, set[int]]:
    """The codes of each person's open offers, and of all their offers of the last 24 hours."""
    taken: dict[UUID, set[int]] = {person_id: set() for person_id in people}
    for person_id, code in _codes.all(list(taken), now - CODE_REST):
        taken[person_id].add(code)
    return taken


def recent_offers(person_id: UUID, *, now: datetime) -> list[Offer]:
    """Open offers, and closed ones whose codes are not free yet."""
    return _recent_offers.all(person_id, now - CODE_REST)
