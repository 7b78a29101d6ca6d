"""What workers are woken for, heard as a worker hears it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from network.audit.actions import WORKERS


@contextmanager
def listening(channel: str = WORKERS) -> Iterator[Callable[[], list[str]]]:
    """Asked, it tells all that came on this channel since it was asked last."""
    settings = connection.settings_dict
    with psycopg.connect(
        dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"], autocommit=True
    ) as line:
        line.execute(f"LISTEN {channel}")
        yield lambda: [note.payload for note in line.notifies(timeout=0.3)]
