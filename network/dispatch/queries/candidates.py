"""Those whom a search may ask, as the rules see them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from network.database.compiled import Compiled
from network.dispatch.models import Offer, Search, Willingness
from network.dispatch.queries.engagements import engaged_around
from network.dispatch.queries.learned import policy
from network.dispatch.roster.memory import shortlist
from network.dispatch.rules.case import STANDBY_FOR, Situation
from network.dispatch.rules.chance import HALVES_IN, SILENCE_HALVES_IN, decayed
from network.dispatch.rules.crowd import Candidate, Crowd
from network.messaging.queries import Silence, silenced
from network.organizations.models import Holiday, Place
from network.organizations.rules.distance import miles
from network.people.models import Person, Responder
from network.people.rules.hours import is_night, may_be_asked, on_hours
from network.support.models import SupportRequest
from network.support.queries import local, open_requests
from network.support.rules.requests import Kind
from network.support.rules.set_time import is_ahead
from network.trust.models import Vouch
from network.trust.queries import vouched, vouches_in_force

A_DAY = timedelta(hours=24)


LARGE = 1_000  # responders from which only a shortlist of them is loaded


def candidates(search: Search, seen: Situation, *, now: datetime) -> list[Candidate]:
    """Everybody the rules may choose from. Of very many: the best, and some of the others."""
    return _of_all([(search, seen)], now=now)


type Seen = tuple[Search, Situation]


def crowds(searches: Sequence[Seen], *, now: datetime) -> list[Crowd]:
    """The candidates of each search. What is for the same kind, ZIP and organization is read once."""
    alike: dict[tuple[object, ...], list[Seen]] = defaultdict(list)
    for search, seen in searches:
        alike[_group(search)].append((search, seen))
    loaded = {key: Crowd.of(_of_all(group, now=now)) for key, group in alike.items()}
    return [loaded[_group(search)] for search, _ in searches]


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
    return [candidate for candidate, _ in known(support_request, able, now=now)]


def candidate(support_request: SupportRequest, person_id: UUID, *, now: datetime) -> Candidate:
    """One responder as the rules see them. Raises Responder.DoesNotExist if it is nobody who responds."""
    responder = Responder.objects.filter(person_id=person_id)
    responder.get()
    return known(support_request, responder, now=now)[0][0]


type Known = list[tuple[Candidate, Person]]


_counted = Compiled(lambda people: Willingness.objects.filter(person_id__any=people))
_holidays = Compiled(lambda day: Holiday.objects.filter(day=day).values_list("pk", flat=True)[:1])


def known(support_request: SupportRequest, responders: QuerySet[Responder], *, now: datetime) -> Known:
    """These responders as the rules see them for this request."""
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
    there, here = local(then), local(now)
    # What can wait keeps to the whole night; for help now, people's own hours count too.
    waits = is_ahead(starts_at, now)
    holiday = bool(_holidays.all(there.date()))
    everybody: Known = []
    for row in rows:
        count = counted.get(row.person_id) or Willingness()
        ages = now - count.asked_at if count.asked_at else timedelta(0)
        everybody.append(
            (
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
                    awake=row.wake_at_night or not is_night(here)
                    if waits
                    else may_be_asked(
                        row.hours, here, wakes=row.wake_at_night, night=settings.OFFER_NIGHT, holiday=holiday
                    ),
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
            )
        )
    return everybody


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """Who is held by an offer, who came too late a moment ago, and how often each was asked in 24 hours."""

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


def _asked(ids: list[UUID], *, now: datetime) -> AskedBefore:
    rows = _asked_lately.all(ids, now - STANDBY_FOR, now - A_DAY)
    return AskedBefore(
        held=frozenset(person_id for person_id, holding, *_ in rows if holding),
        standby=frozenset(person_id for person_id, _, late, *_ in rows if late and late > now - STANDBY_FOR),
        today=Counter(person_id for person_id, *_, at, drill in rows if at > now - A_DAY and not drill),
    )


_places = Compiled(lambda zips: Place.objects.filter(zip__any=zips))


def _distances(home: str, zips: set[str]) -> dict[str, float]:
    places = {place.zip: place for place in _places.all(sorted(zips | {home}))}
    if home not in places:
        return {}
    start = places[home]
    return {
        code: miles((start.latitude, start.longitude), (place.latitude, place.longitude))
        for code, place in places.items()
    }


def _vouched_by_own(ids: list[UUID], support_request: SupportRequest, *, now: datetime) -> set[UUID] | None:
    """Whom the member's own organization vouches for, if it requires that for child care."""
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
    """Those who accepted something around this time, or need help themselves."""
    accepted = engaged_around(ids, starts_at, now=now)
    return {*accepted, *_asking.all(ids)}
