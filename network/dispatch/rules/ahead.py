"""How a search for a set time differs: nobody is hurried, woken or held. Pure."""

from datetime import datetime, timedelta

from network.people.rules.hours import NIGHT_TO, is_night
from network.support.rules.set_time import LAST_CALL

AROUND = timedelta(hours=4)  # one visit, its way and a rest: two starts nearer than this clash
NO_HURRY = timedelta(hours=8)  # before the last call: a wave due at night waits for the morning
PARTS = 6  # a wave looks ahead for this part of the time that is left
MOST_PACE = timedelta(hours=6)
LOOKS_IN_A_PACE = 6
MOST_LOOK = timedelta(minutes=30)


def clashes(theirs: datetime | None, wanted: datetime | None, now: datetime) -> bool:
    """Whether somebody who accepted for `theirs` can't also go at `wanted`; None is now.

    A start in the past that was not released is a visit that is still going on.
    """
    first, second = max(theirs or now, now), max(wanted or now, now)
    return abs(first - second) < AROUND


def waits_for_morning(starts_at: datetime, local: datetime) -> datetime | None:
    """When a wave that is due at this local time may be sent: None for now, else at 8 am."""
    if not is_night(local) or starts_at - LAST_CALL - local < NO_HURRY:
        return None
    morning = local.replace(hour=NIGHT_TO, minute=0, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)


def held_by_night(starts_at: datetime, due: datetime, local: datetime) -> datetime | None:
    """When the next wave is planned, where the night puts it off, else None; on local clocks."""
    if waits_for_morning(starts_at, local) == due:
        return due
    return waits_for_morning(starts_at, max(due, local))


def pace(deadline: datetime, now: datetime, least: timedelta) -> timedelta:
    """How far ahead one wave plans."""
    return min(MOST_PACE, max(least, (deadline - now) / PARTS))


def look_in(deadline: datetime | None, now: datetime, least: timedelta) -> timedelta:
    """How soon the search plans again."""
    if deadline is None:
        return least
    return min(MOST_LOOK, max(least, pace(deadline, now, least) / LOOKS_IN_A_PACE))
