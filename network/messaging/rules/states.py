"""The states of incoming and outgoing texts, and what the carrier's status words mean. Pure."""

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
    """Which texts go first, since the sender may only send so many a second."""

    ANSWER = 0  # to a member
    OFFER = 1  # to a responder, stand-downs and visits too
    STAFF = 2
    REMINDER = 3


LEASE = timedelta(seconds=12)  # longer than one call may take, and taken anew before each
ATTEMPTS = 3
RETRY_IN = (timedelta(seconds=1), timedelta(seconds=5))
AGAIN_AFTER = timedelta(seconds=30)  # before a text that failed for no known reason is sent once more

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


def told_by(word: str) -> OutState | None:
    """The state that a status word of the carrier means. None for an unknown word."""
    return CARRIER_WORDS.get(word.strip().lower())


def after_receipt(state: OutState, word: str) -> OutState:
    """The state after a receipt. It only moves forward, and an unknown word changes nothing.

    Twilio promises no order, and its "queued" may come after "delivered".
    """
    told = told_by(word)
    if told is None or RANK[told] <= RANK[state]:
        return state
    return told


ASK_FIRST = timedelta(seconds=15)
ASK_AT_MOST_EVERY = timedelta(hours=6)
ASK_FOR = timedelta(days=3)


def ask_again_in(times: int) -> timedelta:
    """How long to wait for a receipt before asking the carrier, after having asked `times` times."""
    return min(ASK_FIRST * (1 << min(times, 12)), ASK_AT_MOST_EVERY)


def erase_again_in(times: int) -> timedelta:
    """How long after the nth failure a body is to be erased at the carrier again."""
    return min(timedelta(minutes=1) * (1 << min(times, 10)), timedelta(hours=6))


def retry_in(attempts: int) -> timedelta:
    """How long a text in waits after its nth failure."""
    return RETRY_IN[min(attempts, len(RETRY_IN)) - 1]
