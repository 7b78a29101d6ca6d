"""States of a text in and out, and what the carrier's words mean. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
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
    """The state that a word of the carrier's means; None for one that we don't know."""
    return CARRIER_WORDS.get(word.strip().lower())


def after_receipt(state: OutState, word: str) -> OutState:
    """The state after one receipt: forward only; an unknown word changes nothing.

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


STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "UNSTOP", "YES"})
HELP_WORDS = frozenset({"HELP", "INFO"})
RESERVED = STOP_WORDS | START_WORDS | HELP_WORDS


def is_stop(body: str) -> bool:
    """Exactly one of the carrier's stop words, in any case: "stop please" is not."""
    return body.strip().upper() in STOP_WORDS


TOLL_FREE = re.compile(r"\+1(800|833|844|855|866|877|888)\d{7}")


def is_start(body: str, *, sender: str = "") -> bool:
    """One of the carrier's start words. On a US toll-free sender "yes" restores nothing."""
    word = body.strip().upper()
    return word in START_WORDS and not (word == "YES" and TOLL_FREE.fullmatch(sender))


def asks_to_stop(body: str, opt_out_type: str) -> bool:
    """Whether the carrier blocks us from here on: by its word, or by the eight words themselves.

    `opt_out_type` is STOP, START or HELP where Advanced Opt-Out is on, which may know other words.
    """
    return opt_out_type.upper() == "STOP" or (not opt_out_type and is_stop(body))


def asks_to_start(body: str, opt_out_type: str, *, sender: str = "") -> bool:
    return opt_out_type.upper() == "START" or (not opt_out_type and is_start(body, sender=sender))


SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
PLAYED = frozenset({"audio/mpeg", "audio/ogg", "audio/amr", "audio/mp4", "audio/aac", "audio/wav"})


class Channel(StrEnum):
    SMS = "sms"
    WHATSAPP = "whatsapp"


WRITE_BACK_WITHIN = timedelta(hours=23, minutes=30)  # the carrier allows 24 hours, less our own delays


def channel_of(address: str) -> Channel:
    return Channel.WHATSAPP if address.startswith("whatsapp:") else Channel.SMS


def bare(address: str) -> str:
    """The phone in an address: +1... in whatsapp:+1..."""
    return address.removeprefix("whatsapp:")


# One phone's share, forged or in a child's hands: what is beyond goes to a person, and nobody else pays.
UNASKED_AN_HOUR = 5  # of what we say only to say something
ANSWERS_AN_HOUR = 20  # of all answers: a whole request with three misunderstandings needs a dozen
SAME_ANSWER_AN_HOUR = 5  # whoever got it five times isn't helped by a sixth
PHONES_SHARE = 0.05  # of the day's texts, as answers to one phone; an hour's share at least
TURNS = (
    6  # answers to one phone in TURNS_IN that go before others' offers: a request's questions and the word
)
TURNS_IN = timedelta(minutes=1)
NEUTRAL_EVERY = timedelta(hours=24)


def retry_in(attempts: int) -> timedelta:
    """How long a text in waits after its nth failure."""
    return RETRY_IN[min(attempts, len(RETRY_IN)) - 1]


EXPECTED_BY_NOW = 6.0  # texts; by chance none of six expected comes once in 400 times


def is_quiet_too_long(heard: datetime, now: datetime, *, texts_an_hour: Mapping[int, float]) -> bool:
    """Whether so many texts would have come since then that their absence is no accident.

    `texts_an_hour` by the hour of day (UTC): at three in the morning hours of silence are nothing.
    """
    expected, at = 0.0, heard
    while at < now and expected < EXPECTED_BY_NOW:
        end = min(now, (at + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0))
        expected += texts_an_hour.get(at.astimezone(UTC).hour, 0.0) * (end - at) / timedelta(hours=1)
        at = end
    return expected >= EXPECTED_BY_NOW
