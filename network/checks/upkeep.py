"""What has to go on by itself: workers, erasing, the history's chain, backups; and who'd notice if not."""

from datetime import datetime

from django.conf import settings

from network.audit.chain import is_waiting
from network.audit.publishing import is_late
from network.backups.archives import recipients_of
from network.backups.failure import BackupFailed
from network.backups.rules import TOO_OLD
from network.checks.result import CheckResult
from network.desk.models import Heartbeat
from network.desk.queries import quiet_parts
from network.desk.rules import PARTS
from network.heartbeat import EVERY as HEARTBEAT_EVERY
from network.messaging import quiet
from network.organizations.models import Backups
from network.privacy import runs


def worker(now: datetime) -> CheckResult:
    """Each queue of each worker, and the engine, by its last sign of life."""
    quiet = quiet_parts(now=now)
    if not quiet:
        return CheckResult("worker", "pass")
    if len(quiet) == len(PARTS):
        return CheckResult("worker", "fail", "No worker is at work: start up, or worker.")
    mend = f"No sign of life for 15 seconds from: {', '.join(quiet)}. Start that worker anew."
    return CheckResult("worker", "fail", mend)


def restored_copy(now: datetime) -> CheckResult:
    """Whether this is a copy that nobody has ended the quiet of."""
    copy = quiet.restored_copy()
    if copy is None:
        return CheckResult("restored copy", "pass")
    mend = (
        f"This is a restored copy of {copy.made_at:%Y-%m-%d %H:%M} UTC and sends nothing: once the original "
        "is dead for good, run awake."
    )
    return CheckResult("restored copy", "warn", mend)


def heartbeat(now: datetime) -> CheckResult:
    """Whether somebody outside would notice that this machine is dead."""
    if not settings.HEARTBEAT_URL:
        mend = "HEARTBEAT_URL is not set: nobody is told when this machine dies (docs/watching.md)."
        return CheckResult("heartbeat", "skip", mend)
    row = Heartbeat.objects.first()
    if row is None or row.told_at is None or row.told_at < now - 3 * HEARTBEAT_EVERY:
        mend = "HEARTBEAT_URL was not told for three minutes: it doesn't answer, or not all is well here."
        return CheckResult("heartbeat", "warn", mend)
    return CheckResult("heartbeat", "pass")


def retention(now: datetime) -> CheckResult:
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


def history(now: datetime) -> CheckResult:
    """Whether lines are sealed into the chain, and its head is published."""
    if is_waiting(now=now):
        mend = "Lines of history wait for five minutes to be sealed: is a worker at work?"
        return CheckResult("history", "fail", mend)
    if is_late(now=now):
        mend = "The history's head was not published for three hours: can AUDIT_HEAD_TO be written?"
        return CheckResult("history", "warn", mend)
    return CheckResult("history", "pass")


def backup_folder(now: datetime) -> CheckResult:
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


def backup(now: datetime) -> CheckResult:
    """When the last one was made."""
    row = Backups.objects.first()
    if row is None or row.made_at is None:
        return CheckResult("backup", "warn", "No backup was ever made: set BACKUP_TO, or run backup FILE.")
    if row.made_at < now - TOO_OLD:
        mend = "No backup was made for 48 hours: see what the worker says, or run backup FILE."
        return CheckResult("backup", "warn", mend)
    return CheckResult("backup", "pass")


def rehearsal(now: datetime) -> CheckResult:
    """Whether a backup was ever tried out."""
    if Backups.objects.filter(rehearsed_at__isnull=False).exists():
        return CheckResult("rehearsal", "pass")
    return CheckResult("rehearsal", "warn", "No backup was ever tried out: run backup --verify FILE.")
