"""States of a text in and out, and what the carrier's words mean. Pure."""

from datetime import timedelta
from enum import IntEnum, StrEnum


class InState(StrEnum):
    WAITING = "waiting"  # stored, not yet handled
    HANDLED = "handled"
    PERSON = "person"  # three attempts failed: a person reads it, later texts go on


class OutState(StrEnum):
    OWED = "owed"
    SENDING = "sending"  # a worker holds it, for LEASE at most
    SENT = "sent"  # the carrier has it
    UNKNOWN = "unknown"  # the answer was lost: looked for before it is repeated
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    REFUSED = "refused"  # the carrier or an opt-out said no
    EXPIRED = "expired"  # too late to be of use
    WITHDRAWN = "withdrawn"  # no longer wanted before it was sent


FINAL = frozenset(
    {
        OutState.DELIVERED,
        OutState.UNDELIVERED,
        OutState.REFUSED,
        OutState.EXPIRED,
        OutState.WITHDRAWN,
    }
)


class Lane(IntEnum):
    """Who goes first when the sender may only send so many a second."""

    ANSWER = 0  # to a member
    OFFER = 1  # to a responder, stand-downs and visits too
    STAFF = 2
    REMINDER = 3


LEASE = timedelta(seconds=30)
ATTEMPTS = 3
RETRY_IN = (timedelta(seconds=1), timedelta(seconds=5))

RANK: dict[OutState, int] = {
    OutState.OWED: 0,
    OutState.SENDING: 1,
    OutState.UNKNOWN: 1,
    OutState.SENT: 2,
    OutState.WITHDRAWN: 3,
    OutState.EXPIRED: 3,
    OutState.REFUSED: 3,
    OutState.UNDELIVERED: 3,
    OutState.DELIVERED: 4,
}

CARRIER_WORDS: dict[str, OutState] = {
    "queued": OutState.SENT,
    "accepted": OutState.SENT,
    "scheduled": OutState.SENT,
    "sending": OutState.SENT,
    "sent": OutState.SENT,
    "delivered": OutState.DELIVERED,
    "read": OutState.DELIVERED,
    "undelivered": OutState.UNDELIVERED,
    "failed": OutState.UNDELIVERED,
    "canceled": OutState.UNDELIVERED,
}


def after_receipt(state: OutState, word: str) -> OutState:
    """The state after one receipt: forward only; an unknown word changes nothing.

    Twilio promises no order, and its "queued" may come after "delivered".
    """
    told = CARRIER_WORDS.get(word.strip().lower())
    if told is None or RANK[told] <= RANK[state]:
        return state
    return told


STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "UNSTOP", "YES"})
HELP_WORDS = frozenset({"HELP", "INFO"})
RESERVED = STOP_WORDS | START_WORDS | HELP_WORDS
OPTED_OUT_CODE = 21610


def is_stop(body: str) -> bool:
    """Exactly one of the carrier's stop words, in any case: "stop please" is not."""
    return body.strip().upper() in STOP_WORDS


def is_start(body: str) -> bool:
    return body.strip().upper() in START_WORDS


UNASKED_AN_HOUR = 5
NEUTRAL_EVERY = timedelta(hours=24)


def retry_in(attempts: int) -> timedelta:
    """How long a text in waits after its nth failure."""
    return RETRY_IN[min(attempts, len(RETRY_IN)) - 1]
