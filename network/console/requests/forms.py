"""What the console's forms say, as values."""

from collections.abc import Mapping
from datetime import date, datetime, time

from network.support.queries import zone
from network.support.rules.set_time import BadTime, start_at


def read_time(form: Mapping[str, str], *, now: datetime) -> datetime:
    """A day and an hour on the local clock; `which` of two, where the hour comes twice. Raises BadTime."""
    which = form.get("which", "")
    try:
        day, hour = date.fromisoformat(form.get("day", "")), time.fromisoformat(form.get("hour", ""))
    except ValueError:
        raise BadTime("unread") from None
    return start_at(day, hour, zone(), now=now, which=int(which) if which in ("0", "1") else None)
