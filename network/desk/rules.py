"""Why a person must look, and how soon. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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
    VOUCHES_END = "vouches_end"  # an organisation's vouches end soon
    FALLEN = "fallen"  # suspended, since vouches were taken back
    FALLEN_ON_VISIT = "fallen_on_visit"  # the same, on a visit: a person decides
    MEMBER_UNVOUCHED = "member_unvouched"  # no organisation vouches for a member any more
    NOT_MET = "not_met"  # a member who was entered without a vouch asks: nobody is sent by machine
    CLAIMED = "claimed"  # another organisation enrolled somebody who is here already: compare
    HOME_CHANGED = "home_changed"  # during an open request: nobody is on the way any more
    PHONE_UNSURE = "phone_unsure"  # the phone may be somebody else's now: the home is frozen
    STAFF_CUT_OFF = "staff_cut_off"  # who was on belongs to an organisation that was suspended


DUE_IN: dict[Reason, timedelta] = {
    Reason.DURESS: timedelta(0),
    Reason.CARRIER_REFUSES: timedelta(0),
    Reason.CARRIER_SILENT: timedelta(0),
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
    Reason.SUSPENDED: timedelta(0),
    Reason.CALL_CAME: timedelta(0),
    Reason.PLACE_LOST: timedelta(minutes=2),
    Reason.NO_ANSWER_TO_JOIN: timedelta(days=1),
    Reason.WRONG_NUMBER: timedelta(days=1),
    Reason.MOVED: timedelta(hours=12),
    Reason.UNKNOWN_SENDER: timedelta(minutes=30),
    Reason.PROPOSAL: timedelta(hours=24),
    Reason.VOUCHES_END: timedelta(days=7),
    Reason.FALLEN: timedelta(hours=12),
    Reason.FALLEN_ON_VISIT: timedelta(0),
    Reason.MEMBER_UNVOUCHED: timedelta(days=1),
    Reason.CLAIMED: timedelta(days=1),
    Reason.HOME_CHANGED: timedelta(0),
    Reason.PHONE_UNSURE: timedelta(days=1),
    Reason.STAFF_CUT_OFF: timedelta(0),
}
SOON = timedelta(minutes=5)


def due_in(reason: Reason) -> timedelta:
    """How long a need of this reason may wait, unless the text that made it named a time."""
    return DUE_IN.get(reason, SOON)


CLAIM_LASTS = timedelta(minutes=10)  # without activity of whoever has it


@dataclass(frozen=True, slots=True)
class About:
    """What a need is about: a kind and an id, such as request:5f0c..."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"
