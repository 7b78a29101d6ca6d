"""The shift on paper: what is open and what is owed, for when the network is down. No address, no phone."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from network.console.shell import words
from network.console.shell.reads.needs import reasons
from network.console.shell.reads.staff import staff_name
from network.desk.queries import open_needs, rows
from network.desk.rules import in_order
from network.duty.queries import present
from network.support.models import SupportRequest
from network.support.queries import open_requests
from network.visits.models import Visit
from network.visits.queries import first_name, live


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who comes, by first name, and by when we want to hear from them."""

    name: str
    stage: str | Promise
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Open:
    number: int
    kind: str | Promise
    zip: str
    state: str | Promise
    opened_at: datetime
    starts_at: datetime | None
    promised_at: datetime | None
    comers: list[Comer]


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise that a person must keep."""

    number: int | None  # of the request
    what: str | Promise
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """A request, or a person, about which somebody must do something."""

    number: int | None  # of the request
    severity: int
    what: str | Promise
    others: int
    due_at: datetime

    @property
    def mark(self) -> str:
        return words.SEVERITIES[self.severity][0]

    @property
    def word(self) -> str | Promise:
        return words.SEVERITIES[self.severity][1]


@dataclass(frozen=True, slots=True)
class Sheet:
    open: list[Open]
    waiting: list[Waits]
    owed: list[Owed]
    desk: list[str]


def sheet(*, now: datetime) -> Sheet:
    """The longest open first; what waits in the order of every list of needs."""
    requests = list(open_requests().select_related("member").order_by("opened_at", "number"))
    promises = in_order(open_needs().filter(promise=True), now=now)
    promised_at: dict[UUID | None, datetime] = {}
    for need in promises:
        promised_at.setdefault(need.request_id, need.due_at)
    comers: dict[UUID, list[Visit]] = defaultdict(list)
    for visit in live().filter(support_request__in=requests).order_by("began_at"):
        comers[visit.support_request_id].append(visit)
    numbers = {request.pk: request.number for request in requests}
    groups = rows(now=now)
    why = reasons([*promises, *(group.worst for group in groups)])
    return Sheet(
        open=[_open(request, promised_at.get(request.pk), comers[request.pk]) for request in requests],
        waiting=[
            Waits(
                numbers.get(group.worst.request_id) if group.worst.request_id else None,
                int(group.severity),
                why[group.worst.pk],
                len(group.others),
                group.worst.due_at,
            )
            for group in groups
        ],
        owed=[
            Owed(
                numbers.get(need.request_id) if need.request_id else None,
                why[need.pk],
                need.due_at,
                need.due_at <= now,
            )
            for need in promises
        ],
        desk=_on_the_desk(now=now),
    )


def _open(support_request: SupportRequest, promised_at: datetime | None, visits: list[Visit]) -> Open:
    return Open(
        number=support_request.number,
        kind=words.KINDS[support_request.kind],
        zip=support_request.member.zip,
        state=words.STATES[support_request.state],
        opened_at=support_request.opened_at,
        starts_at=support_request.starts_at,
        promised_at=promised_at,
        comers=[
            Comer(
                first_name(visit),
                words.stage(visit),
                visit.done_by if visit.there_at else visit.there_by or visit.confirm_at,
            )
            for visit in visits
        ],
    )


def _on_the_desk(*, now: datetime) -> list[str]:
    """Coordinators whose console is live."""
    return sorted(staff_name(presence.staff) for presence in present(now=now).select_related("staff"))
