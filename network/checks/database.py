"""The database: its version, what it writes down, its connections, tables, key and clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection

from network.checks.result import CheckResult
from network.database import room
from network.health import migrated
from network.privacy.queries import key_is_right

OLDEST_POSTGRESQL = 150000


CLOCKS_APART = timedelta(seconds=2)


LOG_SETTINGS = {  # of PostgreSQL: the values with which it writes down no statement and nothing in one
    "log_min_error_statement": {"panic"},
    "log_error_verbosity": {"terse"},
    "log_statement": {"none"},
    "log_min_duration_statement": {"-1"},
    "log_parameter_max_length_on_error": {"0"},
}


def database() -> CheckResult:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0])
    except DatabaseError:
        return CheckResult("database", "fail", "It doesn't answer: check DATABASE_URL and the server.")
    if version < OLDEST_POSTGRESQL:
        return CheckResult("database", "fail", "PostgreSQL 15 or newer is needed.")
    return CheckResult("database", "pass")


def database_log(now: datetime) -> CheckResult:
    """Whether the database's own log may quote what people wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(LOG_SETTINGS)])
        quotes = sorted(name for name, setting in cursor.fetchall() if setting not in LOG_SETTINGS[name])
    if quotes:
        mend = f"The database's log may quote what people wrote: set {', '.join(quotes)} (docs/watching.md)."
        return CheckResult("database log", "warn", mend)
    return CheckResult("database log", "pass")


def connections(now: datetime) -> CheckResult:
    """Whether the server allows as many as this network takes, and has some left."""
    available = room.look()
    if available.allowed < room.ALL + room.SPARE or available.free < room.SPARE:
        return CheckResult(
            "connections", "fail" if available.free < room.LEAST else "warn", room.sentence(available)
        )
    return CheckResult("connections", "pass")


def migrations(now: datetime) -> CheckResult:
    if migrated():
        return CheckResult("migrations", "pass")
    return CheckResult("migrations", "fail", "Run ./run migrate, or start with up.")


def key(now: datetime) -> CheckResult:
    if key_is_right():
        return CheckResult("key", "pass")
    return CheckResult("key", "fail", "FIELD_KEY isn't the key of this database: find the right one.")


def clock(now: datetime) -> CheckResult:
    """Whether our clock and the database's agree; leases and promises go by both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    if abs(theirs - datetime.now(UTC)) > CLOCKS_APART:
        mend = "This machine's clock and the database's differ by more than two seconds: keep both by NTP."
        return CheckResult("clock", "fail", mend)
    return CheckResult("clock", "pass", next_change(now, zone=settings.TIME_ZONE))


def next_change(now: datetime, *, zone: str) -> str:
    """When clocks are next moved in this zone, in a sentence; empty where they aren't within a year."""
    local = now.astimezone(ZoneInfo(zone))
    for day in range(1, 367):
        after = (local + timedelta(days=day)).astimezone(ZoneInfo(zone))
        if after.utcoffset() != local.utcoffset():
            return f"Clocks in {zone} are next moved on {after:%Y-%m-%d}; nights and hours go by them."
    return ""
