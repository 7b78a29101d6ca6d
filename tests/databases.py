"""A database for each worker: cloned from one that is migrated once and kept, and emptied by its rows."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from tests.environment import KEPT

NETWORK = Path(__file__).resolve().parent.parent / "network"
MIGRATED = ("django", "django-allauth")  # packages that bring migrations of their own
NOT_OURS = ("django_migrations",)  # what migrations did


@contextmanager
def own_database(worker: str, *, anew: bool) -> Iterator[None]:
    """This process's own database, for as long as the tests run."""
    home, name = connection.settings_dict["NAME"], f"porchlight_test_{os.getpid()}_{worker}"
    _drop_abandoned()
    with _one_maker():
        template = _template(anew=anew)
        _run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _use(name)
    try:
        yield
    finally:
        _use(home)
        _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.close_pool()


def fingerprint() -> str:
    """Of all that decides what tables there are: migrations and models, ours and the packages'."""
    files = [*NETWORK.rglob("migrations/*.py"), *NETWORK.rglob("models.py"), *NETWORK.rglob("models/*.py")]
    digest = hashlib.sha256(repr([version(package) for package in MIGRATED]).encode())
    for file in sorted(files):
        digest.update(f"{file.relative_to(NETWORK)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _template(*, anew: bool) -> str:
    """The name of the migrated database, made if it isn't there. Stale ones go."""
    name = f"porchlight_template_{fingerprint()}"
    kept = _names("porchlight_template_%")
    for stale in kept:
        if stale != name or anew:
            _run(f'DROP DATABASE "{stale}" WITH (FORCE)')
    if name not in kept or anew:
        _make(name)
    return name


def _make(name: str) -> None:
    home = connection.settings_dict["NAME"]
    _run('DROP DATABASE IF EXISTS "porchlight_making" WITH (FORCE)')
    _run('CREATE DATABASE "porchlight_making"')
    _use("porchlight_making")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    empty()  # what migrations wrote is there for no test, so that their order doesn't matter
    _use(home)
    _run(f'ALTER DATABASE "porchlight_making" RENAME TO "{name}"')


@contextmanager
def _one_maker() -> Iterator[None]:
    KEPT.mkdir(exist_ok=True)
    with (KEPT / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _drop_abandoned() -> None:
    """What a run left that was killed."""
    for name in _names("porchlight_test_%"):
        pid = int(name.split("_")[2])
        if not Path(f"/proc/{pid}").exists():
            with suppress(Exception):  # another worker was first
                _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _names(like: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like])
        return [name for (name,) in cursor.fetchall()]


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _use(name: str) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name
    _tables.cache_clear()


@cache
def _tables() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return tuple(sorted(name for (name,) in cursor.fetchall() if name not in NOT_OURS))


def empty() -> None:
    """Empty the tables that hold rows, in one statement. No trigger runs, so their order doesn't matter."""
    asked = " UNION ALL ".join(f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in _tables())
    with connection.cursor() as cursor:
        cursor.execute(asked)
        full = [name for (name,) in cursor.fetchall()]
        if full:
            deletes = ", ".join(f't{n} AS (DELETE FROM "{name}")' for n, name in enumerate(full))
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"WITH {deletes} SELECT 1")
            cursor.execute("SET session_replication_role = DEFAULT")
