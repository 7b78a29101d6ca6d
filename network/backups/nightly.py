"""The nightly backup: one of the workers begins it, in a process of its own, and what is too old goes."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from network.audit.locks import Lock, give_back, take_if_free
from network.audit.rules import ENGINE
from network.backups.archives import sweep
from network.backups.failure import BackupFailed
from network.backups.making import MadeBackup, make
from network.backups.rules import AGAIN_AFTER, name_of, next_night, old_backups, old_keys
from network.organizations.models import Backups

_at_work: list[subprocess.Popen[bytes]] = []  # begun by this process, and not seen to have ended


def make_nightly_backup(*, now: datetime) -> None:
    """Begin the night's backup, or set when it comes.

    The row is taken before the process begins, so two workers begin one. A process that ends without a backup
    is followed by another in an hour; a backup that was made sets the next night.
    """
    _at_work[:] = [process for process in _at_work if process.poll() is None]
    row = Backups.objects.first() or Backups()
    due = _next(row, now=now)
    if due != row.next_at:
        Backups.objects.update_or_create(pk=1, defaults={"next_at": due})
    elif due and due <= now and Backups.objects.filter(pk=1, next_at=due).update(next_at=now + AGAIN_AFTER):
        begin()


def _next(row: Backups, *, now: datetime) -> datetime | None:
    if settings.BACKUP_TO is None:
        return None
    return row.next_at or next_night(now, zone=settings.TIME_ZONE)


def begin() -> None:
    """A process of its own: a worker's threads have people to answer, and a dump takes memory that stays."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "backup", "--nightly"]
    environment = {name: value for name, value in os.environ.items() if name != "PORCHLIGHT_CHILD"}
    _at_work.append(
        subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    )


def make_tonights(*, now: datetime) -> MadeBackup | None:
    """What that process does. None where another is at it. Raises BackupFailed.

    Old keys go first, even if no backup can be made: that erased people don't come back is promised.
    """
    folder = settings.BACKUP_TO
    if folder is None:
        raise BackupFailed("BACKUP_TO is not set: name the folder for nightly backups.")
    if not folder.is_dir():
        raise BackupFailed(f"BACKUP_TO is no folder: make or mount {folder}.")
    if not take_if_free(Lock.BACKUP):
        return None
    try:
        sweep(folder)
        _remove(folder, old_keys(_names(folder), now=now))
        made = make(folder / name_of(now), by=ENGINE, now=now)
        _remove(folder, old_backups(_names(folder), keep_days=settings.BACKUP_KEEP_DAYS, now=now))
        night = next_night(timezone.now(), zone=settings.TIME_ZONE)
        Backups.objects.filter(pk=1).update(next_at=night)
    finally:
        give_back(Lock.BACKUP)
    return made


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.is_file()]


def _remove(folder: Path, names: set[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
