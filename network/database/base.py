"""Django's PostgreSQL with a pool that heals: a connection is tried when it is taken, a dead one thrown away.

The pool alone waits between its own tries, twice as long each time, and gives up for whoever waits already;
so it is asked for a short time (settings.py), and asked again.

And what a transaction owes at its end: lines of history, hints and wake-ups are collected while it runs, and
paid in one statement just before it commits.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

import psycopg
from django.db.backends.postgresql import base, psycopg_any
from psycopg_pool import ConnectionPool, PoolTimeout

MOST_PREPARED = 500  # statements that a connection keeps: more than we have
WITHIN_S = 10.0  # a restart of the server takes a few; the carrier waits fifteen for its answer


type Pay = Callable[[list[Any]], None]


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection, from the process's pool."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._apart = False
        self._owed: list[tuple[frozenset[str | None], Pay, Any]] = []  # with the savepoints that it stands in

    def owe(self, pay: Pay, debt: Any) -> None:
        """`pay` gets all its debts of this transaction at once, just before the commit and as a part of it;
        those since a savepoint that is rolled back are dropped with it. Outside a transaction: at once.
        """
        if self.in_atomic_block:
            self._owed.append((frozenset(self.savepoint_ids), pay, debt))
        else:
            pay([debt])

    def _pay(self) -> None:
        owed, self._owed = self._owed, []
        for pay in dict.fromkeys(pay for _, pay, _ in owed):
            pay([debt for _, whose, debt in owed if whose is pay])

    def _commit(self) -> None:
        if self._owed:
            self.in_atomic_block = True  # still: what is paid is undone with the rest
            try:
                self._pay()
            except BaseException:
                self.in_atomic_block = False
                self.rollback()
                raise
            self.in_atomic_block = False
        super()._commit()  # type: ignore[misc]  # Django's own, which its stubs leave out

    def savepoint_rollback(self, sid: str) -> None:
        super().savepoint_rollback(sid)
        self._owed = [debt for debt in self._owed if sid not in debt[0]]

    def _rollback(self) -> None:
        self._owed = []
        super()._rollback()  # type: ignore[misc]  # the same

    def close(self) -> None:
        self._owed = []
        super().close()

    @contextmanager
    def values_apart(self) -> Iterator[None]:
        """Values go to the server apart from the statement's words, which it then keeps, planned."""
        self._apart = True
        try:
            yield
        finally:
            self._apart = False

    def create_cursor(self, name: str | None = None) -> Any:
        """As Django's, which would look here whether the connection reads times as it wants."""
        if name:
            kind: Any = base.ServerSideCursor  # its stub takes nothing
            return kind(self.connection, name=name, scrollable=False, withhold=self.connection.autocommit)
        return psycopg.Cursor(self.connection) if self._apart else self.connection.cursor()

    def get_connection_params(self) -> dict[str, Any]:
        """With times read by the driver itself: Django's own reader is in Python, and a row has ten."""
        given = super().get_connection_params()
        given["context"].register_loader("timestamptz", psycopg_any.orig_tz_loader_cls)
        return given

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
                taken.prepared_max = MOST_PREPARED
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
