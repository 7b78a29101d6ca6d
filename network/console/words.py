"""Codes in words, for people. Sentences are never stored: only their codes are."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.console.rules_board import CHOICES, FREE, LATE, MINE, NOT_KNOWN, Filter
from network.conversations.rules import Rule
from network.conversations.rules_context import Question
from network.desk.rules import Reason
from network.dispatch.rules_case import OfferState, Width
from network.dispatch.rules_fit import Refusal
from network.messaging.queries import Silence
from network.messaging.rules import OutState
from network.reports.drills import NOT_ASKED
from network.staff.rules.lookups import LookupKind, LookupReason
from network.support.models import Drill, SupportRequest
from network.support.rules import Kind, Outcome, State
from network.visits.models import Visit
from network.visits.rules import Stage

type Words = dict[str, str | Promise]

REASONS: Words = {
    Reason.DURESS: _("Duress word. Do not call or text the member first; decide together"),
    Reason.NEW_REQUEST: _("New request: read it"),
    Reason.HALF_REQUEST: _("Began to ask, then silent"),
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
    Reason.SEARCH_LATE: _("Still nobody, and the time we aim at is over: call people"),
    Reason.MANY_ASKED: _("Very many were asked: the search goes on slowly"),
    Reason.POLICY_OFF: _("Fewer or more say yes than the search expects: see Asking"),
    Reason.ELSEWHERE: _("The member is not at home"),
    Reason.OTHER_HELP: _("Needs something else"),
    Reason.LATER: _("Asks for another day or hour"),
    Reason.LATE_YES: _("Somebody said yes too late, or may not go: decide"),
    Reason.PLACE_LOST: _("Somebody who had accepted can not go"),
    Reason.MAY_NOT_GO: _("May not be able to go: they were asked. Call"),
    Reason.CLOSED_BY_TEXT: _("The member ended it by text: was it their own wish?"),
    Reason.NOT_THERE: _("Not there in time, and silent: call"),
    Reason.NOT_DONE: _("Not done in time, and silent: call"),
    Reason.VISITOR_NEEDS_PERSON: _("A responder asks to be called"),
    Reason.DID_NOT_COME: _("The member says that nobody came: call now"),
    Reason.NO_WORD_AFTER: _("The member has not said how it went"),
    Reason.PIN_LOCKED: _("Five wrong PINs: the page is locked"),
    Reason.NO_PIN: _("Accepted, and has no PIN: call and set one"),
    Reason.LINK_ELSEWHERE: _("The visit’s link was opened on a second device: ask whether it was theirs"),
    Reason.LINK_REFUSED: _("The visit’s link does not open on a third device: send a new one"),
    Reason.LINK_OFTEN: _("The visit’s page was opened very many times: ask whether all is well"),
    Reason.REFUSED_SEND: _("A text of ours did not arrive: call"),
    Reason.CANT_TEXT: _("This number can not be texted: call"),
    Reason.CARRIER_REFUSES: _("The carrier refuses our texts"),
    Reason.QUEUE_SILENT: _("A part of the server is not at work: have it looked at now"),
    Reason.CARRIER_SILENT: _("Texts to us may be going astray: run doctor"),
    Reason.BUDGET: _("The day's texts are nearly used up: see DAILY_TEXT_BUDGET"),
    Reason.FLOOD: _("Very many texts from unknown phones"),
    Reason.MEDIA_LOST: _("A picture or voice note could not be fetched: call"),
    Reason.OPTED_OUT: _("Has stopped our texts: call instead"),
    Reason.STOP_ASKED: _("Asked in words not to be texted"),
    Reason.WRONG_NUMBER: _("Says that it is a wrong number"),
    Reason.INVITED_WROTE: _("Invited, and wrote for the first time"),
    Reason.NO_ANSWER_TO_JOIN: _("Did not answer the invitation"),
    Reason.MOVED: _("Says that they moved: confirm their home with them"),
    Reason.SUSPENDED: _("Suspended while on a request"),
    Reason.CALL_CAME: _("Somebody called the number"),
    Reason.TOO_MANY_TEXTS: _("Many texts from one phone: answers have stopped"),
    Reason.CALLED_OFF_OFTEN: _("Asked and called off several times today: call, then decide who is asked"),
    Reason.PROPOSAL: _("Somebody proposes what takes more than one person: agree or not"),
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


OFFERS: Words = {
    OfferState.OPEN: _("asked"),
    OfferState.ACCEPTED: _("said yes"),
    OfferState.DECLINED: _("said no"),
    OfferState.WITHDRAWN: _("stood down"),
    OfferState.EXPIRED: _("no answer"),
    OfferState.UNDELIVERABLE: _("not reached"),
}
PARTS: Words = {  # of a worker
    "people": _("answers to texts"),
    "outbox": _("texts to send"),
    "strangers": _("texts of unknown phones"),
    "carrier": _("what is asked of the carrier"),
    "engine": _("clocks and promises"),
}
FELL_THROUGH = _("had said yes, and is not going")
DRILL_ANSWERS: Words = {
    **OFFERS,
    OfferState.OPEN: _("no answer yet"),
    OfferState.WITHDRAWN: _("no answer"),
    OfferState.UNDELIVERABLE: _("not reached: check the number"),
    NOT_ASKED: _("was not asked"),
}
DRILL_ENDS: Words = {
    Drill.Ended.OVER: _("Its time was over"),
    Drill.Ended.DONE: _("Done"),
    Drill.Ended.STOPPED: _("Stopped by a steward"),
    Drill.Ended.NEEDED: _("Stopped: a real request needed its people"),
}
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
REFUSALS: Words = {
    Refusal.SAME_PERSON: _("is the member"),
    Refusal.NOT_ACTIVE: _("has not joined"),
    Refusal.SUSPENDED: _("is suspended"),
    Refusal.OPTED_OUT: _("stopped our texts"),
    Refusal.UNREACHABLE: _("can not be texted"),
    Refusal.OFF: _("is off"),
    Refusal.KIND: _("does not do this kind"),
    Refusal.CLEARANCE: _("clearance is missing or over"),
    Refusal.VOUCHES: _("too few organisations vouch"),
    Refusal.BAR: _("no bar number"),
    Refusal.OWN_VOUCH: _("the member's organisation does not vouch for them"),
    Refusal.NEVER_TOGETHER: _("never these two together"),
    Refusal.PROBATION: _("new: asked only by name"),
    Refusal.RESTING: _("rests after a hard visit"),
    Refusal.CAP: _("was asked as often as one may be in a day"),
    Refusal.FARTHER: _("not so far yet"),
    Refusal.LANGUAGE: _("does not speak the language"),
    Refusal.DISTANCE: _("too far"),
    Refusal.HOURS: _("not their hours"),
    Refusal.NIGHT: _("not woken at night"),
    Refusal.ENGAGED: _("is engaged"),
    Refusal.OFFER_OPEN: _("has an open offer"),
    Refusal.ALREADY_ASKED: _("was asked already"),
}
WIDTHS: dict[int, str | Promise] = {
    Width.FARTHER: _("The search looks farther away now."),
    Width.HOURS: _("The search asks people outside their hours now."),
    Width.LANGUAGE: _("The search asks people who do not speak the language now."),
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
    21602: _("A text without words was sent: report this as a bug."),
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
NOT_READY: Words = {
    "kind": _("Say first what is needed."),
    "children": _("Say first how many children."),
    "at_home": _("Ask first whether the member is at home, then confirm it here."),
    "time": _("Ask first whether the time is right, then confirm it here."),
    "frozen": _("The home is frozen: the organisation confirms it, or two people do."),
    "state": _("The request is not being searched for."),
}
BAD_TIMES: Words = {
    "skipped": _("That hour does not exist: the clocks go forward that night. Choose another."),
    "repeated": _("That hour comes twice: the clocks go back that night. Choose the first or the second."),
    "too_soon": _("That is less than three hours from now: start the search instead, they come at once."),
    "too_far": _("That is more than 60 days from now: note it, and set it later."),
    "unread": _("Choose a day and an hour."),
}
WORDING: Words = {
    "empty": _("Write the text, or go back to ours."),
    "signs": _("A line break, or a sign that nobody sees, stands in it: take it out."),
    "braces": _("Braces are only for the fields, written like {name}."),
    "missing_fields": _("These fields must stay: %s"),
    "other_fields": _("This text has no such fields: %s"),
    "reserved_words": _("The carrier keeps these words for itself, and would act on them: %s"),
    "stop_lost": _("It must say how to stop: %s"),
    "beginning": _("It must begin with: %s"),
    "answers": _("The answers must stay as they are, in their order: %s"),
    "label": _('Answers are written "1 = words, 2 = words", and their words hold no comma.'),
    "kept_words": _("These words must stand in it: %s"),
    "too_long": _("It is too long: shorten it."),
}
MEMBER = _("member")
LANGUAGES: Words = {"en": "English", "es": "español", "ht": "kreyòl"}  # as its speakers call it
SPOKEN: Words = {"en": _("English"), "es": _("Spanish"), "ht": _("Haitian Creole")}

WRITERS: Words = {
    "member": _("a member"),
    "responder": _("a responder"),
    "both": _("a member who is a responder too"),
    "invited": _("somebody who was invited and has not joined"),
    "stranger": _("a phone that nobody knows"),
}
QUESTIONS: Words = {
    Question.JOIN: _("whether they join"),
    Question.ENROLLED: _("told that they are in"),
    Question.STILL_YOU: _("whether it is still their phone"),
    Question.TIME: _("whether the set time is right"),
    Question.STILL_STANDS: _("whether they still go at the set time"),
    Question.HOME: _("whether they are at home"),
    Question.KIND: _("what they need"),
    Question.CHILDREN: _("how many children"),
    Question.DESCRIBE: _("to describe what they need"),
    Question.NOT_NEEDED: _("whether they still need somebody"),
    Question.STOP: _("whether they want no more texts"),
    Question.MOVED: _("whether they have moved"),
    Question.GIVE_UP: _("whether they can't go at all"),
    Question.WAIT_OR_CALL: _("to wait or be called"),
    Question.DID_THEY_COME: _("whether somebody came"),
    Question.VISIT_FINE: _("how the visit was"),
}
RULES: Words = {
    Rule.CARRIER_WORD: _("a word that the carrier keeps for itself, alone"),
    Rule.NOT_SERVED: _("a phone that is not in the network"),
    Rule.DURESS_WORD: _("the duress word"),
    Rule.REACTION: _("a reaction to a text of ours"),
    Rule.MACHINE: _("written by a machine"),
    Rule.QUOTATION: _("nothing but our own words"),
    Rule.INVITATION: _("invited, and not joined yet"),
    Rule.LEFT_ALONE: _("asks for no more texts"),
    Rule.TO_A_PERSON: _("answers a coordinator's own question"),
    Rule.CODE: _("the code of an offer"),
    Rule.ANSWER: _("answers the open question"),
    Rule.ANY_TIME: _("a person, not me, or a language"),
    Rule.VISIT: _("about the visit"),
    Rule.REST: _("off or on"),
    Rule.MEMBER: _("anything else from a member"),
    Rule.NOTHING: _("nothing that we know"),
}
ROLES: Words = {
    "coordinator": _("coordinator"),
    "verifier": _("verifier of an organization"),
    "steward": _("steward"),
    "auditor": _("auditor"),
    "lawyer": _("lawyer of an organization"),
}

FILTER: dict[str, tuple[str | Promise, Words]] = {
    "kind": (_("Kind"), {**KINDS, NOT_KNOWN: KINDS[""]}),
    "language": (_("Language"), SPOKEN),
    "state": (_("State"), STATES),
    "whose": (_("Taken"), {MINE: _("by me"), FREE: _("by nobody")}),
    "due": (_("Due"), {LATE: _("late")}),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing by which a board is narrowed, with its codes in words."""

    name: str
    label: str | Promise
    codes: list[tuple[str, str | Promise]]
    chosen: str

    @property
    def said(self) -> str | Promise:
        """The chosen code in words; empty for all."""
        return dict(self.codes).get(self.chosen, "")


def choices(chosen: Filter, languages: Collection[str]) -> list[Choice]:
    """All of them; of the languages those that the network writes in."""
    offered = {**CHOICES, "language": tuple(code for code in CHOICES["language"] if code in languages)}
    return [
        Choice(name, label, [(code, said[code]) for code in offered[name]], getattr(chosen, name))
        for name, (label, said) in FILTER.items()
    ]


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
NOT_POSSIBLE: Words = {
    "": _("Check the e-mail, the role and the organization."),
    "taken": _("Somebody signs in with this e-mail already."),
    "organization": _("This role needs an organization."),
    "another": _("Another steward must do this."),
    "phone": _("Add their phone: by it they are paged, and known as one person."),
    "bad_phone": _("That isn't one phone number. Write it as +13125550123 or with ten digits."),
    "phone_taken": _("Another account has this phone: one person has one account."),
    "third": _(
        "You invited or restored this account, or have another one: somebody else who has met them says so."
    ),
    "asked": _("That was asked for already, or their access was taken."),
    "over": _("That is no longer possible: look at how it stands now."),
}
