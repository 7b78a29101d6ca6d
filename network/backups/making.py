"""Making a backup: the database without its keys, and the keys, both of one moment, in an archive each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from subprocess import PIPE
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from network.audit.actions import record
from network.audit.rules import Actor
from network.backups import tables
from network.backups.archives import (
    DATABASE,
    Contents,
    recipients_of,
    seal,
    unfinished,
    without_tables,
)
from network.backups.failure import BackupFailed
from network.backups.programs import Database, complaint, fitting, ours, started
from network.backups.rules import KEYS_SUFFIX
from network.organizations.models import Backups
from network.privacy.models import Key

KEYS_TABLE = f"public.{Key._meta.db_table}"
# A dump that waits for a lock would hold back whoever comes after it.
DUMP = ("--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--lock-wait-timeout=60000")


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """What was made, in counts."""

    path: Path
    keys: Path
    tables: int
    rows: int
    bytes: int


def keys_beside(path: Path) -> Path:
    """The archive of keys that belongs to this backup."""
    return path.with_name(path.name + KEYS_SUFFIX)


def make(path: Path, *, by: Actor, now: datetime) -> MadeBackup:
    """Make `path` and the archive of keys beside it, and note it. Both replace what has their names.

    The media that came with texts lie in the database, sealed, so nothing outside of it belongs to a backup.
    Neither archive is there before both are whole and on the disk. Raises BackupFailed.
    """
    recipients = recipients_of(settings.BACKUP_RECIPIENTS)
    database = ours()
    try:
        with database.connect() as line:
            line.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            line.read_only = True
            made = _make(path, database, line, recipients, now=now)
    except psycopg.Error as wrong:
        raise BackupFailed(
            f"The database doesn't answer, or refuses ({type(wrong).__name__}): run ./run doctor."
        ) from None
    except OSError as wrong:
        raise BackupFailed(
            f"{path} can't be written ({wrong.strerror}): make room, or give another name."
        ) from None
    with transaction.atomic():
        Backups.objects.update_or_create(pk=1, defaults={"made_at": now})
        record("backup.made", "network", by=by, now=now, tables=made.tables, rows=made.rows)
    return made


def _make(
    path: Path, database: Database, line: psycopg.Connection, recipients: list[Any], *, now: datetime
) -> MadeBackup:
    line.execute("SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0")
    asked = line.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int").fetchone()
    assert asked is not None
    snapshot, server = asked
    programs = fitting(server)
    contents = Contents(DATABASE, now, network_id(line), server, migrations_here(), tables.sums(line))
    keys = keys_beside(path)
    with unfinished(path) as whole, unfinished(keys) as keys_alone:
        for part, line_first, words in (
            (keys_alone, without_tables(contents), ("--data-only", f"--table={KEYS_TABLE}")),
            (whole, contents, (f"--exclude-table-data={KEYS_TABLE}",)),
        ):
            dump = programs.command("pg_dump", *DUMP, f"--snapshot={snapshot}", *words)
            with started(dump, database, stdout=PIPE) as (process, errors):
                assert process.stdout is not None
                seal(
                    line_first,
                    process.stdout,
                    _ends_well(process.wait, lambda: complaint(errors)),
                    part.file,
                    recipients,
                )
            part.sync()
        size = whole.file.tell() + keys_alone.file.tell()
        keys_alone.finish()  # first: a backup never stands there without keys
        try:
            whole.finish()
        except OSError:
            keys.unlink()
            raise
    rows = sum(table.rows for table in contents.tables.values())
    return MadeBackup(path, keys, len(contents.tables), rows, size)


def _ends_well(wait: Callable[[], int], why: Callable[[], str]) -> Callable[[], None]:
    """After the last byte: a dump that was cut off looks like one that is over."""

    def end() -> None:
        if wait():
            raise BackupFailed(f"The database could not be dumped ({why()}): run ./run doctor.")

    return end


def network_id(line: psycopg.Connection) -> str:
    """The same in all backups of one network, and in its restored copies; empty before its first start."""
    check = line.execute(
        f"SELECT id FROM {KEYS_TABLE} WHERE holder = %s",  # noqa: S608  our own name
        [Key.Holder.CHECK.value],
    ).fetchone()
    return str(check[0]) if check else ""


def migrations_here() -> tuple[str, ...]:
    """Those of our own packages that were carried out in the database that Django uses."""
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("network.")}
    done = MigrationRecorder(connection).applied_migrations()
    return tuple(sorted(f"{app}.{name}" for app, name in done if app in labels))
