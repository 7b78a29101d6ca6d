"""A search as the rules see it: who was asked, who comes, how long it has gone on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from network.database.compiled import Compiled
from network.dispatch.models import Offer, Search
from network.dispatch.rules.case import SLOW_WINDOW, OfferState, Situation
from network.dispatch.rules.chance import Outstanding, Part
from network.messaging.models import Outbound
from network.messaging.outbox.pace import leaves_in
from network.people.models import Apart
from network.people.rules.hours import is_night
from network.support.models import SupportRequest
from network.support.queries import local
from network.support.rules.requests import Kind, places
from network.support.rules.set_time import LAST_CALL, is_ahead


def with_left_at(offers: QuerySet[Offer], now: Any) -> QuerySet[Any]:
    """Each with `left_at`, when its text left us: now while it is in our queue, None without a text."""
    texts = Outbound.objects.filter(offer_id=OuterRef("pk")).order_by("order")
    left_at = Coalesce("sent_at", Cast(now, DateTimeField()))
    return offers.annotate(left_at=Subquery(texts.values(at=left_at)[:1]))


_offers_of = Compiled(lambda searches, now: with_left_at(Offer.objects.filter(search_id__any=searches), now))


def situation(support_request: SupportRequest, search: Search, *, now: datetime) -> Situation:
    return situations([(support_request, search)], now=now)[0]


def situations(searches: Sequence[tuple[SupportRequest, Search]], *, now: datetime) -> list[Situation]:
    """As many statements for many searches as for one."""
    offers: dict[UUID, list[Any]] = defaultdict(list)
    for offer in _offers_of.all([search.pk for _, search in searches], now):
        offers[offer.search_id].append(offer)
    close = {
        search.pk: [support_request.member.person_id, *_coming(search, offers[search.pk])]
        for support_request, search in searches
    }
    apart = _apart_from({person for people in close.values() for person in people})
    queue_wait = leaves_in(now=now)
    return [
        _situation(
            support_request,
            search,
            offers[search.pk],
            never_with=frozenset[UUID]()
            .union(*(apart[person_id] for person_id in people))
            .difference(people),
            queue_wait=queue_wait,
            now=now,
        )
        for support_request, search in searches
        for people in [close[search.pk]]
    ]


def _since_begun(search: Search, offers: Iterable[Any]) -> list[Any]:
    """A change of kind starts the search anew: who was asked for another kind may be asked again."""
    return [offer for offer in offers if offer.asked_at >= search.started_at]


def _coming(search: Search, offers: Iterable[Offer]) -> list[UUID]:
    return [
        offer.person_id
        for offer in _since_begun(search, offers)
        if offer.state == OfferState.ACCEPTED and not offer.released_at
    ]


def _situation(
    support_request: SupportRequest,
    search: Search,
    every: Sequence[Any],
    *,
    never_with: frozenset[UUID],
    queue_wait: timedelta,
    now: datetime,
) -> Situation:
    member = support_request.member
    taken = sum(offer.state == OfferState.ACCEPTED and offer.released_at is None for offer in every)
    offers = _since_begun(search, every)
    kind, here = Kind(support_request.kind), local(now)
    starts_at = support_request.starts_at
    return Situation(
        member=member.person_id,
        kind=kind,
        language=member.person.language,
        places_left=max(0, places(kind) - taken),
        places=places(kind),
        wave=search.wave,
        # Who was stood down before they answered has not said no: they are asked again.
        asked=frozenset(offer.person_id for offer in offers if offer.state != OfferState.WITHDRAWN),
        today=local(starts_at or now).date(),
        began_at=search.clock_from or search.started_at,
        outstanding=tuple(
            Outstanding(offer.chance or 0.0, min(now, offer.left_at or offer.asked_at))  # silent since then
            for offer in offers
            if offer.state == OfferState.OPEN and offer.open_until > now
        ),
        offers=len(offers),
        offers_lately=sum(offer.asked_at > now - SLOW_WINDOW for offer in offers),
        said_no=frozenset(offer.person_id for offer in offers if offer.state == OfferState.DECLINED),
        never_with=never_with,
        part=Part.NIGHT if is_night(here) else Part.DAY,
        queue_wait=queue_wait,
        due_at=starts_at - LAST_CALL if starts_at and is_ahead(starts_at, now) else None,
    )


_pairs = Compiled(
    lambda people: Apart.objects.filter(Q(first_id__any=people) | Q(second_id__any=people)).values_list(
        "first", "second"
    )
)


def _apart_from(people: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For each of these people, whom somebody has kept apart from them."""
    apart: dict[UUID, set[UUID]] = {person_id: set() for person_id in people}
    for pair in _pairs.all(list(people)):
        for person_id, other_id in (pair, pair[::-1]):
            if person_id in apart:
                apart[person_id].add(other_id)
    return apart
