"""How the alarm climbs until somebody takes a need. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from network.desk.rules import Severity
from network.duty.rules.shifts import Crew

URGENT = timedelta(minutes=5)  # a need that may wait no longer than this rings from the first second
SPACED = timedelta(minutes=2)  # between two texts to one phone; what falls due meanwhile goes in the next
SPACED_ALONE = timedelta(minutes=5)  # the same, while nobody is on and each text says so


class Rung(StrEnum):
    """One rung. The name is kept with each page, so that it is climbed once."""

    DURESS = "duress"  # every coordinator, at once
    FIRST = "first"  # who is on
    SECOND = "second"  # who is on, again
    NEXT = "next"  # the next person on the schedule
    AWAKE = "awake"  # all who are awake
    ALONE = "alone"  # nobody is on: who should be, and all who are awake
    EVERYONE = "everyone"  # nobody is on, and nobody came


type Rungs = tuple[tuple[Rung, timedelta], ...]
LADDER: Rungs = (
    (Rung.FIRST, timedelta(minutes=1)),
    (Rung.SECOND, timedelta(minutes=3)),
    (Rung.NEXT, timedelta(minutes=6)),
    (Rung.AWAKE, timedelta(minutes=10)),
)
NOBODY_ON: Rungs = ((Rung.ALONE, timedelta(0)), (Rung.EVERYONE, timedelta(minutes=5)))
AT_ONCE: Rungs = ((Rung.DURESS, timedelta(0)),)
CLIMBED_BY = timedelta(minutes=10)  # the last rung of any of them


CALLED = frozenset({Rung.SECOND})  # is called, and not only texted


class CallState(StrEnum):
    """Of one coordinator's call about one need. A state is only left for a later one, but that a call which
    never reached the carrier is owed again.
    """

    OWED = "owed"
    DIALING = "dialing"  # the carrier may have it: it is never made again
    RINGING = "ringing"
    ANSWERED = "answered"
    OVER = "over"


UNANSWERED = (CallState.DIALING, CallState.RINGING)
CALL_OF_USE = timedelta(minutes=2)  # one that could not be made for so long isn't made any more
CALL_LASTS = timedelta(seconds=90)  # with all that is said; then it is over, whether we heard so or not


class Urgency(StrEnum):
    """Which of the three sounds a console makes, the worst first."""

    DURESS = "duress"
    URGENT = "urgent"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class OpenNeed:
    """An open need as the alarm sees it."""

    id: UUID
    raised_at: datetime
    due_at: datetime
    duress: bool = False
    promise: bool = False
    claimed: bool = False
    again_at: datetime | None = None  # last raised again
    freed_at: datetime | None = None  # last given back by who had claimed it
    severity: Severity = Severity.SOON
    wakes: bool = True  # whether phones are texted for it, and not only consoles ring
    of_staff: UUID | None = None  # it asks what this one does: others are told


@dataclass(frozen=True, slots=True)
class DueRung:
    """One person to be told of one need, for one rung of one climb."""

    need_id: UUID
    step: Rung
    staff_id: UUID
    began_at: datetime


@dataclass(frozen=True, slots=True)
class PageText:
    """One text to one phone, for all that is due to it."""

    staff_id: UUID
    dues: tuple[DueRung, ...]


def alarm_from(need: OpenNeed) -> datetime:
    """When a need begins to ring: at once if it may wait for minutes only, else when it falls due.

    So a promise rings when the time that a text of ours named has come.
    """
    patient = need.promise or need.due_at - need.raised_at > URGENT
    start = need.due_at if patient and not need.duress else need.raised_at
    return max(start, need.freed_at) if need.freed_at else start


def begins(need: OpenNeed, since: datetime | None) -> datetime | None:
    """When its climb begins; None for what is older than the shift, which whoever started it has read,
    and for routine, which never rings.

    A climb under way when the shift starts goes on, and a duress need is never too old. What was
    raised again during the shift counts from the shift's start.
    """
    start = alarm_from(need)
    if need.severity is Severity.ROUTINE and not need.promise:
        return None
    if since is None or need.duress or start > since - CLIMBED_BY:
        return start
    return since if need.again_at and need.again_at >= since else None


def rings(need: OpenNeed, since: datetime | None, *, now: datetime) -> bool:
    """Whether consoles sound for it now; `since` is when the shift that runs was started."""
    start = begins(need, since)
    return not need.claimed and start is not None and start <= now


def rings_for_owner(need: OpenNeed, *, read: bool, now: datetime) -> bool:
    """Whether it rings for who has it: it came up, or again, on a request that is theirs, and they have
    not opened it since.
    """
    loud = need.severity is not Severity.ROUTINE or need.promise
    return loud and not read and alarm_from(need) <= now


def urgency(need: OpenNeed, *, now: datetime) -> Urgency:
    if need.duress:
        return Urgency.DURESS
    return Urgency.URGENT if need.due_at <= now else Urgency.SOON


def steps_due(need: OpenNeed, crew: Crew, paged: Collection[DueRung], *, now: datetime) -> list[DueRung]:
    """Who is to be told now. A claimed need tells nobody; nobody is told twice for one step."""
    start = begins(need, crew.since)
    if need.claimed or start is None or not need.wakes:
        return []
    rungs = LADDER if crew.on else NOBODY_ON
    reached = [step for step, after in (AT_ONCE if need.duress else ()) + rungs if start + after <= now]
    others = crew.without(need.of_staff) if need.of_staff else crew
    due = [DueRung(need.id, step, who, start) for step in reached for who in audience(step, others)]
    return [due_step for due_step in due if due_step not in paged]


def audience(step: Rung, crew: Crew) -> list[UUID]:
    """Whom a rung tells. Where it would tell nobody, the next wider circle hears it instead."""
    everyone = [person.id for person in crew.everyone]
    on = [who for who in everyone if who in crew.on]
    following = [who for who in everyone if who == crew.following]
    awake = [person.id for person in crew.everyone if person.awake or person.id in crew.on]
    fresh = [who for who in awake if who not in crew.on]
    circles: dict[Rung, tuple[list[UUID], ...]] = {
        Rung.FIRST: (on, following, fresh),
        Rung.SECOND: (on, following, fresh),
        Rung.NEXT: (following, fresh),
        Rung.AWAKE: (awake if fresh else [],),
        Rung.ALONE: (list(dict.fromkeys(following + awake)) if awake else [],),
    }
    return next((circle for circle in circles.get(step, ()) if circle), everyone)


def calls(due: Iterable[DueRung], texted: Mapping[UUID, datetime], *, now: datetime) -> list[PageText]:
    """One text for each phone, of all that is due to it; one that was texted just now waits.

    Duress never waits. What waits stays due, and goes with the next text.
    """
    of: dict[UUID, list[DueRung]] = {}
    for due_step in due:
        of.setdefault(due_step.staff_id, []).append(due_step)
    return [PageText(who, tuple(dues)) for who, dues in of.items() if _may_text(dues, texted.get(who), now)]


def _may_text(dues: list[DueRung], last: datetime | None, now: datetime) -> bool:
    steps = {due.step for due in dues}
    if last is None or Rung.DURESS in steps:
        return True
    return now >= last + (SPACED_ALONE if steps == {Rung.ALONE} else SPACED)


def moments(needs: Iterable[OpenNeed], since: datetime | None, texted: Iterable[datetime]) -> set[datetime]:
    """Whenever a rung is reached, or a phone that was texted may be texted again."""
    starts = {start for need in needs if (start := begins(need, since)) is not None}
    rungs = {after for _, after in AT_ONCE + LADDER + NOBODY_ON}
    again = {at + pause for at in texted for pause in (SPACED, SPACED_ALONE)}
    return {start + after for start in starts for after in rungs} | again
