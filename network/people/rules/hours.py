"""The hours in which somebody may be asked. Pure."""

import re
from datetime import datetime

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


SPAN = re.compile(r"(\w{3})(?:-(\w{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)")


NIGHT_FROM, NIGHT_TO = 21, 8  # hours of the local clock


DAY_LONG = 24 * 60


WEEK = 7 * DAY_LONG


type Hours = list[list[int]]  # [] is always; else [first minute of the week, minutes long]


class BadHours(ValueError):
    """Not "always", and not like "mon-fri 08:00-18:00; sat 09:00-13:00"."""


def parse_hours(text: str) -> Hours:
    """Spans of the week in minutes from Monday 00:00; a span may run past midnight."""
    text = text.strip().lower()
    if text == "always":
        return []
    return [span for part in text.split(";") for span in _spans(part.strip())]


def write_hours(hours: Hours) -> str:
    """The text that `parse_hours` reads as these spans."""
    if not hours:
        return "always"
    return "; ".join(
        f"{DAYS[start // DAY_LONG]} {_clock(start % DAY_LONG)}-{_clock((start + long) % DAY_LONG)}"
        for start, long in hours
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _spans(part: str) -> Hours:
    match = SPAN.fullmatch(part)
    if not match or match[1] not in DAYS or (match[2] or match[1]) not in DAYS:
        raise BadHours(part)
    first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
    start, end = _minute(match[3], match[4]), _minute(match[5], match[6])
    long = (end - start) % (24 * 60) or 24 * 60
    days = range(first, last + 1) if first <= last else (*range(first, 7), *range(last + 1))
    return [[day * 24 * 60 + start, long] for day in days]


def _minute(hour: str, minute: str) -> int:
    if int(hour) > 24 or int(minute) > 59:
        raise BadHours(f"{hour}:{minute}")
    return int(hour) * 60 + int(minute)


def on_hours(hours: Hours, local: datetime, *, holiday: bool = False) -> bool:
    """Whether this is one of their hours. On a holiday their Sunday hours count."""
    weekday = DAYS.index("sun") if holiday else local.weekday()
    now = weekday * 24 * 60 + local.hour * 60 + local.minute
    return not hours or any((now - start) % WEEK < long for start, long in hours)


def is_night(local: datetime) -> bool:
    """9 pm to 8 am, when nobody is texted what can wait."""
    return is_between(local, (NIGHT_FROM, NIGHT_TO))


def is_between(local: datetime, hours: tuple[int, int]) -> bool:
    """Whether the clock shows an hour from the first, up to the second; past midnight where that is less."""
    first, end = hours
    if first <= end:
        return first <= local.hour < end
    return local.hour >= first or local.hour < end


def may_be_asked(
    hours: Hours, local: datetime, *, wakes: bool, night: tuple[int, int], holiday: bool = False
) -> bool:
    """Whether the hour lets somebody be asked for help now.

    In the `night` only who chose to be woken, or wrote down hours of their own that say so: "always" says
    nothing of the night.
    """
    if wakes or not is_between(local, night):
        return True
    return bool(hours) and on_hours(hours, local, holiday=holiday)
