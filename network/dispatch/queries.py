"""What the search knows of a request and of those it may ask."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from network.dispatch.models import Offer, Search
from network.dispatch.rules import (
    CODE_REST,
    VOUCHES_NEEDED,
    Candidate,
    OfferState,
    Refusal,
    Situation,
    refusal,
)
from network.messaging.queries import Silence, silenced
from network.people.models import Person, Place, Responder, Vouch
from network.people.rules import is_night, miles, on_hours
from network.support.models import SupportRequest
from network.support.queries import open_requests
from network.support.rules import Kind, places


def engaged() -> QuerySet[Offer]:
    """Acceptances not yet released: who gave one is engaged."""
    return Offer.objects.filter(state=OfferState.ACCEPTED, released_at=None)


def places_left(support_request: SupportRequest) -> int:
    taken = engaged().filter(search__support_request=support_request).count()
    return max(0, places(Kind(support_request.kind)) - taken)


def situation(support_request: SupportRequest, search: Search, *, now: datetime) -> Situation:
    member = support_request.member
    # A change of kind starts the hunt anew: who was asked for another kind may be asked again.
    asked = Offer.objects.filter(search_id=search.pk, asked_at__gte=search.started_at)
    offers = list(asked.values_list("person_id", "state"))
    return Situation(
        member=member.person_id,
        kind=Kind(support_request.kind),
        language=member.person.language,
        places_left=places_left(support_request),
        wave=search.wave,
        asked=frozenset(person for person, _ in offers),
        waiting=sum(state == OfferState.OPEN for _, state in offers),
        today=local(now).date(),
    )


def local(now: datetime) -> datetime:
    """The time on the network's own clocks."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE))


def candidates(support_request: SupportRequest, *, now: datetime) -> list[Candidate]:
    """Everyone who does this kind, as the rules see them."""
    able = Responder.objects.filter(kinds__contains=[support_request.kind])
    return [found for found, _ in _known(support_request, able, now=now)]


def candidate(support_request: SupportRequest, person_id: UUID, *, now: datetime) -> Candidate:
    """One responder as the rules see them. Raises Responder.DoesNotExist for anybody else."""
    responder = Responder.objects.filter(person_id=person_id)
    responder.get()
    return _known(support_request, responder, now=now)[0][0]


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A responder beside a request: how far, and the rule that keeps them out, if one does."""

    person: Person
    miles: float | None
    refusal: Refusal | None


def candidates_with_reasons(request_id: UUID, *, now: datetime) -> list[Reasoned]:
    """Those who may be asked first, by distance; then the others, each with the rule."""
    support_request = SupportRequest.objects.select_related("member__person").get(pk=request_id)
    search = Search.objects.filter(support_request=support_request).first()
    if not support_request.kind:
        return []
    search = search or Search(support_request=support_request, started_at=now)
    seen = situation(support_request, search, now=now)
    rows = _known(support_request, Responder.objects.all(), now=now)
    reasoned = [Reasoned(who, c.miles, refusal(c, seen)) for c, who in rows]
    return sorted(reasoned, key=lambda r: (r.refusal is not None, r.miles is None, r.miles or 0.0))


type Known = list[tuple[Candidate, Person]]


def _known(support_request: SupportRequest, responders: QuerySet[Responder], *, now: datetime) -> Known:
    rows = list(responders.select_related("person").order_by("pk"))
    ids = [row.person_id for row in rows]
    distances = _distances(support_request.member.zip, {row.zip for row in rows})
    vouches = _vouches(ids, support_request.kind)
    busy = _busy(ids)
    open_offers = set(
        Offer.objects.filter(person__in=ids, state=OfferState.OPEN).values_list("person", flat=True)
    )
    asked = dict(Offer.objects.filter(person__in=ids).values_list("person").annotate(at=Max("asked_at")))
    silent = silenced(bytes(row.person.fingerprint) for row in rows)
    here = local(now)
    return [
        (
            Candidate(
                person=row.person_id,
                active=row.person.standing == Person.Standing.ACTIVE,
                suspended=row.person.suspended_at is not None,
                opted_out=silent.get(bytes(row.person.fingerprint)) is Silence.OPTED_OUT,
                unreachable=silent.get(bytes(row.person.fingerprint)) is Silence.UNREACHABLE,
                off=row.off_until is not None and row.off_until > now,
                kinds=frozenset(row.kinds),
                languages=frozenset(row.person.languages),
                miles=distances.get(row.zip),
                max_miles=row.max_miles,
                on_hours=on_hours(row.hours, here),
                awake=row.wake_at_night or not is_night(here),
                clearance_until=row.clearance_until,
                bar_checked=row.bar_state != "" and row.bar_number is not None,
                vouches=vouches[row.person_id],
                engaged=row.person_id in busy,
                offer_open=row.person_id in open_offers,
                last_asked_at=asked.get(row.person_id),
            ),
            row.person,
        )
        for row in rows
    ]


def _distances(home: str, zips: set[str]) -> dict[str, float]:
    found = {place.zip: place for place in Place.objects.filter(zip__in=zips | {home})}
    if home not in found:
        return {}
    start = found[home]
    return {
        code: miles((start.latitude, start.longitude), (place.latitude, place.longitude))
        for code, place in found.items()
    }


def _vouches(ids: list[UUID], kind: str) -> dict[UUID, int]:
    counted: dict[UUID, int] = defaultdict(int)
    role = kind if kind in VOUCHES_NEEDED else None
    for person in Vouch.objects.filter(person__in=ids, role=role).values_list("person", flat=True):
        counted[person] += 1
    return counted


def _busy(ids: list[UUID]) -> set[UUID]:
    """Engaged by an acceptance, or in need of help themselves."""
    accepted = engaged().filter(person__in=ids).values_list("person", flat=True)
    asking = open_requests().filter(member__person__in=ids).values_list("member__person", flat=True)
    return {*accepted, *asking}


def codes_taken(person_id: UUID, *, now: datetime) -> set[int]:
    """Codes of this person's open offers and of all of the last 24 hours."""
    recent = Q(asked_at__gt=now - CODE_REST) | Q(state=OfferState.OPEN)
    return set(Offer.objects.filter(recent, person=person_id).values_list("code", flat=True))


def recent_offers(person_id: UUID, *, now: datetime) -> list[Offer]:
    """Open ones, and closed ones whose codes are not yet free again."""
    recent = Q(asked_at__gt=now - CODE_REST) | Q(state=OfferState.OPEN)
    return list(Offer.objects.filter(recent, person=person_id).order_by("-asked_at"))
