"""Several connections at once: what one has begun and not committed, while the other looks; fifty together."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Barrier, Event, Thread

from django.db import connection, transaction


@contextmanager
def held_by_another(work: Callable[[], object]) -> Iterator[Event]:
    """`work` is done in a transaction of another connection, which ends once the event given is set, or after."""
    began, end, failed = Event(), Event(), []

    def run() -> None:
        try:
            with transaction.atomic():
                work()
                began.set()
                end.wait(10)
        except Exception as error:
            failed.append(error)
        finally:
            began.set()
            connection.close()

    other = Thread(target=run)
    other.start()
    began.wait(10)
    try:
        yield end
    finally:
        end.set()
        other.join(10)
    assert not failed, failed


def waits_for(first: Callable[[], object], second: Callable[[], object]) -> None:
    """The second begins while the first is done and not committed, and must wait for it."""
    done = Event()

    def run() -> None:
        try:
            second()
        finally:
            done.set()
            connection.close()

    with held_by_another(first) as end:
        late = Thread(target=run)
        late.start()
        assert not done.wait(0.3), "it did not wait"
        end.set()
        late.join(10)
        assert done.is_set()


def at_once[Found](jobs: Sequence[Callable[[], Found]]) -> list[Found]:
    """What each of these found, all begun together on connections of their own; in the order they ended."""
    found, ready = list[Found](), Barrier(len(jobs))

    def work(job: Callable[[], Found]) -> None:
        ready.wait(30)
        try:
            found.append(job())
        finally:
            connection.close()

    threads = [Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return found
