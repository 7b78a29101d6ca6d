"""What the board's panels show, gathered in few queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from network.console.models import SavedView
from network.console.shell import words
from network.console.shell.reads.requests import RequestRow, asked_by_request, request_rows
from network.console.shell.reads.visits import ALL, VisitRow, visit_rows
from network.conversations.outreach.coordinators import readers
from network.desk.queries import open_needs
from network.dispatch.models import Search
from network.dispatch.rules.ahead import held_by_night
from network.messaging.outbox.pace import waiting
from network.privacy.keyring import open_keys
from network.support.models import SupportRequest
from network.support.queries import local, open_requests
from network.support.rules.requests import State
from network.support.rules.set_time import LAST_CALL, is_ahead
from network.visits.queries import live

MOST_CASES = 8  # at the side of the board; the page of all requests shows the rest


@dataclass(frozen=True, slots=True)
class Cases:
    """Open requests at the side of the board, and how many there are."""

    rows: list[RequestRow]
    count: int
    closed: int  # since midnight


def cases(*, staff_id: UUID, now: datetime, only: Q = ALL, closed: Q = ALL) -> Cases:
    """The open requests whose time has come: those that nobody is out for yet first, then the oldest."""
    rows = open_requests().filter(only).select_related("member__person").order_by("opened_at")
    soon = [row for row in rows if not is_ahead(row.starts_at, now)]
    soon.sort(key=lambda row: row.state == State.COVERED)
    shown = soon[:MOST_CASES]
    beside = readers([row.member.person_id for row in shown], apart_from=staff_id, now=now)
    open_keys(row.member.person.key_id for row in shown)
    return Cases(request_rows(shown, beside), len(soon), _closed_since_midnight(closed, now).count())


def _closed_since_midnight(only: Q, now: datetime) -> QuerySet[SupportRequest]:
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return SupportRequest.objects.filter(only, closed_at__gte=midnight)


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
    rows = rows.select_related("member__person").order_by("starts_at")
    needs = list(rows)
    open_keys(row.member.person.key_id for row in needs)
    ids = [row.pk for row in needs]
    asked, crews = asked_by_request(ids), defaultdict(list)
    due = dict(Search.objects.filter(support_request__in=ids).values_list("support_request", "due_at"))
    for visit_row in visit_rows(live().filter(support_request__in=ids), now=now):
        crews[visit_row.visit.support_request_id].append(visit_row)
    return [_ahead_row(row, len(asked[row.pk]), crews[row.pk], due.get(row.pk), now=now) for row in needs]


def _ahead_row(
    row: SupportRequest, asked: int, crew: list["VisitRow"], due_at: datetime | None, *, now: datetime
) -> AheadRow:
    sure = row.time_right_at is not None
    standing = "late" if row.time_flagged_at and not sure else "wait"
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


REQUEST_LISTS = ("open", "ahead", "today", "all")


def listed(show: str, *, now: datetime) -> QuerySet[SupportRequest]:
    """Requests of one list of REQUEST_LISTS, the newest first; set times by their time."""
    match show:
        case "open":
            requests = open_requests().order_by("-opened_at")
        case "ahead":
            requests = open_requests().filter(starts_at__gt=now).order_by("starts_at")
        case "today":
            requests = _closed_since_midnight(ALL, now).order_by("-closed_at")
        case _:
            requests = SupportRequest.objects.order_by("-opened_at")
    return requests.select_related("member__person")


def rows_of(requests: Sequence[SupportRequest]) -> list[RequestRow]:
    """With the names of those who are being helped now; a closed request shows a number."""
    open_keys(row.member.person.key_id for row in requests if row.state != State.CLOSED)
    return request_rows(requests)


def board_counts(*, now: datetime) -> dict[str, int]:
    """For the one line that is read aloud when it changes."""
    needs = open_needs()
    owed, left = waiting(now=now)
    minutes = ceil(left.total_seconds() / 60)
    late = needs.filter(due_at__lte=now).count()
    return {"needs": needs.count(), "late": late, "owed": owed, "minutes": minutes}


def saved_views(staff_id: UUID) -> list[SavedView]:
    """The oldest first."""
    return list(SavedView.objects.filter(staff=staff_id).order_by("saved_at", "pk"))
