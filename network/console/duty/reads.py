"""What the page about shifts shows, gathered in few queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.console.duty import week
from network.console.duty.week import Stretch, StretchKind
from network.console.shell.reads.needs import NeedRow, board_rows, need_rows, reasons
from network.console.shell.reads.requests import RequestRow, request_rows
from network.console.shell.reads.staff import staff_name
from network.console.shell.reads.visits import VisitRow, visit_rows
from network.desk.models import Need
from network.desk.queries import open_needs, rows
from network.desk.rules import in_order
from network.duty import queries as duty
from network.duty.models import Handoff, Shift, Swap
from network.duty.rules import shifts as duty_shifts
from network.duty.rules.alarm import LADDER, Rung, Urgency
from network.duty.rules.shifts import CoverageLack, Gap
from network.staff.models import Staff
from network.staff.queries import coordinators
from network.support.queries import open_requests
from network.visits.queries import live

NEAR = timedelta(hours=48)  # a gap that begins sooner is shown as late
PROPOSED = timedelta(hours=8)  # what is proposed to who fills a long gap


TOLD = {
    Rung.FIRST: _("texts whoever is on shift"),
    Rung.SECOND: _("texts whoever is on shift again"),
    Rung.NEXT: _("texts the next person"),
    Rung.AWAKE: _("texts everyone who is awake"),
}


@dataclass(frozen=True, slots=True)
class GapRow:
    """Hours that lack somebody, and the shift that one might take of them."""

    gap: Gap
    nobody: bool
    near: bool
    runs: bool
    whole: bool  # what is proposed fills it
    proposed_end: datetime

    @property
    def hours(self) -> float:
        """How long it is, to the half."""
        return round((self.gap.ends_at - self.gap.starts_at) / timedelta(minutes=30)) / 2


def gap_rows(*, now: datetime) -> list[GapRow]:
    """The hours with nobody first."""
    rows = []
    for gap in duty.gaps(now=now):
        whole = gap.ends_at - gap.starts_at <= duty_shifts.SHIFT_MOST
        rows.append(
            GapRow(
                gap,
                nobody=gap.lack == CoverageLack.NOBODY,
                near=gap.starts_at < now + NEAR,
                runs=gap.starts_at <= now,
                whole=whole,
                proposed_end=gap.ends_at if whole else gap.starts_at + PROPOSED,
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class ShiftRow:
    shift: Shift
    name: str
    mine: bool
    runs: bool
    swap: Swap | None


def shift_rows(swaps: Mapping[UUID, Swap], *, staff_id: UUID, now: datetime) -> list[ShiftRow]:
    """One's own shifts still to come, and those that others ask somebody to take, in order.

    `swaps`: what is asked, by shift.
    """
    return [
        ShiftRow(
            shift,
            staff_name(shift.staff),
            shift.staff_id == staff_id,
            shift.started_at is not None,
            swaps.get(shift.pk),
        )
        for shift in duty.own_or(staff_id, swaps, now=now)
    ]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of shifts, and where the ones before and after begin."""

    days: list[week.WeekDay]
    last: date
    today: date
    before: date
    after: date


def week_from(first: date | None, *, offered: Collection[UUID], staff_id: UUID, now: datetime) -> Week:
    """From today on, where no day is given. `offered`: shifts whose owners ask somebody to take them."""
    zone = duty.zone()
    today = now.astimezone(zone).date()
    first = first or today
    starts, ends = (datetime.combine(first + timedelta(days=days), time(), zone) for days in (0, week.DAYS))
    shifts = duty.shifts_between(starts, ends)
    stretches = [
        _stretch(shift, offered=shift.pk in offered, is_own=shift.staff_id == staff_id) for shift in shifts
    ]
    if ends > now:
        turns = [shift.turn() for shift in shifts]
        lacks = duty_shifts.gaps(turns, now=max(starts, now), ahead=ends - max(starts, now))
        stretches += [
            Stretch(lack.starts_at, lack.ends_at, StretchKind.NONE)
            for lack in lacks
            if lack.lack == CoverageLack.NOBODY
        ]
    return Week(
        days=week.days(stretches, first=first, zone=zone),
        last=first + timedelta(days=week.DAYS - 1),
        today=today,
        before=first - timedelta(days=week.DAYS),
        after=first + timedelta(days=week.DAYS),
    )


def _stretch(shift: Shift, *, offered: bool, is_own: bool) -> Stretch:
    kind = StretchKind.OFFERED if offered else StretchKind.YOU if is_own else StretchKind.OTHER
    ended = shift.ended_at or shift.ends_at
    return Stretch(shift.starts_at, max(ended, shift.starts_at), kind, staff_name(shift.staff), shift.pk)


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
            handoff=handoff,
            name=staff_name(handoff.by),
            mine=handoff.by_id == staff_id,
            accepted_by=staff_name(handoff.accepted_by) if handoff.accepted_by else "",
            numbers=list(open_requests().filter(pk__in=handoff.requests).values_list("number", flat=True)),
            needs=list(reasons(_still_open(handoff, now=now)).values()),
            overdue=live().filter(pk__in=handoff.visits).count(),
        )
        for handoff in (*duty.to_accept(), *duty.accepted_lately(now=now))
    ]
    return {
        "waiting": [row for row in rows if not row.accepted_by],
        "accepted": [row for row in rows if row.accepted_by],
    }


def _still_open(handoff: Handoff, *, now: datetime) -> list[Need]:
    return in_order(open_needs().filter(pk__in=handoff.needs), now=now)


def colleagues() -> list[tuple[str, bool]]:
    """Everybody whom the alarm may tell, and whether they have a phone."""
    return sorted((staff_name(coordinator), bool(coordinator.phone)) for coordinator in coordinators())


def ringing_row(*, staff: Staff, now: datetime) -> dict[str, object]:
    """The worst of what rings, and how many more do; empty while nothing does."""
    loud = duty.ringing(now=now, staff_id=staff.pk)
    if not loud:
        return {}
    (row,) = need_rows([loud[0].need], staff_id=staff.pk, now=now)
    subjects = {waiting.need.subject for waiting in loud}
    loudest = min((waiting.urgency for waiting in loud), key=list(Urgency).index)
    due_at = min(waiting.need.due_at for waiting in loud)
    return {"row": row, "urgency": loudest.value, "due_at": due_at, "more": len(subjects) - 1}


def ladder() -> list[tuple[int, str, str | Promise]]:
    """How the alarm climbs: after how many minutes, an icon, and who is told."""
    rungs = [(at // timedelta(minutes=1), "message-square-text", TOLD[step]) for step, at in LADDER]
    return [(0, "bell-ring", _("rings on every open console until someone claims it")), *rungs]
