"""What one need asks of a coordinator, as a verb. Pure."""

from enum import StrEnum

from network.desk.rules import Reason


class Next(StrEnum):
    DECIDE = "decide"  # duress: nobody texts or calls before two have decided
    CALL = "call"
    SEND_LINK = "send_link"  # somebody on the way may stand there without the address
    ANSWER = "answer"
    READ = "read"
    SET_TIME = "set_time"
    CONFIRM_HOME = "confirm_home"
    ASK_KIND = "ask_kind"
    START = "start"
    ASK_BY_NAME = "ask_by_name"
    CLOSE = "close"
    WAIT = "wait"  # all that can be done is being done


CALLS = frozenset({
    Reason.CALL_MEMBER, Reason.CALL_PROMISED, Reason.CANT_TEXT, Reason.DID_NOT_COME, Reason.NO_WORD_AFTER,
    Reason.OPTED_OUT, Reason.STOP_ASKED, Reason.REFUSED_SEND, Reason.NOT_THERE, Reason.NOT_DONE,
    Reason.VISITOR_NEEDS_PERSON, Reason.MAY_NOT_GO, Reason.PIN_LOCKED, Reason.NO_PIN, Reason.CLOSED_BY_TEXT,
    Reason.CALL_CAME,
})  # fmt: skip
LINKS = frozenset({Reason.LINK_REFUSED})
ANSWERS = frozenset({
    Reason.PERSON_PLEASE, Reason.UNCLEAR_TEXT, Reason.FURTHER_TEXT, Reason.FAILED_TEXT, Reason.OTHER_HELP,
    Reason.ELSEWHERE, Reason.HALF_REQUEST, Reason.WRITE_PROMISED, Reason.MEDIA_LOST, Reason.TOO_MANY_TEXTS,
    Reason.REOPENED,
})  # fmt: skip
PEOPLE = frozenset({
    Reason.NOBODY_FOUND, Reason.SEARCH_LATE, Reason.MANY_ASKED, Reason.LATE_YES, Reason.PLACE_LOST,
})  # fmt: skip


def step_of(reason: str, *, duress: bool = False, callable: bool = True, textable: bool = True) -> Next:
    """What one need asks for, as a verb. Under duress nothing does but deciding; where it isn't safe to
    call, or there is nobody to call, it is answered in writing, and by a call where no text arrives.
    """
    if duress or reason == Reason.DURESS:
        return Next.DECIDE
    if reason in CALLS:
        return Next.CALL if callable else Next.ANSWER
    if reason in LINKS:
        return Next.SEND_LINK
    if reason in ANSWERS:
        return Next.ANSWER if textable or not callable else Next.CALL
    if reason in PEOPLE:
        return Next.ASK_BY_NAME
    return Next.SET_TIME if reason == Reason.LATER else Next.READ
