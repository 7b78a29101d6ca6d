"""Advisory locks of the database, all in one place: two that share a number would hold each other back."""

from enum import IntEnum, unique

import psycopg
from django.db import connection


@unique
class Lock(IntEnum):
    """What only one process does at a time. The numbers are the database's."""

    ENGINE = 7201  # steps
    PAGING = 7202
    TRUST = 7203  # the graph of vouches changes, or somebody is entered
    SCHEDULE = 7204  # shifts change
    SURGE = 7205  # many searches are planned as one
    BACKUP = 7206  # a nightly backup is made
    REHEARSAL = 7207  # a backup is tried out in a database beside this one


def hold(lock: Lock) -> None:
    """Until the transaction ends; waits for whoever has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def hold_if_free(lock: Lock) -> bool:
    """The same without waiting; False where another has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])


def take_if_free(lock: Lock) -> bool:
    """Across transactions, on this connection, until `give_back`; False where another has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])


def take_if_free_on(line: psycopg.Connection, lock: Lock) -> bool:
    """As `take_if_free`, on a connection that isn't Django's; until it ends, however it does."""
    free = line.execute("SELECT pg_try_advisory_lock(%s)", [int(lock)]).fetchone()
    return free is not None and bool(free[0])


def give_back(lock: Lock) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
