"""A worker: takes tasks, and steps the engine once a second."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from network import engine
from network.audit.rules import error_of
from network.database import room
from network.desk.actions import leave_work, show_life
from network.desk.rules import ENGINE_PART
from network.messaging.backfill import want as want_backfill
from network.starting import fit_connections, is_still_ours, refuse_misconfigured, refuse_wrong_database
from network.supervisor import end_with_stdin

log = logging.getLogger("porchlight")
# Hands for each queue: a carrier that hangs, or strangers by the thousand, take their own only.
HANDS = {"people": 6, "outbox": 2, "strangers": 1, "carrier": 2}
BESIDE = 3  # threads for the engine, for signs of life, and one to spare
STEP_EVERY_S = 1.0
SHOW_LIFE_EVERY_S = 2.0
TAKE_UP_AGAIN_S = 1.0  # a part that has ended
HEARTBEAT_S = 2.0
STALLED_S = 8.0


class NotOurs(Exception):
    """While we ran, the database became another's: its key or its tables aren't ours."""


class Command(BaseCommand):
    help = "Takes tasks from the database and steps the engine. Needs what `up` needs."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_misconfigured()
        refuse_wrong_database(now=timezone.now())
        fit_connections(room.WORKER, room.WORKER_BESIDE)
        want_backfill(now=timezone.now())
        connection.close()
        end_with_stdin()
        try:
            asyncio.run(work(f"{socket.gethostname()[:40]}:{os.getpid()}"))
        except NotOurs:
            raise CommandError(
                "This database is another's now, by its key or its tables: the worker has stopped."
            ) from None


@dataclass(slots=True)
class Signs:
    """When each part of this worker was last at work; a queue all of whose hands are busy is at work."""

    at: dict[str, datetime] = field(default_factory=dict)
    busy: dict[str, int] = field(default_factory=dict)

    def seen(self, part: str) -> None:
        self.at[part] = timezone.now()

    def now(self) -> dict[str, datetime]:
        for queue, hands in HANDS.items():
            if self.busy.get(queue, 0) >= hands:
                self.seen(queue)
        return dict(self.at)


async def work(name: str) -> None:
    """Tasks and clock side by side, until a signal. A part that ends is taken up again.

    Raises NotOurs.
    """
    loop, stopping = asyncio.get_running_loop(), asyncio.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(kind, stopping.set)
    # As many threads as hands: the loop's own few would be shared by all queues and the engine.
    loop.set_default_executor(ThreadPoolExecutor(sum(HANDS.values()) + BESIDE, thread_name_prefix="hand"))
    loop.set_exception_handler(tell_of_lost_task)
    signs = Signs()
    # The stock command swaps the connector of the whole process, so that what a task defers would
    # survive its rollback. This one gives the worker a connector of its own.
    connector: Any = app.connector
    with app.with_connector(connector.get_worker_connector()) as taking:
        async with taking.open_async():
            watch_fetching(taking, signs)
            parts: list[asyncio.Task[None]] = [
                asyncio.create_task(keep(queue, partial(take, taking, queue, hands, name, signs)))
                for queue, hands in HANDS.items()
            ]
            parts.append(asyncio.create_task(keep(ENGINE_PART, partial(step_for_ever, signs))))
            showing = asyncio.create_task(show_life_for_ever(name, signs))
            stopped = asyncio.create_task(stopping.wait())
            try:
                done, _ = await asyncio.wait({*parts, showing, stopped}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in (*parts, showing, stopped):
                    one.cancel()
                await asyncio.wait({*parts, showing, stopped}, timeout=3)
                with suppress(DatabaseError):
                    await asyncio.to_thread(say_goodbye, name)
            for one in done - {stopped}:  # only what can't be taken up again ends by itself
                one.result()


async def keep(part: str, run: Callable[[], Awaitable[object]]) -> None:
    """Take a part up again whenever it ends, with an error or without: only a signal ends it."""
    while True:
        try:
            await run()
            log.error("%s ended; taken up again", part)
        except Exception as error:
            log.error("%s ended; taken up again: %s", part, error_of(error))
        await asyncio.sleep(TAKE_UP_AGAIN_S)


async def take(taking: Any, queue: str, hands: int, name: str, signs: Signs) -> None:
    async def count(call: Callable[[], Awaitable[object]], context: object, worker: object) -> object:
        signs.busy[queue] = signs.busy.get(queue, 0) + 1
        try:
            return await call()
        finally:
            signs.busy[queue] -= 1

    signs.busy[queue] = 0
    await taking.run_worker_async(
        queues=[queue],
        name=f"{name}:{queue}",
        concurrency=hands,
        delete_jobs="always",
        install_signal_handlers=False,
        listen_notify=True,
        update_heartbeat_interval=HEARTBEAT_S,
        stalled_worker_timeout=STALLED_S,
        fetch_job_polling_interval=1.0,
        worker_middleware=[count],
    )


def watch_fetching(taking: Any, signs: Signs) -> None:
    """A queue shows that it is at work whenever it has asked for its next task, and was answered."""
    fetch = taking.job_manager.fetch_job

    async def fetch_and_tell(*, queues: list[str], worker_id: int) -> Any:
        job = await fetch(queues=queues, worker_id=worker_id)
        for queue in queues:
            signs.seen(queue)
        return job

    taking.job_manager.fetch_job = fetch_and_tell


def tell_of_lost_task(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """An error that nobody waited for, such as of a task whose row others took: its kind only, no words."""
    error = context.get("exception")
    log.error("a task in the worker ended: %s", error_of(error) if error else "without an error")


async def step_for_ever(signs: Signs) -> None:
    while True:
        if await asyncio.to_thread(step_once):
            signs.seen(ENGINE_PART)
        await asyncio.sleep(STEP_EVERY_S)


def step_once() -> bool:
    """Never dies of an error; says its kind only, since its message may hold private words.

    False where it failed, or another worker is at it.
    """
    try:
        forget_stalled()
        return engine.step(timezone.now())
    except Exception as error:
        log.error("the engine's step failed: %s", error_of(error))
        return False
    finally:
        connection.close()


async def show_life_for_ever(name: str, signs: Signs) -> None:
    """Raises NotOurs."""
    while True:
        await asyncio.to_thread(show_life_once, name, signs)
        await asyncio.sleep(SHOW_LIFE_EVERY_S)


def show_life_once(name: str, signs: Signs) -> None:
    """Raises NotOurs. A database that doesn't answer is waited for."""
    try:
        if not is_still_ours():
            raise NotOurs
        show_life(name, signs.now())
    except DatabaseError as error:
        log.error("signs of life could not be written: %s", error_of(error))
    finally:
        connection.close()


def say_goodbye(name: str) -> None:
    try:
        leave_work(name)
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
