"""What a search finds: a request by its number, anybody by their whole phone, and by name only who is in an
open request. Names are sealed, so these few are opened in memory; a closed request is no longer looked into.
"""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from network.console.board import words
from network.console.shell import words as shared_words
from network.console.shell.reads.requests import RequestRow, request_rows
from network.console.shell.search import is_meant
from network.enrollment.queries import visible
from network.messaging.models import Contact
from network.people.models import Person
from network.people.rules.search import SearchTerms
from network.privacy.keyring import open_keys
from network.privacy.queries import fingerprint
from network.staff.rules.access import Action, Who, scope_of
from network.support import queries as support
from network.support.models import SupportRequest
from network.visits.queries import live


@dataclass(frozen=True, slots=True)
class FoundPerson:
    person: Person
    what: str | Promise  # in words: a member, or how far a visit is


@dataclass(frozen=True, slots=True)
class FoundRow:
    row: RequestRow
    people: list[FoundPerson]


@dataclass(frozen=True, slots=True)
class Found:
    """Requests with who of them was meant; or one person, or one unknown phone."""

    rows: list[FoundRow] = field(default_factory=list)
    person: UUID | None = None
    contact: UUID | None = None

    @property
    def count(self) -> int:
        return len(self.rows) + (self.person is not None) + (self.contact is not None)

    @property
    def request_number(self) -> int | None:
        """Where there is nothing to choose: the one request, whoever is in it."""
        return self.rows[0].row.request.number if len(self.rows) == 1 else None


def find(asked: SearchTerms, who: Who) -> Found:
    """Only what they may see; the rest isn't there for them, and is looked for in the same way."""
    if asked.phone:
        return _by_phone(asked.phone, who)
    requests = _by_number(asked, who)
    seen = {row.row.request.pk for row in requests}
    return Found(
        rows=requests + [row for row in _in_open_requests(asked, who) if row.row.request.pk not in seen]
    )


def _by_phone(phone: str, who: Who) -> Found:
    print_ = fingerprint(phone)
    person = visible.visible_to(who).filter(fingerprint=print_).values_list("pk", flat=True).first()
    if person is not None or scope_of(who, Action.READ_TEXTS) is None:
        return Found(person=person)
    wrote = Contact.objects.filter(fingerprint=print_, texts_in__isnull=False).order_by("channel")
    return Found(contact=wrote.values_list("pk", flat=True).first())


def _by_number(asked: SearchTerms, who: Who) -> list[FoundRow]:
    if asked.number is None:
        return []
    return _rows(_requests(who).filter(number=asked.number), {})


def _requests(who: Who) -> QuerySet[SupportRequest]:
    """A lawyer's own requests are on their page, without a search."""
    if scope_of(who, Action.SEE_REQUESTS) is None:
        return SupportRequest.objects.none()
    return support.visible_to(who).select_related("member__person")


def _in_open_requests(asked: SearchTerms, who: Who) -> list[FoundRow]:
    if not asked.name and not asked.ending:
        return []
    open_now = _requests(who) & support.open_requests()
    meant: dict[UUID, list[FoundPerson]] = {}
    found_requests = list(open_now)
    open_keys(request.member.person.key_id for request in found_requests)
    for request in found_requests:
        if is_meant(request.member.person, asked):
            meant.setdefault(request.pk, []).append(FoundPerson(request.member.person, words.MEMBER))
    visits = list(live().filter(support_request__in=open_now.values("pk")))
    open_keys(visit.person.key_id for visit in visits)
    for visit in visits:
        if is_meant(visit.person, asked):
            found = FoundPerson(visit.person, shared_words.stage(visit))
            meant.setdefault(visit.support_request_id, []).append(found)
    return _rows(open_now.filter(pk__in=meant), meant)


def _rows(requests: QuerySet[SupportRequest], meant: dict[UUID, list[FoundPerson]]) -> list[FoundRow]:
    shown = request_rows(requests.order_by("opened_at"))
    return [FoundRow(row, meant.get(row.request.pk, [])) for row in shown]
