"""A rehearsal: a backup is restored beside the network's own database, compared, and dropped."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import transaction
from psycopg import sql

from network.audit.actions import record
from network.audit.locks import Lock, take_if_free_on
from network.audit.rules import Actor
from network.backups import tables
from network.backups.archives import DATABASE, Contents, TableSum, contents_of
from network.backups.failure import BackupFailed
from network.backups.making import KEYS_TABLE, keys_beside
from network.backups.programs import Database, ours
from network.backups.restoring import load, newest_keys, refuse_misfit, refuse_misfit_of_keys
from network.organizations.models import Backups
from network.privacy.models import Key
from network.privacy.rules import sealing


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it. `keys_compared`: False where the keys are of a later backup, so other ones."""

    contents: Contents
    differing: list[str]
    keys_compared: bool
    field_key_fits: bool

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.contents.tables.values())


def rehearse(path: Path, *, keys: Path | None, identities: list[Any], by: Actor, now: datetime) -> Rehearsal:
    """Restore into a scratch database on the same server, and compare each table with what the backup says.

    It is noted as a rehearsal if nothing differs. Raises BackupFailed.
    """
    contents = contents_of(path, identities)
    own = keys_beside(path)
    keys = keys or (own if own.exists() else newest_keys(path, contents, identities))
    keys_say = contents_of(keys, identities)
    database = ours()
    try:
        with database.connect(autocommit=True) as line:
            server = line.info.server_version
            refuse_misfit(path, contents, kind=DATABASE, server=server)
            refuse_misfit_of_keys(keys, keys_say, contents, server=server)
            with _scratch(line, database) as scratch:
                load([path, keys], identities, scratch, server=server)
                held, fits = _held(scratch)
    except psycopg.Error as wrong:
        raise BackupFailed(
            f"The database doesn't answer, or refuses ({type(wrong).__name__}): run ./run doctor."
        ) from None
    compared = keys_say.made_at == contents.made_at
    different = [name for name in tables.differing(contents.tables, held) if compared or name != KEYS_TABLE]
    done = Rehearsal(contents, different, compared, fits)
    if not different:
        _note(done, by=by, now=now)
    return done


@contextmanager
def _scratch(line: psycopg.Connection, database: Database) -> Iterator[Database]:
    """A database of the network's own name for it, dropped in the end; what a killed rehearsal left, too."""
    if not take_if_free_on(line, Lock.REHEARSAL):
        raise BackupFailed("Another rehearsal is at work on this database: wait until it has ended.")
    oid = line.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert oid is not None
    scratch = database.named(f"porchlight_rehearsal_{oid[0]}")
    name = sql.Identifier(scratch.name)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
    try:
        line.execute(drop)
        line.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
    except psycopg.errors.InsufficientPrivilege:
        raise BackupFailed(
            "The database's role may not make databases: ALTER ROLE ... CREATEDB, or rehearse elsewhere."
        ) from None
    try:
        yield scratch
    finally:
        line.execute(drop)


def _held(scratch: Database) -> tuple[dict[str, TableSum], bool]:
    """What the scratch database holds, and whether our FIELD_KEY opens it."""
    with scratch.connect() as line:
        return tables.sums(line), _fits(line)


def _fits(line: psycopg.Connection) -> bool:
    check = line.execute(
        f"SELECT id, wrapped FROM {KEYS_TABLE} WHERE holder = %s",  # noqa: S608  our own name
        [Key.Holder.CHECK.value],
    ).fetchone()
    if check is None:
        return True  # it was never started
    try:
        sealing.unwrap(bytes(check[1]), key_id=check[0], field_key=settings.FIELD_KEY)
    except sealing.Unreadable:
        return False
    return True


@transaction.atomic
def _note(done: Rehearsal, *, by: Actor, now: datetime) -> None:
    Backups.objects.update_or_create(pk=1, defaults={"rehearsed_at": now})
    record("backup.rehearsed", "network", by=by, now=now, tables=len(done.contents.tables), rows=done.rows)
