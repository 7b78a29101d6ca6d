"""What the search knows of a request and of those it may ask."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from network.database.compiled import Compiled
from network.dispatch.models import Offer, Search, Willingness
from network.dispatch.queries_learned import policy
from network.dispatch.roster import shortlist
from network.dispatch.rules_ahead import clashes
from network.dispatch.rules_case import (
    CODE_REST,
    SLOW_WINDOW,
    STANDBY_FOR,
    OfferState,
    Situation,
)
from network.dispatch.rules_chance import HALVES_IN, SILENCE_HALVES_IN, Outstanding, Part, decayed
from network.dispatch.rules_crowd import Candidate, Crowd
from network.messaging.pace import leaves_in
from network.messaging.queries import Silence, silenced
from network.organizations.models import Holiday, Place
from network.organizations.rules.distance import miles
from network.people.models import Apart, Person, Responder
from network.people.rules.hours import is_night, on_hours
from network.support.models import SupportRequest
from network.support.queries import local, open_requests
from network.support.rules import Kind, State, places
from network.support.rules_time import LAST_CALL, is_ahead
from network.trust.models import Vouch
from network.trust.queries import vouched, vouches_in_force

A_DAY = timedelta(hours=24)


def engaged() -> QuerySet[Offer]:
    """Acceptances not yet released: who gave one is engaged."""
    return Offer.objects.filter(state=OfferState.ACCEPTED, released_at=None)


_theirs = Compiled(
    lambda people: engaged().filter(person_id__any=people, drill=False).values_list("person", "starts_at")
)


def engaged_around(ids: Iterable[UUID], starts_at: datetime | None, *, now: datetime) -> set[UUID]:
    """Who of these has accepted something that keeps them from going at this time (None: now)."""
    return {person for person, start in _theirs.all(list(ids)) if clashes(start, starts_at, now)}


_taken = Compiled(
    lambda request_id: engaged().filter(search__support_request_id=request_id).values_list("pk", flat=True)
)


def keeps_from(offer: Offer, starts_at: datetime | None, *, now: datetime) -> bool:
    """Whether it was accepted, and keeps its responder from going at this time (None: now)."""
    accepted = offer.state == OfferState.ACCEPTED and offer.released_at is None and not offer.drill
    return accepted and clashes(offer.starts_at, starts_at, now)


def places_left(support_request: SupportRequest) -> int:
    taken = _taken.all(support_request.pk)
    return max(0, places(Kind(support_request.kind)) - len(taken))


def searching(*, now: datetime) -> QuerySet[Search]:
    """Searches of requests for which people are being asked to go now."""
    return searching_until(now + LAST_CALL)


def searching_until(until: Any) -> QuerySet[Search]:
    """The same for requests whose set time is not after this."""
    soon = Q(support_request__starts_at=None) | Q(support_request__starts_at__lte=until)
    return Search.objects.filter(
        soon,
        support_request__state=State.SEARCHING,
        support_request__member__frozen_at=None,
        support_request__drill=None,
    )


_offers_of = Compiled(lambda searches: Offer.objects.filter(search_id__any=searches))


def situation(support_request: SupportRequest, search: Search, *, now: datetime) -> Situation:
    return situations([(support_request, search)], now=now)[0]


def situations(searches: Sequence[tuple[SupportRequest, Search]], *, now: datetime) -> list[Situation]:
    """As many statements for many as for one."""
    offers: dict[UUID, list[Offer]] = defaultdict(list)
    for offer in _offers_of.all([search.pk for _, search in searches]):
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
            never_with=frozenset[UUID]().union(*(apart[one] for one in people)).difference(people),
            queue_wait=queue_wait,
            now=now,
        )
        for support_request, search in searches
        for people in [close[search.pk]]
    ]


def _since_begun(search: Search, offers: Iterable[Offer]) -> list[Offer]:
    """A change of kind starts the search anew: who was asked for another kind may be asked again."""
    return [one for one in offers if one.asked_at >= search.started_at]


def _coming(search: Search, offers: Iterable[Offer]) -> list[UUID]:
    return [
        one.person_id
        for one in _since_begun(search, offers)
        if one.state == OfferState.ACCEPTED and not one.released_at
    ]


def _situation(
    support_request: SupportRequest,
    search: Search,
    every: Sequence[Offer],
    *,
    never_with: frozenset[UUID],
    queue_wait: timedelta,
    now: datetime,
) -> Situation:
    member = support_request.member
    taken = sum(one.state == OfferState.ACCEPTED and one.released_at is None for one in every)
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
        asked=frozenset(one.person_id for one in offers if one.state != OfferState.WITHDRAWN),
        today=local(starts_at or now).date(),
        began_at=search.clock_from or search.started_at,
        outstanding=tuple(
            Outstanding(one.chance or 0.0, one.asked_at)
            for one in offers
            if one.state == OfferState.OPEN and one.open_until > now
        ),
        offers=len(offers),
        offers_lately=sum(one.asked_at > now - SLOW_WINDOW for one in offers),
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
    """For each of these, whom somebody has kept apart from them."""
    found: dict[UUID, set[UUID]] = {one: set() for one in people}
    for pair in _pairs.all(list(people)):
        for one, other in (pair, pair[::-1]):
            if one in found:
                found[one].add(other)
    return found


LARGE = 1_000  # responders from which only a shortlist of them is loaded


def candidates(search: Search, seen: Situation, *, now: datetime) -> list[Candidate]:
    """Whoever the rules may choose from, read from the database; of very many, the best and then some."""
    return _of_all([(search, seen)], now=now)


type Seen = tuple[Search, Situation]


def crowds(searches: Sequence[Seen], *, now: datetime) -> list[Crowd]:
    """For each its candidates; what is for the same kind, ZIP and organization is read once."""
    alike: dict[tuple[object, ...], list[Seen]] = defaultdict(list)
    for search, seen in searches:
        alike[_group(search)].append((search, seen))
    found = {key: Crowd.of(_of_all(group, now=now)) for key, group in alike.items()}
    return [found[_group(search)] for search, _ in searches]


def _group(search: Search) -> tuple[object, ...]:
    member = search.support_request.member
    return search.support_request.kind, search.support_request.drill_id, member.zip, member.organization_id


def _of_all(searches: Sequence[Seen], *, now: datetime) -> list[Candidate]:
    support_request = searches[0][0].support_request
    able = Responder.objects.filter(kinds__contains=[support_request.kind])
    own = support_request.member.organization
    if support_request.drill_id:
        able = able.filter(person__drills__drill=support_request.drill_id)
    elif support_request.kind == Kind.CHILDCARE and own.childcare_own_vouch:
        # Few, and the shortlist knows nothing of it: all whom the organization vouches for are read.
        theirs = vouches_in_force(now=now).filter(organization=own, role=Vouch.Role.CHILDCARE)
        able = able.filter(person__in=theirs.values("person"))
    elif Responder.objects.all()[:LARGE].count() >= LARGE:
        numbers = policy(now=now)
        listed: set[UUID] = set()
        for search, seen in searches:
            home = search.support_request.member.zip
            at = local(search.support_request.starts_at or now)
            listed.update(shortlist(seen, home, numbers, now=now, here=local(now), at=at))
        able = able.filter(person__in=listed)
    return [found for found, _ in known(support_request, able, now=now)]


def candidate(support_request: SupportRequest, person_id: UUID, *, now: datetime) -> Candidate:
    """One responder as the rules see them. Raises Responder.DoesNotExist for anybody else."""
    responder = Responder.objects.filter(person_id=person_id)
    responder.get()
    return known(support_request, responder, now=now)[0][0]


type Known = list[tuple[Candidate, Person]]


_counted = Compiled(lambda people: Willingness.objects.filter(person_id__any=people))
_holidays = Compiled(lambda day: Holiday.objects.filter(day=day).values_list("pk", flat=True)[:1])


def known(support_request: SupportRequest, responders: QuerySet[Responder], *, now: datetime) -> Known:
    """These responders as the rules see them beside this request."""
    rows = list(responders.select_related("person").order_by("pk"))
    ids = [row.person_id for row in rows]
    distances = _distances(support_request.member.zip, {row.zip for row in rows})
    sufficient = vouched(ids, support_request.kind, now=now)
    own = _vouched_by_own(ids, support_request, now=now)
    starts_at = support_request.starts_at
    busy, asked = _busy(ids, starts_at, now=now), _asked(ids, now=now)
    counted = {row.person_id: row for row in _counted.all(ids)}
    silent = silenced(bytes(row.person.fingerprint) for row in rows)
    # What must hold when they go, beside what must hold when they are asked.
    then = max(starts_at or now, now)
    there = local(then)
    holiday = bool(_holidays.all(there.date()))
    found: Known = []
    for row in rows:
        count = counted.get(row.person_id) or Willingness()
        ages = now - count.asked_at if count.asked_at else timedelta(0)
        found.append((
            Candidate(
                person=row.person_id,
                active=row.person.standing == Person.Standing.ACTIVE,
                suspended=row.person.suspended_at is not None,
                opted_out=silent.get(bytes(row.person.fingerprint)) is Silence.OPTED_OUT,
                unreachable=silent.get(bytes(row.person.fingerprint)) is Silence.UNREACHABLE,
                off=row.off_until is not None and row.off_until > then,
                kinds=frozenset(row.kinds),
                languages=frozenset(row.person.languages),
                miles=distances.get(row.zip),
                max_miles=row.max_miles,
                on_hours=on_hours(row.hours, there, holiday=holiday),
                awake=row.wake_at_night or not is_night(local(now)),
                clearance_until=row.clearance_until,
                bar_checked=row.bar_state != "" and row.bar_number is not None,
                vouched=row.person_id in sufficient,
                own_vouch=own is None or row.person_id in own,
                engaged=row.person_id in busy,
                offer_open=row.person_id in asked.held,
                probation=row.on_probation,
                resting=row.rest_until is not None and row.rest_until > then,
                standby=row.person_id in asked.standby,
                asked_today=asked.today.get(row.person_id, 0),
                last_asked_at=count.asked_at,
                asks=decayed(count.asks, ages, halves_in=HALVES_IN),
                missed=decayed(count.missed, ages, halves_in=SILENCE_HALVES_IN),
                accepts=count.accepts,
                expected=count.expected,
            ),
            row.person,
        ))  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """Who an offer holds, who came too late a moment ago, and how often each was asked in 24 hours."""

    held: frozenset[UUID]
    standby: frozenset[UUID]
    today: dict[UUID, int]


_asked_lately = Compiled(
    lambda people, since, again: (
        Offer.objects.filter(person_id__any=people)
        .filter(Q(holding=True) | Q(late_yes_at__gt=since) | Q(asked_at__gt=again, drill=False))
        .values_list("person", "holding", "late_yes_at", "asked_at", "drill")
    )
)


def _asked(ids: list[UUID], *, now: datetime) -> Asked:
    rows = _asked_lately.all(ids, now - STANDBY_FOR, now - A_DAY)
    return Asked(
        held=frozenset(one for one, holding, *_ in rows if holding),
        standby=frozenset(one for one, _, late, *_ in rows if late and late > now - STANDBY_FOR),
        today=Counter(one for one, *_, at, drill in rows if at > now - A_DAY and not drill),
    )


_places = Compiled(lambda zips: Place.objects.filter(zip__any=zips))


def _distances(home: str, zips: set[str]) -> dict[str, float]:
    found = {place.zip: place for place in _places.all(sorted(zips | {home}))}
    if home not in found:
        return {}
    start = found[home]
    return {
        code: miles((start.latitude, start.longitude), (place.latitude, place.longitude))
        for code, place in found.items()
    }


def _vouched_by_own(ids: list[UUID], support_request: SupportRequest, *, now: datetime) -> set[UUID] | None:
    """Whom the member's own organization vouches for, where it asks that of who cares for children."""
    organization = support_request.member.organization
    if not organization.childcare_own_vouch:
        return None
    theirs = vouches_in_force(now=now).filter(
        organization=organization, role=Vouch.Role.CHILDCARE, person__in=ids
    )
    return set(theirs.values_list("person", flat=True))


_asking = Compiled(
    lambda people: (
        open_requests().filter(member__person_id__any=people).values_list("member__person", flat=True)
    )
)


def _busy(ids: list[UUID], starts_at: datetime | None, *, now: datetime) -> set[UUID]:
    """Engaged around this time by an acceptance, or in need of help themselves."""
    accepted = engaged_around(ids, starts_at, now=now)
    return {*accepted, *_asking.all(ids)}


_codes = Compiled(
    lambda people, since: Offer.objects.filter(
        Q(asked_at__gt=since) | Q(state=OfferState.OPEN), person_id__any=people
    ).values_list("person", "code")
)
_recent_offers = Compiled(
    lambda person_id, since: Offer.objects.filter(
        Q(asked_at__gt=since) | Q(state=OfferState.OPEN), person_id=person_id
    ).order_by("-asked_at")
)


def codes_taken(people: Collection[UUID], *, now: datetime) -> dict[UUID, set[int]]:
    """Codes of each person's open offers and of all of the last 24 hours."""
    taken: dict[UUID, set[int]] = {one: set() for one in people}
    for person_id, code in _codes.all(list(taken), now - CODE_REST):
        taken[person_id].add(code)
    return taken


def recent_offers(person_id: UUID, *, now: datetime) -> list[Offer]:
    """Open ones, and closed ones whose codes are not yet free again."""
    return _recent_offers.all(person_id, now - CODE_REST)
