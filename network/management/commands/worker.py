"""A worker: listens for what it is woken for, and steps the engine once a second."""

import logging
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Thread
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from network import engine
from network.audit.actions import WORKERS
from network.audit.rules import Task, error_of
from network.database import room
from network.desk.actions import leave_work, show_life
from network.desk.rules import ENGINE_PART
from network.messaging.inbox.backfill import want as want_backfill
from network.queues import Queue
from network.starting import fit_connections, is_still_ours, refuse_misconfigured, refuse_wrong_database
from network.supervisor import end_with_stdin
from network.tasks import queues

log = logging.getLogger("porchlight")
STEP_EVERY_S = 1.0
SHOW_LIFE_EVERY_S = 2.0
ASK_LINE_EVERY_S = 2.0  # one that was cut elsewhere says nothing by itself
TAKE_UP_AGAIN_S = 1.0  # a part that has ended


class Command(BaseCommand):
    help = "Does what is owed and steps the engine. Needs what `up` needs."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_misconfigured()
        refuse_wrong_database(now=timezone.now())
        fit_connections(room.WORKER, room.WORKER_BESIDE)
        want_backfill(now=timezone.now())
        connection.close()
        end_with_stdin()
        worker = Worker(f"{socket.gethostname()[:40]}:{os.getpid()}", queues())
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, lambda *_: worker.stopping.set())
        worker.work()
        if worker.is_anothers:
            raise CommandError(
                "This database is another's now, by its key or its tables: the worker has stopped."
            )


@dataclass(slots=True)
class Worker:
    """Its parts are threads side by side. One that ends is taken up again, until `stopping` is set."""

    name: str
    queues: list[Queue]
    stopping: Event = field(default_factory=Event)
    signs: dict[str, datetime] = field(default_factory=dict)  # when each part was last at work
    is_anothers: bool = False  # the database has become another's, by its key or its tables

    def work(self) -> None:
        parts: dict[str, Callable[[], None]] = {
            "listener": self.listen,
            ENGINE_PART: self.step,
            "signs of life": self.show_life,
        }
        threads = [
            Thread(target=self._keep, args=(part, run), name=part, daemon=True) for part, run in parts.items()
        ]
        for thread in threads:
            thread.start()
        self.stopping.wait()
        for queue in self.queues:
            queue.end()
        for thread in threads[1:]:  # the listener may wait for its line
            thread.join(timeout=1)
        try:
            leave_work(self.name)
        except DatabaseError as error:
            log.error("the signs of life could not be taken back: %s", error_of(error))
        finally:
            connection.close()

    def _keep(self, part: str, run: Callable[[], None]) -> None:
        """Take a part up again whenever it ends, with an error or without."""
        while not self.stopping.is_set():
            try:
                run()
            except Exception as error:
                log.error("%s ended; taken up again: %s", part, error_of(error))
            self.stopping.wait(TAKE_UP_AGAIN_S)

    def listen(self) -> None:
        """Wake the threads for what any process says. What was said while nobody listened is looked for at
        once: without a line each look is a second late, and that is all."""
        by_task = {str(task): queue for queue in self.queues for task in queue.jobs}
        for queue in self.queues:
            queue.wake_all()
        with psycopg.connect(settings.DATABASE_URL, autocommit=True) as line:
            line.execute(f"LISTEN {WORKERS}")
            for queue in self.queues:
                queue.wake_all()
            while not self.stopping.is_set():
                self.signs |= dict.fromkeys((queue.name for queue in self.queues), timezone.now())
                for note in line.notifies(timeout=ASK_LINE_EVERY_S):
                    if known := by_task.get(note.payload):
                        known.wake(Task(note.payload))
                line.execute("SELECT 1")

    def step(self) -> None:
        while not self.stopping.is_set():
            if step_once():
                self.signs[ENGINE_PART] = timezone.now()
            self.stopping.wait(STEP_EVERY_S)

    def show_life(self) -> None:
        while not self.stopping.is_set():
            self.is_anothers = not show_life_once(self.name, dict(self.signs))
            if self.is_anothers:
                self.stopping.set()
            self.stopping.wait(SHOW_LIFE_EVERY_S)


def step_once() -> bool:
    """Never dies of an error; says its kind only, since its message may hold private words.

    False where it failed, or another worker is at it.
    """
    try:
        return engine.step(timezone.now())
    except Exception as error:
        log.error("the engine's step failed: %s", error_of(error))
        connection.close()
        return False


def show_life_once(name: str, signs: dict[str, datetime]) -> bool:
    """False where the database is another's now. One that doesn't answer is waited for."""
    try:
        if not is_still_ours():
            return False
        show_life(name, signs)
    except DatabaseError as error:
        log.error("signs of life could not be written: %s", error_of(error))
    finally:
        connection.close()
    return True
