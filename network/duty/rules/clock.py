"""Local times of day as moments, right on the days when clocks change. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(hours=24)
MOST_WEEKS = 12


class NotAShift(ValueError):
    """No such shift: it repeats too often, or is over already."""


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A wall clock's reading as a moment.

    An hour that the clocks skip is the one after it; of an hour that comes twice, the first.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def span(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From one reading to the next; an end that isn't later on the clock is on the day after."""
    last = day if end > start else day + timedelta(days=1)
    return moment(day, start, zone), moment(last, end, zone)


def weekly(
    day: date, start: time, end: time, zone: ZoneInfo, *, weeks: int, now: datetime
) -> list[tuple[datetime, datetime]]:
    """The same hours by the clock in each of these weeks. Raises NotAShift."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise NotAShift
    spans = [span(day + timedelta(weeks=week), start, end, zone) for week in range(weeks)]
    if any(begins >= ends or ends <= now for begins, ends in spans):
        raise NotAShift
    return spans


def reading(local: datetime) -> str:
    """An hour as a text says it: 6 am, 9:30 pm."""
    hour, half = local.hour % 12 or 12, "am" if local.hour < 12 else "pm"
    return f"{hour}:{local.minute:02} {half}" if local.minute else f"{hour} {half}"


def awake(local: datetime, wakes: time, sleeps: time) -> bool:
    """Whether a day from waking to sleeping, past midnight or not, has this hour; equal is always."""
    now = local.time()
    if wakes < sleeps:
        return wakes <= now < sleeps
    return now >= wakes or now < sleeps
