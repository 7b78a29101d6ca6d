"""What `doctor` looks at, and what it mends. Says codes and variables' names; no value of any."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import psycopg
import requests
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from twilio.request_validator import RequestValidator

from network.audit.actions import CHANNEL, announce
from network.audit.chain import is_waiting
from network.audit.publishing import is_late
from network.backups.archives import recipients_of
from network.backups.failure import BackupFailed
from network.backups.rules import TOO_OLD
from network.configuration import Misconfigured, refuse_incomplete
from network.database import room
from network.desk.models import Heartbeat
from network.desk.queries import quiet_parts
from network.desk.rules import PARTS
from network.dispatch.queries.reliability import reliability
from network.dispatch.rules.foretelling import Doubt
from network.health import migrated
from network.heartbeat import EVERY as HEARTBEAT_EVERY
from network.messaging.canary import EVERY as CANARY_EVERY
from network.messaging.gateway import account
from network.messaging.gateway.chosen import carrier
from network.messaging.gateway.erasing import overdue
from network.messaging.inbox import backfill
from network.messaging.models import Canary, Outbound, Receipt
from network.messaging.outbox.wording import fits, last_versions
from network.messaging.quiet import is_quiet, restored_copy
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import TABLES
from network.organizations.models import Backups
from network.people.models import Member
from network.privacy import runs
from network.privacy.queries import key_is_right
from network.staff.queries import coordinators
from network.trust.queries import a_pair_is_left

OLDEST_POSTGRESQL = 150000
ASKS_NOTHING = "a restored copy asks the carrier nothing"
LOW_DISK, NO_DISK = 2_000_000_000, 200_000_000  # bytes that are left
CLOCKS_APART = timedelta(seconds=2)
UNCONFIRMED_AFTER = timedelta(days=180)
SHORT_SECRET = 32
BY_HAND = {  # the carrier has no API for it
    "opt-out words": "By hand: in the carrier's console Advanced Opt-Out has ALTO and PARAR as stop words, "
    "AYUDA as none, and our own words for help (./run twilio_setup prints them).",
    "registration": "By hand: this number's campaign is registered (10DLC), or carriers filter its texts.",
    "balance": "By hand: the account recharges by itself, or somebody is told when its balance is low.",
}


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
        _connections, _database_log, _migrations, _key, _clock, _worker, _coordinators, _pair,
        _confirmed_homes, _wording, _forecast, _restored_copy, _texts_to_us, _receipts, _canary, _heartbeat,
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
    if not settings.DEMO:
        findings += [CheckResult(what, "skip", mend) for what, mend in BY_HAND.items()]
    return findings


def _clock(now: datetime) -> CheckResult:
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


def _confirmed_homes(now: datetime) -> CheckResult:
    """Members whose organization has not confirmed their home for half a year."""
    old = Member.objects.filter(
        attested_at__lt=now - UNCONFIRMED_AFTER,
        person__standing="active",
        person__suspended_at=None,
    ).count()
    if old:
        mend = f"{old} members' homes were not confirmed for {UNCONFIRMED_AFTER.days} days: see People."
        return CheckResult("confirmed homes", "warn", mend)
    return CheckResult("confirmed homes", "pass")


def _wording(now: datetime) -> CheckResult:
    """Whether every text can be said in each language of this network, its own wordings included."""
    lacking = sorted(
        f"{key.value} ({language})"
        for language in settings.NETWORK_LANGUAGES
        for key in Text
        if key not in TABLES[language]
    )
    wrong = sorted(
        f"{row.text} ({row.language})"
        for row in last_versions()
        if row.words and not fits(row.text, row.language, row.words)
    )
    if lacking or wrong:
        mend = f"These texts can't be said as they are worded: {', '.join(lacking + wrong)}. See Wording."
        return CheckResult("wording", "fail" if lacking else "warn", mend)
    return CheckResult("wording", "pass")


def _receipts(now: datetime) -> CheckResult:
    """Whether receipts come by themselves: without them each is asked for, hours later."""
    day = now - timedelta(days=1)
    sent = Outbound.objects.filter(sent_at__gt=day, sent_at__lt=now - timedelta(minutes=10))
    if sent.exists() and not Receipt.objects.filter(asked=False, received_at__gt=day).exists():
        mend = "No receipt came by itself for 24 hours: the carrier can't reach PUBLIC_URL/twilio/status."
        return CheckResult("receipts", "warn" if is_quiet() else "fail", mend)
    return CheckResult("receipts", "pass")


DOUBTS = {
    Doubt.CHANCES: "who says yes isn't who is expected to",
    Doubt.DELAYS: "yeses come sooner or later than expected",
    Doubt.SILENCE: "people are silent together more often than by chance",
}


def _forecast(now: datetime) -> CheckResult:
    """Whether what the search foretells of this network comes true."""
    doubts = reliability(now=now, today=timezone.localdate(now)).doubts
    if doubts:
        mend = f"The search is not at home here: {'; '.join(DOUBTS[doubt] for doubt in doubts)}. See Asking."
        return CheckResult("forecast", "warn", mend)
    return CheckResult("forecast", "pass")


def _canary(now: datetime) -> CheckResult:
    """Our hourly text to ourselves."""
    if not settings.CANARY_NUMBER:
        mend = "CANARY_NUMBER is not set: nobody notices when texts stop coming (docs/watching.md)."
        return CheckResult("canary", "skip", mend)
    bird = Canary.objects.first()
    if bird is None or bird.seen_at is None:
        mend = "No text to ourselves has come back yet: does CANARY_NUMBER's webhook come here?"
        return CheckResult("canary", "warn", mend)
    if bird.seen_at < now - CANARY_EVERY - timedelta(minutes=2):
        return CheckResult(
            "canary", "fail", "Our last text to ourselves did not come back: run doctor --live."
        )
    return CheckResult("canary", "pass")


def _heartbeat(now: datetime) -> CheckResult:
    """Whether somebody outside would notice that this machine is dead."""
    if not settings.HEARTBEAT_URL:
        mend = "HEARTBEAT_URL is not set: nobody is told when this machine dies (docs/watching.md)."
        return CheckResult("heartbeat", "skip", mend)
    row = Heartbeat.objects.first()
    if row is None or row.told_at is None or row.told_at < now - 3 * HEARTBEAT_EVERY:
        mend = "HEARTBEAT_URL was not told for three minutes: it doesn't answer, or not all is well here."
        return CheckResult("heartbeat", "warn", mend)
    return CheckResult("heartbeat", "pass")


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
        _hints(),
    ]


def fix(*, now: datetime) -> list[str]:
    """Mend what is safe to mend by itself. Returns a sentence for each thing that was done."""
    done = []
    for name in settings.CONFIGURATION.open_key_files:
        with suppress(OSError):
            Path(os.environ[f"{name}_FILE"]).chmod(0o600)
            done.append(f"The file of {name} is now its owner's alone; if others read it, make a new key.")
    if settings.DATA_DIR.is_dir() and settings.DATA_DIR.stat().st_mode & 0o007 & ~0o001:
        settings.DATA_DIR.chmod(0o711)
        done.append("DATA_DIR is no longer open to others.")
    try:
        seen = backfill.watch()
        if not is_quiet() and (seen.read_at is None or seen.read_at < now - backfill.SILENT):
            with transaction.atomic():
                backfill.want(now=now)
            done.append("The workers were told to read the carrier's list of texts.")
    except DatabaseError:
        pass  # `examine` says so
    return done


def _hints() -> CheckResult:
    """Whether a hint to the consoles comes through the database within two seconds."""
    mend = "A hint did not come through the database: with a pooler before it, use its session mode."
    try:
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as line:
            line.execute(f"LISTEN {CHANNEL}")
            about = f"doctor:{secrets.token_hex(4)}"
            with transaction.atomic():
                announce(about)
            came = any(about in note.payload for note in line.notifies(timeout=2))
    except (psycopg.Error, DatabaseError):
        came = False
    return CheckResult("hints", "pass") if came else CheckResult("hints", "fail", mend)


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
    if len(settings.SECRET_KEY) < SHORT_SECRET:
        yield CheckResult("secret key", "warn", "SECRET_KEY is short: give it 32 random characters or more.")
    else:
        yield CheckResult("secret key", "pass")
    yield from _disk()
    if shown := settings.CONFIGURATION.open_key_files:
        mend = f"Others may read the file of {', '.join(shown)}: chmod 600, then make a new key if they did."
        yield CheckResult("key files", "warn", mend)
    else:
        yield CheckResult("key files", "pass")
    if not settings.TWILIO_AUTH_TOKENS:
        yield CheckResult("webhooks", "fail", "TWILIO_AUTH_TOKEN is not set: every text in is refused.")


def _disk() -> Iterator[CheckResult]:
    """What is left where the data and the backups lie."""
    for name, folder in (("DATA_DIR", settings.DATA_DIR), ("BACKUP_TO", settings.BACKUP_TO)):
        if folder is None or not folder.is_dir():
            continue
        left = shutil.disk_usage(folder).free
        what = "disk" if name == "DATA_DIR" else "disk of backups"
        if left < LOW_DISK:
            mend = f"{name} has {left // 1_000_000} MB left: texts can't be stored on a full disk."
            yield CheckResult(what, "fail" if left < NO_DISK else "warn", mend)
        else:
            yield CheckResult(what, "pass")


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


LOG_SETTINGS = {  # of PostgreSQL: the values with which it writes down no statement and nothing in one
    "log_min_error_statement": {"panic"},
    "log_error_verbosity": {"terse"},
    "log_statement": {"none"},
    "log_min_duration_statement": {"-1"},
    "log_parameter_max_length_on_error": {"0"},
}


def _database_log(now: datetime) -> CheckResult:
    """Whether the database's own log may quote what people wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(LOG_SETTINGS)])
        quotes = sorted(name for name, setting in cursor.fetchall() if setting not in LOG_SETTINGS[name])
    if quotes:
        mend = f"The database's log may quote what people wrote: set {', '.join(quotes)} (docs/watching.md)."
        return CheckResult("database log", "warn", mend)
    return CheckResult("database log", "pass")


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
