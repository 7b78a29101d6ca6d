"""All that understanding may know of the sender. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from network.support.rules.requests import State
from network.visits.rules.stages import Stage


class SenderStatus(StrEnum):
    STRANGER = "stranger"
    INVITED = "invited"
    ACTIVE = "active"
    REFUSED = "refused"


class Question(StrEnum):
    """The one question that is open to a phone; offers are kept apart."""

    JOIN = "join"
    ENROLLED = "enrolled"  # told that they are in: not them?
    STILL_YOU = "still_you"  # asked now and then whether the phone is still theirs
    TIME = "time"  # is the set time right?
    STILL_STANDS = "still_stands"  # may we count on you at the set time?
    HOME = "home"
    KIND = "kind"
    CHILDREN = "children"
    DESCRIBE = "describe"
    NOT_NEEDED = "not_needed"
    STOP = "stop"  # no more texts at all?
    MOVED = "moved"  # do they live somewhere else now?
    GIVE_UP = "give_up"  # can they not go at all?
    WAIT_OR_CALL = "wait_or_call"
    DID_THEY_COME = "did_they_come"
    VISIT_FINE = "visit_fine"


STEPS = (Question.HOME, Question.KIND, Question.CHILDREN)  # of half a request


CLOSING = frozenset({Question.DID_THEY_COME, Question.VISIT_FINE})
IS_IT_YOU = frozenset({Question.ENROLLED, Question.STILL_YOU})
YIELDING = CLOSING | IS_IT_YOU
YIELDS_AFTER = timedelta(minutes=15)  # then an offer is the question that a bare answer is to


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """An offer of the last 24 hours, or one open for a set time. `open`: it may still be answered.

    `stale`: asked so long ago that a bare yes or no is hardly about it. Its code always is.
    """

    id: UUID
    code: int
    open: bool
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """All that understanding may know of the sender."""

    standing: SenderStatus
    is_member: bool = False
    is_responder: bool = False
    question: Question | None = None
    question_age: timedelta = timedelta(0)
    request: State | None = None
    offers: tuple[OpenOffer, ...] = ()
    stage: Stage | None = None
    promised: int = 0  # visits accepted for set times to come
    duress_word: str | None = None
    opted_out: bool = False
    just_closed: bool = False  # a request or visit of theirs ended within the hour
    ends_by: int | None = (
        None  # two digits that the open question shows in place of the one that ends or undoes
    )
    a_person_asked: bool = False  # the last text they got was written by a coordinator, lately

    @property
    def answerable(self) -> tuple[OpenOffer, ...]:
        return tuple(offer for offer in self.offers if offer.open and not offer.stale)

    @property
    def asked(self) -> Question | None:
        """The open question, unless it yields to an open offer."""
        yields = self.question in YIELDING or self.question_age > YIELDS_AFTER
        return None if yields and self.answerable else self.question
