"""Threads for work that a worker is woken for, so many for each queue."""

import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from django.db import connection
from django.utils import timezone

from network.audit.rules import Task, error_of
from network.messaging.quiet import is_quiet

log = logging.getLogger("porchlight")


@dataclass(frozen=True, slots=True)
class Job:
    """What is done for a task, by `most` threads at a time. `look` finds what is owed, and does it.

    `until_nothing`: it does a part at a time, and is asked again as long as it did anything.
    """

    task: Task
    look: Callable[..., object]
    most: int = 1
    until_nothing: bool = False


class Queue:
    """Jobs that share threads.

    A wake-up starts a thread, if one is free and the job isn't done by its most already. Otherwise whoever is
    at it looks once more before going: nothing that was committed before a wake-up stays unseen.
    """

    def __init__(self, name: str, jobs: Collection[Job], *, threads: int) -> None:
        self.name = name
        self.jobs = {job.task: job for job in jobs}
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._lock = Lock()
        self._at_work = dict.fromkeys(self.jobs, 0)
        self._once_more = dict.fromkeys(self.jobs, False)
        self._ending = False

    def wake(self, task: Task) -> None:
        job = self.jobs[task]
        with self._lock:
            if self._ending:
                return
            if self._at_work[task] == job.most:
                self._once_more[task] = True
                return
            self._at_work[task] += 1
        try:
            self._threads.submit(self._work, job)
        except BaseException:  # no thread is to be had: the next wake-up tries again
            with self._lock:
                self._at_work[task] -= 1
            raise

    def wake_all(self) -> None:
        for task in self.jobs:
            self.wake(task)

    def end(self) -> None:
        """Begin nothing more; what is under way goes on to its end."""
        with self._lock:
            self._ending = True
        self._threads.shutdown(wait=False)

    def _work(self, job: Job) -> None:
        while True:
            more = self._look(job)
            with self._lock:
                more = (more or self._once_more[job.task]) and not self._ending
                self._once_more[job.task] = False
                if not more:  # in the same breath: a wake-up in between would be lost
                    self._at_work[job.task] = max(0, self._at_work[job.task] - 1)
                    return

    def _look(self, job: Job) -> bool:
        """A job that fails says its kind of error only, since a message may hold private words, and is done:
        what was owed is a row, and the engine has it looked at again. In a restored copy no job is done: each
        of them answers people or asks the carrier."""
        try:
            return not is_quiet() and bool(job.look(now=timezone.now())) and job.until_nothing
        except Exception as error:
            log.error("task %s failed: %s", job.task, error_of(error))
            return False
        finally:
            connection.close()  # back to the pool
