"""The only writers of texts, in and out, and of what is known of a phone."""

from network.messaging.actions.contacts import (
    contact_of,
    heard_from,
    mark_unreachable,
    may_answer,
    may_answer_stranger,
    may_answer_unasked,
    opt_in,
    opt_out,
    reachable_again,
)
from network.messaging.actions.inbox import failed, handled, receive, to_us, wake_for
from network.messaging.actions.owing import (
    FREE,
    Purpose,
    introduce,
    mark_introduced,
    queue,
    queue_free,
    send_again,
    take_back,
    wake_sender,
    withdraw,
)
from network.messaging.actions.receipts import not_delivered, settle_status, take_receipt

__all__ = [
    "FREE",
    "Purpose",
    "contact_of",
    "failed",
    "handled",
    "heard_from",
    "introduce",
    "mark_introduced",
    "mark_unreachable",
    "may_answer",
    "may_answer_stranger",
    "may_answer_unasked",
    "not_delivered",
    "opt_in",
    "opt_out",
    "queue",
    "queue_free",
    "reachable_again",
    "receive",
    "send_again",
    "settle_status",
    "take_back",
    "take_receipt",
    "to_us",
    "wake_for",
    "wake_sender",
    "withdraw",
]  # fmt: skip
