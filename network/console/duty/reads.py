"""What the page about shifts shows, gathered in few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from network.console.shell.reads.needs import NeedRow, board_rows, need_rows, reasons
from network.console.shell.reads.requests import RequestRow, request_rows
from network.console.shell.reads.staff import staff_name
from network.console.shell.reads.visits import VisitRow, visit_rows
from network.desk.models import Need
from network.desk.queries import open_needs, rows
from network.desk.rules import in_order
from network.duty import queries as duty
from network.duty.models import Handoff, Shift, Swap
from network.duty.rules.alarm import Urgency
from network.duty.rules.shifts import Gap, Lack
from network.staff.models import Staff
from network.staff.queries import coordinators
from network.support.queries import open_requests
from network.visits.queries import live

PROPOSED = timedelta(hours=8)  # what is proposed to who fills a long gap


@dataclass(frozen=True, slots=True)
class GapRow:
    gap: Gap
    nobody: bool
    proposed_end: datetime


def gap_rows(*, now: datetime) -> list[GapRow]:
    """The hours with nobody first, each with a shift that one might take."""
    return [
        GapRow(gap, gap.lack == Lack.NOBODY, min(gap.ends_at, gap.starts_at + PROPOSED))
        for gap in duty.gaps(now=now)
    ]


@dataclass(frozen=True, slots=True)
class ShiftRow:
    shift: Shift
    name: str
    mine: bool
    runs: bool
    swap: Swap | None


def week_rows(*, staff_id: UUID, now: datetime) -> list[ShiftRow]:
    """The coming seven days, in order."""
    swaps = {swap.shift_id: swap for swap in duty.open_swaps()}
    return [
        ShiftRow(
            shift, staff_name(shift.staff), shift.staff_id == staff_id,
            shift.started_at is not None, swaps.get(shift.pk),
        )
        for shift in duty.week(now=now)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line of the week's table: somebody's shift, or hours with nobody."""

    starts_at: datetime
    ends_at: datetime
    name: str


def table(shifts: Iterable[ShiftRow], gaps: Iterable[GapRow]) -> list[Stretch]:
    """Shifts, and the hours with nobody as lines without a name, as the clock goes."""
    lines = [Stretch(row.shift.starts_at, row.shift.ends_at, row.name) for row in shifts]
    lines += [Stretch(row.gap.starts_at, row.gap.ends_at, "") for row in gaps if row.nobody]
    return sorted(lines, key=lambda line: (line.starts_at, line.ends_at))


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What a shift leaves behind, read from the rows themselves."""

    requests: list[RequestRow]
    promises: list[NeedRow]
    overdue: list[VisitRow]
    needs: int
    waiting: list[NeedRow]  # the worst first, a row for each request or person


def open_work(*, staff_id: UUID, now: datetime) -> OpenWork:
    promised = need_rows(in_order(open_needs().filter(promise=True), now=now), staff_id=staff_id, now=now)
    visits = visit_rows(now=now)
    return OpenWork(
        requests=request_rows(open_requests().select_related("member").order_by("opened_at")),
        promises=promised,
        overdue=[row for row in visits if row.standing == "late"],
        needs=open_needs().count(),
        waiting=board_rows(rows(now=now), staff_id=staff_id, now=now),
    )


@dataclass(frozen=True, slots=True)
class HandoffRow:
    handoff: Handoff
    name: str
    mine: bool
    accepted_by: str
    numbers: list[int]
    needs: list[str]
    overdue: int


def handoff_rows(*, staff_id: UUID, now: datetime) -> dict[str, list[HandoffRow]]:
    """Those to be accepted, and those of the last day, each with what is still open of what it listed."""
    rows = [
        HandoffRow(
            handoff=one,
            name=staff_name(one.by),
            mine=one.by_id == staff_id,
            accepted_by=staff_name(one.accepted_by) if one.accepted_by else "",
            numbers=list(open_requests().filter(pk__in=one.requests).values_list("number", flat=True)),
            needs=list(reasons(_still_open(one, now=now)).values()),
            overdue=live().filter(pk__in=one.visits).count(),
        )
        for one in (*duty.to_accept(), *duty.accepted_lately(now=now))
    ]
    return {
        "waiting": [row for row in rows if not row.accepted_by],
        "accepted": [row for row in rows if row.accepted_by],
    }


def _still_open(handoff: Handoff, *, now: datetime) -> list[Need]:
    return in_order(open_needs().filter(pk__in=handoff.needs), now=now)


def colleagues() -> list[tuple[str, bool]]:
    """Everybody whom the alarm may tell, and whether they have a phone."""
    return sorted((staff_name(one), bool(one.phone)) for one in coordinators())


def ringing_row(*, staff: Staff, now: datetime) -> dict[str, object]:
    """The worst of what rings, and how many more do; empty while nothing does."""
    loud = duty.ringing(now=now, staff_id=staff.pk)
    if not loud:
        return {}
    (row,) = need_rows([loud[0].need], staff_id=staff.pk, now=now)
    subjects = {one.need.subject for one in loud}
    loudest = min((one.urgency for one in loud), key=list(Urgency).index)
    due_at = min(one.need.due_at for one in loud)
    return {"row": row, "urgency": loudest.value, "due_at": due_at, "more": len(subjects) - 1}
