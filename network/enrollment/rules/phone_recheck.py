"""Whether a member's phone is still theirs: numbers are given to other people. Pure.

About 35 million US numbers are given up each year (FCC), and many soon belong to somebody else, whose text
must not send anybody to a member's home.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CHECK_AFTER = timedelta(days=90)  # without a text of theirs


ANSWER_IN = timedelta(days=3)


MISSED = 3  # texts in a row that didn't arrive


GONE = frozenset({21211, 21217, 21614, 30005, 30006})  # the carrier says: no such phone, or not one for texts


OUT_OF_REACH = frozenset({30003})  # off, for now or for good


class RecheckDue(StrEnum):
    ASK = "ask"
    HEARD = "heard"  # they have written since they were asked: the question is settled
    FREEZE = "freeze"


@dataclass(frozen=True, slots=True)
class Phone:
    """What is known of a member's phone.

    `failures`: the codes of our last texts since `heard_at`, newest first; None for one that arrived.
    """

    heard_at: datetime  # their last text, or their organization's confirmation, whichever is later
    asked_at: datetime | None = None
    asking_failed: bool = False  # the question itself didn't arrive
    unreachable: int | None = None  # the carrier's code, where it says so since `heard_at`
    failures: Sequence[int | None] = ()


def due(phone: Phone, *, now: datetime) -> RecheckDue | None:
    """What to do now, or None."""
    if phone.asked_at and phone.heard_at > phone.asked_at:
        return RecheckDue.HEARD
    if is_gone(phone):
        return RecheckDue.FREEZE
    if phone.asked_at:
        return RecheckDue.FREEZE if phone.asking_failed or now >= phone.asked_at + ANSWER_IN else None
    return RecheckDue.ASK if now >= phone.heard_at + CHECK_AFTER else None


def is_gone(phone: Phone) -> bool:
    """Whether the carrier says that the number is gone, or several texts in a row didn't arrive."""
    if phone.unreachable in GONE:
        return True
    last = phone.failures[:MISSED]
    return len(last) == MISSED and all(code in OUT_OF_REACH for code in last)
