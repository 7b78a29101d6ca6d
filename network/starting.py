"""What `up`, `web` and `worker` make sure of before they start."""

import sys

from django.conf import settings
from django.core.management.base import CommandError

from network.configuration import Misconfigured, refuse_incomplete
from network.database import room
from network.people.queries import is_demo


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


def fit_connections(wanted: int, beside: int) -> None:
    """No more connections than the server has left; says so where they are few. Raises CommandError."""
    found = room.look()
    size = room.pool_for(wanted, beside, found)
    if not size:
        raise CommandError(room.sentence(found))
    if size < wanted:
        print(room.sentence(found), file=sys.stderr, flush=True)
        room.resize(size)
