"""A worker: takes tasks, and steps the engine once a second."""

import asyncio
import logging
import os
import signal
import socket
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from network import engine
from network.audit.rules import error_of
from network.database import room
from network.desk.actions import tick
from network.messaging.backfill import want as want_backfill
from network.starting import fit_connections, refuse_misconfigured, refuse_wrong_kind_of_database
from network.supervisor import end_with_stdin

log = logging.getLogger("porchlight")
# Hands for each queue: a carrier that hangs, or strangers by the thousand, take their own only.
HANDS = {"people": 6, "outbox": 2, "strangers": 1, "carrier": 2}
STEP_EVERY_S = 1.0
HEARTBEAT_S = 2.0
STALLED_S = 8.0


class Command(BaseCommand):
    help = "Takes tasks from the database and steps the engine. Needs what `up` needs."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_misconfigured()
        refuse_wrong_kind_of_database()
        fit_connections(room.WORKER, room.WORKER_BESIDE)
        want_backfill(now=timezone.now())
        connection.close()
        end_with_stdin()
        asyncio.run(work(f"{socket.gethostname()[:40]}:{os.getpid()}"))


async def work(name: str) -> None:
    """Tasks and clock side by side, until a signal."""
    stopping = asyncio.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(kind, stopping.set)
    # The stock command swaps the connector of the whole process, so that what a task defers would
    # survive its rollback. This one gives the worker a connector of its own.
    connector: Any = app.connector
    with app.with_connector(connector.get_worker_connector()) as taking:
        async with taking.open_async():
            running = {
                asyncio.create_task(
                    taking.run_worker_async(
                        queues=[queue],
                        name=f"{name}:{queue}",
                        concurrency=hands,
                        delete_jobs="always",
                        install_signal_handlers=False,
                        listen_notify=True,
                        update_heartbeat_interval=HEARTBEAT_S,
                        stalled_worker_timeout=STALLED_S,
                        fetch_job_polling_interval=1.0,
                    )
                )
                for queue, hands in HANDS.items()
            }
            running.add(asyncio.create_task(step_for_ever(name)))
            await stopping.wait()
            for one in running:
                one.cancel()
            await asyncio.wait(running, timeout=3)


async def step_for_ever(name: str) -> None:
    while True:
        await asyncio.to_thread(step_once, name)
        await asyncio.sleep(STEP_EVERY_S)


def step_once(name: str) -> None:
    """Never dies of an error; says its kind only, since its message may hold private words."""
    try:
        forget_stalled()
        engine.step(timezone.now())
        tick(name, now=timezone.now())
    except Exception as error:
        log.error("the engine's step failed: %s", error_of(error))
    finally:
        connection.close()


def forget_stalled() -> None:
    """A task whose worker was killed stays `doing`, and its lock would hold back a phone.

    It was only a hint, and what it was about is a row that the engine finds; queued again, it might
    collide with a like one that waits already.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'doing'"
            " AND NOT EXISTS (SELECT 1 FROM procrastinate_workers w WHERE w.id = worker_id"
            " AND w.last_heartbeat > now() - make_interval(secs => %s))",
            [STALLED_S],
        )
