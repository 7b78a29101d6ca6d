"""What the panels show, gathered in few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from network.console import words
from network.console.next_step import Next, step_of
from network.conversations.writing import Beside, readers
from network.desk import queries as desk
from network.desk.models import Need
from network.desk.queries import next_promises, open_needs
from network.desk.rules import Group, Reason, Severity, severity
from network.dispatch.models import Offer, Search
from network.dispatch.rules_ahead import held_by_night
from network.dispatch.rules_case import OfferState
from network.messaging.pace import waiting
from network.messaging.queries import Silence, silenced
from network.people.models import Apart, Person, Responder
from network.privacy.keyring import open_keys
from network.staff.models import Staff
from network.support.models import SupportRequest
from network.support.queries import local, open_requests
from network.support.rules import State
from network.support.rules_time import LAST_CALL, is_ahead
from network.visits.models import Visit
from network.visits.queries import is_promised, live
from network.visits.rules import Stage

SOON = timedelta(minutes=2)
ALL = Q()  # no filter


@dataclass(frozen=True, slots=True)
class NeedRow:
    need: Need
    reason: str | Promise
    severity: Severity
    step: Next  # what it asks for
    others: int  # what else waits about the same request or person
    duress: bool  # of somebody under duress: nothing suggests a call
    request: SupportRequest | None
    person: Person | None
    contact_id: str | None
    looker: Staff | None  # of staff, whose looking it is about
    claimed_by: str
    mine: bool
    silence: str | Promise  # why this person can't be texted
    readers: list["ReaderRow"]  # who else has it open

    @property
    def standing(self) -> str:
        """The name of its severity in style sheets."""
        return STANDINGS[self.severity]

    @property
    def visit_id(self) -> str:
        """Of a need that is about one visit; else empty."""
        kind, _, id = self.need.about.partition(":")
        return id if kind == "visit" else ""


STANDINGS = {
    Severity.DURESS: "duress",
    Severity.NOW: "late",
    Severity.SOON: "soon",
    Severity.ROUTINE: "waiting",
}


def board_rows(groups: Sequence[Group[Need]], *, staff_id: UUID, now: datetime) -> list[NeedRow]:
    """One row for each request, else each person: its worst need, and how many others."""
    others = {group.worst.pk: len(group.others) for group in groups}
    return need_rows([group.worst for group in groups], others=others, staff_id=staff_id, now=now)


def need_rows(
    needs: Iterable[Need], *, others: Mapping[UUID, int] | None = None, staff_id: UUID, now: datetime,
    of: SupportRequest | None = None,
) -> list[NeedRow]:  # fmt: skip
    """Open needs in the order given, each with what it is about. `of`: a request that was read already."""
    found = list(needs)
    read_already = (of, of.member.person) if of else (None, None)
    requests = _by_id(
        SupportRequest.objects.select_related("member"), {n.request_id for n in found}, read_already[0]
    )
    people = _by_id(Person.objects.all(), {n.person_id for n in found}, read_already[1])
    open_keys(person.key_id for person in people.values())
    takers = list(Staff.objects.filter(pk__in={n.claimed_by for n in found if n.claimed_by}))
    open_keys(staff.key_id for staff in takers)
    names = {staff.pk: staff_name(staff) for staff in takers}
    lookers = _lookers(found)
    silent = silenced(bytes(person.fingerprint) for person in people.values())
    beside = readers([n.person_id for n in found if n.person_id], apart_from=staff_id, now=now)
    shown_readers = _readers_by_person(beside)
    forced = under_duress(people)
    return [
        NeedRow(
            need=need,
            reason=reason_of(need, quiet=_is_quiet(need, requests, forced, people)),
            severity=severity(need, now=now),
            step=step_of(
                need.reason,
                duress=_is_forced(need, requests, forced),
                callable=_may_call(people.get(need.person_id)),
            ),
            others=(others or {}).get(need.pk, 0),
            duress=_is_forced(need, requests, forced),
            request=requests.get(need.request_id),
            person=people.get(need.person_id),
            contact_id=need.about.removeprefix("contact:") if need.about.startswith("contact:") else None,
            looker=lookers.get(need.about),
            claimed_by=names.get(need.claimed_by, "") if need.claimed_by else "",
            mine=need.claimed_by == staff_id,
            silence=_silence(people.get(need.person_id), silent),
            readers=shown_readers.get(need.person_id, []),
        )
        for need in found
    ]


def _lookers(needs: Iterable[Need]) -> dict[str, Staff]:
    whose = [need.about.removeprefix("staff:") for need in needs if need.reason == Reason.MANY_LOOKS]
    return {f"staff:{one.pk}": one for one in Staff.objects.filter(pk__in=whose)} if whose else {}


def reasons(needs: Iterable[Need]) -> dict[UUID, str]:
    """Each need's reason in words, for a list that shows nobody: of no call where none is safe."""
    found = list(needs)
    people = {need.person_id for need in found if need.person_id}
    quiet = under_duress(people) | set(
        Person.objects.filter(pk__in=people, safe_to_call=False).values_list("pk", flat=True)
    )
    forced = SupportRequest.objects.filter(pk__in=[need.request_id for need in found], duress=True)
    under = set(forced.values_list("pk", flat=True))
    return {
        need.pk: str(reason_of(need, quiet=need.person_id in quiet or need.request_id in under))
        for need in found
    }


def under_duress(people: Iterable[UUID | None]) -> set[UUID]:
    """Which of these people have an open request under duress."""
    found = open_requests().filter(duress=True, member__person__in=[one for one in people if one])
    return set(found.values_list("member__person", flat=True))


def _is_forced(need: Need, requests: Mapping[UUID | None, SupportRequest], forced: set[UUID]) -> bool:
    about = requests.get(need.request_id)
    return need.person_id in forced or (about is not None and about.duress)


def _may_call(person: Person | None) -> bool:
    return person is not None and person.safe_to_call


def _is_quiet(
    need: Need,
    requests: Mapping[UUID | None, SupportRequest],
    forced: set[UUID],
    people: Mapping[UUID | None, Person],
) -> bool:
    """Whether its words may not say that somebody is to be called."""
    person = people.get(need.person_id)
    return _is_forced(need, requests, forced) or (person is not None and not person.safe_to_call)


def reason_of(need: Need, *, quiet: bool = False) -> str | Promise:
    """The reason in words; for the carrier's refusals, what is to be mended. `quiet`: of no call."""
    said = words.reason(need.reason, quiet=quiet)
    code = need.about.removeprefix("carrier:")
    if need.reason == Reason.CARRIER_REFUSES and code.isdecimal():
        return f"{said} ({code}): {words.CARRIER.get(int(code), '')}"
    return said


def _silence(person: Person | None, silent: dict[bytes, Silence]) -> str | Promise:
    why = silent.get(bytes(person.fingerprint)) if person else None
    return words.SILENCES[why] if why else ""


def _by_id[Row: (SupportRequest, Person)](
    rows: QuerySet[Row], wanted: Iterable[UUID | None], known: Row | None
) -> dict[UUID | None, Row]:
    """These rows by their ids; the one that is `known` isn't read again."""
    found: dict[UUID | None, Row] = {known.pk: known} if known else {}
    missing = [one for one in wanted if one and one not in found]
    return found | {row.pk: row for row in (rows.filter(pk__in=missing) if missing else ())}


def _standing(due_at: datetime, *, now: datetime) -> str:
    if due_at <= now:
        return "late"
    return "soon" if due_at <= now + SOON else "waiting"


def staff_name(staff: Staff) -> str:
    return staff.name or staff.email.partition("@")[0]


@dataclass(frozen=True, slots=True)
class RequestRow:
    request: SupportRequest
    kind: str | Promise
    state: str | Promise
    promise: datetime | None
    wave: int
    asked: int
    accepted: int
    readers: list["ReaderRow"]  # who else has it open


def searching_rows(*, staff_id: UUID, now: datetime, only: Q = ALL) -> list[RequestRow]:
    """Open requests that nobody is out for yet, oldest first."""
    rows = open_requests().filter(only).exclude(state=State.COVERED)
    rows = rows.select_related("member").order_by("opened_at")
    soon = [row for row in rows if not is_ahead(row.starts_at, now)]
    beside = readers([row.member.person_id for row in soon], apart_from=staff_id, now=now)
    return request_rows(soon, beside)


def request_rows(
    requests: Iterable[SupportRequest], beside: Mapping[UUID, Sequence[Beside]] | None = None
) -> list[RequestRow]:
    """In the order given. `beside`: who else reads, by the member's person."""
    rows = list(requests)
    ids = [row.pk for row in rows]
    asked = _asked(ids)
    waves = dict(Search.objects.filter(support_request__in=ids).values_list("support_request", "wave"))
    promises = next_promises(ids)
    reading = _readers_by_person(beside or {})
    return [
        RequestRow(
            request=row,
            kind=words.KINDS[row.kind],
            state=words.OUTCOMES[row.outcome] if row.outcome else words.STATES[row.state],
            promise=promises.get(row.pk),
            wave=waves.get(row.pk, 0),
            asked=len(asked[row.pk]),
            accepted=sum(asked[row.pk].values()),
            readers=reading.get(row.member.person_id, []),
        )
        for row in rows
    ]


def _asked(request_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, bool]]:
    """For each request who was asked, and whether their yes still counts: not once it fell through."""
    found: dict[UUID, dict[UUID, bool]] = defaultdict(dict)
    offers = Offer.objects.filter(search__support_request__in=request_ids)
    for one in offers.values("search__support_request", "person", "state", "visit__stage"):
        mine = found[one["search__support_request"]]
        coming = one["state"] == OfferState.ACCEPTED and one["visit__stage"] != Stage.LEFT
        mine[one["person"]] = mine.get(one["person"], False) or coming
    return found


@dataclass(frozen=True, slots=True)
class AheadRow:
    """A request for a set time that is not near yet, and who has said yes."""

    request: SupportRequest
    kind: str | Promise
    state: str | Promise
    standing: str
    asked: int
    crew: list["VisitRow"]
    next_look: datetime | None  # where the night puts it off


def ahead_rows(*, now: datetime, only: Q = ALL) -> list[AheadRow]:
    """Open requests for set times, the next one first."""
    rows = open_requests().filter(only, starts_at__gt=now + LAST_CALL)
    rows = rows.select_related("member").order_by("starts_at")
    found = list(rows)
    ids = [row.pk for row in found]
    asked, crews = _asked(ids), defaultdict(list)
    due = dict(Search.objects.filter(support_request__in=ids).values_list("support_request", "due_at"))
    for one in visit_rows(live().filter(support_request__in=ids), now=now):
        crews[one.visit.support_request_id].append(one)
    return [_ahead_row(row, len(asked[row.pk]), crews[row.pk], due.get(row.pk), now=now) for row in found]


def _ahead_row(
    row: SupportRequest, asked: int, crew: list["VisitRow"], due_at: datetime | None, *, now: datetime
) -> AheadRow:
    sure = row.time_right_at is not None
    standing = "late" if row.time_flagged_at and not sure else "waiting"
    return AheadRow(
        request=row,
        kind=words.KINDS[row.kind],
        state=words.STATES[row.state] if sure else words.time_standing(row),
        standing=standing,
        asked=asked,
        crew=crew,
        next_look=_after_the_night(row, due_at, now=now),
    )


def _after_the_night(row: SupportRequest, due_at: datetime | None, *, now: datetime) -> datetime | None:
    """When a search that the night holds up looks again."""
    if row.state != State.SEARCHING or due_at is None or row.starts_at is None:
        return None
    return held_by_night(row.starts_at, local(due_at), local(now))


def closed_today(*, now: datetime, only: Q = ALL) -> list[RequestRow]:
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = SupportRequest.objects.filter(only, closed_at__gte=midnight).select_related("member")
    return request_rows(rows.order_by("-closed_at"))


@dataclass(frozen=True, slots=True)
class VisitRow:
    visit: Visit
    stage: str | Promise
    standing: str
    due_at: datetime | None
    silence: str | Promise


def visit_rows(visits: QuerySet[Visit] | None = None, *, now: datetime, only: Q = ALL) -> list[VisitRow]:
    """Who is on the way, there or waiting; the one whose clock runs out next on top."""
    rows = []
    found = [one for one in live().filter(only) if not is_promised(one)] if visits is None else list(visits)
    open_keys(visit.person.key_id for visit in found)
    silent = silenced(bytes(visit.person.fingerprint) for visit in found)
    for visit in found:
        due = visit.done_by if visit.there_at else visit.there_by or visit.confirm_at
        standing = _standing(due, now=now) if due else "waiting"
        silence = _silence(visit.person, silent)
        rows.append(VisitRow(visit, words.stage(visit), standing, due, silence))
    return sorted(rows, key=lambda row: row.due_at or now + timedelta(days=1))


def silence_of_person(person: Person) -> str | Promise:
    """Why this person can't be texted, in words; empty when they can."""
    return _silence(person, silenced([bytes(person.fingerprint)]))


@dataclass(frozen=True, slots=True)
class OfferRow:
    offer: Offer
    state: str | Promise


def offer_rows(support_request: SupportRequest) -> list[OfferRow]:
    offers = Offer.objects.filter(search__support_request=support_request).select_related("person")
    left = set(offers.filter(visit__stage=Stage.LEFT).values_list("pk", flat=True))
    rows = list(offers.order_by("-asked_at"))
    open_keys(one.person.key_id for one in rows)
    return [OfferRow(one, words.FELL_THROUGH if one.pk in left else words.OFFERS[one.state]) for one in rows]


def kept_apart(person: Person) -> list[tuple[Apart, Person]]:
    """Whom this person is never brought together with."""
    pairs = Apart.objects.filter(Q(first=person) | Q(second=person)).select_related("first", "second")
    found = [(one, one.second if one.first_id == person.pk else one.first) for one in pairs]
    open_keys(other.key_id for _, other in found)
    return found


def resting_until(person: Person, *, now: datetime) -> datetime | None:
    """When a responder's rest after a hard visit ends; None for who doesn't rest."""
    resting = Responder.objects.filter(person=person, rest_until__gt=now)
    return resting.values_list("rest_until", flat=True).first()


@dataclass(frozen=True, slots=True)
class ReaderRow:
    name: str
    writing: bool


def readers_of(person: Person, *, staff_id: UUID, now: datetime) -> list[ReaderRow]:
    """Which other coordinators have this conversation open."""
    return _reader_rows(readers([person.pk], apart_from=staff_id, now=now).get(person.pk, []))


def _readers_by_person(beside: Mapping[UUID, Sequence[Beside]]) -> dict[UUID | None, list[ReaderRow]]:
    """As `_reader_rows`, of many people by one query."""
    everybody = {one.staff_id for some in beside.values() for one in some}
    staff = list(Staff.objects.filter(pk__in=everybody)) if everybody else []
    open_keys(one.key_id for one in staff)
    names = {one.pk: staff_name(one) for one in staff}
    return {
        person_id: [ReaderRow(names.get(one.staff_id, ""), one.writing) for one in some]
        for person_id, some in beside.items()
    }


def _reader_rows(found: Sequence[Beside]) -> list[ReaderRow]:
    names = {one.pk: staff_name(one) for one in Staff.objects.filter(pk__in=[one.staff_id for one in found])}
    return [ReaderRow(names.get(one.staff_id, ""), one.writing) for one in found]


def owner_of(request_id: UUID) -> Staff | None:
    """Who is at work on a request."""
    found = desk.owner_of(request_id)
    return Staff.objects.filter(pk=found).first() if found else None


def open_offers(request_id: UUID) -> int:
    """How many people were asked and have not answered yet."""
    return Offer.objects.filter(search__support_request=request_id, state=OfferState.OPEN).count()


def board_counts(*, now: datetime) -> dict[str, int]:
    """For the one line that is read aloud when it changes."""
    needs = open_needs()
    owed, left = waiting(now=now)
    minutes = ceil(left.total_seconds() / 60)
    late = needs.filter(due_at__lte=now).count()
    return {"needs": needs.count(), "late": late, "owed": owed, "minutes": minutes}
