"""Putting one question to one responder."""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from network.audit.actions import record
from network.audit.rules import ENGINE, Actor
from network.database.compiled import Compiled, prepared
from network.database.writing import insert_all
from network.dispatch.models import Offer, Search, Willingness
from network.dispatch.queries import candidates, engagements
from network.dispatch.rules import waves
from network.dispatch.rules.case import HOLDS_FOR, OPEN_FOR, Forecast, OfferState, Width
from network.dispatch.rules.chance import HALVES_IN, SILENCE_HALVES_IN, decayed
from network.messaging.outbox.queueing import Meeting, Purpose, QueuedText, introduce, letter, queue_all
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import LANGUAGES, known
from network.messaging.texts.rendering import promised
from network.people.models import Person
from network.support.models import Drill, SupportRequest
from network.support.queries import when
from network.support.rules.requests import Kind
from network.support.rules.set_time import LAST_CALL, is_ahead
from network.trust.queries import vouches_in_force

OFFER_TEXT: dict[Kind, Text] = {
    Kind.ACCOMPANIMENT: Text.OFFER_ACCOMPANIMENT,
    Kind.LEGAL: Text.OFFER_LEGAL,
    Kind.CHILDCARE: Text.OFFER_CHILDCARE,
}
OFFER_TEXT_AT: dict[Kind, Text] = {
    Kind.ACCOMPANIMENT: Text.OFFER_ACCOMPANIMENT_AT,
    Kind.LEGAL: Text.OFFER_LEGAL_AT,
    Kind.CHILDCARE: Text.OFFER_CHILDCARE_AT,
}
OFFER_TEXTS = frozenset(
    promised(text, safe_to_call=safe)
    for text in (*OFFER_TEXT.values(), *OFFER_TEXT_AT.values())
    for safe in (True, False)
)


_locked = Compiled(
    lambda people: (
        Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk__any=people).order_by("pk")
    )
)
_offers_to = Compiled(
    lambda people, since: (
        Offer.objects.filter(person_id__any=people)
        .filter(
            Q(holding=True)
            | Q(state=OfferState.ACCEPTED, released_at=None, drill=False)
            | Q(asked_at__gt=since, drill=False)
        )
        .only("person_id", "holding", "state", "released_at", "drill", "asked_at", "starts_at")
    )
)
_counters = Compiled(
    lambda people: Willingness.objects.select_for_update().filter(person_id__any=people).order_by("person_id")
)


def hold_the_free(
    ids: Iterable[UUID], *, now: datetime, starts_at: datetime | None = None, cap: int | None = None
) -> dict[UUID, Person]:
    """Lock and return those of these people whom no other search and no acceptance has taken.

    Everybody locks them in the same order, so that two searches never wait for each other. The daily cap,
    if given, is counted again under the lock.
    """
    held = {person.pk: person for person in _locked.all(list(ids))}
    offers = _offers_to.all(list(held), now - candidates.A_DAY)
    busy = {
        offer.person_id
        for offer in offers
        if offer.holding or engagements.keeps_from(offer, starts_at, now=now)
    }
    if cap is not None:
        today = Counter(
            offer.person_id for offer in offers if offer.asked_at > now - candidates.A_DAY and not offer.drill
        )
        busy |= {person_id for person_id, times in today.items() if times >= cap}
    free = {pk: person for pk, person in held.items() if pk not in busy and not person.suspended_at}
    _hold_counters(free)
    return free


def _hold_counters(ids: Iterable[UUID]) -> None:
    """Lock their counters, in the same order in which settling locks them."""
    wanted = sorted(ids)
    insert_all([Willingness(person_id=person_id) for person_id in wanted], unless_there=True)
    _counters.all(wanted)


def hold(person_id: UUID) -> None:
    """Lock a person, so that their yes to two requests at once is taken one after the other."""
    _locked.get([person_id])


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is to be asked, and how many miles away they are, if that is known."""

    person: Person
    how_far: float | None = None
    forecast: Forecast | None = None


def make_offers(
    search: Search,
    support_request: SupportRequest,
    asked: Sequence[Asked],
    *,
    now: datetime,
    by: Actor = ENGINE,
    width: Width = Width.NEAR,
    by_hand: bool = False,
    instead: bool = False,
) -> list[Offer]:
    """Ask all of these people, in the same few statements however many they are.

    The caller holds the request, the people and their counters.
    """
    starts_at: datetime | None = support_request.starts_at
    ahead = starts_at if starts_at and is_ahead(starts_at, now) else None
    practice = support_request.drill_id is not None
    holds = ahead is None and not practice
    taken = engagements.codes_taken([ask.person.pk for ask in asked], now=now)
    offers = [
        Offer(
            search=search,
            person=ask.person,
            key_id=ask.person.key_id,
            code=waves.new_code(secrets.choice, taken=taken[ask.person.pk]),
            wave=search.wave,
            width=width,
            miles=None if ask.how_far is None else round(ask.how_far),
            by_hand=by_hand,
            instead=instead,
            drill=practice,
            asked_at=now,
            starts_at=ahead,
            open_until=ahead - LAST_CALL if ahead else now + OPEN_FOR,
            holding=holds,
            holds_until=now + HOLDS_FOR if holds else None,
            settled_at=None if holds else now,  # of practice, and of days ahead, nothing is learned
            chance=ask.forecast.chance if ask.forecast else None,
            rate=ask.forecast.rate if ask.forecast else None,
            likeliness=ask.forecast.likeliness if ask.forecast else None,
            cells=" ".join(ask.forecast.cells) if ask.forecast else "",
        )
        for ask in asked
    ]
    insert_all(offers)
    if not practice:
        count_asks({offer.person_id: offer.chance or 0.0 for offer in offers}, now=now)
        # Real help goes first: the engine ends the drills that these people take part in.
        at_play = Drill.objects.filter(ended_at=None, wanted_at=None, people__person__in=taken)
        at_play.update(wanted_at=now)
    for offer in offers:
        record(
            "offer.made",
            f"offer:{offer.pk}",
            by=by,
            now=now,
            request_id=support_request.pk,
            person=offer.person_id,
            wave=search.wave,
            width=width.name.lower(),
        )
    _ask(offers, support_request, now=now)
    return offers


def count_asks(chances: Mapping[UUID, float], *, now: datetime) -> None:
    """Count one more ask per person; it weighs less by the hour. The caller holds people and counters."""
    rows = []
    for count in _counts.all(list(chances)):
        age = now - (count.asked_at or now)
        missed = decayed(count.missed, age, halves_in=SILENCE_HALVES_IN)
        asks = decayed(count.asks, age, halves_in=HALVES_IN) + 1
        rows.append((count.person_id, asks, missed + chances[count.person_id]))
    if rows:
        with prepared() as cursor:
            cursor.execute(COUNTED, [now, *(list(column) for column in zip(*rows, strict=True))])


_counts = Compiled(lambda people: Willingness.objects.filter(person_id__any=people))
COUNTED = f"""
    UPDATE {Willingness._meta.db_table} w SET asks = v.asks, missed = v.missed, asked_at = %s
    FROM unnest(%s::uuid[], %s::double precision[], %s::double precision[]) AS v (person_id, asks, missed)
    WHERE w.person_id = v.person_id
"""  # noqa: S608  our own names


def _ask(offers: Sequence[Offer], support_request: SupportRequest, *, now: datetime) -> None:
    """Text each in their language. Anybody who can't be texted was not asked."""
    owed = queue_all([_question(offer, support_request, now=now) for offer in offers], now=now)
    unheard = [offer for offer, text in zip(offers, owed, strict=True) if text is None]
    for offer in unheard:
        offer.state, offer.holding = OfferState.UNDELIVERABLE, False
    if unheard:
        Offer.objects.bulk_update(unheard, ["state", "holding"])
    met = [
        Meeting(text, language_of(offer.person), offer.person_id)
        for offer, text in zip(offers, owed, strict=True)
    ]
    introduce(met, organizations=partial(voucher_names, now=now), now=now)


def _question(offer: Offer, support_request: SupportRequest, *, now: datetime) -> QueuedText:
    kind = Kind(support_request.kind)
    language = language_of(offer.person)
    values: dict[str, object] = {
        "number": support_request.number,
        "zip": support_request.member.zip,
        "miles": max(2, offer.miles or 2),
        "language": LANGUAGES[language].calls.get(support_request.member.person.language, ""),
        "code": offer.code,
    }
    if kind is Kind.CHILDCARE:
        values["children"] = support_request.children
    if support_request.starts_at and support_request.starts_at > now:  # even the last call names the time
        values["when"] = when(support_request.starts_at, language)
    asked = OFFER_TEXT_AT[kind] if "when" in values else OFFER_TEXT[kind]
    # A lawyer isn't shown the number of a phone that nobody may call, so isn't asked to call it.
    text = promised(asked, safe_to_call=support_request.member.person.safe_to_call)
    left_by = min(offer.open_until, now + OPEN_FOR)
    purpose = Purpose(Lane.OFFER, support_request.pk, offer.pk, expires_at=left_by, drill=offer.drill)
    return letter(offer.person.phone, text, language, purpose=purpose, **values)


_vouches = Compiled(
    lambda people, now: (
        vouches_in_force(now=now)
        .filter(person_id__any=people)
        .select_related("organization")
        .order_by("-given_at", "-pk")
    )
)


def voucher_names(people: Collection[UUID], *, now: datetime) -> dict[UUID, str]:
    """The organization that a first notice names: one whose vouch counts now, else the network."""
    vouches = _vouches.all(list(people), now)
    first = {vouch.person_id: vouch.organization.name for vouch in vouches}  # the oldest is read last
    return {person_id: first.get(person_id, str(settings.NETWORK_NAME)) for person_id in people}


def voucher_name(person: Person, *, now: datetime) -> str:
    """The same for one person."""
    return voucher_names([person.pk], now=now)[person.pk]


def language_of(person: Person) -> str:
    return known(person.language, settings.NETWORK_LANGUAGES)


@transaction.atomic
def release_holds(*, now: datetime) -> int:
    """After 30 minutes an unanswered offer can still be accepted, but other searches may ask too."""
    over = Offer.objects.filter(holding=True, holds_until__lte=now)
    return over.update(holding=False)
