"""What a worker does when it is woken: each task only says "look now", and what is owed is a row.

A carrier that hangs, or strangers by the thousand, take the threads of their own queue only.
"""

from datetime import datetime

from network.audit.rules import Task
from network.conversations.handling.texts import handle_strangers, handle_waiting
from network.dispatch.actions.answering import act_on_undelivered_texts
from network.dispatch.actions.searching import plan_due_searches
from network.duty.actions.calling import call_coordinators, end_calls_of_taken
from network.heartbeat import send_heartbeat
from network.messaging.gateway.erasing import erase_at_carrier
from network.messaging.inbox.backfill import backfill
from network.messaging.inbox.media import fetch_media
from network.messaging.outbox.sending import drain
from network.messaging.receipts.asking import ask_for_receipts
from network.queues import Job, Queue
from network.visits.actions.clocks import release_suspended


def handle_texts(*, now: datetime) -> int:
    """A few phones that wait or, where none does, the searches that their texts made due. Returns how many
    texts were handled."""
    handled = handle_waiting(now=now)
    if not handled:
        plan_due_searches(now=now)
    return handled


def drain_outbox(*, now: datetime) -> None:
    """All that may leave, until nothing is left that may."""
    drain()


JOBS: dict[str, tuple[int, tuple[Job, ...]]] = {  # by queue: its threads, and what they do
    "people": (6, (
        Job(Task.HANDLE_TEXTS, handle_texts, most=4, until_nothing=True),
        Job(Task.TEXTS_NOT_DELIVERED, act_on_undelivered_texts),
        Job(Task.RELEASE_SUSPENDED, release_suspended),
    )),
    "outbox": (2, (Job(Task.DRAIN_OUTBOX, drain_outbox, most=2),)),
    "strangers": (1, (Job(Task.HANDLE_STRANGERS, handle_strangers, until_nothing=True),)),
    "carrier": (7, (  # a hand for each, since a call that rings for nothing waits for no list
        Job(Task.CALL_COORDINATORS, call_coordinators),
        Job(Task.END_ALARM_CALLS, end_calls_of_taken),
        Job(Task.BACKFILL, backfill),
        Job(Task.ASK_FOR_RECEIPTS, ask_for_receipts),
        Job(Task.FETCH_MEDIA, fetch_media),
        Job(Task.ERASE_AT_CARRIER, erase_at_carrier),
        Job(Task.SEND_HEARTBEAT, send_heartbeat),
    )),
}  # fmt: skip


def queues() -> list[Queue]:
    """Of one worker, with threads that nobody has asked for anything yet."""
    return [Queue(name, jobs, threads=threads) for name, (threads, jobs) in JOBS.items()]
