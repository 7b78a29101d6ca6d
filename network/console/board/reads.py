"""What the board's panels show, gathered in few queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.db.models import Q
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
from network.support.models import SupportRequest
from network.support.queries import local, open_requests
from network.support.rules.requests import State
from network.support.rules.set_time import LAST_CALL, is_ahead
from network.visits.queries import live


def searching_rows(*, staff_id: UUID, now: datetime, only: Q = ALL) -> list[RequestRow]:
    """Open requests that nobody is out for yet, oldest first."""
    rows = open_requests().filter(only).exclude(state=State.COVERED)
    rows = rows.select_related("member").order_by("opened_at")
    soon = [row for row in rows if not is_ahead(row.starts_at, now)]
    beside = readers([row.member.person_id for row in soon], apart_from=staff_id, now=now)
    return request_rows(soon, beside)


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
    asked, crews = asked_by_request(ids), defaultdict(list)
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
