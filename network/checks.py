"""What `doctor` looks at. Says codes and variables' names; no value of any."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection

from network.configuration import Misconfigured, refuse_incomplete
from network.desk.queries import last_tick
from network.health import migrated
from network.messaging.gateway import carrier
from network.people.queries import coordinators
from network.privacy.queries import key_is_right

TICKS_WITHIN = timedelta(seconds=30)
OLDEST_POSTGRESQL = 150000


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what, how it stands, and what to do about it."""

    what: str
    verdict: Literal["pass", "warn", "fail", "skip"]
    mend: str = ""

    def shown(self) -> dict[str, str]:
        return asdict(self)


def examine(*, now: datetime) -> list[Finding]:
    """All checks; those that need the database are skipped when it doesn't answer."""
    findings = list(_configuration())
    database = _database()
    findings.append(database)
    inside: tuple[Callable[[datetime], Finding], ...] = (_migrations, _key, _worker, _coordinators)
    for check in inside:
        if database.verdict == "fail":
            findings.append(Finding(check.__name__.strip("_"), "skip", "the database comes first"))
        else:
            findings.append(check(now))
    findings.append(_carrier())
    return findings


def _configuration() -> Iterator[Finding]:
    try:
        refuse_incomplete(settings.CONFIGURATION)
        yield Finding("configuration", "pass")
    except Misconfigured as wrong:
        yield Finding("configuration", "fail", str(wrong))
    if settings.PUBLIC_URL.startswith("https://"):
        yield Finding("public url", "pass")
    else:
        mend = "PUBLIC_URL isn't https: put a proxy with a certificate in front, and set it."
        yield Finding("public url", "warn" if settings.DEMO else "fail", mend)
    if not settings.TWILIO_AUTH_TOKENS:
        yield Finding("webhooks", "fail", "TWILIO_AUTH_TOKEN is not set: every text in is refused.")


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0])
    except DatabaseError:
        return Finding("database", "fail", "It doesn't answer: check DATABASE_URL and the server.")
    if version < OLDEST_POSTGRESQL:
        return Finding("database", "fail", "PostgreSQL 15 or newer is needed.")
    return Finding("database", "pass")


def _migrations(now: datetime) -> Finding:
    if migrated():
        return Finding("migrations", "pass")
    return Finding("migrations", "fail", "Run ./run migrate, or start with up.")


def _key(now: datetime) -> Finding:
    if key_is_right():
        return Finding("key", "pass")
    return Finding("key", "fail", "FIELD_KEY isn't the key of this database: find the right one.")


def _worker(now: datetime) -> Finding:
    tick = last_tick()
    if tick and tick > now - TICKS_WITHIN:
        return Finding("worker", "pass")
    return Finding("worker", "fail", "No worker has looked for 30 seconds: start up, or worker.")


def _coordinators(now: datetime) -> Finding:
    reachable = sum(staff.phone is not None for staff in coordinators())
    if reachable >= 2 or settings.DEMO:
        return Finding("coordinators", "pass")
    return Finding("coordinators", "warn", "Fewer than two coordinators have a phone: add_staff.")


def _carrier() -> Finding:
    """The account, asked for by REST with a finite timeout."""
    if not settings.TWILIO_ACCOUNT_SID:
        return Finding("carrier", "fail", "TWILIO_ACCOUNT_SID is not set.")
    if not carrier().account_is_right():
        mend = "The carrier refuses or doesn't answer: check TWILIO_ACCOUNT_SID and its key or token."
        return Finding("carrier", "fail", mend)
    return Finding("carrier", "pass")
