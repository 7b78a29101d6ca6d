"""What a worker is woken for. Each only says "look now": what is owed is a row."""

import logging
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from network.audit.actions import wake
from network.audit.rules import error_of
from network.conversations.actions import handle_strangers as handle_strangers_texts
from network.conversations.actions import handle_waiting
from network.dispatch import actions as dispatch
from network.dispatch.actions import plan_due_searches
from network.messaging import asking, backfill, erasing, media, outbox
from network.messaging.actions.inbox import OURS_FIRST
from network.visits import actions as visits

log = logging.getLogger("porchlight")
ROUNDS = 5  # of a few phones each


def task(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A task that gives its connection back to the pool when it ends.

    One that fails says its kind of error only, since a message may hold private words, and is done:
    what was owed is a row, and the engine looks at it again.
    """

    def register(work: Callable[..., None]) -> Callable[..., None]:
        @app.task(name=name)
        @wraps(work)
        def run(**ids: str) -> None:
            try:
                work(**ids)
            except Exception as error:
                log.error("task %s failed: %s", name, error_of(error))
            finally:
                connection.close()

        return run

    return register


@task("handle_texts")
def handle_texts() -> None:
    """Whatever waits, a few phones at a time, and after each few the searches that their texts made due: at
    once, without the hop through the queue. After a while another goes on, so that none runs for long."""
    for _ in range(ROUNDS):
        handled = handle_waiting(now=timezone.now())
        plan_due_searches(now=timezone.now())
        if not handled:
            return
    wake("handle_texts", once="texts:more", priority=OURS_FIRST)


@task("handle_strangers")
def handle_strangers() -> None:
    handle_strangers_texts(now=timezone.now())


@task("drain_outbox")
def drain_outbox() -> None:
    outbox.drain()


@task("backfill")
def backfill_texts() -> None:
    backfill.backfill(now=timezone.now())


@task("ask_for_receipts")
def ask_for_receipts() -> None:
    asking.ask_for_receipts(now=timezone.now())


@task("fetch_media")
def fetch_media() -> None:
    media.fetch_media(now=timezone.now())


@task("erase_at_carrier")
def erase_at_carrier() -> None:
    erasing.erase_at_carrier(now=timezone.now())


@task("text_not_delivered")
def text_not_delivered(*, outbound_id: str) -> None:
    dispatch.mind_not_delivered(UUID(outbound_id), now=timezone.now())


@task("release_suspended")
def release_suspended() -> None:
    visits.release_suspended(now=timezone.now())
