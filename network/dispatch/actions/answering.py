"""Settling answers: a yes, a no, a yes that comes too late, a question that never arrived."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import ENGINE, Actor
from network.database.compiled import Compiled
from network.database.writing import save_columns
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.dispatch.actions.by_hand import NotFit
from network.dispatch.actions.offering import (
    OFFER_TEXTS,
    Asked,
    hold,
    hold_the_free,
    language_of,
    make_offers,
)
from network.dispatch.actions.searching import look_if_searching
from network.dispatch.models import Offer, Search, Willingness
from network.dispatch.queries import candidates, engagements, situations
from network.dispatch.queries.learned import daily_cap, policy
from network.dispatch.rules.case import OPEN_FOR, OfferState
from network.dispatch.rules.fit import refusal_of_acceptance
from network.dispatch.rules.surge import better_use
from network.messaging.models import Outbound
from network.messaging.outbox.queueing import Purpose, letter, queue, queue_all, send_again, withdraw
from network.messaging.rules.refusals import policy as policy_of_error
from network.messaging.rules.states import Lane, OutState
from network.messaging.texts.keys import Text
from network.people.models import Responder
from network.people.queries import person_by_fingerprint
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.rules.requests import Event, State


class TooLate(Exception):
    """The places were filled, or the offer withdrawn, before this answer arrived."""


class TooOld(Exception):
    """A yes after the offer's time, when places are left: a person decides."""


_request_of = Compiled(
    lambda offer_id: Offer.objects.filter(pk=offer_id).values_list("search__support_request", flat=True)
)
_held_offer = Compiled(
    lambda offer_id: (
        Offer.objects.select_for_update(no_key=True, of=("self",))
        .select_related("search")
        .filter(pk=offer_id)
    )
)
_other_offers = Compiled(
    lambda search_id, person_id: Offer.objects.filter(
        search_id=search_id, person_id=person_id, state=OfferState.OPEN
    )
)
_open_offers = Compiled(
    lambda request_id: Offer.objects.filter(
        search__support_request_id=request_id, state=OfferState.OPEN
    ).select_related("person")
)
_heard = Compiled(
    lambda offers: (
        Outbound.objects.filter(offer_id__any=offers)
        .exclude(state__in=(OutState.WITHDRAWN, OutState.EXPIRED))
        .values_list("offer_id", flat=True)
    )
)


@transaction.atomic
def accept(offer_id: UUID, *, said: str = "", minutes: int | None = None, by: Actor, now: datetime) -> Offer:
    """Settle one yes under the lock of its request, after checking the hard rules again.

    The offer returned carries the locked request.
    Raises TooLate when the places are filled or the offer is withdrawn, TooOld for a yes after 60 minutes
    when places are left, NotFit when a rule now keeps this person out.
    """
    support_request = _lock_request_of(offer_id)
    offer = _held_offer.get(offer_id)
    offer.search.support_request = support_request
    if offer.state == OfferState.ACCEPTED and offer.released_at is None:
        return offer
    _still_wanted(support_request, offer, now=now)
    hold(offer.person_id)
    candidate = candidates.candidate(support_request, offer.person_id, now=now)
    why = refusal_of_acceptance(candidate, situations.situation(support_request, offer.search, now=now))
    if why:
        raise NotFit(why)
    offer.state, offer.answered_at, offer.holding = OfferState.ACCEPTED, now, False
    offer.said, offer.minutes = said or None, minutes
    save_columns(offer, "state", "answered_at", "holding", "said", "minutes")
    Willingness.objects.filter(person=offer.person_id).update(missed=0.0)
    _withdraw_their_other_offers(offer, now=now)
    _recorded("offer.accepted", offer, support_request, by=by, now=now)
    if engagements.places_left(support_request) == 0:
        support.advance(support_request, Event.COVER, by=by, now=now)
        Search.objects.filter(pk=offer.search_id).update(due_at=None)
        stand_down(support_request.pk, now=now)
    return offer


def _withdraw_their_other_offers(accepted: Offer, *, now: datetime) -> None:
    """One search asked them twice, since they were stood down in between: one yes answers both."""
    for other in _other_offers.all(accepted.search_id, accepted.person_id):
        withdraw(now=now, offer_id=other.pk)
        Offer.objects.filter(pk=other.pk).update(state=OfferState.WITHDRAWN, holding=False)
        record("offer.withdrawn", f"offer:{other.pk}", by=ENGINE, now=now)


def _still_wanted(support_request: SupportRequest, offer: Offer, *, now: datetime) -> None:
    hunted = support_request.state in (State.SEARCHING, State.STOPPED)
    if not hunted or engagements.places_left(support_request) == 0:
        raise TooLate
    if _is_wanted_again(support_request, offer, now=now):
        return
    if offer.state == OfferState.EXPIRED or (offer.state == OfferState.OPEN and offer.open_until <= now):
        raise TooOld
    # A no may be taken back while the question would still be open, and who answers a text has it, whatever
    # the carrier reported.
    answers = (OfferState.DECLINED, OfferState.UNDELIVERABLE)
    if offer.state != OfferState.OPEN and not (offer.state in answers and offer.open_until > now):
        raise TooLate


def _is_wanted_again(support_request: SupportRequest, offer: Offer, *, now: datetime) -> bool:
    """They were stood down, and the same search asks again, for the same kind, time and home."""
    moved_at = support_request.member.moved_at
    return (
        offer.state == OfferState.WITHDRAWN
        and offer.open_until > now
        and offer.asked_at >= offer.search.started_at
        and offer.starts_at == (support_request.starts_at if offer.starts_at else None)
        and (moved_at is None or moved_at < offer.asked_at)
    )


@transaction.atomic
def late_yes(offer_id: UUID, *, by: Actor, now: datetime) -> Offer | None:
    """After TooLate: count the yes, and ask them about another open request nearby.

    None if there is no such request; they then count as standing by for a quarter of an hour.
    """
    offer = Offer.objects.select_related("person").get(pk=offer_id)
    if offer.asked_at <= now - OPEN_FOR or offer.starts_at or offer.drill:  # that yes is none to now
        return None
    instead = _ask_elsewhere(offer, by=by, now=now) if offer.late_yes_at is None else None
    # Only now: a request is locked before its people, and they before their counters.
    hold(offer.person_id)
    Offer.objects.filter(pk=offer_id, late_yes_at=None).update(late_yes_at=now)
    Willingness.objects.filter(person=offer.person_id).update(missed=0.0)
    return instead


def _ask_elsewhere(offer: Offer, *, by: Actor, now: datetime) -> Offer | None:
    if not Responder.objects.filter(person=offer.person_id).exists():
        return None
    held = list(
        engagements.searching(now=now)
        .exclude(pk=offer.search_id)
        .select_related("support_request__member__person", "support_request__member__organization")
    )
    views = [
        (
            situations.situation(search.support_request, search, now=now),
            candidates.candidate(search.support_request, offer.person_id, now=now),
        )
        for search in held
    ]
    best = better_use(views, now=now, policy=policy(now=now))
    return None if best is None else _ask_instead(held[best], offer, views[best][1].miles, by=by, now=now)


def _ask_instead(
    search: Search, late: Offer, how_far: float | None, *, by: Actor, now: datetime
) -> Offer | None:
    try:
        support_request = support.lock(search.support_request_id, wait=False)
    except SupportRequest.DoesNotExist:
        return None
    if support_request.state != State.SEARCHING or engagements.places_left(support_request) == 0:
        return None
    free = hold_the_free([late.person_id], now=now, cap=daily_cap(now=now))
    if late.person_id not in free:
        return None
    search.support_request = support_request
    queue(
        late.person.phone,
        Text.ANOTHER_WAITS,
        language_of(late.person),
        purpose=Purpose(Lane.OFFER, support_request.pk),
        now=now,
    )
    asked = [Asked(free[late.person_id], how_far)]
    (offer,) = make_offers(search, support_request, asked, now=now, by=by, instead=True)
    return offer


@transaction.atomic
def decline(offer_id: UUID, *, said: str = "", by: Actor, now: datetime) -> None:
    """Settle one no. Whether others are to be asked is decided at once."""
    support_request = _lock_request_of(offer_id)
    offer = Offer.objects.select_related("search").get(pk=offer_id)
    if offer.state != OfferState.OPEN:
        return
    offer.state, offer.answered_at, offer.holding = OfferState.DECLINED, now, False
    offer.said = said or None
    save_columns(offer, "state", "answered_at", "holding", "said")
    _recorded("offer.declined", offer, support_request, by=by, now=now)
    look_if_searching(offer.search, now=now)


def act_on_undelivered_texts(*, now: datetime) -> None:
    """Act on each text that won't arrive, each in a transaction of its own."""
    lost = Outbound.objects.filter(state__in=(OutState.REFUSED, OutState.UNDELIVERED), loss_acted_on_at=None)
    for text_id in list(lost.values_list("pk", flat=True)):
        act_on_loss(text_id, now=now)


@transaction.atomic
def act_on_loss(outbound_id: UUID, *, now: datetime) -> None:
    """Act once on a text that will not arrive: ask the next responder, or raise a need."""
    offer_id = Outbound.objects.filter(pk=outbound_id, text__in=OFFER_TEXTS).values_list(
        "offer_id", flat=True
    )
    offer = next(iter(offer_id), None)
    if offer:  # a request is locked before anything else that is written here
        _lock_request_of(offer)
    if not Outbound.objects.filter(pk=outbound_id, loss_acted_on_at=None).update(loss_acted_on_at=now):
        return
    text = Outbound.objects.select_related("contact").get(pk=outbound_id)
    if offer:
        undeliverable(offer, now=now)
        return
    if text.text in (Text.UNKNOWN_SENDER, Text.STILL_YOU) or (
        policy_of_error(text.error).again and send_again(text, now=now)
    ):
        return
    if SupportRequest.objects.filter(pk__in=[text.request_id]).exclude(drill=None).exists():
        return
    person = person_by_fingerprint(bytes(text.contact.fingerprint)) if text.contact else None
    about = About("person", str(person.pk)) if person else About("text", str(text.pk))
    raise_need(
        Reason.REFUSED_SEND,
        about=about,
        now=now,
        by=ENGINE,
        request_id=text.request_id,
        person_id=person.pk if person else None,
    )


@transaction.atomic
def undeliverable(offer_id: UUID, *, now: datetime) -> None:
    """The question can't reach this person: ask the next one without waiting."""
    support_request = _lock_request_of(offer_id)
    offer = Offer.objects.select_related("search").get(pk=offer_id)
    if offer.state != OfferState.OPEN:
        return
    Offer.objects.filter(pk=offer_id).update(state=OfferState.UNDELIVERABLE, holding=False)
    _recorded("offer.undeliverable", offer, support_request, by=ENGINE, now=now)
    look_if_searching(offer.search, now=now)


def _lock_request_of(offer_id: UUID) -> SupportRequest:
    return support.lock(_request_of.get(offer_id))


def stand_down(request_id: UUID, *, now: datetime, text: Text = Text.STAND_DOWN) -> int:
    """Withdraw the offers still open and thank those who were asked. Returns how many."""
    offers = _open_offers.all(request_id)
    if not offers:
        return 0
    ids = [offer.pk for offer in offers]
    withdraw(now=now, offer_id__in=ids)
    Offer.objects.filter(pk__in=ids).update(state=OfferState.WITHDRAWN, holding=False)
    for offer in offers:
        record("offer.withdrawn", f"offer:{offer.pk}", by=ENGINE, now=now, request_id=request_id)
    heard = set(_heard.all(ids))  # who never got the question isn't told it is over
    thanks = [
        letter(
            offer.person.phone,
            text,
            language_of(offer.person),
            purpose=Purpose(Lane.OFFER, request_id, drill=offer.drill),
        )
        for offer in offers
        if offer.pk in heard
    ]
    queue_all(thanks, now=now)
    return len(offers)


@transaction.atomic
def withdraw_offer(offer_id: UUID, *, now: datetime) -> None:
    """Take one offer back without a text, and ask the next person. Nothing happens if it isn't open."""
    support_request = _lock_request_of(offer_id)
    offer = Offer.objects.select_related("search").get(pk=offer_id)
    if offer.state != OfferState.OPEN:
        return
    withdraw(now=now, offer_id=offer_id)
    Offer.objects.filter(pk=offer_id).update(state=OfferState.WITHDRAWN, holding=False)
    _recorded("offer.withdrawn", offer, support_request, by=ENGINE, now=now)
    look_if_searching(offer.search, now=now)


@transaction.atomic
def release(offer: Offer, *, by: Actor, now: datetime) -> None:
    """Whoever accepted is free again: done, can't go, or not needed."""
    freed = Offer.objects.filter(pk=offer.pk, state=OfferState.ACCEPTED, released_at=None)
    if freed.update(released_at=now):
        record("offer.released", f"offer:{offer.pk}", by=by, now=now)


@transaction.atomic
def stop(request_id: UUID, *, by: Actor, now: datetime) -> None:
    """Ask nobody else. Visits under way go on. Open offers are withdrawn with thanks."""
    support_request = support.lock(request_id)
    if support_request.state in (State.ASKING, State.SEARCHING, State.COVERED):
        support.advance(support_request, Event.STOP, by=by, now=now)
    Search.objects.filter(support_request=support_request).update(due_at=None)
    stand_down(request_id, now=now)


def expire_offers(*, now: datetime) -> int:
    """Close offers whose 60 minutes are over."""
    over = Offer.objects.filter(state=OfferState.OPEN, open_until__lte=now)
    return over.update(state=OfferState.EXPIRED, holding=False)


def _recorded(
    action: str, offer: Offer, support_request: SupportRequest, *, by: Actor, now: datetime
) -> None:
    record(
        action,
        f"offer:{offer.pk}",
        by=by,
        now=now,
        request_id=support_request.pk,
        person=offer.person_id,
    )
