"""PostgreSQL's own programs for a dump: which fit this server, and how they are started.

A dump is only made by programs that are not older than the server, as a distribution's often are.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import pq

from network import embedded
from network.backups.failure import BackupFailed

NEEDED = ("pg_dump", "pg_restore", "psql")
INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one version, in one folder."""

    folder: Path
    major: int

    def command(self, name: str, *words: str) -> list[str]:
        return [str(self.folder / name), *words]


def fitting(server: int) -> Programs:
    """The embedded server's own where it runs, else the newest that aren't older than the server, which is a
    version such as 180006. Raises BackupFailed.
    """
    major = server // 10000
    if settings.CONFIGURATION.database_url is None:
        return Programs(embedded.binaries(), major)
    known = [programs for folder in _folders() if (programs := _in(folder))]
    newest = max(known, key=lambda programs: programs.major, default=None)
    if newest is None or newest.major < major:
        raise BackupFailed(
            f"No pg_dump here is as new as the server, PostgreSQL {major}: install postgresql-client-{major}."
        )
    return newest


def _folders() -> Iterable[Path]:
    for pattern in INSTALLED:
        yield from Path("/").glob(pattern.removeprefix("/"))
    yield from (Path(folder) for folder in os.get_exec_path() if folder)
    try:
        yield embedded.binaries()
    except embedded.Unavailable:
        return


def _in(folder: Path) -> Programs | None:
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    try:
        told = subprocess.run(
            [folder / "pg_dump", "--version"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = VERSION.search(told.stdout)
    return Programs(folder, int(match[1])) if match else None


@dataclass(frozen=True, slots=True)
class Database:
    """How libpq reaches one database. What it takes stands in no command line, where others could read it."""

    given: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.given["dbname"]

    def named(self, name: str) -> "Database":
        """Another one on the same server."""
        return Database({**self.given, "dbname": name})

    def connect(self, **more: Any) -> psycopg.Connection:
        return psycopg.connect(**{**self.given, **more})

    def environment(self) -> dict[str, str]:
        """For a program: ours, and what names this database."""
        variables = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
        named = {
            variable.decode(): value
            for keyword, value in self.given.items()
            if (variable := variables[keyword])
        }
        return {**os.environ, **named}


def ours() -> Database:
    """The database that Django uses."""
    keywords = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    given: dict[str, Any] = connection.get_connection_params()
    return Database(
        {
            name: str(value)
            for name, value in given.items()
            if name in keywords and name != "options" and value not in (None, "")
        }
    )


@contextmanager
def started(
    command: Sequence[str], database: Database, **more: Any
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A program at work on this database, and what it says of errors. It never outlives the block."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env=database.environment(), stderr=errors, **more)
        try:
            yield process, errors
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    _close(pipe)
            if process.poll() is None:
                process.kill()
            process.wait()


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return  # its other end has gone before


def complaint(errors: IO[bytes]) -> str:
    """The first error that a program told, without what the server adds of rows."""
    errors.seek(0)
    lines = errors.read().decode(errors="replace").splitlines()
    told = [line for line in lines if re.search(r"\b(error|fatal)\b", line, re.IGNORECASE)]
    return (told or lines or ["it said nothing"])[0].strip().rstrip(".")
