"""What the pages about requests say: offers, drills, refusals, and the wording of our texts."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.console.shell.words import Words
from network.conversations.rules.context import Question
from network.conversations.rules.understanding import Rule
from network.dispatch.rules.case import OfferState, Width
from network.dispatch.rules.fit import Refusal
from network.dispatch.rules.foretelling import Doubt
from network.reports.drills import NOT_ASKED
from network.support.models import Drill

OFFERS: Words = {
    OfferState.OPEN: _("asked"),
    OfferState.ACCEPTED: _("said yes"),
    OfferState.DECLINED: _("said no"),
    OfferState.WITHDRAWN: _("stood down"),
    OfferState.EXPIRED: _("no answer"),
    OfferState.UNDELIVERABLE: _("not reached"),
}
DOUBTS: Words = {
    Doubt.CHANCES: _("Who says yes isn’t who is expected to: it asks the wrong number of people."),
    Doubt.DELAYS: _("Yeses come sooner or later than expected: it waits too long, or too short."),
    Doubt.SILENCE: _(
        "People are silent together more often than by chance: on such days it asks too few at a time."
    ),
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
REFUSALS: Words = {
    Refusal.SAME_PERSON: _("is the member"),
    Refusal.NOT_ACTIVE: _("has not joined"),
    Refusal.SUSPENDED: _("is suspended"),
    Refusal.OPTED_OUT: _("stopped our texts"),
    Refusal.UNREACHABLE: _("can not be texted"),
    Refusal.OFF: _("is off"),
    Refusal.KIND: _("does not do this kind"),
    Refusal.CLEARANCE: _("clearance missing or expired"),
    Refusal.VOUCHES: _("too few organizations vouch"),
    Refusal.BAR: _("no bar number"),
    Refusal.OWN_VOUCH: _("the member's organization does not vouch for them"),
    Refusal.NEVER_TOGETHER: _("never these two together"),
    Refusal.PROBATION: _("new: asked only by name"),
    Refusal.RESTING: _("rests after a hard visit"),
    Refusal.CAP: _("was asked as often as one may be in a day"),
    Refusal.FARTHER: _("outside the current search distance"),
    Refusal.LANGUAGE: _("does not speak the language"),
    Refusal.DISTANCE: _("too far"),
    Refusal.HOURS: _("not their hours"),
    Refusal.NIGHT: _("not woken at night"),
    Refusal.ENGAGED: _("already on a request"),
    Refusal.OFFER_OPEN: _("has an open offer"),
    Refusal.ALREADY_ASKED: _("was asked already"),
}
WIDTHS: dict[int, str | Promise] = {
    Width.FARTHER: _("The search looks farther away now."),
    Width.HOURS: _("The search asks people outside their hours now."),
    Width.LANGUAGE: _("The search asks people who do not speak the language now."),
}
NOT_READY: Words = {
    "kind": _("Say first what is needed."),
    "children": _("Say first how many children."),
    "at_home": _("Ask first whether the member is at home, then confirm it here."),
    "time": _("Ask first whether the time is right, then confirm it here."),
    "frozen": _("The home is frozen: the organization confirms it, or two people do."),
    "state": _("The request is not being searched for."),
}
MENUS: dict[str, tuple[str | Promise, str | Promise]] = {  # what a menu of a request is for, and its button
    "start": (_("Start the search"), _("Start the search")),
    "time": (_("Set a time"), _("Set the time")),
    "kind": (_("Change what they need"), _("Change")),
    "notes": (_("Note for whoever goes"), _("Save")),
    "promise": (_("Promise a time"), _("Promise it, in a text")),
    "exempt": (_("Ask anyway (needs two people)"), _("Propose")),
}
BAD_TIMES: Words = {
    "skipped": _("That hour does not exist: the clocks go forward that night. Choose another."),
    "repeated": _("Clocks go back that night, so that hour happens twice. Choose the first or the second."),
    "too_soon": _("That is less than three hours from now: start the search instead, they come at once."),
    "too_far": _("That is more than 60 days from now: note it, and set it later."),
    "unread": _("Choose a day and an hour."),
}
WORDING: Words = {
    "empty": _("Write the text, or go back to ours."),
    "signs": _("Remove the line break or invisible character."),
    "braces": _("Braces are only for the fields, written like {name}."),
    "missing_fields": _("These fields must stay: %s"),
    "other_fields": _("This text has no such fields: %s"),
    "reserved_words": _("The carrier keeps these words for itself, and would act on them: %s"),
    "stop_lost": _("It must say how to stop: %s"),
    "beginning": _("It must begin with: %s"),
    "answers": _("The answers must stay as they are, in their order: %s"),
    "label": _('Answers are written "1 = words, 2 = words", and their words hold no comma.'),
    "kept_words": _("These words must be in it: %s"),
    "too_long": _("It is too long: shorten it."),
}

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

FIVE_STAGES = (
    pgettext_lazy("the stage: what is needed", "Asking"),
    _("Searching"),
    _("On the way"),
    _("There"),
    _("Closed"),
)
