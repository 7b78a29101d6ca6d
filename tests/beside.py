"""Two connections at once: what one has begun and not committed, while the other looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

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
