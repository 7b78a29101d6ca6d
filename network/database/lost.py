"""Whether the database was lost in the middle of a piece of work, and whether that work had written anything.

What wrote nothing can be done once more from its beginning.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, InterfaceError, OperationalError, connection, transaction
from psycopg_pool import PoolTimeout

ONLY_READS = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET|SHOW)\b", re.IGNORECASE)
CHANGES_ANYHOW = re.compile(r"pg_notify|nextval", re.IGNORECASE)
GONE = ("08", "57P01", "57P02", "57P03")  # how states of a lost or a stopping server begin


class LossWatch:
    """`lost` once a statement found no server; `wrote` once something may have been written for good."""

    def __init__(self) -> None:
        self.lost = self.wrote = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        held = context["connection"]
        changes = not isinstance(sql, str) or not ONLY_READS.match(sql) or bool(CHANGES_ANYHOW.search(sql))
        try:
            found = execute(sql, params, many, context)
        except (OperationalError, InterfaceError) as error:
            if is_loss(error):
                self.lost = True
                self.wrote |= changes and not held.in_atomic_block
            raise
        if changes:
            self._note(held.alias, in_transaction=held.in_atomic_block)
        return found

    def failed_by(self, error: BaseException | None) -> None:
        """What ended the work. A loss that no statement saw was the commit's: it may have been written."""
        if is_loss(error) and not self.lost:
            self.lost = self.wrote = True

    def _note(self, alias: str, *, in_transaction: bool) -> None:
        if in_transaction:
            transaction.on_commit(self._written, using=alias)
        else:
            self._written()

    def _written(self) -> None:
        self.wrote = True


@contextmanager
def watched() -> Iterator[LossWatch]:
    """What this thread does on its connection meanwhile."""
    watch = LossWatch()
    with connection.execute_wrapper(watch):
        yield watch


def is_loss(error: BaseException | None) -> bool:
    """The server was lost: not that it refused something, nor that none was to be had."""
    if not isinstance(error, Error) or isinstance(error.__cause__, PoolTimeout):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(GONE)
