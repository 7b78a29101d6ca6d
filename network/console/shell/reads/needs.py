"""Needs as every page shows them, gathered in few queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from network.console.shell import words
from network.console.shell.next_step import Next, step_of
from network.console.shell.reads.conversation import last_words_of
from network.console.shell.reads.people import silence_in_words
from network.console.shell.reads.staff import ReaderRow, readers_by_person, staff_name
from network.conversations.outreach.coordinators import readers
from network.desk.models import Need
from network.desk.rules import Group, Reason, Severity, severity
from network.messaging.queries import silenced
from network.people.models import Person
from network.privacy.keyring import open_keys
from network.staff.models import Staff
from network.support.models import SupportRequest
from network.support.queries import open_requests


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
    last_words: str  # of what they texted last; what looks like an address is masked
    late: bool  # past its time

    @property
    def standing(self) -> str:
        """The name of its severity in style sheets."""
        return STANDINGS[self.severity]

    @property
    def kind(self) -> str | Promise:
        return words.KINDS[self.request.kind] if self.request and self.request.kind else ""

    @property
    def language(self) -> str | Promise:
        """The one that this person is written to in, by its own name."""
        return words.LANGUAGES.get(self.person.language, "") if self.person else ""

    @property
    def button(self) -> str:
        """How the button of its step looks: plain once it is the reader's."""
        return "small" if self.mine else "small tonal"

    @property
    def place(self) -> str:
        """The page, and the part of it, where this is worked on."""
        return place_of(self)

    @property
    def visit_id(self) -> str:
        """Of a need that is about one visit; else empty."""
        kind, _, id = self.need.about.partition(":")
        return id if kind == "visit" else ""


STANDINGS = {
    Severity.DURESS: "duress",
    Severity.NOW: "late",
    Severity.SOON: "due",
    Severity.ROUTINE: "wait",
}
# Needs about nobody lead to where they are answered.
ELSEWHERE = {
    Reason.PROPOSAL: ("organizations", "#proposals"),
    Reason.STAFF_CUT_OFF: ("duty", ""),
    Reason.VOUCHES_END: ("vouches", "#renewals"),
}
PARTS = {Next.ANSWER: "#words", Next.ASK_BY_NAME: "?tab=people#people", Next.SET_TIME: "#set-time"}


def place_of(row: NeedRow) -> str:
    """The page of its request, else of its person, phone or member of staff, else the board."""
    named, part = ELSEWHERE.get(Reason(row.need.reason), ("", ""))
    if named:
        return reverse(named) + part
    of_member = row.person is None or (row.request and row.person.pk == row.request.member.person_id)
    if row.request and (of_member or row.step is not Next.ANSWER):
        return reverse("request", args=[row.request.number]) + PARTS.get(row.step, "")
    if row.person:
        return reverse("person", args=[row.person.pk]) + ("#words" if row.step is Next.ANSWER else "")
    if row.contact_id:
        return reverse("texts", args=[row.contact_id])
    if row.looker:
        return reverse("staff_account", args=[row.looker.pk])
    return reverse("strangers") if row.need.about.startswith("strangers:") else reverse("board")


def board_rows(groups: Sequence[Group[Need]], *, staff_id: UUID, now: datetime) -> list[NeedRow]:
    """One row for each request, else each person: its worst need, and how many others."""
    others = {group.worst.pk: len(group.others) for group in groups}
    return need_rows([group.worst for group in groups], others=others, staff_id=staff_id, now=now)


def need_rows(
    needs: Iterable[Need],
    *,
    others: Mapping[UUID, int] | None = None,
    staff_id: UUID,
    now: datetime,
    of: SupportRequest | None = None,
) -> list[NeedRow]:
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
    phones = {need.pk: phone for need in found if (phone := _phone_of(need))}
    # A request's own page shows the whole of it.
    spoken = {} if of else last_words_of(people.values(), phones.values())
    beside = readers([n.person_id for n in found if n.person_id], apart_from=staff_id, now=now)
    shown_readers = readers_by_person(beside)
    forced = under_duress(people)
    # Under duress a row quotes nothing: the word would be read over a shoulder.
    whether_forced = [(need, _is_forced(need, requests, forced)) for need in found]
    return [
        NeedRow(
            need=need,
            reason=reason_of(need, quiet=_is_quiet(need, requests, forced, people)),
            severity=severity(need, now=now),
            step=step_of(
                need.reason,
                duress=is_forced,
                callable=_may_call(people.get(need.person_id)),
                textable=not silence_in_words(people.get(need.person_id), silent),
            ),
            others=(others or {}).get(need.pk, 0),
            duress=is_forced,
            request=requests.get(need.request_id),
            person=people.get(need.person_id),
            contact_id=phones.get(need.pk),
            looker=lookers.get(need.about),
            claimed_by=names.get(need.claimed_by, "") if need.claimed_by else "",
            mine=need.claimed_by == staff_id,
            silence=silence_in_words(people.get(need.person_id), silent),
            readers=shown_readers.get(need.person_id, []),
            last_words="" if is_forced else spoken.get(need.person_id or phones.get(need.pk), ""),
            late=need.due_at <= now,
        )
        for need, is_forced in whether_forced
    ]


def _phone_of(need: Need) -> str | None:
    """The contact that it is about, where that is nobody known."""
    return need.about.removeprefix("contact:") if need.about.startswith("contact:") else None


def _lookers(needs: Iterable[Need]) -> dict[str, Staff]:
    whose = [need.about.removeprefix("staff:") for need in needs if need.reason == Reason.MANY_LOOKS]
    return {f"staff:{staff.pk}": staff for staff in Staff.objects.filter(pk__in=whose)} if whose else {}


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
    requests = open_requests().filter(duress=True, member__person__in=[person for person in people if person])
    return set(requests.values_list("member__person", flat=True))


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
    reason = words.reason(need.reason, quiet=quiet)
    code = need.about.removeprefix("carrier:")
    if need.reason == Reason.CARRIER_REFUSES and code.isdecimal():
        return f"{reason} ({code}): {words.CARRIER.get(int(code), '')}"
    return reason


def _by_id[Row: (SupportRequest, Person)](
    rows: QuerySet[Row], wanted: Iterable[UUID | None], known: Row | None
) -> dict[UUID | None, Row]:
    """These rows by their ids; the one that is `known` isn't read again."""
    found: dict[UUID | None, Row] = {known.pk: known} if known else {}
    missing = [key for key in wanted if key and key not in found]
    return found | {row.pk: row for row in (rows.filter(pk__in=missing) if missing else ())}
