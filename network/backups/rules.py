"""Names of backups, when the next is due, and which of them go. Pure."""

import re
from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

KEYS_SUFFIX = ".keys"
KEYS_KEPT = timedelta(days=7)  # then no backup brings back somebody whose key was erased
NIGHT = time(3)  # by the network's clock
AGAIN_AFTER = timedelta(hours=1)  # a nightly backup that wasn't finished
TOO_OLD = timedelta(hours=48)  # the newest backup: doctor says so
NAME = re.compile(r"porchlight-(\d{8}T\d{6}Z)\.backup(\.keys)?")
STAMP = "%Y%m%dT%H%M%SZ"


def name_of(made_at: datetime) -> str:
    """A nightly backup's own name, which says when it was made."""
    return f"porchlight-{made_at.astimezone(UTC).strftime(STAMP)}.backup"


def old_keys(names: Collection[str], *, now: datetime) -> set[str]:
    """The archives of keys that are older than seven days, however long the rest is kept."""
    return {
        name for name in names if (made := _made_at(name, keys=True)) is not None and made < now - KEYS_KEPT
    }


def old_backups(names: Collection[str], *, keep_days: int, now: datetime) -> set[str]:
    """The backups older than `keep_days`. Whatever has another name than ours is never named."""
    end = now - timedelta(days=keep_days)
    return {name for name in names if (made := _made_at(name, keys=False)) is not None and made < end}


def _made_at(name: str, *, keys: bool) -> datetime | None:
    match = NAME.fullmatch(name)
    if match is None or bool(match[2]) != keys:
        return None
    try:
        return datetime.strptime(match[1], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def next_night(after: datetime, *, zone: str) -> datetime:
    """The first 3:00 after this moment by the network's clock."""
    here = after.astimezone(ZoneInfo(zone))
    tonight = datetime.combine(here.date(), NIGHT, tzinfo=here.tzinfo)
    if tonight <= here:
        tonight = datetime.combine(here.date() + timedelta(days=1), NIGHT, tzinfo=here.tzinfo)
    return tonight.astimezone(UTC)
