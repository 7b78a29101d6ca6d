"""How many connections the server allows, and how many of them a process of ours takes."""

from dataclasses import dataclass

from django.db import connection

WEB, WEB_BESIDE = 16, 1  # in the pool: a thread of each door has one; beside it one that listens
WORKER, WORKER_BESIDE = 16, 1  # its threads, its engine, its signs of life; beside it one that listens
LEAST = 6  # with fewer a process is no use
ALL = WEB + WEB_BESIDE + WORKER + WORKER_BESIDE
ENOUGH = 60  # with those that the server keeps for its superuser
SPARE = 10  # for `up`, a command beside it, a backup, and somebody who looks


@dataclass(frozen=True, slots=True)
class ConnectionRoom:
    """Connections that the server lets us have, and how many are in use on it."""

    allowed: int
    used: int

    @property
    def free(self) -> int:
        return self.allowed - self.used


def look() -> ConnectionRoom:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
            " - coalesce(current_setting('reserved_connections', true), '0')::int,"
            " (SELECT coalesce(sum(numbackends), 0) FROM pg_stat_database)"
        )
        allowed, used = cursor.fetchone()
    return ConnectionRoom(int(allowed), int(used))


def sentence(room: ConnectionRoom) -> str:
    return (
        f"PostgreSQL allows {room.allowed} connections and {max(room.free, 0)} are free, but one web process "
        f"and one worker take {ALL}: set max_connections to {ENOUGH} or more, and restart PostgreSQL."
    )


def pool_for(wanted: int, beside: int, room: ConnectionRoom) -> int:
    """The pool's size that fits; 0 where too few are free. Ours that made the look is one of those used."""
    fits = min(wanted, room.free + 1 - beside)
    return fits if fits >= LEAST else 0


def resize(size: int) -> None:
    """Of this process's pool, for all its threads."""
    connection.settings_dict["OPTIONS"]["pool"]["max_size"] = size
    pool = getattr(connection, "pool", None)
    if pool:
        pool.resize(1, size)


def pool_size() -> int:
    return int(connection.settings_dict["OPTIONS"]["pool"]["max_size"])
