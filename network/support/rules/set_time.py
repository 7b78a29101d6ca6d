"""Help at a set time: from local time to an instant, and by when we must have found somebody. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LAST_CALL = timedelta(hours=2)  # before the start: from here on the search is as urgent as any
SOONEST = timedelta(hours=3)  # for less the search is simply started
FARTHEST = timedelta(days=60)
EVENING = time(18)
AT_LEAST = timedelta(hours=1)
ANSWER_IN = timedelta(minutes=20)


class BadTime(ValueError):
    """This time can't be set. The argument says why: skipped, repeated, too_soon or too_far."""


def instants(day: date, hour: time, zone: ZoneInfo) -> list[datetime]:
    """The instants, in UTC and in order, at which a local clock shows this day and hour.

    Usually one. None for an hour that is skipped in spring, two for one that is repeated in the fall.
    """
    times: list[datetime] = []
    for fold in (0, 1):
        local = datetime.combine(day, hour, zone).replace(fold=fold)
        instant = local.astimezone(UTC)
        shown = instant.astimezone(zone).replace(tzinfo=None)
        if shown == local.replace(tzinfo=None) and instant not in times:
            times.append(instant)
    return sorted(times)


def start_at(day: date, hour: time, zone: ZoneInfo, *, now: datetime, which: int | None = None) -> datetime:
    """The instant that is meant. `which` (0 or 1) chooses if the hour comes twice. Raises BadTime."""
    times = instants(day, hour, zone)
    if not times:
        raise BadTime("skipped")
    if len(times) > 1 and which is None:
        raise BadTime("repeated")
    start = times[min(which or 0, len(times) - 1)]
    if start < now + SOONEST:
        raise BadTime("too_soon")
    if start > now + FARTHEST:
        raise BadTime("too_far")
    return start


def is_ahead(starts_at: datetime | None, now: datetime) -> bool:
    """Whether the start is still far enough away to ask people without hurry; nobody sets out yet."""
    return starts_at is not None and now < starts_at - LAST_CALL


def answer_by(starts_at: datetime | None, now: datetime, zone: ZoneInfo) -> datetime:
    """By when we promise the member an answer: within 20 minutes, or by 6 pm on the day before a set time.

    If that evening is over or less than an hour away, an hour before the last call.
    """
    soon = now + ANSWER_IN
    if starts_at is None or not is_ahead(starts_at, now):
        return soon
    day_before = starts_at.astimezone(zone).date() - timedelta(days=1)
    evening = datetime.combine(day_before, EVENING, zone).astimezone(UTC)
    if evening >= now + AT_LEAST:
        return evening
    return max(soon, starts_at - LAST_CALL - AT_LEAST)
