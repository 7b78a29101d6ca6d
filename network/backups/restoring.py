"""Restoring a backup into an empty database, in one transaction: all of it is there then, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from subprocess import DEVNULL, PIPE
from threading import Thread
from typing import IO, Any

import psycopg
from django.db import transaction
from django.db.migrations.loader import MigrationLoader

from network.audit.actions import record
from network.audit.rules import Actor
from network.backups.archives import DATABASE, KEYS, Contents, Writing, contents_of, unseal
from network.backups.failure import BackupFailed
from network.backups.programs import Database, Programs, complaint, fitting, ours, started
from network.backups.rules import KEYS_SUFFIX
from network.backups.tables import is_empty
from network.health import migrated
from network.messaging.models import RestoredCopy
from network.organizations.models import Backups
from network.people.models import Person
from network.privacy.models import Key
from network.privacy.queries import key_is_right

TO_SQL = ("--no-owner", "--no-privileges", "--file=-")
RUN_SQL = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse", "--file=-")
# Newer programs set these for themselves, and an older server doesn't know them: from which version it does.
NEW_SETTINGS = {b"SET transaction_timeout = 0;\n": 17}
END_OF_SETTINGS = b"SELECT pg_catalog.set_config("


@dataclass(frozen=True, slots=True)
class RestoredNetwork:
    """What a restore brought back, in counts. `unreadable`: people whose key isn't there any more."""

    contents: Contents
    keys: Path
    people: int
    unreadable: int
    field_key_fits: bool


def restore(
    path: Path, *, keys: Path | None, identities: list[Any], by: Actor, now: datetime
) -> RestoredNetwork:
    """Restore into our own database, which must be empty, and mark it as a copy in the same transaction.

    Raises BackupFailed.
    """
    database = ours()
    server = refuse_unless_empty(database)
    contents = contents_of(path, identities)
    refuse_misfit(path, contents, kind=DATABASE, server=server)
    keys = keys or newest_keys(path, contents, identities)
    refuse_misfit_of_keys(keys, contents_of(keys, identities), contents, server=server)
    load([path, keys], identities, database, server=server, then=_mark(contents, now=now))
    return _brought_back(contents, keys, by=by, now=now)


def _brought_back(contents: Contents, keys: Path, *, by: Actor, now: datetime) -> RestoredNetwork:
    people = Person.objects.count()
    unreadable = Person.objects.exclude(key_id__in=Key.objects.values("pk")).count()
    if migrated():  # else the history's table may not be today's: `migrate` comes first
        with transaction.atomic():
            Backups.objects.update_or_create(pk=1, defaults={"made_at": contents.made_at})
            record("backup.restored", "network", by=by, now=now, people=people, unreadable=unreadable)
    return RestoredNetwork(contents, keys, people, unreadable, key_is_right())


def refuse_unless_empty(database: Database) -> int:
    """The server's version. Raises BackupFailed where the database isn't there, or isn't empty."""
    try:
        with database.connect() as line:
            if not is_empty(line):
                raise BackupFailed(
                    f"The database {database.name} isn't empty: name an empty one by DATABASE_URL, or give "
                    "an empty DATA_DIR."
                )
            return line.info.server_version
    except psycopg.Error:
        raise BackupFailed(
            f"The database {database.name} doesn't answer: make it (createdb), or check DATABASE_URL."
        ) from None


def refuse_misfit(path: Path, contents: Contents, *, kind: str, server: int) -> None:
    """Raises BackupFailed for an archive of the other kind, or one that this server or version can't hold."""
    if contents.kind != kind:
        wanted = "a backup" if kind == DATABASE else "an archive of keys"
        raise BackupFailed(f"{path} isn't {wanted}: FILE is the database, and FILE{KEYS_SUFFIX} its keys.")
    if contents.server // 10000 > server // 10000:
        raise BackupFailed(
            f"{path} comes from PostgreSQL {contents.server // 10000}, and this server is "
            f"{server // 10000}: restore into one that is as new."
        )
    loader = MigrationLoader(None, ignore_no_migrations=True)
    if not set(contents.migrations) <= {f"{app}.{name}" for app, name in loader.disk_migrations}:
        raise BackupFailed(f"{path} was made by a later version of Porchlight: restore it with that version.")


def refuse_misfit_of_keys(keys: Path, told: Contents, contents: Contents, *, server: int) -> None:
    """The same for an archive of keys; and raises BackupFailed for the keys of other people."""
    refuse_misfit(keys, told, kind=KEYS, server=server)
    if told.network != contents.network:
        raise BackupFailed(f"{keys} is of another network: give the newest archive of keys of this one.")


def newest_keys(path: Path, contents: Contents, identities: list[Any]) -> Path:
    """The latest archive of keys beside a backup that is of the same network; it may be of a later backup.

    With the latest keys nobody comes back who was erased since the backup was made. Raises BackupFailed.
    """
    known: list[tuple[datetime, Path]] = []
    for beside in sorted(path.parent.glob(f"*{KEYS_SUFFIX}")):
        try:
            told = contents_of(beside, identities)
        except BackupFailed:
            continue  # sealed to others, or something else by this name
        if told.kind == KEYS and told.network == contents.network:
            known.append((told.made_at, beside))
    if not known:
        raise BackupFailed(
            f"There are no keys beside {path}: give the newest archive of keys that you have by --keys."
        )
    return max(known)[1]


def _mark(contents: Contents, *, now: datetime) -> str:
    """The statement that makes a database a copy. It comes with the rows: no process sees one without it."""
    table = RestoredCopy._meta.db_table
    return (
        f"INSERT INTO public.{table} (id, restored_at, made_at) "  # noqa: S608  our own names, and two times
        f"VALUES (1, '{now.isoformat()}', '{contents.made_at.isoformat()}') "
        "ON CONFLICT (id) DO UPDATE SET restored_at = EXCLUDED.restored_at, made_at = EXCLUDED.made_at;"
    )


def load(
    paths: Sequence[Path], identities: list[Any], database: Database, *, server: int, then: str = ""
) -> None:
    """Load these archives in their order, then run `then`, all in one transaction. Raises BackupFailed."""
    programs = fitting(server)
    sql = programs.command("psql", *RUN_SQL)
    with started(sql, database, stdin=PIPE, stdout=DEVNULL) as (psql, errors):
        assert psql.stdin is not None
        try:
            psql.stdin.write(b"BEGIN;\n")
            for path in paths:
                _pour(path, identities, psql.stdin, database, programs, server=server)
            # Without these words, what was loaded is rolled back as psql ends.
            psql.stdin.write(f"{then}\nCOMMIT;\n".encode())
            psql.stdin.close()
        except BrokenPipeError:
            psql.wait()
        if psql.wait():
            raise BackupFailed(
                f"The backup could not be loaded ({complaint(errors)}): try again with an empty database."
            )


def _pour(
    path: Path, identities: list[Any], into: IO[bytes], database: Database, programs: Programs, *, server: int
) -> None:
    """One archive, through pg_restore, as SQL. Raises BackupFailed, or BrokenPipeError where psql ended."""
    to_sql = programs.command("pg_restore", *TO_SQL)
    with started(to_sql, database, stdin=PIPE, stdout=PIPE) as (pg_restore, errors):
        given, taken = pg_restore.stdin, pg_restore.stdout
        assert given is not None
        assert taken is not None
        broken: list[BaseException] = []
        pump = Thread(target=_pump, args=(taken, into, server, broken), daemon=True)
        pump.start()

        def begin(_: Contents) -> Writing:
            return given

        try:
            unseal(path, identities, begin)
            given.close()
        except BrokenPipeError:
            pg_restore.wait()
        except BaseException:
            pg_restore.kill()
            raise
        finally:
            pump.join()
        if broken:
            raise broken[0]
        if pg_restore.wait():
            raise BackupFailed(
                f"{path} could not be read ({complaint(errors)}): take another backup, or newer programs."
            )


def _pump(sql: IO[bytes], into: IO[bytes], server: int, broken: list[BaseException]) -> None:
    """What pg_restore writes, to psql, without settings that this server doesn't know."""
    try:
        for line in sql:
            if NEW_SETTINGS.get(line, 0) <= server // 10000:
                into.write(line)
            if line.startswith(END_OF_SETTINGS):
                break
        while piece := sql.read(1 << 16):
            into.write(piece)
        into.flush()
    except (OSError, ValueError) as ended:
        broken.append(BrokenPipeError() if isinstance(ended, ValueError) else ended)
        sql.close()  # else pg_restore waits for ever
