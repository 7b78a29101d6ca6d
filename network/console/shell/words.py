"""Codes in words, for people. Sentences are never stored: only their codes are."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.desk.rules import Reason
from network.messaging.queries import Silence
from network.messaging.rules.states import OutState
from network.staff.rules.lookups import LookupKind, LookupReason
from network.support.models import SupportRequest
from network.support.rules.requests import Kind, Outcome, State
from network.visits.models import Visit
from network.visits.rules.stages import Stage

type Words = dict[str, str | Promise]

STAFF_ROLES: Words = {
    "coordinator": _("coordinator"),
    "verifier": _("verifier of an organization"),
    "steward": _("steward"),
    "auditor": _("auditor"),
    "lawyer": _("lawyer of an organization"),
}
REASONS: Words = {
    Reason.DURESS: _("Duress word. Do not call or text the member first; decide together"),
    Reason.NEW_REQUEST: _("New request: read it"),
    Reason.HALF_REQUEST: _("Started a request, then stopped replying"),
    Reason.CALL_MEMBER: _("Call the member"),
    Reason.PERSON_PLEASE: _("Asks for a person"),
    Reason.UNCLEAR_TEXT: _("A text we did not understand"),
    Reason.UNKNOWN_SENDER: _("A text from an unknown phone"),
    Reason.FURTHER_TEXT: _("A further text from the member"),
    Reason.CRY: _("A cry for help from a phone that is not enrolled: read it"),
    Reason.FAILED_TEXT: _("A text that could not be handled: read it"),
    Reason.CALL_PROMISED: _("Promised: we call by then"),
    Reason.WRITE_PROMISED: _("Promised: a coordinator writes by then"),
    Reason.READ_PROMISED: _("Promised: who is on next reads it"),
    Reason.ANSWER_PROMISED: _("Promised: we write by then"),
    Reason.NOBODY_FOUND: _("Nobody has said they can go"),
    Reason.SEARCH_LATE: _("No one found and we're past our target time: start calling people"),
    Reason.MANY_ASKED: _("Very many were asked: the search goes on slowly"),
    Reason.POLICY_OFF: _("Fewer or more say yes than the search expects: see Asking"),
    Reason.ELSEWHERE: _("The member is not at home"),
    Reason.OTHER_HELP: _("Needs something else"),
    Reason.LATER: _("Asks for another day or hour"),
    Reason.LATE_YES: _("Somebody said yes too late, or may not go: decide"),
    Reason.PLACE_LOST: _("Somebody who had accepted can not go"),
    Reason.MAY_NOT_GO: _("May not be able to go: they were asked. Call"),
    Reason.CLOSED_BY_TEXT: _("The member ended it by text: was it their own wish?"),
    Reason.NOT_THERE: _("Hasn't arrived and isn't answering: call"),
    Reason.NOT_DONE: _("Visit is overdue and they aren't answering: call"),
    Reason.VISITOR_NEEDS_PERSON: _("A responder asks to be called"),
    Reason.DID_NOT_COME: _("The member says that nobody came: call now"),
    Reason.NO_WORD_AFTER: _("The member has not said how it went"),
    Reason.PIN_LOCKED: _("Five wrong PINs: the page is locked"),
    Reason.NO_PIN: _("Accepted, and has no PIN: call and set one"),
    Reason.LINK_ELSEWHERE: _("The visit’s link was opened on a second device: ask whether it was theirs"),
    Reason.LINK_REFUSED: _("The visit’s link does not open on a third device: send a new one"),
    Reason.LINK_OFTEN: _("The visit’s page was opened very many times: ask whether all is well"),
    Reason.SEEN_NOT_GONE: _("Saw an address and could not go, more than once: ask how they are"),
    Reason.MANY_HOMES: _("Saw the addresses of many homes in a week: ask whether all is well"),
    Reason.BY_NAME_ONLY: _("The search no longer asks them, after many addresses seen: talk, then decide"),
    Reason.REFUSED_SEND: _("A text of ours did not arrive: call"),
    Reason.CANT_TEXT: _("This number can not be texted: call"),
    Reason.CARRIER_REFUSES: _("The carrier refuses our texts"),
    Reason.QUEUE_SILENT: _("A part of the server is not at work: have it looked at now"),
    Reason.CANARY_LOST: _(
        "Our own test text did not come back: texts may not come in or go out. Run ./run doctor"
    ),
    Reason.ERASING_STOPPED: _("Old data has not been erased for a day: see Retention, and run ./run doctor"),
    Reason.CARRIER_SILENT: _("We may be missing incoming texts: run ./run doctor"),
    Reason.BUDGET: _("The day's texts are nearly used up: see DAILY_TEXT_BUDGET"),
    Reason.FLOOD: _("Very many texts from unknown phones"),
    Reason.MEDIA_LOST: _("A picture or voice note could not be fetched: call"),
    Reason.OPTED_OUT: _("Has stopped our texts: call instead"),
    Reason.STOP_ASKED: _("Asked us to stop texting"),
    Reason.WRONG_NUMBER: _("Says that it is a wrong number"),
    Reason.INVITED_WROTE: _("Invited, and wrote for the first time"),
    Reason.NO_ANSWER_TO_JOIN: _("Did not answer the invitation"),
    Reason.MOVED: _("Says that they moved: confirm their home with them"),
    Reason.SUSPENDED: _("Suspended while on a request"),
    Reason.CALL_CAME: _("Somebody called the number"),
    Reason.TOO_MANY_TEXTS: _("Many texts from one phone: answers have stopped"),
    Reason.CALLED_OFF_OFTEN: _("Asked and called off several times today: call, then decide who is asked"),
    Reason.PROPOSAL: _("A proposal needs your yes or no"),
    Reason.VOUCHES_END: _("Vouches of an organization end soon: renew them"),
    Reason.VOUCHES_LOST: _("Suspended, since vouches were taken back: look at it"),
    Reason.VOUCHES_LOST_ON_VISIT: _(
        "Vouches were taken back for somebody on a visit: decide whether they stay"
    ),
    Reason.MEMBER_UNVOUCHED: _("Nobody vouches for this member any more: another organization is asked"),
    Reason.NOT_MET: _("Nobody of their organization has met this member yet: nobody is sent by machine"),
    Reason.CLAIMED: _("Another organization enrolled somebody who is here already: compare what both say"),
    Reason.HOME_CHANGED: _("The home was changed: whoever was on the way to the old one was taken off"),
    Reason.PHONE_UNSURE: _(
        "The phone may not be the member’s any more: the home is frozen until it is checked"
    ),
    Reason.MANY_LOOKS: _("Somebody of staff looks at more people than a shift needs: ask them why"),
    Reason.STAFF_CUT_OFF: _("Who was on is cut off, since their organization was suspended: take over"),
    Reason.REOPENED: _("Opened again after it was closed: tell the member, and decide what follows"),
}
# Under duress nothing on a page may suggest a call.
QUIETLY: Words = {
    Reason.CALL_MEMBER: _("Silent, or asked for a person"),
    Reason.CALL_PROMISED: _("A time was promised"),
    Reason.SEARCH_LATE: _("Still nobody, and the time we aim at is over"),
    Reason.MAY_NOT_GO: _("May not be able to go"),
    Reason.NOT_THERE: _("Not there in time, and silent"),
    Reason.NOT_DONE: _("Not done in time, and silent"),
    Reason.VISITOR_NEEDS_PERSON: _("A responder needs a person"),
    Reason.DID_NOT_COME: _("The member says that nobody came"),
    Reason.NO_PIN: _("Accepted, and has no PIN"),
    Reason.REFUSED_SEND: _("A text of ours did not arrive"),
    Reason.CANT_TEXT: _("This number can not be texted"),
    Reason.MEDIA_LOST: _("A picture or voice note could not be fetched"),
    Reason.OPTED_OUT: _("Has stopped our texts"),
    Reason.CALL_CAME: _("Tried to reach us by phone"),
}


def reason(code: str, *, quiet: bool = False) -> str | Promise:
    """A need's reason; an unknown code stands for itself. `quiet`: of no call, since none is safe."""
    if quiet and code in QUIETLY:
        return QUIETLY[code]
    return REASONS.get(code, code)


KINDS: Words = {
    "": _("not known yet"),
    Kind.ACCOMPANIMENT: _("accompaniment"),
    Kind.LEGAL: _("legal help"),
    Kind.CHILDCARE: _("childcare"),
}
SEVERITIES: dict[int, tuple[str, str | Promise]] = {  # its mark and its word: never color alone
    0: ("◆", _("duress")),
    1: ("▲", _("act now")),
    2: ("●", _("soon")),
    3: ("○", _("routine")),
}
STATES: Words = {
    State.ASKING: _("asking what is needed"),
    State.SEARCHING: _("searching"),
    State.COVERED: _("covered"),
    State.STOPPED: _("in a person's hands"),
    State.CLOSED: _("closed"),
}
OUTCOMES: Words = {
    Outcome.HELPED: _("helped"),
    Outcome.NOT_NEEDED: _("no longer needed"),
    Outcome.UNFILLED: _("nobody found, member called"),
    Outcome.ELSEWHERE: _("not at home"),
    Outcome.OTHER_HELP: _("other help"),
    Outcome.MISTAKE: _("opened by mistake"),
}
STAGES: Words = {
    Stage.HELD: _("waiting for the second person"),
    Stage.GOING: _("on the way"),
    Stage.THERE: _("there"),
    Stage.DONE: _("done"),
    Stage.LEFT: _("no longer on it"),
}


def stage(visit: Visit) -> str | Promise:
    """How far a visit is; of one for a set time, whether it was confirmed."""
    if visit.confirm_asked_at:
        return _("said yes; asked now whether it stands")
    if visit.confirm_at:
        return _("said yes; asked again before the time")
    return STAGES[visit.stage]


def time_standing(support_request: SupportRequest) -> str | Promise:
    """What a set time still waits for, while it isn't known to be right."""
    if support_request.time_flagged_at:
        return _("time not confirmed: call")
    if support_request.time_asked_at:
        return _("the member is asked whether the time is right")
    return _("the time is not right: set another")


DELIVERY: Words = {
    OutState.OWED: _("waiting to go"),
    OutState.SENDING: _("going out"),
    OutState.SENT: _("sent"),
    OutState.UNKNOWN: _("not sure it left; being checked"),
    OutState.DELIVERED: _("delivered"),
    OutState.UNDELIVERED: _("not delivered: call"),
    OutState.REFUSED: _("refused: call"),
    OutState.EXPIRED: _("too late, not sent"),
    OutState.WITHDRAWN: _("taken back"),
}
SILENCES: Words = {
    Silence.OPTED_OUT: _("has stopped our texts"),
    Silence.UNREACHABLE: _("can not be texted"),
}
# What the carrier's codes mean, for whoever must mend it or call instead.
CARRIER: dict[int, str | Promise] = {
    20003: _("It does not accept our credentials: check TWILIO_AUTH_TOKEN or the API key."),
    20404: _("It does not know our account: check TWILIO_ACCOUNT_SID."),
    21211: _("not a phone number"),
    21217: _("not a phone number"),
    21614: _("not a mobile phone"),
    21612: _("can not be reached from our number"),
    21408: _("Texts to that region are not enabled in the account."),
    21212: _("Our number is wrong: check TWILIO_NUMBER."),
    21601: _("Our number can not send texts: check TWILIO_NUMBER."),
    21606: _("Our number can not send texts: check TWILIO_NUMBER."),
    21609: _("It does not accept our address for receipts: check PUBLIC_URL."),
    21602: _("We tried to send an empty text. Please report this bug."),
    21603: _("A text without a sender was sent: report this as a bug."),
    21604: _("A text to nobody was sent: report this as a bug."),
    21617: _("A text longer than 1600 characters was sent: report this as a bug."),
    21621: _("A wrong time limit was sent: report this as a bug."),
    21610: _("has stopped our texts"),
    30002: _("Our account is suspended: ask the carrier."),
    30003: _("phone off or out of reach"),
    30004: _("blocked"),
    30005: _("no such phone"),
    30006: _("a landline"),
    30007: _("stopped by a filter"),
    30008: _("lost on the way"),
    30032: _("Our toll-free number is not verified yet."),
    30034: _("Our number is not registered for texts from organizations (10DLC)."),
    30450: _("Held as suspected misuse: look at the account."),
    30610: _("Held for quiet hours: switch that off in the account."),
    63016: _("WhatsApp: more than 24 hours since they wrote"),
}
LANGUAGES: Words = {"en": "English", "es": "español", "ht": "kreyòl"}  # as its speakers call it
SPOKEN: Words = {"en": _("English"), "es": _("Spanish"), "ht": _("Haitian Creole")}


LOOKS: Words = {
    LookupKind.ADDRESS: _("You have looked at more homes within this hour than a shift needs."),
    LookupKind.PERSON: _("You have looked at more people within this hour than a shift needs."),
    LookupKind.SEARCH: _("You have searched more often within this hour than a shift needs."),
}
WHY_LOOKS: Words = {
    LookupReason.MANY_REQUESTS: _("Many requests at once"),
    LookupReason.HAND_OFF: _("I am taking over a shift"),
    LookupReason.CORRECTING: _("I am correcting what is on file"),
    LookupReason.ASKED: _("Somebody called or came, and asked"),
    LookupReason.TRAINING: _("Training, or a drill"),
}
