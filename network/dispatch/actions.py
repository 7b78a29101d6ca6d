"""The only writers of searches and offers."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from network.audit.actions import record, wake
from network.audit.rules import ENGINE, Actor
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.dispatch import queries, rules
from network.dispatch.models import Offer, Search
from network.dispatch.rules import OPEN_FOR, OfferState, Refusal
from network.duty.queries import who_is_on
from network.messaging.actions import Purpose, introduce, queue, send_again, withdraw
from network.messaging.models import Outbound
from network.messaging.refusals import policy
from network.messaging.rules import Lane
from network.messaging.texts import Text
from network.people.models import Person, Vouch
from network.people.queries import person_by_fingerprint
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.rules import Event, Kind, State

OFFER_TEXT: dict[Kind, Text] = {
    Kind.ACCOMPANIMENT: Text.OFFER_ACCOMPANIMENT,
    Kind.LEGAL: Text.OFFER_LEGAL,
    Kind.CHILDCARE: Text.OFFER_CHILDCARE,
}
LANGUAGE_NAMES: dict[str, dict[str, str]] = {
    "en": {"en": "English", "es": "Spanish"},
    "es": {"en": "inglés", "es": "español"},
}


LOOK_AGAIN = timedelta(seconds=2)


class TooLate(Exception):
    """The places were filled, or the offer withdrawn, before this answer arrived."""


class TooOld(Exception):
    """A yes after the offer's time, with places left: a person decides."""


class NotFit(Exception):
    """A hard rule keeps this person out."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class NotReady(Exception):
    """The request lacks what a search needs; the message says what."""


@transaction.atomic
def start(request_id: UUID, *, by: Actor, now: datetime) -> Search:
    """Begin the hunt, or take it up again; the first wave is due now.

    Raises NotReady where kind, home or the number of children is missing, or the home is frozen.
    """
    support_request = support.lock(request_id)
    _ready(support_request)
    if support_request.state in (State.ASKING, State.STOPPED):
        support.advance(support_request, Event.SEARCH, by=by, now=now)
    search, _ = Search.objects.get_or_create(support_request=support_request, defaults={"started_at": now})
    if queries.places_left(support_request) == 0:
        support.advance(support_request, Event.COVER, by=by, now=now)
        return search
    _promise_answer(search, now=now)
    _look_now(search, now=now)
    return search


def _ready(support_request: SupportRequest) -> None:
    if not support_request.kind:
        raise NotReady("kind")
    if support_request.kind == Kind.CHILDCARE and not support_request.children:
        raise NotReady("children")
    if not support_request.at_home:
        raise NotReady("at_home")
    if support_request.member.frozen_at is not None:
        raise NotReady("frozen")


def _promise_answer(search: Search, *, now: datetime) -> None:
    """We say that we write within 20 minutes, whatever the answer: a row with a clock."""
    search.answer_by = now + rules.ANSWER_IN
    search.answered_at = None
    search.save(update_fields=["answer_by", "answered_at"])
    member = search.support_request.member
    raise_need(
        Reason.ANSWER_PROMISED, about=_about(search.support_request_id), now=now, by=ENGINE,
        due_at=search.answer_by, promise=True,
        request_id=search.support_request_id, person_id=member.person_id,
    )  # fmt: skip


def promise_kept(search: Search, *, now: datetime) -> None:
    """The member was told who goes, or that there is nobody yet."""
    Search.objects.filter(pk=search.pk).update(answered_at=now)
    settle(Reason.ANSWER_PROMISED, about=_about(search.support_request_id), by=ENGINE, now=now)


def _look_now(search: Search, *, now: datetime) -> None:
    search.due_at = now
    search.save(update_fields=["due_at"])
    wake("plan_search", once=f"search:{search.pk}", search_id=str(search.pk))


def _about(request_id: UUID) -> About:
    return About("request", str(request_id))


@transaction.atomic
def plan(search_id: UUID, *, now: datetime, wait: bool = True) -> int:
    """Send the wave that is due, if one is. Returns the offers made.

    With `wait` off, a request that somebody else is at work on is left to them.
    """
    request_id = Search.objects.values_list("support_request", flat=True).get(pk=search_id)
    try:
        support_request = support.lock(request_id, wait=wait)
    except SupportRequest.DoesNotExist:
        return 0
    search = Search.objects.get(pk=search_id)
    if search.due_at is None or search.due_at > now:
        return 0
    if support_request.state != State.SEARCHING or support_request.member.frozen_at:
        Search.objects.filter(pk=search_id).update(due_at=None)
        return 0
    situation = queries.situation(support_request, search, now=now)
    people = queries.candidates(support_request, now=now)
    wave = rules.plan_wave(situation, people, now=now)
    how_far = {c.person: c.miles for c in people}
    search.wave += bool(wave.ask)
    search.due_at = wave.next_at
    search.save(update_fields=["wave", "due_at"])
    free = _held_and_free(wave.ask)
    made = 0
    for person_id in wave.ask:
        if person_id in free:
            _offer(search, support_request, free[person_id], how_far[person_id], now=now)
            made += 1
    if wave.ask and not made:  # other searches were first with all of them: look again at once
        Search.objects.filter(pk=search_id).update(due_at=now + LOOK_AGAIN)
    if wave.nobody_left:
        nobody_yet(search, support_request, now=now)
    return made


def _held_and_free(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Those of these people whom no other search, and no acceptance, was first with; held to the end.

    Locked in one order by all, so that two searches never wait for each other.
    """
    locked = (
        Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    )
    held = {person.pk: person for person in locked}
    taken = Offer.objects.filter(
        Q(state=OfferState.OPEN) | Q(state=OfferState.ACCEPTED, released_at=None), person__in=held
    )
    busy = set(taken.values_list("person", flat=True))
    return {pk: person for pk, person in held.items() if pk not in busy}


def plan_due_searches(*, now: datetime) -> int:
    """Send every wave that is due, each in a transaction of its own. Returns the offers made."""
    due = list(Search.objects.filter(due_at__lte=now).values_list("pk", flat=True))
    return sum(plan(search_id, now=now, wait=False) for search_id in due)


def nobody_yet(search: Search, support_request: SupportRequest, *, now: datetime) -> None:
    """Keep the promise with the honest answer, and ring the board.

    Under duress nothing automatic tells the member.
    """
    raise_need(
        Reason.NOBODY_FOUND, about=_about(support_request.pk), now=now, by=ENGINE,
        request_id=support_request.pk, person_id=support_request.member.person_id,
    )  # fmt: skip
    if search.answered_at is not None or support_request.duress:
        return
    on = who_is_on(now=now)
    if on and on.name:
        support.tell_member(support_request, Text.NOBODY_YET, now=now, name=on.name)
    else:
        support.tell_member(support_request, Text.NOBODY_YET_TEAM, now=now)
    search.nobody_told_at, search.nobody_answered_at = now, None
    search.save(update_fields=["nobody_told_at", "nobody_answered_at"])
    promise_kept(search, now=now)


def keep_promises(*, now: datetime) -> int:
    """Tell the members whose 20 minutes are over that there is nobody yet."""
    due = Search.objects.filter(
        answer_by__lte=now, answered_at=None,
        support_request__state__in=(State.SEARCHING, State.STOPPED),
        support_request__duress=False,
    )  # fmt: skip
    for search_id, request_id in due.values_list("pk", "support_request"):
        with transaction.atomic():
            support_request = support.lock(request_id)
            search = Search.objects.get(pk=search_id)
            if search.answered_at is None:
                nobody_yet(search, support_request, now=now)
    return len(due)


def _offer(
    search: Search,
    support_request: SupportRequest,
    person: Person,
    how_far: float | None,
    *,
    now: datetime,
    by: Actor = ENGINE,
    by_hand: bool = False,
) -> Offer:
    """The caller holds the request and the person."""
    offer = Offer.objects.create(
        search=search,
        person=person,
        key_id=person.key_id,
        code=rules.new_code(secrets.choice, taken=queries.codes_taken(person.pk, now=now)),
        wave=search.wave,
        miles=None if how_far is None else round(how_far),
        by_hand=by_hand,
        asked_at=now,
        open_until=now + OPEN_FOR,
    )
    record(
        "offer.made", f"offer:{offer.pk}", by=by, now=now,
        request_id=support_request.pk, person=person.pk, wave=search.wave,
    )  # fmt: skip
    if _ask(offer, person, support_request, now=now) is None:
        offer.state = OfferState.UNDELIVERABLE
        offer.save(update_fields=["state"])
    return offer


def _ask(offer: Offer, person: Person, support_request: SupportRequest, *, now: datetime) -> Outbound | None:
    kind = Kind(support_request.kind)
    language = person.language if person.language in settings.NETWORK_LANGUAGES else "en"
    values: dict[str, object] = {
        "prefix": settings.NETWORK_PREFIX,
        "number": support_request.number,
        "zip": support_request.member.zip,
        "miles": max(2, offer.miles or 2),
        "language": LANGUAGE_NAMES[language].get(support_request.member.person.language, ""),
        "code": offer.code,
    }
    if kind is Kind.CHILDCARE:
        values["children"] = support_request.children
    purpose = Purpose(Lane.OFFER, support_request.pk, offer.pk, expires_at=offer.open_until)
    owed = queue(person.phone, OFFER_TEXT[kind], language, purpose=purpose, now=now, **values)
    introduce(owed, language, organization=partial(voucher_name, person), now=now)
    return owed


def voucher_name(person: Person) -> str:
    """The organisation that a first notice names to this person; the network's own name else."""
    vouch = Vouch.objects.filter(person=person).select_related("organization").first()
    return vouch.organization.name if vouch else str(settings.NETWORK_NAME)


@transaction.atomic
def offer_by_hand(request_id: UUID, *, person_id: UUID, by: Actor, now: datetime) -> Offer:
    """A coordinator asks somebody by name. Raises NotFit, NotReady.

    The same hard rules hold, but for hours, language and having been asked before.
    """
    support_request = support.lock(request_id)
    _ready(support_request)
    if support_request.state not in (State.SEARCHING, State.STOPPED):
        raise NotReady("state")
    search, _ = Search.objects.get_or_create(support_request=support_request, defaults={"started_at": now})
    found = queries.candidate(support_request, person_id, now=now)
    why = rules.refusal_by_hand(found, queries.situation(support_request, search, now=now))
    if why:
        raise NotFit(why)
    free = _held_and_free([person_id])
    if person_id not in free:  # a search was first just now
        raise NotFit(Refusal.OFFER_OPEN)
    return _offer(search, support_request, free[person_id], found.miles, now=now, by=by, by_hand=True)


@transaction.atomic
def accept(offer_id: UUID, *, said: str = "", minutes: int | None = None, by: Actor, now: datetime) -> Offer:
    """Settle one yes, under the lock of its request, the hard rules checked again.

    Raises TooLate when the places are filled or the offer is withdrawn, TooOld for a yes
    after 60 minutes with places left, NotFit when a rule now keeps this person out.
    """
    request_id = Offer.objects.values_list("search__support_request", flat=True).get(pk=offer_id)
    support_request = support.lock(request_id)
    offer = (
        Offer.objects.select_for_update(no_key=True, of=("self",)).select_related("search").get(pk=offer_id)
    )
    if offer.state == OfferState.ACCEPTED and offer.released_at is None:
        return offer
    _still_wanted(support_request, offer, now=now)
    found = queries.candidate(support_request, offer.person_id, now=now)
    why = rules.refusal_of_acceptance(found, queries.situation(support_request, offer.search, now=now))
    if why:
        raise NotFit(why)
    offer.state, offer.answered_at = OfferState.ACCEPTED, now
    offer.said, offer.minutes = said or None, minutes
    offer.save(update_fields=["state", "answered_at", "said", "minutes"])
    _recorded("offer.accepted", offer, support_request, by=by, now=now)
    if queries.places_left(support_request) == 0:
        support.advance(support_request, Event.COVER, by=by, now=now)
        Search.objects.filter(pk=offer.search_id).update(due_at=None)
        stand_down(support_request.pk, now=now)
    return offer


def _still_wanted(support_request: SupportRequest, offer: Offer, *, now: datetime) -> None:
    hunted = support_request.state in (State.SEARCHING, State.STOPPED)
    if not hunted or queries.places_left(support_request) == 0:
        raise TooLate
    if offer.state == OfferState.EXPIRED or (offer.state == OfferState.OPEN and offer.open_until <= now):
        raise TooOld
    # A no may be taken back while the question would still be open.
    if offer.state != OfferState.OPEN and not (offer.state == OfferState.DECLINED and offer.open_until > now):
        raise TooLate


@transaction.atomic
def decline(offer_id: UUID, *, said: str = "", by: Actor, now: datetime) -> None:
    """Settle one no. When nobody else is left to wait for, the next wave is due now."""
    request_id = Offer.objects.values_list("search__support_request", flat=True).get(pk=offer_id)
    support_request = support.lock(request_id)
    offer = Offer.objects.select_related("search").get(pk=offer_id)
    if offer.state != OfferState.OPEN:
        return
    offer.state, offer.answered_at, offer.said = OfferState.DECLINED, now, said or None
    offer.save(update_fields=["state", "answered_at", "said"])
    _recorded("offer.declined", offer, support_request, by=by, now=now)
    next_if_none_waits(offer.search, now=now)


def mind_not_delivered(outbound_id: UUID, *, now: datetime) -> None:
    """Act once on a text that will not arrive: ask the next responder, or call a person to it."""
    if not Outbound.objects.filter(pk=outbound_id, minded_at=None).update(minded_at=now):
        return
    text = Outbound.objects.select_related("contact").get(pk=outbound_id)
    if text.offer_id and text.text in OFFER_TEXT.values():
        undeliverable(text.offer_id, now=now)
        return
    if text.text == Text.UNKNOWN_SENDER or (policy(text.error).again and send_again(text, now=now)):
        return
    person = person_by_fingerprint(bytes(text.contact.fingerprint)) if text.contact else None
    about = About("person", str(person.pk)) if person else About("text", str(text.pk))
    raise_need(
        Reason.REFUSED_SEND, about=about, now=now, by=ENGINE,
        request_id=text.request_id, person_id=person.pk if person else None,
    )  # fmt: skip


def undeliverable(offer_id: UUID, *, now: datetime) -> None:
    """The question can't reach this person: ask the next without waiting."""
    with transaction.atomic():
        request_id = Offer.objects.values_list("search__support_request", flat=True).get(pk=offer_id)
        support_request = support.lock(request_id)
        offer = Offer.objects.select_related("search").get(pk=offer_id)
        if offer.state != OfferState.OPEN:
            return
        Offer.objects.filter(pk=offer_id).update(state=OfferState.UNDELIVERABLE)
        _recorded("offer.undeliverable", offer, support_request, by=ENGINE, now=now)
        _look_if_searching(offer.search, now=now)


def next_if_none_waits(search: Search, *, now: datetime) -> None:
    if not search.offers.filter(state=OfferState.OPEN).exists():
        _look_if_searching(search, now=now)


def _look_if_searching(search: Search, *, now: datetime) -> None:
    if search.support_request.state == State.SEARCHING:
        _look_now(search, now=now)


def stand_down(request_id: UUID, *, now: datetime, text: Text = Text.STAND_DOWN) -> int:
    """Withdraw the offers still open and thank those who were asked. Returns how many."""
    offers = list(
        Offer.objects.filter(search__support_request=request_id, state=OfferState.OPEN).select_related(
            "person"
        )
    )
    withdraw(now=now, offer_id__in=[offer.pk for offer in offers])
    for offer in offers:
        _end_offer(offer, request_id, text=text, now=now)
    return len(offers)


def _end_offer(offer: Offer, request_id: UUID, *, text: Text, now: datetime) -> None:
    Offer.objects.filter(pk=offer.pk).update(state=OfferState.WITHDRAWN)
    record("offer.withdrawn", f"offer:{offer.pk}", by=ENGINE, now=now, request_id=request_id)
    asked = Outbound.objects.filter(offer_id=offer.pk).exclude(state__in=("withdrawn", "expired"))
    if asked.exists():  # who never got the question isn't told that it is over
        queue(
            offer.person.phone, text, language_of(offer.person),
            purpose=Purpose(Lane.OFFER, request_id), now=now,
        )  # fmt: skip


def language_of(person: Person) -> str:
    return person.language if person.language in settings.NETWORK_LANGUAGES else "en"


def release(offer: Offer, *, by: Actor, now: datetime) -> None:
    """Whoever accepted is free again: done, can't go, or not needed."""
    freed = Offer.objects.filter(pk=offer.pk, state=OfferState.ACCEPTED, released_at=None)
    if freed.update(released_at=now):
        record("offer.released", f"offer:{offer.pk}", by=by, now=now)


def reopen(support_request: SupportRequest, *, by: Actor, now: datetime) -> None:
    """A place came free: the hunt goes on at once, and the member is promised an answer again.

    The caller holds the request's lock.
    """
    if support_request.state == State.COVERED:
        support.advance(support_request, Event.REOPEN, by=by, now=now)
    search = Search.objects.filter(support_request=support_request).first()
    if search and support_request.state == State.SEARCHING:
        search.support_request = support_request
        _promise_answer(search, now=now)
        _look_now(search, now=now)


@transaction.atomic
def stop(request_id: UUID, *, by: Actor, now: datetime) -> None:
    """Ask nobody more; visits under way stay. Open offers are withdrawn with thanks."""
    support_request = support.lock(request_id)
    if support_request.state in (State.ASKING, State.SEARCHING, State.COVERED):
        support.advance(support_request, Event.STOP, by=by, now=now)
    Search.objects.filter(support_request=support_request).update(due_at=None)
    stand_down(request_id, now=now)


def expire_offers(*, now: datetime) -> int:
    """Close questions whose 60 minutes are over."""
    return Offer.objects.filter(state=OfferState.OPEN, open_until__lte=now).update(state=OfferState.EXPIRED)


def _recorded(
    action: str, offer: Offer, support_request: SupportRequest, *, by: Actor, now: datetime
) -> None:
    record(
        action, f"offer:{offer.pk}", by=by, now=now,
        request_id=support_request.pk, person=offer.person_id,
    )  # fmt: skip
