"""What `up`, `web` and `worker` make sure of before they start."""

import sys
from datetime import datetime

from django.conf import settings
from django.core.management.base import CommandError

from network.configuration import Misconfigured, refuse_incomplete
from network.database import room
from network.health import migrated, newer_than_we
from network.organizations.queries import is_demo
from network.privacy.actions import set_key_check
from network.privacy.queries import key_is_right


def refuse_misconfigured() -> None:
    """One sentence that names the variable. Raises CommandError."""
    if settings.DEMO:
        return
    try:
        refuse_incomplete(settings.CONFIGURATION)
    except Misconfigured as wrong:
        raise CommandError(str(wrong)) from None


def refuse_wrong_kind_of_database() -> None:
    """A demo's database and a real one are never mistaken for each other. Raises CommandError."""
    demo = is_demo()
    if demo and not settings.DEMO:
        raise CommandError("This database holds a demo: give DATABASE_URL or DATA_DIR another.")
    if demo is False and settings.DEMO:
        raise CommandError("This database holds a real network: a demo needs another DATA_DIR.")


def refuse_wrong_key() -> None:
    """What is sealed can't be opened, and what came would be lost to the right key. Raises CommandError."""
    if not key_is_right():
        raise CommandError("FIELD_KEY is not the key of this database: find the right one.")


def refuse_newer_schema() -> None:
    """Tables that a later version made would be written wrongly by this one. Raises CommandError."""
    if newer_than_we():
        raise CommandError("A later version has changed this database: start that version, not this one.")


def refuse_wrong_database(*, now: datetime) -> None:
    """All that `up` makes sure of, for who joins a network that is set up. Raises CommandError."""
    refuse_newer_schema()
    if not migrated():
        raise CommandError("The tables of this database are not made yet: run ./run migrate, or ./run up.")
    refuse_wrong_key()
    refuse_wrong_kind_of_database()
    set_key_check(now=now)


def is_still_ours() -> bool:
    """Asked while running: whether this is the database that we started on, by its key and its tables."""
    return key_is_right() and not newer_than_we()


def fit_connections(wanted: int, beside: int) -> None:
    """No more connections than the server has left; says so where they are few. Raises CommandError."""
    available = room.look()
    size = room.pool_for(wanted, beside, available)
    if not size:
        raise CommandError(room.sentence(available))
    if size < wanted:
        print(room.sentence(available), file=sys.stderr, flush=True)
        room.resize(size)
