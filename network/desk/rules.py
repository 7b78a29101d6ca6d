"""Why a person must look, how soon, and what comes first. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Protocol
from uuid import UUID


class Reason(StrEnum):
    DURESS = "duress"
    NEW_REQUEST = "new_request"  # a member asked: read it within two minutes
    HALF_REQUEST = "half_request"  # a member began to ask and fell silent
    CALL_MEMBER = "call_member"  # silent for longer, or asked to be called
    PERSON_PLEASE = "person_please"
    UNCLEAR_TEXT = "unclear_text"
    UNKNOWN_SENDER = "unknown_sender"
    FURTHER_TEXT = "further_text"
    CRY = "cry"  # for help, from a phone that isn't enrolled
    FAILED_TEXT = "failed_text"  # a text that three attempts could not handle
    CALL_PROMISED = "call_promised"  # a coordinator said by when they call,
    WRITE_PROMISED = "write_promised"  # or write
    READ_PROMISED = "read_promised"  # nobody was on: we said who reads it, and from when
    ANSWER_PROMISED = "answer_promised"  # we said that we write within 20 minutes
    NOBODY_FOUND = "nobody_found"
    SEARCH_LATE = "search_late"  # the target is over and places are open
    MANY_ASKED = "many_asked"  # very many were asked: it goes on slowly
    POLICY_OFF = "policy_off"  # yeses foretold and seen have parted
    ELSEWHERE = "elsewhere"
    OTHER_HELP = "other_help"
    LATER = "later"  # asked for another day or hour
    LATE_YES = "late_yes"
    PLACE_LOST = "place_lost"  # somebody who had accepted can't go
    MAY_NOT_GO = "may_not_go"  # somebody on the way seems to say that they can't: they were asked
    CLOSED_BY_TEXT = "closed_by_text"  # a member's text ended their request
    NOT_THERE = "not_there"
    NOT_DONE = "not_done"
    VISITOR_NEEDS_PERSON = "visitor_needs_person"
    DID_NOT_COME = "did_not_come"
    NO_WORD_AFTER = "no_word_after"  # the member didn't say how it went
    PIN_LOCKED = "pin_locked"
    NO_PIN = "no_pin"
    LINK_ELSEWHERE = "link_elsewhere"  # a visit's link was opened on a second device
    LINK_REFUSED = "link_refused"  # it was moved once already: somebody on the way may have no address
    LINK_OFTEN = "link_often"  # it showed the home very many times
    REFUSED_SEND = "refused_send"  # a text of ours did not arrive: call
    CANT_TEXT = "cant_text"  # somebody who waits for us can't be texted: call
    CARRIER_REFUSES = "carrier_refuses"  # an operator must mend something
    CARRIER_SILENT = "carrier_silent"  # texts to us may be going astray
    BUDGET = "budget"  # the day's texts are nearly used up
    FLOOD = "flood"  # many texts from phones nobody knows
    MEDIA_LOST = "media_lost"  # a picture or voice note could not be fetched
    OPTED_OUT = "opted_out"
    STOP_ASKED = "stop_asked"  # asked in words of their own to be left alone
    WRONG_NUMBER = "wrong_number"
    INVITED_WROTE = "invited_wrote"
    NO_ANSWER_TO_JOIN = "no_answer_to_join"
    MOVED = "moved"
    SUSPENDED = "suspended"
    CALL_CAME = "call_came"
    TOO_MANY_TEXTS = "too_many_texts"
    CALLED_OFF_OFTEN = (
        "called_off_often"  # asked and called off several times today: nobody is asked by machine
    )
    PROPOSAL = "proposal"  # somebody proposes what takes more than one person
    VOUCHES_END = "vouches_end"  # an organization's vouches end soon
    VOUCHES_LOST = "vouches_lost"  # suspended, since vouches were taken back
    VOUCHES_LOST_ON_VISIT = "vouches_lost_on_visit"  # the same, on a visit: a person decides
    MEMBER_UNVOUCHED = "member_unvouched"  # no organization vouches for a member any more
    NOT_MET = "not_met"  # a member who was entered without a vouch asks: nobody is sent by machine
    CLAIMED = "claimed"  # another organization enrolled somebody who is here already: compare
    HOME_CHANGED = "home_changed"  # during an open request: nobody is on the way any more
    PHONE_UNSURE = "phone_unsure"  # the phone may be somebody else's now: the home is frozen
    QUEUE_SILENT = "queue_silent"  # a part of the workers shows no sign of life: act now
    ERASING_STOPPED = "erasing_stopped"  # what is past its time was not erased for a day
    CANARY_LOST = "canary_lost"  # our hourly text to ourselves didn't come back: texts may not come or leave
    STAFF_CUT_OFF = "staff_cut_off"  # who was on belongs to an organization that was suspended
    MANY_LOOKS = "many_looks"  # one account looks at more than a shift needs: ask them
    SEEN_NOT_GONE = "seen_not_gone"  # saw addresses and couldn't go, more than once
    MANY_HOMES = "many_homes"  # saw the addresses of many homes in a week
    BY_NAME_ONLY = "by_name_only"  # the same once more: the search asks them no longer
    REOPENED = "reopened"  # a closed request was opened again: tell the member, and decide what follows


DUE_IN: dict[Reason, timedelta] = {
    Reason.DURESS: timedelta(0),
    Reason.CARRIER_REFUSES: timedelta(0),
    Reason.CARRIER_SILENT: timedelta(0),
    Reason.QUEUE_SILENT: timedelta(0),
    Reason.CANARY_LOST: timedelta(0),
    Reason.CANT_TEXT: timedelta(0),
    Reason.NEW_REQUEST: timedelta(minutes=2),
    Reason.ANSWER_PROMISED: timedelta(minutes=20),
    Reason.PERSON_PLEASE: timedelta(0),
    Reason.CRY: timedelta(0),
    Reason.MAY_NOT_GO: timedelta(0),
    Reason.CALL_MEMBER: timedelta(0),
    Reason.NOBODY_FOUND: timedelta(0),
    Reason.SEARCH_LATE: timedelta(0),
    Reason.POLICY_OFF: timedelta(days=1),
    Reason.VISITOR_NEEDS_PERSON: timedelta(0),
    Reason.DID_NOT_COME: timedelta(0),
    Reason.NOT_THERE: timedelta(0),
    Reason.NOT_DONE: timedelta(0),
    Reason.PIN_LOCKED: timedelta(0),
    Reason.LINK_ELSEWHERE: timedelta(minutes=30),
    Reason.LINK_REFUSED: timedelta(0),
    Reason.LINK_OFTEN: timedelta(minutes=30),
    Reason.SUSPENDED: timedelta(0),
    Reason.CALL_CAME: timedelta(0),
    Reason.PLACE_LOST: timedelta(minutes=2),
    Reason.NO_ANSWER_TO_JOIN: timedelta(days=1),
    Reason.WRONG_NUMBER: timedelta(days=1),
    Reason.MOVED: timedelta(hours=12),
    Reason.UNKNOWN_SENDER: timedelta(minutes=30),
    Reason.PROPOSAL: timedelta(hours=24),
    Reason.VOUCHES_END: timedelta(days=7),
    Reason.VOUCHES_LOST: timedelta(hours=12),
    Reason.VOUCHES_LOST_ON_VISIT: timedelta(0),
    Reason.MEMBER_UNVOUCHED: timedelta(days=1),
    Reason.CLAIMED: timedelta(days=1),
    Reason.HOME_CHANGED: timedelta(0),
    Reason.PHONE_UNSURE: timedelta(days=1),
    Reason.ERASING_STOPPED: timedelta(hours=12),
    Reason.STAFF_CUT_OFF: timedelta(0),
    Reason.MANY_LOOKS: timedelta(0),
    Reason.SEEN_NOT_GONE: timedelta(hours=4),
    Reason.MANY_HOMES: timedelta(hours=4),
    Reason.BY_NAME_ONLY: timedelta(hours=1),
    Reason.REOPENED: timedelta(0),
}
SOON = timedelta(minutes=5)


def due_in(reason: Reason) -> timedelta:
    """How long a need of this reason may wait, unless the text that made it named a time."""
    return DUE_IN.get(reason, SOON)


QUEUES = ("people", "outbox", "strangers", "carrier")  # each with threads of its own in each worker
ENGINE_PART = "engine"
PARTS = (*QUEUES, ENGINE_PART)
ALIVE_FOR = timedelta(seconds=15)  # after a sign of life


@dataclass(frozen=True, slots=True)
class Sign:
    """When a part of one worker last showed that it is at work."""

    worker: str
    part: str
    at: datetime


def silent_parts(signs: Collection[Sign], *, now: datetime) -> set[str]:
    """Parts that no worker takes care of, or that have ended in a worker whose other parts go on.

    Workers take turns at the engine, so it is enough that one does it.
    """
    live = [sign for sign in signs if sign.at > now - ALIVE_FOR]
    at_work = {sign.worker for sign in live}
    cared_for = {sign.part for sign in live}
    ended = {sign.part for sign in signs if sign.worker in at_work and sign.at <= now - ALIVE_FOR}
    return (set(PARTS) - cared_for) | (ended - {ENGINE_PART})


def gone_workers(signs: Collection[Sign], *, now: datetime) -> set[str]:
    """Workers of which nothing is left, once others do all that they did."""
    if silent_parts(signs, now=now):
        return set()
    return {sign.worker for sign in signs} - {sign.worker for sign in signs if sign.at > now - 4 * ALIVE_FOR}


class Severity(IntEnum):
    """What comes first, everywhere: 0 and 1 are never cut from a list, 3 never rings."""

    DURESS = 0
    NOW = 1
    SOON = 2
    ROUTINE = 3


SEVERITY: Mapping[Reason, Severity] = {
    Reason.DURESS: Severity.DURESS,
    Reason.NOT_THERE: Severity.NOW,
    Reason.NOT_DONE: Severity.NOW,
    Reason.VISITOR_NEEDS_PERSON: Severity.NOW,
    Reason.DID_NOT_COME: Severity.NOW,
    Reason.NOBODY_FOUND: Severity.NOW,
    Reason.SEARCH_LATE: Severity.NOW,
    Reason.CALL_MEMBER: Severity.NOW,
    Reason.PERSON_PLEASE: Severity.NOW,
    Reason.CANT_TEXT: Severity.NOW,
    Reason.PLACE_LOST: Severity.NOW,
    Reason.CALLED_OFF_OFTEN: Severity.NOW,  # nobody is asked for them before a person decides
    Reason.MAY_NOT_GO: Severity.NOW,
    Reason.PIN_LOCKED: Severity.NOW,
    Reason.NO_PIN: Severity.NOW,
    Reason.LINK_REFUSED: Severity.NOW,
    Reason.SUSPENDED: Severity.NOW,
    Reason.VOUCHES_LOST_ON_VISIT: Severity.NOW,
    Reason.HOME_CHANGED: Severity.NOW,
    Reason.CARRIER_REFUSES: Severity.NOW,
    Reason.CARRIER_SILENT: Severity.NOW,
    Reason.QUEUE_SILENT: Severity.NOW,
    Reason.CANARY_LOST: Severity.NOW,
    Reason.STAFF_CUT_OFF: Severity.NOW,
    Reason.MANY_LOOKS: Severity.NOW,
    Reason.CALL_CAME: Severity.NOW,  # from a known phone
    Reason.NEW_REQUEST: Severity.SOON,
    Reason.REOPENED: Severity.SOON,
    Reason.BY_NAME_ONLY: Severity.SOON,
    Reason.LATER: Severity.SOON,
    Reason.HALF_REQUEST: Severity.SOON,
    Reason.ELSEWHERE: Severity.SOON,
    Reason.OTHER_HELP: Severity.SOON,
    Reason.LATE_YES: Severity.SOON,
    Reason.MANY_ASKED: Severity.SOON,
    Reason.FURTHER_TEXT: Severity.SOON,
    Reason.MEDIA_LOST: Severity.SOON,
    Reason.MOVED: Severity.SOON,
    Reason.STOP_ASKED: Severity.SOON,
    Reason.OPTED_OUT: Severity.SOON,
    Reason.TOO_MANY_TEXTS: Severity.SOON,
    Reason.NOT_MET: Severity.SOON,
    Reason.NO_WORD_AFTER: Severity.SOON,
    Reason.CLOSED_BY_TEXT: Severity.SOON,
    Reason.FLOOD: Severity.SOON,
    Reason.BUDGET: Severity.SOON,
    Reason.CRY: Severity.SOON,
    # Whoever wrote was told that a person reads it, so it rings even where nothing else is open.
    Reason.UNCLEAR_TEXT: Severity.SOON,
    Reason.FAILED_TEXT: Severity.SOON,
    Reason.REFUSED_SEND: Severity.SOON,
    # Promises go by the clock (`severity`); this is what they are while there is time.
    Reason.CALL_PROMISED: Severity.ROUTINE,
    Reason.WRITE_PROMISED: Severity.ROUTINE,
    Reason.READ_PROMISED: Severity.ROUTINE,
    Reason.ANSWER_PROMISED: Severity.ROUTINE,
    Reason.LINK_ELSEWHERE: Severity.ROUTINE,
    Reason.LINK_OFTEN: Severity.ROUTINE,
    Reason.INVITED_WROTE: Severity.ROUTINE,
    Reason.NO_ANSWER_TO_JOIN: Severity.ROUTINE,
    Reason.UNKNOWN_SENDER: Severity.ROUTINE,
    Reason.WRONG_NUMBER: Severity.ROUTINE,
    Reason.SEEN_NOT_GONE: Severity.ROUTINE,
    Reason.MANY_HOMES: Severity.ROUTINE,
    Reason.PROPOSAL: Severity.ROUTINE,
    Reason.VOUCHES_END: Severity.ROUTINE,
    Reason.VOUCHES_LOST: Severity.ROUTINE,
    Reason.MEMBER_UNVOUCHED: Severity.ROUTINE,
    Reason.CLAIMED: Severity.ROUTINE,
    Reason.PHONE_UNSURE: Severity.ROUTINE,
    Reason.POLICY_OFF: Severity.ROUTINE,
    Reason.ERASING_STOPPED: Severity.ROUTINE,
}
# Worse where somebody has an open request: they wait for what we did not read, or what did not arrive.
NOW_ON_A_REQUEST = frozenset({Reason.UNCLEAR_TEXT, Reason.FAILED_TEXT, Reason.REFUSED_SEND})
SOON_FROM_UNKNOWN = frozenset({Reason.CALL_CAME})
PROMISES = frozenset({
    Reason.CALL_PROMISED, Reason.WRITE_PROMISED, Reason.READ_PROMISED, Reason.ANSWER_PROMISED,
})  # fmt: skip
PROMISE_NEAR = timedelta(minutes=10)
# A text that waited for a reading belongs to the request that its writer opens next.
JOINS_A_REQUEST = frozenset({Reason.UNCLEAR_TEXT, Reason.FAILED_TEXT, Reason.PERSON_PLEASE})


class Urgent(Protocol):
    """What an order needs to know of a need. `grave`: fear stands in the text, or somebody is out there."""

    @property
    def reason(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def promise(self) -> bool: ...
    @property
    def grave(self) -> bool: ...
    @property
    def request_id(self) -> UUID | None: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def number(self) -> int: ...


def severity(need: Urgent, *, now: datetime) -> Severity:
    """How bad it is that this waits. A promise goes by its own clock, whatever it promised."""
    reason = Reason(need.reason)
    usual = SEVERITY[reason]
    if usual is Severity.DURESS:
        return usual
    if need.grave:
        return Severity.NOW
    if need.promise or reason in PROMISES:
        return _of_promise(need.due_at, now=now)
    if reason in NOW_ON_A_REQUEST and need.request_id:
        return Severity.NOW
    if reason in SOON_FROM_UNKNOWN and need.person_id is None:
        return Severity.SOON
    return usual


def _of_promise(due_at: datetime, *, now: datetime) -> Severity:
    if due_at <= now:
        return Severity.NOW
    return Severity.SOON if due_at <= now + PROMISE_NEAR else Severity.ROUTINE


def in_order[Need: Urgent](needs: Iterable[Need], *, now: datetime) -> list[Need]:
    """The worst first, and of what is equally bad the one due next: the order of every list of needs."""
    return sorted(needs, key=lambda need: (severity(need, now=now), need.due_at, need.number))


class Grouped(Urgent, Protocol):
    @property
    def subject(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Group[Need]:
    """All that waits about one request, else about one person: one row of a list."""

    worst: Need
    others: tuple[Need, ...]  # in order
    severity: Severity


def grouped[Need: Grouped](needs: Iterable[Need], *, now: datetime) -> list[Group[Need]]:
    """One group a subject, by its worst need."""
    of: dict[str, list[Need]] = {}
    for need in in_order(needs, now=now):
        of.setdefault(need.subject, []).append(need)
    return [Group(worst, tuple(others), severity(worst, now=now)) for worst, *others in of.values()]


def cut[Need](groups: list[Group[Need]], most: int) -> tuple[list[Group[Need]], int]:
    """What a list of `most` rows shows, and how many it leaves off: never what is to be done now."""
    now = sum(group.severity <= Severity.NOW for group in groups)
    kept = groups[: max(most, now)]
    return kept, len(groups) - len(kept)


def subject_of(about: str, *, request_id: UUID | None, person_id: UUID | None) -> str:
    """What a need is claimed and shown with: its request, else its person, else what it is about."""
    if request_id:
        return f"request:{request_id}"
    return f"person:{person_id}" if person_id else about


def is_of(actor: object, reason: str, about: str) -> bool:
    """Whether a need asks what this very actor does, and so isn't theirs to take or close."""
    return reason == Reason.MANY_LOOKS and about == str(actor)


CLAIM_LASTS = timedelta(minutes=10)  # without activity of whoever has it


@dataclass(frozen=True, slots=True)
class About:
    """What a need is about: a kind and an id, such as request:5f0c..."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"
