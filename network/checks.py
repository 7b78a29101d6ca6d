"""What `doctor` looks at. Says codes and variables' names; no value of any."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import requests
from django.conf import settings
from django.db import DatabaseError, connection
from twilio.request_validator import RequestValidator

from network.audit.chain import is_waiting
from network.audit.publishing import is_late
from network.backups.archives import recipients_of
from network.backups.failure import BackupFailed
from network.backups.rules import TOO_OLD
from network.configuration import Misconfigured, refuse_incomplete
from network.database import room
from network.desk.queries import quiet_parts
from network.desk.rules import PARTS
from network.health import migrated
from network.messaging.gateway import account
from network.messaging.gateway.chosen import carrier
from network.messaging.gateway.erasing import overdue
from network.messaging.inbox import backfill
from network.messaging.quiet import is_quiet, restored_copy
from network.organizations.models import Backups
from network.privacy import runs
from network.privacy.queries import key_is_right
from network.staff.queries import coordinators
from network.trust.queries import a_pair_is_left

OLDEST_POSTGRESQL = 150000
ASKS_NOTHING = "a restored copy asks the carrier nothing"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: what, how it stands, and what to do about it."""

    what: str
    verdict: Literal["pass", "warn", "fail", "skip"]
    mend: str = ""

    def shown(self) -> dict[str, str]:
        return asdict(self)


def examine(*, now: datetime) -> list[CheckResult]:
    """All checks; those that need the database are skipped when it doesn't answer."""
    findings = list(_configuration())
    database = _database()
    findings.append(database)
    inside: tuple[Callable[[datetime], CheckResult], ...] = (
        _connections, _migrations, _key, _worker, _coordinators, _pair, _restored_copy, _texts_to_us,
        _bodies_at_carrier, _retention, _history, _backup_folder, _backup, _rehearsal, _carrier,
    )  # fmt: skip
    comes_first = "the database" if database.verdict == "fail" else ""
    for check in inside:
        if comes_first:
            name = check.__name__.strip("_").replace("_", " ")
            findings.append(CheckResult(name, "skip", f"{comes_first} comes first"))
            continue
        findings.append(check(now))
        if check is _migrations and findings[-1].verdict == "fail":
            comes_first = "migrating"  # what the others ask for may not be there
    answers = findings[-1]
    if answers.verdict == "pass":
        findings += _line()
    return findings


def _restored_copy(now: datetime) -> CheckResult:
    """Whether this is a copy that nobody has ended the quiet of."""
    copy = restored_copy()
    if copy is None:
        return CheckResult("restored copy", "pass")
    mend = (
        f"This is a restored copy of {copy.made_at:%Y-%m-%d %H:%M} UTC and sends nothing: once the original "
        "is dead for good, run awake."
    )
    return CheckResult("restored copy", "warn", mend)


def _backup_folder(now: datetime) -> CheckResult:
    """Whether backups are made each night, and somebody's key can open them."""
    if settings.BACKUP_TO is None:
        mend = "BACKUP_TO is not set: name a folder on another machine or disk for nightly backups."
        return CheckResult("backup folder", "warn", mend)
    try:
        recipients_of(settings.BACKUP_RECIPIENTS)
    except BackupFailed as wrong:
        return CheckResult("backup folder", "warn", str(wrong))
    if not settings.BACKUP_TO.is_dir():
        return CheckResult("backup folder", "warn", "BACKUP_TO is no folder: make it, or mount its disk.")
    return CheckResult("backup folder", "pass")


def _backup(now: datetime) -> CheckResult:
    """When the last one was made."""
    row = Backups.objects.first()
    if row is None or row.made_at is None:
        return CheckResult("backup", "warn", "No backup was ever made: set BACKUP_TO, or run backup FILE.")
    if row.made_at < now - TOO_OLD:
        mend = "No backup was made for 48 hours: see what the worker says, or run backup FILE."
        return CheckResult("backup", "warn", mend)
    return CheckResult("backup", "pass")


def _rehearsal(now: datetime) -> CheckResult:
    """Whether a backup was ever tried out."""
    if Backups.objects.filter(rehearsed_at__isnull=False).exists():
        return CheckResult("rehearsal", "pass")
    return CheckResult("rehearsal", "warn", "No backup was ever tried out: run backup --verify FILE.")


def _texts_to_us(now: datetime) -> CheckResult:
    """When the carrier's list was last read, and whether its webhooks come."""
    if is_quiet():
        return CheckResult("texts to us", "skip", ASKS_NOTHING)
    seen = backfill.watch()
    if seen.read_at is None or seen.read_at < now - backfill.SILENT:
        mend = "The carrier's list of texts was not read for five minutes: texts to us may be missing."
        return CheckResult("texts to us", "fail", mend)
    if backfill.is_quiet(now=now):
        mend = "No webhook came for longer than this hour makes likely: run doctor --live."
        return CheckResult("texts to us", "fail", mend)
    return CheckResult("texts to us", "pass")


def _bodies_at_carrier(now: datetime) -> CheckResult:
    late = overdue(now=now)
    if late:
        return CheckResult("bodies at carrier", "warn", f"{late} texts are still there after an hour.")
    return CheckResult("bodies at carrier", "pass")


def _history(now: datetime) -> CheckResult:
    """Whether lines are sealed into the chain, and its head is published."""
    if is_waiting(now=now):
        mend = "Lines of history wait for five minutes to be sealed: is a worker at work?"
        return CheckResult("history", "fail", mend)
    if is_late(now=now):
        mend = "The history's head was not published for three hours: can AUDIT_HEAD_TO be written?"
        return CheckResult("history", "warn", mend)
    return CheckResult("history", "pass")


def _retention(now: datetime) -> CheckResult:
    """Whether what is past its time is erased, and up to when."""
    whole, last = runs.last_finished(), runs.last_run()
    failing = ", ".join(last.failed) if last else ""
    if runs.stopped(now=now):
        mend = "Nothing was erased to the end for a day: is a worker at work?"
        if failing:
            mend = f"Nothing was erased to the end for a day: these fail, and the log says where: {failing}."
        return CheckResult("retention", "fail", mend)
    if failing:
        return CheckResult("retention", "warn", f"These erasers failed the last time: {failing}.")
    if whole is None:
        return CheckResult("retention", "warn", "Nothing was erased yet: a worker does it each hour.")
    mend = f"Erased {sum(whole.erased.values())} rows; history until {whole.until['ledger'][:10]} is gone."
    return CheckResult("retention", "pass", mend)


def _line() -> Iterator[CheckResult]:
    """How the number is set up at the carrier."""
    try:
        wrong = account.wrong_with(account.read(), public_url=settings.PUBLIC_URL)
    except account.NoAccount as missing:
        yield CheckResult("number", "warn", str(missing))
        return
    for what in wrong:
        yield CheckResult("number", "warn" if settings.DEMO else "fail", account.MENDS[what])
    if not wrong:
        yield CheckResult("number", "pass")


def examine_live(*, now: datetime) -> list[CheckResult]:
    """Post to ourselves by PUBLIC_URL as the carrier does: signed ones are taken, others are not.

    The texts come from our own number, which is answered by nobody.
    """
    url = f"{settings.PUBLIC_URL}/twilio/sms"
    form = {
        "MessageSid": "SM" + secrets.token_hex(16), "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "From": settings.TWILIO_NUMBER, "To": settings.TWILIO_NUMBER, "Body": " ñ 😀 ", "NumMedia": "0",
        "NumSegments": "1", "FromCity": "", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    by_service = {**form, "MessageSid": "SM" + secrets.token_hex(16), "MessagingServiceSid": "MG" + "0" * 32}
    return [
        _posted("unsigned post", url, form, "", wanted=403),
        _posted("signed post", url, form, _signature(url, form), wanted=200),
        _posted("signed post by a service", url, by_service, _signature(url, by_service), wanted=200),
        _posted("changed post", url, {**form, "Body": "changed"}, _signature(url, form), wanted=403),
    ]


def _signature(url: str, form: dict[str, str]) -> str:
    token = settings.TWILIO_AUTH_TOKENS[0] if settings.TWILIO_AUTH_TOKENS else ""
    return str(RequestValidator(token).compute_signature(url, form))


def _posted(what: str, url: str, form: dict[str, str], signature: str, *, wanted: int) -> CheckResult:
    headers = {"X-Twilio-Signature": signature} if signature else {}
    try:
        status = requests.post(url, data=form, headers=headers, timeout=10, allow_redirects=False).status_code
    except requests.RequestException:
        return CheckResult(
            what, "fail", "PUBLIC_URL does not answer from here: check it, the proxy and its certificate."
        )
    if status == wanted:
        return CheckResult(what, "pass")
    mend = f"Answered {status}, not {wanted}: PUBLIC_URL must be just what the carrier calls, port included."
    return CheckResult(what, "fail", mend)


def _configuration() -> Iterator[CheckResult]:
    try:
        refuse_incomplete(settings.CONFIGURATION)
        yield CheckResult("configuration", "pass")
    except Misconfigured as wrong:
        yield CheckResult("configuration", "fail", str(wrong))
    if settings.PUBLIC_URL.startswith("https://"):
        yield CheckResult("public url", "pass")
    else:
        mend = "PUBLIC_URL isn't https: put a proxy with a certificate in front, and set it."
        yield CheckResult("public url", "warn" if settings.DEMO else "fail", mend)
    if shown := settings.CONFIGURATION.open_key_files:
        mend = f"Others may read the file of {', '.join(shown)}: chmod 600, then make a new key if they did."
        yield CheckResult("key files", "warn", mend)
    else:
        yield CheckResult("key files", "pass")
    if not settings.TWILIO_AUTH_TOKENS:
        yield CheckResult("webhooks", "fail", "TWILIO_AUTH_TOKEN is not set: every text in is refused.")


def _database() -> CheckResult:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0])
    except DatabaseError:
        return CheckResult("database", "fail", "It doesn't answer: check DATABASE_URL and the server.")
    if version < OLDEST_POSTGRESQL:
        return CheckResult("database", "fail", "PostgreSQL 15 or newer is needed.")
    return CheckResult("database", "pass")


def _connections(now: datetime) -> CheckResult:
    """Whether the server allows as many as this network takes, and has some left."""
    available = room.look()
    if available.allowed < room.ALL + room.SPARE or available.free < room.SPARE:
        return CheckResult(
            "connections", "fail" if available.free < room.LEAST else "warn", room.sentence(available)
        )
    return CheckResult("connections", "pass")


def _migrations(now: datetime) -> CheckResult:
    if migrated():
        return CheckResult("migrations", "pass")
    return CheckResult("migrations", "fail", "Run ./run migrate, or start with up.")


def _key(now: datetime) -> CheckResult:
    if key_is_right():
        return CheckResult("key", "pass")
    return CheckResult("key", "fail", "FIELD_KEY isn't the key of this database: find the right one.")


def _worker(now: datetime) -> CheckResult:
    """Each queue of each worker, and the engine, by its last sign of life."""
    quiet = quiet_parts(now=now)
    if not quiet:
        return CheckResult("worker", "pass")
    if len(quiet) == len(PARTS):
        return CheckResult("worker", "fail", "No worker is at work: start up, or worker.")
    mend = f"No sign of life for 15 seconds from: {', '.join(quiet)}. Start that worker anew."
    return CheckResult("worker", "fail", mend)


def _coordinators(now: datetime) -> CheckResult:
    reachable = sum(staff.phone is not None for staff in coordinators())
    if reachable >= 2 or settings.DEMO:
        return CheckResult("coordinators", "pass")
    return CheckResult("coordinators", "warn", "Fewer than two coordinators have a phone: add_staff.")


def _pair(_now: datetime) -> CheckResult:
    """Whether anything that takes two people can still be decided."""
    if a_pair_is_left() or settings.DEMO:
        return CheckResult("two people", "pass")
    mend = (
        "Nothing that takes two people can be decided: no two of staff have a phone on file, were met by "
        "somebody who didn't make their account, and are of two bodies: page Staff, or add_staff --met."
    )
    return CheckResult("two people", "warn", mend)


def _carrier(now: datetime) -> CheckResult:
    """The account, asked for by REST with a finite timeout."""
    if is_quiet():
        return CheckResult("carrier", "skip", ASKS_NOTHING)
    if not settings.TWILIO_ACCOUNT_SID:
        return CheckResult("carrier", "fail", "TWILIO_ACCOUNT_SID is not set.")
    if not carrier().account_is_right():
        mend = "The carrier refuses or doesn't answer: check TWILIO_ACCOUNT_SID and its key or token."
        return CheckResult("carrier", "fail", mend)
    return CheckResult("carrier", "pass")
