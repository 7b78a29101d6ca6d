"""When somebody who accepted for a set time is asked whether they still come. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEFORE = (timedelta(hours=24), timedelta(hours=2))
AWAKE_FROM, AWAKE_UNTIL = 6, 21  # hours of the local clock; a question that falls outside is asked
EVENING = time(20)  # at this hour of the evening before
SPARE = timedelta(minutes=30)  # nobody is asked again so soon after a yes
LONG_BEFORE = timedelta(hours=12)
SILENCE_LONG_BEFORE, SILENCE = timedelta(hours=3), timedelta(minutes=30)


def confirmations(starts_at: datetime, zone: ZoneInfo) -> list[datetime]:
    """When the questions are due: 24 and 2 hours before, never at night."""
    return [_awake(starts_at.astimezone(UTC) - before, zone) for before in BEFORE]


def _awake(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    if AWAKE_FROM <= local.hour < AWAKE_UNTIL:
        return at
    day = local.date() - timedelta(days=local.hour < AWAKE_FROM)
    return datetime.combine(day, EVENING, zone).astimezone(UTC)


def next_confirmation(starts_at: datetime, said_yes_at: datetime, zone: ZoneInfo) -> datetime | None:
    """When to ask again after a yes at this time. None if that yes is the last one needed."""
    later = [at for at in confirmations(starts_at, zone) if at > said_yes_at + SPARE]
    return later[0] if later else None


def silence(starts_at: datetime, asked_at: datetime) -> timedelta:
    """How long we wait for the answer before others are asked."""
    return SILENCE_LONG_BEFORE if starts_at - asked_at >= LONG_BEFORE else SILENCE
