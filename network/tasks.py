"""What a worker is woken for. Each only says "look now": what is owed is a row."""

import logging
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from network.audit.rules import error_of
from network.conversations.actions import handle_strangers as handle_strangers_texts
from network.conversations.actions import handle_texts as handle_texts_of
from network.dispatch import actions as dispatch
from network.dispatch.actions import plan_due_searches
from network.duty.actions import page
from network.messaging import asking, backfill, erasing, media, outbox
from network.visits import actions as visits

log = logging.getLogger("porchlight")


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
def handle_texts(*, contact_id: str) -> None:
    handle_texts_of(UUID(contact_id), now=timezone.now())
    # The searches that these texts made due: at once, without the hop through the queue.
    plan_due_searches(now=timezone.now())


@task("handle_strangers")
def handle_strangers() -> None:
    handle_strangers_texts(now=timezone.now())


@task("plan_search")
def plan_search(*, search_id: str) -> None:
    dispatch.plan(UUID(search_id), now=timezone.now())


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


@task("page_duty")
def page_duty() -> None:
    page(now=timezone.now())


@task("release_suspended")
def release_suspended() -> None:
    visits.release_suspended(now=timezone.now())
