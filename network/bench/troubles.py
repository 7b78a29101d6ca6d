"""What goes wrong on our own side of a bad day: the database, its connections, and workers."""

import base64
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import psycopg

from network.bench.town import BenchTown

FROZEN_S = 20.0  # longer than a text is leased to a worker (messaging.rules.LEASE)
REFUSES_WITHIN_S = 60.0
GONE_WITHIN_S = 30.0
STARTS = "import sys, pathlib; from network import embedded; embedded.ensure(pathlib.Path(sys.argv[1]))"


class Untrue(Exception):
    """Something that must be refused was not."""


def cut_connections(here: BenchTown, dsn: str) -> str:
    """Every connection to the database is ended by the server, in whatever it is doing."""
    with psycopg.connect(dsn, autocommit=True) as line:
        found = line.execute(
            "SELECT count(*) FILTER (WHERE state <> 'idle'), count(pg_terminate_backend(pid))"
            " FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    busy, ended = found or (0, 0)
    return f"{ended} connections cut, {busy} of them busy"


def restart_database(here: BenchTown, dsn: str) -> str:
    """A fast shutdown while all are at work, and a start, as whoever uses the folder would start it."""
    kept = here.folder / "var" / "postgres" / "postmaster.pid"
    began = time.monotonic()
    os.kill(int(kept.read_text().split()[0]), signal.SIGINT)
    while kept.exists() and time.monotonic() - began < GONE_WITHIN_S:
        time.sleep(0.05)
    stopped = time.monotonic() - began
    subprocess.run([sys.executable, "-c", STARTS, here.folder / "var"], env=here.environment, check=True)
    return f"database restarted: down after {stopped:.1f} s, back after {time.monotonic() - began:.1f} s"


def freeze_worker(here: BenchTown, dsn: str) -> str:
    """One worker stands still until others have taken its leases, and then goes on where it was."""
    workers = here.pids("\0worker\0")
    if not workers:
        return "no worker to freeze"
    pid = workers[0]
    os.kill(pid, signal.SIGSTOP)

    def thaw() -> None:
        time.sleep(FROZEN_S)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    threading.Thread(target=thaw, daemon=True).start()
    return f"one of {len(workers)} workers frozen for {FROZEN_S:.0f} s"


def start_with_another_key(here: BenchTown, dsn: str) -> str:
    """A worker that was given another network's key. Raises Untrue where it goes to work all the same."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    began = time.monotonic()
    wrong = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        env={**here.environment, "FIELD_KEY": key},
        stdout=subprocess.DEVNULL,
        stderr=here.log,
    )
    try:
        code = wrong.wait(REFUSES_WITHIN_S)
    except subprocess.TimeoutExpired:
        wrong.kill()
        wrong.wait()
        raise Untrue("A worker with another key went to work.") from None
    if code == 0:
        raise Untrue("A worker with another key ended as if all were well.")
    return f"a worker with another key refused after {time.monotonic() - began:.1f} s"


TROUBLES = (cut_connections, restart_database, freeze_worker, start_with_another_key)
