"""A test that is rolled back never commits: the outermost block within it counts as its transaction."""

from typing import Any

import pytest
from django.db import connections
from django.db.transaction import Atomic

from network.database.base import DatabaseWrapper


def count_blocks_within_tests(patch: pytest.MonkeyPatch) -> None:
    """What a transaction owes is paid at the end of such a block, and outside it at once."""
    owe, commit, leave = DatabaseWrapper.owe, DatabaseWrapper.savepoint_commit, Atomic.__exit__

    def owe_within(self: DatabaseWrapper, pay: Any, debt: Any) -> None:
        if _only_the_tests_own(self):
            pay([debt])
        else:
            owe(self, pay, debt)

    def commit_within(self: DatabaseWrapper, sid: str) -> None:
        if self._owed and _only_the_tests_own(self):
            self.savepoint_ids.append(sid)
            try:
                self._pay()
            finally:
                self.savepoint_ids.pop()
        commit(self, sid)

    def leave_within(self: Atomic, kind: Any, *failure: Any) -> None:
        leave(self, kind, *failure)
        connection = connections[self.using or "default"]
        if kind or not isinstance(connection, DatabaseWrapper) or not connection.in_atomic_block:
            return
        if connection._owed and not connection.needs_rollback and _only_the_tests_own(connection):
            connection._pay()  # a block that wants no savepoint

    patch.setattr(DatabaseWrapper, "owe", owe_within)
    patch.setattr(DatabaseWrapper, "savepoint_commit", commit_within)
    patch.setattr(Atomic, "__exit__", leave_within)


def _only_the_tests_own(connection: DatabaseWrapper) -> bool:
    return all(block._from_testcase for block in connection.atomic_blocks)
