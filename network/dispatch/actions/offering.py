"""Putting one question to one responder."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from network.audit.actions import record
from network.audit.rules import ENGINE, Actor
from network.dispatch import queries, rules
from network.dispatch.models import Offer, Search, Willingness
from network.dispatch.rules_case import HOLDS_FOR, OPEN_FOR, Forecast, OfferState, Width
from network.dispatch.rules_chance import HALVES_IN, SILENCE_HALVES_IN, decayed
from network.messaging.actions import Purpose, introduce, queue
from network.messaging.models import Outbound
from network.messaging.rules import Lane
from network.messaging.texts import LANGUAGES, Text, promised
from network.messaging.texts.languages import known
from network.people.models import Person
from network.people.queries_trust import vouches_in_force
from network.support.models import Drill, SupportRequest
from network.support.queries import when
from network.support.rules import Kind
from network.support.rules_time import LAST_CALL, is_ahead

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


def hold_the_free(
    ids: Iterable[UUID], *, now: datetime, starts_at: datetime | None = None, cap: int | None = None
) -> dict[UUID, Person]:
    """Those of these people whom no other search, and no acceptance, was first with; locked to the end.

    Locked in one order by all, so that two searches never wait for each other. The daily cap, if
    given, is counted again under the lock.
    """
    locked = (
        Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    )
    held = {person.pk: person for person in locked}
    busy = set(Offer.objects.filter(holding=True, person__in=held).values_list("person", flat=True))
    busy |= queries.engaged_around(held, starts_at, now=now)
    if cap is not None:
        today = Offer.objects.filter(person__in=held, asked_at__gt=now - queries.A_DAY, drill=False)
        often = today.values("person").annotate(n=Count("pk")).filter(n__gte=cap)
        busy |= set(often.values_list("person", flat=True))
    free = {pk: person for pk, person in held.items() if pk not in busy and not person.suspended_at}
    _hold_counters(free)
    return free


def _hold_counters(ids: Iterable[UUID]) -> None:
    """Their counters, in the one order in which settling takes them too."""
    wanted = sorted(ids)
    Willingness.objects.bulk_create([Willingness(person_id=one) for one in wanted], ignore_conflicts=True)
    list(Willingness.objects.select_for_update().filter(person__in=wanted).order_by("person"))


def hold(person_id: UUID) -> None:
    """One person's yes to two requests at once is taken one after the other."""
    Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person_id)


def make_offer(
    search: Search,
    support_request: SupportRequest,
    person: Person,
    how_far: float | None,
    *,
    now: datetime,
    by: Actor = ENGINE,
    forecast: Forecast | None = None,
    width: Width = Width.NEAR,
    by_hand: bool = False,
    instead: bool = False,
) -> Offer:
    """The caller holds the request and the person."""
    starts_at: datetime | None = support_request.starts_at
    ahead = starts_at if starts_at and is_ahead(starts_at, now) else None
    practice = support_request.drill_id is not None
    holds = ahead is None and not practice
    offer = Offer.objects.create(
        search=search,
        person=person,
        key_id=person.key_id,
        code=rules.new_code(secrets.choice, taken=queries.codes_taken(person.pk, now=now)),
        wave=search.wave,
        width=width,
        miles=None if how_far is None else round(how_far),
        by_hand=by_hand,
        instead=instead,
        drill=practice,
        asked_at=now,
        starts_at=ahead,
        open_until=ahead - LAST_CALL if ahead else now + OPEN_FOR,
        holding=holds,
        holds_until=now + HOLDS_FOR if holds else None,
        settled_at=None if holds else now,  # of practice, and of days ahead, nothing is learned
        chance=forecast.chance if forecast else None,
        rate=forecast.rate if forecast else None,
        likeliness=forecast.likeliness if forecast else None,
        cells=" ".join(forecast.cells) if forecast else "",
    )
    if not practice:
        count_ask(person.pk, chance=offer.chance or 0.0, now=now)
        # Real help goes first: the engine ends the drill that this person takes part in.
        Drill.objects.filter(ended_at=None, wanted_at=None, people__person=person).update(wanted_at=now)
    record(
        "offer.made", f"offer:{offer.pk}", by=by, now=now,
        request_id=support_request.pk, person=person.pk, wave=search.wave, width=width.name.lower(),
    )  # fmt: skip
    if _ask(offer, person, support_request, now=now) is None:
        offer.state, offer.holding = OfferState.UNDELIVERABLE, False
        offer.save(update_fields=["state", "holding"])
    return offer


def count_ask(person_id: UUID, *, chance: float, now: datetime) -> None:
    """One more ask weighs on them, from now on less by the hour. The caller holds person and counters."""
    count = Willingness.objects.get(person_id=person_id)
    age = now - (count.asked_at or now)
    count.asks = decayed(count.asks, age, halves_in=HALVES_IN) + 1
    count.missed = decayed(count.missed, age, halves_in=SILENCE_HALVES_IN) + chance
    count.asked_at = now
    count.save(update_fields=["asks", "missed", "asked_at"])


def _ask(offer: Offer, person: Person, support_request: SupportRequest, *, now: datetime) -> Outbound | None:
    kind = Kind(support_request.kind)
    language = language_of(person)
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
    purpose = Purpose(
        Lane.OFFER, support_request.pk, offer.pk, expires_at=left_by, drill=offer.drill
    )  # fmt: skip
    owed = queue(person.phone, text, language, purpose=purpose, now=now, **values)
    introduce(owed, language, organization=partial(voucher_name, person, now=now), now=now)
    return owed


def voucher_name(person: Person, *, now: datetime) -> str:
    """The organisation that a first notice names: one whose word for them counts now; else the network."""
    mine = vouches_in_force(now=now).filter(person=person)
    vouch = mine.select_related("organization").order_by("given_at", "pk").first()
    return vouch.organization.name if vouch else str(settings.NETWORK_NAME)


def language_of(person: Person) -> str:
    return known(person.language, settings.NETWORK_LANGUAGES)


@transaction.atomic
def release_holds(*, now: datetime) -> int:
    """After 30 minutes without an answer an offer stays acceptable, but others may ask as well."""
    over = Offer.objects.filter(holding=True, holds_until__lte=now)
    return over.update(holding=False)
