"""Django's PostgreSQL with a pool that heals: a connection is tried when it is taken, a dead one thrown away.

The pool alone waits between its own tries, twice as long each time, and gives up for whoever waits already;
so it is asked for a short time (settings.py), and asked again.
"""

from contextlib import suppress
from time import monotonic
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool, PoolTimeout

WITHIN_S = 10.0  # a restart of the server takes a few; the carrier waits fifteen for its answer


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection, from the process's pool."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        pool = self.pool
        if not pool:
            return super().get_new_connection(conn_params)
        deadline = monotonic() + WITHIN_S
        while True:
            try:
                taken = super().get_new_connection(conn_params)
            except PoolTimeout:
                if monotonic() >= deadline:
                    raise
                continue
            if is_alive(taken):
                return taken
            with suppress(psycopg.Error):
                taken.close()
            pool.putconn(taken)  # another is made in its place


def is_alive(taken: Any) -> bool:
    try:
        ConnectionPool.check_connection(taken)
    except psycopg.Error:
        return False
    return True
