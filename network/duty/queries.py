"""Who is on, who is next, and what rings."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from network.database.compiled import Compiled
from network.desk.models import Need
from network.desk.queries import open_needs
from network.desk.rules import Reason, in_order, is_of, severity
from network.duty.models import AlarmCall, Handoff, Page, Presence, Shift, StaffHours, Swap
from network.duty.rules import alarm
from network.duty.rules import shifts as duty_shifts
from network.duty.rules.alarm import UNANSWERED, CallState, DueRung, OpenNeed, Rung, Urgency
from network.duty.rules.clock import awake, reading
from network.duty.rules.shifts import LIVE_FOR, SHIFT_MOST, Colleague, Crew, ShiftState
from network.messaging.queries import reached, silenced
from network.privacy.queries import fingerprint
from network.staff.models import Staff
from network.staff.queries import coordinators

WAKES, SLEEPS = time(7), time(23)  # of who has not said otherwise
ACCEPTED_SHOWN = timedelta(days=1)
ALARM_CALLS_AT_ONCE = 40


def zone() -> ZoneInfo:
    """The network's own clocks."""
    return ZoneInfo(settings.TIME_ZONE)


def shifts() -> QuerySet[Shift]:
    """All that were not canceled, of people who still coordinate."""
    return (
        Shift.objects.exclude(state=ShiftState.CANCELLED)
        .filter(staff__in=coordinators())
        .order_by("starts_at")
    )


def running(*, now: datetime) -> QuerySet[Shift]:
    return shifts().filter(state=ShiftState.STARTED, ends_at__gt=now)


def present(*, now: datetime) -> QuerySet[Presence]:
    """Consoles that are live, the one seen last first."""
    live = Presence.objects.filter(seen_at__gt=now - LIVE_FOR, staff__in=coordinators())
    return live.order_by("-seen_at")


_on_shift = Compiled(lambda now: running(now=now).select_related("staff"))
_live = Compiled(
    lambda since: (
        Presence.objects.filter(seen_at__gt=since, staff__in=coordinators())
        .select_related("staff")
        .order_by("-seen_at")
    )
)


def people_on(*, now: datetime) -> list[Staff]:
    """Whose shift runs, and whoever else has a live console."""
    by_shift = [shift.staff for shift in _on_shift.all(now)]
    others = [presence.staff for presence in _live.all(now - LIVE_FOR) if presence.staff not in by_shift]
    return by_shift + others


def who_is_on(*, now: datetime) -> Staff | None:
    """The one to name: on shift, else the one whose console was seen last; None when nobody is on."""
    return next(iter(people_on(now=now)), None)


_planned = Compiled(lambda now: shifts().filter(state=ShiftState.PLANNED, ends_at__gt=now))


def next_shift(*, on: Collection[Staff], now: datetime) -> Shift | None:
    """The next shift of somebody who is not among those who are `on` now."""
    rows = {shift.turn(): shift for shift in _planned.all(now)}
    turn = duty_shifts.next_turn(rows, {staff.pk for staff in on}, now=now)
    return rows[turn] if turn else None


NAMED_AHEAD = timedelta(hours=12)  # further ahead, an hour of the day could be another day's


@dataclass(frozen=True, slots=True)
class Expected:
    """Who comes next, as a text may say it."""

    name: str
    time: str
    starts_at: datetime


def expected(*, on: Collection[Staff], now: datetime) -> Expected | None:
    """The next shift, if it begins soon enough to name its hour and its owner has a name to be called by."""
    shift = next_shift(on=on, now=now)
    if shift is None or not now < shift.starts_at <= now + NAMED_AHEAD or not shift.staff.name:
        return None
    return Expected(shift.staff.name.split()[0], reading(shift.starts_at.astimezone(zone())), shift.starts_at)


def missed(*, now: datetime) -> list[Shift]:
    """Shifts whose time runs and that nobody has started."""
    late = (
        shifts().filter(state=ShiftState.PLANNED, starts_at__lte=now, ends_at__gt=now).select_related("staff")
    )
    return [shift for shift in late if duty_shifts.is_missed(shift.turn(), now)]


def own_shift(staff_id: UUID, *, now: datetime) -> Shift | None:
    return running(now=now).filter(staff=staff_id).first()


def week(*, now: datetime) -> list[Shift]:
    """What is planned or runs in the coming seven days."""
    ahead = shifts().filter(ends_at__gt=now, starts_at__lt=now + duty_shifts.AHEAD)
    return list(ahead.exclude(state=ShiftState.ENDED).select_related("staff"))


def shifts_between(starts_at: datetime, ends_at: datetime) -> list[Shift]:
    """All that meet this time, those that are over too."""
    return list(shifts().filter(ends_at__gt=starts_at, starts_at__lt=ends_at).select_related("staff"))


def own_or(staff_id: UUID, shift_ids: Collection[UUID], *, now: datetime) -> list[Shift]:
    """What is still to come of one person's shifts, and of these."""
    ahead = shifts().exclude(state=ShiftState.ENDED).filter(ends_at__gt=now)
    return list(ahead.filter(Q(staff=staff_id) | Q(pk__in=shift_ids)).select_related("staff"))


def open_swaps() -> QuerySet[Swap]:
    return Swap.objects.filter(closed_at=None, shift__state=ShiftState.PLANNED).select_related(
        "offered_by", "shift"
    )


def gaps(*, now: datetime) -> list[duty_shifts.Gap]:
    offered = set(open_swaps().values_list("shift", flat=True))
    return duty_shifts.gaps([shift.turn(offered=shift.pk in offered) for shift in week(now=now)], now=now)


def to_accept() -> QuerySet[Handoff]:
    """Hand-offs that nobody has accepted yet, the oldest first."""
    return Handoff.objects.filter(accepted_at=None).select_related("by").order_by("at")


def accepted_lately(*, now: datetime) -> QuerySet[Handoff]:
    """Hand-offs accepted within a day, the newest first: whoever has one reads it again."""
    handoffs = Handoff.objects.filter(accepted_at__gt=now - ACCEPTED_SHOWN)
    return handoffs.select_related("by", "accepted_by").order_by("-accepted_at")


def hours_of(staff_id: UUID) -> tuple[time, time]:
    """When this one wakes and goes to sleep."""
    row = StaffHours.objects.filter(staff=staff_id).first()
    return (row.wakes, row.sleeps) if row else (WAKES, SLEEPS)


@dataclass(frozen=True, slots=True)
class Clocks:
    """What decides who is on and awake."""

    staff: list[Staff]
    turns: list[duty_shifts.ShiftTurn]
    seen: dict[UUID, datetime]
    hours: dict[UUID, StaffHours]


_coordinators = Compiled(lambda: coordinators().order_by("added_at", "pk"))
_turns = Compiled(
    lambda staff, now: (
        Shift.objects.exclude(state=ShiftState.CANCELLED)
        .filter(staff_id__any=staff, ends_at__gt=now)
        .order_by("starts_at")
    )
)
_seen = Compiled(
    lambda staff, since: (
        Presence.objects.filter(staff_id__any=staff, seen_at__gt=since)
        .order_by("-seen_at")
        .values_list("staff", "seen_at")
    )
)
_hours = Compiled(lambda: StaffHours.objects.all())


def _clocks(*, now: datetime) -> Clocks:
    staff = _coordinators.all()
    if not staff:
        return Clocks([], [], {}, {})
    ids = [account.pk for account in staff]
    return Clocks(
        staff,
        turns=[shift.turn() for shift in _turns.all(ids, now)],
        seen=dict(_seen.all(ids, now - LIVE_FOR)),
        hours={row.staff_id: row for row in _hours.all()},
    )


def crew(*, now: datetime) -> Crew:
    """The alarm's view of everybody."""
    return _crew(_clocks(now=now), now=now)


def _crew(clocks: Clocks, *, now: datetime) -> Crew:
    return duty_shifts.crew_of(clocks.turns, clocks.seen, _reachable(clocks, now=now), now=now)


def _reachable(clocks: Clocks, *, now: datetime) -> list[Colleague]:
    """Coordinators whose phone takes our texts."""
    with_phones = [staff for staff in clocks.staff if staff.phone]
    prints = {staff.pk: fingerprint(staff.phone) for staff in with_phones}
    silent = silenced(prints.values()) if prints else {}
    local = now.astimezone(zone())
    found = []
    for staff in with_phones:
        hours = clocks.hours.get(staff.pk)
        wakes, sleeps = (hours.wakes, hours.sleeps) if hours else (WAKES, SLEEPS)
        if prints[staff.pk] not in silent:
            found.append(Colleague(staff.pk, awake(local, wakes, sleeps)))
    return found


def alarm_calls_to_look_at(*, now: datetime) -> list[UUID]:
    """Calls that are owed, and those that are over by now, whether we heard so or not."""
    looked_at = AlarmCall.objects.exclude(state=CallState.OVER).filter(look_at__lte=now)
    return list(looked_at.order_by("look_at").values_list("pk", flat=True)[:ALARM_CALLS_AT_ONCE])


def alarm_calls_of_taken(*, now: datetime) -> list[UUID]:
    """Calls that still ring for what somebody has taken, or closed."""
    return list(ringing_for_nothing().values_list("pk", flat=True)[:ALARM_CALLS_AT_ONCE])


def ringing_for_nothing() -> QuerySet[AlarmCall]:
    free = Need.objects.filter(pk=OuterRef("need_id"), claimed_by=None, closed_at=None)
    return AlarmCall.objects.filter(~Exists(free), state__in=UNANSWERED)


def ringable(*, now: datetime) -> list[Staff]:
    """Who is on and has a phone that takes our texts: whose phone rings for a caller, in this order."""
    on = [staff for staff in people_on(now=now) if staff.phone]
    prints = {staff.pk: fingerprint(staff.phone) for staff in on}
    silent = silenced(prints.values()) if prints else {}
    return [staff for staff in on if prints[staff.pk] not in silent]


def proven_phones() -> list[UUID]:
    """Coordinators at whose phone a text of ours has arrived, and who still take them."""
    prints = {staff.pk: fingerprint(staff.phone) for staff in coordinators().filter(phone__isnull=False)}
    there, silent = reached(prints.values()), silenced(prints.values())
    return [staff_id for staff_id, print_ in prints.items() if print_ in there and print_ not in silent]


def waiting(need: Need, *, now: datetime) -> OpenNeed:
    return OpenNeed(
        need.pk,
        need.raised_at,
        need.due_at,
        duress=need.reason == Reason.DURESS,
        promise=need.promise,
        claimed=need.claimed_by is not None,
        again_at=need.raised_again_at,
        freed_at=need.freed_at,
        severity=severity(need, now=now),
        wakes=need.reason != Reason.CRY,
        of_staff=UUID(need.about.partition(":")[2]) if need.reason == Reason.MANY_LOOKS else None,
    )


_pages = Compiled(
    lambda needs: Page.objects.filter(need_id__any=needs).values_list("need_id", "step", "staff", "began_at")
)
_last_pages = Compiled(
    lambda since: Page.objects.filter(at__gt=since).values_list("staff").annotate(last=Max("at"))
)


def paged(need_ids: Iterable[UUID]) -> set[DueRung]:
    """Who was told of these needs already, for which step."""
    found = _pages.all(list(need_ids))
    return {DueRung(need_id, Rung(step), staff, began) for need_id, step, staff, began in found}


def last_texted(*, now: datetime) -> dict[UUID, datetime]:
    """When each phone was last paged, as far as it still matters."""
    return dict(_last_pages.all(now - timedelta(minutes=10)))


_free = Compiled(lambda: open_needs().filter(claimed_by=None))


def next_page(now: datetime) -> datetime | None:
    """When somebody is next to be told of a need that nobody has taken; `now` where it is due.

    Not later than the truth: also whenever the circle of those who are told may change.
    """
    free = _free.all()
    if not free:
        return None
    needs, clocks = [waiting(need, now=now) for need in free], _clocks(now=now)
    on = _crew(clocks, now=now)
    told = paged(need.pk for need in free) if on.everyone else set()
    texted = last_texted(now=now) if on.everyone else {}
    dues = [due_step for need in needs for due_step in alarm.steps_due(need, on, told, now=now)]
    silent = {need.pk for need in free if need.rang_at is None}
    if alarm.calls(dues, texted, now=now) or any(
        need.id in silent and alarm.rings(need, on.since, now=now) for need in needs
    ):
        return now
    moments = [*alarm.moments(needs, on.since, texted.values()), *_changes(clocks, now=now)]
    return min((at for at in moments if at > now), default=None)


def _changes(clocks: Clocks, *, now: datetime) -> Iterable[datetime]:
    """When who is on, next, or awake may be others than now."""
    for turn in clocks.turns:
        yield from (turn.starts_at, turn.ends_at)
    for seen_at in clocks.seen.values():
        yield seen_at + LIVE_FOR
    today = now.astimezone(zone()).date()
    rows = clocks.hours.values()
    for hour in {WAKES, SLEEPS, *(row.wakes for row in rows), *(row.sleeps for row in rows)}:
        for days in (0, 1):
            yield datetime.combine(today + timedelta(days=days), hour, zone())


@dataclass(frozen=True, slots=True)
class Ringing:
    need: Need
    urgency: Urgency


def ringing(*, now: datetime, staff_id: UUID | None = None) -> list[Ringing]:
    """What consoles sound for now, in the order of every list; for `staff_id` also what came up about
    a request that they have taken, until they open it, and nothing that asks what they do themself.
    """
    since = running(now=now).aggregate(first=Min("started_at"))["first"]
    about = open_needs().filter(Q(claimed_by=None) | Q(claimed_by=staff_id, read_at=None))
    loud = [
        need
        for need in about
        if not is_of(f"staff:{staff_id}", need.reason, need.about) and _rings(need, since, now=now)
    ]
    return [Ringing(need, alarm.urgency(waiting(need, now=now), now=now)) for need in in_order(loud, now=now)]


def _rings(need: Need, since: datetime | None, *, now: datetime) -> bool:
    seen = waiting(need, now=now)
    if need.claimed_at is None:
        return alarm.rings(seen, since, now=now)
    return alarm.rings_for_owner(seen, read=need.read_at is not None, now=now)


def came_on(staff_id: UUID, *, now: datetime) -> bool:
    """Whether this one opened the board within a shift's length: what counts as on shift for access."""
    return Presence.objects.filter(staff=staff_id, seen_at__gt=now - SHIFT_MOST).exists()
