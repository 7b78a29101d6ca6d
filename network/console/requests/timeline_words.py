"""Lines of history as sentences. `who` did it; `person` is whom it is about; the rest is its detail."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.console.shell.words import Words

ENGINE: str | Promise = _("the engine")
ACTORS: Words = {
    "engine": ENGINE,
    "carrier": _("the carrier"),
    "command": _("somebody at the server"),
    "staff": _("somebody of the team"),
    "person": _("somebody in the network"),
}
MEMBERS_TEXT: str | Promise = _("a text from the member")
THE_MEMBER: str | Promise = _("the member")
SOMEBODY: str | Promise = _("somebody")
SOMETHING: str | Promise = _("something on the board")

REQUESTS: Words = {
    "request.opened": _("%(who)s opened the request."),
    "request.kind": _("%(who)s said what is needed: %(kind)s."),
    "request.children": _("%(who)s gave the number of children: %(count)s."),
    "request.at_home": _("%(who)s confirmed that it is from their home."),
    "request.time": _("%(who)s set the time: %(when)s."),
    "request.time.none": _("%(who)s took the set time away."),
    "request.time_right": _("%(who)s confirmed the time."),
    "request.time_wrong": _("%(who)s said that the time is not right."),
    "request.search": _("%(who)s began the search."),
    "request.cover": _("All who are needed have said yes: nobody more is asked."),
    "request.reopen": _("A place came free, and the search goes on."),
    "request.stop": _("%(who)s stopped the search."),
    "request.close": _("%(who)s closed the request."),
    "request.resume": _("%(who)s opened the request again."),
    "request.contact_asked": _("%(who)s would write or call under duress: a second person must agree."),
    "request.contact_agreed": _("%(who)s, as the second, agreed to writing or calling."),
    "request.called": _("%(who)s spoke with the member."),
    "request.by_hand": _("From here on nobody is sought without a click of the team."),
    "request.duress": _("The duress word was used: nobody is sent by machine."),
    "request.held": _("What belongs to this request is not erased before %(until)s is over: %(who)s agreed."),
    "request.notes": _("%(who)s changed what the visitors’ page says."),
    "search.widened": "%(width)s",
    "exemption.proposed": _("%(who)s proposed to ask %(person)s all the same: %(refusal)s."),
    "exemption.agreed": _("%(who)s agreed, so %(person)s is asked all the same: %(refusal)s."),
    "exemption.withdrawn": _("%(who)s took back the proposal to ask %(person)s all the same."),
    "address.viewed": _("%(who)s looked at the home and the phone."),
    "legal.viewed": _("%(who)s looked at the name and the phone, as the organization’s lawyer."),
}
TEXTS: Words = {
    "text.handled": _("A text came from %(person)s."),
    "text.written": _("%(who)s wrote to %(person)s."),
    "text.taken_back": _("%(who)s took a text to %(person)s back before it left."),
    "call.asked": _("%(person)s asked by the keys of a phone."),
    "call.taken": _("%(who)s took the call."),
    "call.ended": _("A call ended after %(length)s."),
    "media.viewed": _("%(who)s looked at a picture, or heard a voice note."),
    "wording.changed": _("%(who)s changed the words of a text."),
}
NEEDS: Words = {
    "need.raised": _("On the board: %(reason)s."),
    "need.claimed": _("%(who)s took it: %(reason)s."),
    "need.unclaimed": _("%(who)s gave it back: %(reason)s."),
    "need.lapsed": _("Nobody went on with it for ten minutes, so it is free again: %(reason)s."),
    "need.closed": _("%(who)s closed it: %(reason)s."),
    "need.reopened": _("%(who)s put it back on the board: %(reason)s."),
}
VISITS: Words = {
    "offer.made": _("%(who)s asked %(person)s."),
    "offer.accepted": _("%(person)s said yes."),
    "offer.declined": _("%(person)s said no."),
    "offer.undeliverable": _("The question did not reach %(person)s."),
    "offer.withdrawn": _("%(person)s is not needed any more, and was thanked."),
    "offer.released": _("%(person)s is free again."),
    "visit.accepted": _("The visit is for %(person)s."),
    "visit.going": _("%(person)s got the link and the word, and sets out."),
    "visit.there": _("%(person)s is there."),
    "visit.done": _("%(person)s is done."),
    "visit.left": _("%(person)s is no longer on it."),
    "visit.new_link": _("%(who)s sent %(person)s a new link; the old one is dead."),
    "visit.plan_call": _("%(person)s helps by phone."),
    "visit.plan_go": _("%(person)s helps at the home."),
    "visit.confirm_asked": _("%(person)s was asked whether it stands."),
    "visit.confirmed": _("%(person)s said that it stands."),
    "visit.shown": _("%(person)s opened the visit’s page."),
    "visit.link_elsewhere": _("%(person)s was asked whether the link is to move to a second device."),
    "visit.link_moved": _("%(person)s moved the link to a second device; the first one is closed."),
    "visit.link_refused": _("The link of %(person)s was refused on one more device."),
    "visit.wrong_pin": _("A wrong PIN was given on the page of %(person)s (%(tries)s so far)."),
}
PEOPLE: Words = {
    "phone.viewed": _("%(who)s looked at the phone of %(person)s, to call."),
    "person.called": _("%(who)s spoke with %(person)s."),
    "person.enrolled": _("%(who)s entered %(person)s."),
    "person.erased": _("Somebody was erased at their own wish: %(who)s agreed as the second."),
    "person.disowned": _("%(person)s said that this is not them."),
    "person.claims_settled": _("%(who)s compared what two organizations said about %(person)s."),
    "person.confirmed": _("The phone is still that of %(person)s."),
    "person.handed_over": _("%(who)s handed the phone over to %(person)s, for a PIN or a word."),
    "person.word_set": _("%(who)s set a word of their own."),
    "member.home_changed": _("%(who)s changed the home of %(person)s."),
    "member.home_confirmed": _("%(who)s confirmed the home and the phone of %(person)s."),
    "claim.home_changed": _("%(who)s changed the home that their organization has for %(person)s."),
    "claim.home_confirmed": _("%(who)s confirmed the home that their organization has for %(person)s."),
    "person.joined": _("%(person)s joined."),
    "person.refused": _("%(person)s said that it is the wrong phone, or that they do not join."),
    "person.opted_in": _("%(person)s gets our texts again."),
    "person.reachable": _("%(who)s noted that %(person)s can be texted again."),
    "person.language": _("The language of %(person)s was changed."),
    "person.off": _("%(person)s is off for a while, or on again."),
    "person.rest": _("%(who)s let %(person)s rest, or ended the rest."),
    "person.suspended": _("%(who)s suspended %(person)s."),
    "person.restored": _("%(who)s restored %(person)s."),
    "person.unvouched": _(
        "Vouches of %(person)s were taken back during a visit: they are suspended after it."
    ),
    "person.probation": _("%(who)s began or ended the probation of %(person)s."),
    "person.apart": _("%(who)s noted that %(person)s is kept apart from somebody."),
    "person.together": _("%(who)s noted that %(person)s need not be kept apart any more."),
    "person.pin_set": _("%(who)s set the PIN of %(person)s."),
    "person.unlocked": _("%(who)s unlocked the page of %(person)s."),
    "person.introduced": _("%(who)s introduced %(person)s to an organization."),
    "member.frozen": _("%(person)s moved, it was said: the home is frozen."),
    "member.unfreeze_asked": _(
        "%(who)s said that the home of %(person)s is right; a second person must too."
    ),
    "member.unfrozen": _(
        "%(who)s, as the second, said that the home of %(person)s is right: it is in force."
    ),
    "vouch.given": _("%(who)s vouched for %(person)s."),
    "vouch.renewed": _("%(who)s renewed a vouch for %(person)s."),
    "vouch.withdrawn": _("%(who)s took back a vouch for %(person)s."),
    "import.organizations": _("%(who)s imported organizations: %(added)s new, %(changed)s changed."),
    "import.members": _("%(who)s imported members: %(added)s new, %(changed)s changed."),
    "import.responders": _("%(who)s imported responders: %(added)s new, %(changed)s changed."),
}
NETWORK: Words = {
    "organization.proposed": _("%(who)s proposed an organization."),
    "organization.admitted": _("An organization was admitted."),
    "organization.suspended": _("An organization was suspended."),
    "organization.restored": _("The suspension of an organization was lifted."),
    "organization.childcare_rule": _("%(who)s changed an organization’s rule for childcare."),
    "proposal.made": _("%(who)s proposed: %(what)s."),
    "proposal.agreed": _("%(who)s agreed to: %(what)s."),
    "proposal.done": _("Enough agreed, and it was done: %(what)s."),
    "proposal.stopped": _("%(who)s stopped: %(what)s."),
    "proposal.over": _("Too few agreed in time: %(what)s."),
    "trust.numbers": _("The network’s numbers of trust were changed."),
    "disclosure.allowed": _("%(who)s agreed: what is kept of one phone may be told, as the law demands."),
    "disclosure.printed": _("What is kept of one phone was printed at the server, once."),
    "organization.export_key": _("The key to which an organization’s exports are sealed was set."),
    "people.entered_by_sheet": _("%(who)s entered %(added)s people by spreadsheet."),
    "people.exported": _("A file of %(members)s members and %(responders)s responders was made and sealed."),
    "export.taken": _("%(who)s downloaded the sealed file."),
    "export.over": _("A sealed file that nobody took was erased."),
    "founding.closed": _("%(who)s closed the founding."),
    "setting_up.backup": _("%(who)s said that a backup is made, and the key kept apart."),
    "backup.made": _("A backup was made: %(tables)s tables, %(rows)s rows."),
    "backup.rehearsed": _("A backup was restored beside the database and was whole."),
    "backup.restored": _(
        "This database was restored from a backup; of %(people)s people %(unreadable)s can’t be read."
    ),
    "copy.awake": _("%(who)s said that the original of this restored copy is dead: it sends again."),
    "setting_up.hidden": _("%(who)s put the list of setting up away."),
    "holiday.added": _("%(who)s added a holiday."),
    "holiday.removed": _("%(who)s removed a holiday."),
    "surge.declared": _("%(who)s declared a surge."),
    "surge.ended": _("The surge ended."),
    "drill.started": _("%(who)s started a drill with %(people)s people."),
    "drill.ended": _("The drill ended."),
    "measures.downloaded": _("%(who)s downloaded the measures."),
    "history.dropped": _("%(lines)s lines of history were dropped: their time was over."),
}
STAFF: Words = {
    "shift.added": _("%(who)s added a shift."),
    "shift.cancelled": _("%(who)s canceled a shift."),
    "shift.started": _("%(who)s began a shift."),
    "shift.ended": _("%(who)s ended a shift and handed over %(requests)s requests and %(needs)s needs."),
    "shift.sound_checked": _("%(who)s said whether the alarm was heard."),
    "handoff.accepted": _("%(who)s took what was handed over."),
    "swap.offered": _("%(who)s asked somebody to take a shift."),
    "swap.taken": _("%(who)s took over a shift."),
    "swap.withdrawn": _("%(who)s keeps a shift after all."),
    "staff.hours_set": _("%(who)s changed the hours of being awake."),
    "staff.phone_tested": _("%(who)s sent a test to their own phone."),
    "keys.set": _("%(who)s turned single keys on or off for themself."),
    "view.saved": _("%(who)s saved a view of the board."),
    "view.renamed": _("%(who)s renamed a view of the board."),
    "view.deleted": _("%(who)s deleted a view of the board."),
    "look.more": _("%(who)s looked at more than a shift needs."),
    "look.stopped": _("%(who)s was shown no more, after looking at far more than a shift needs."),
    "find": _("%(who)s searched; found: %(count)s."),
    "staff.added": _("%(who)s added an account: %(staff)s."),
    "staff.phone_set": _("%(who)s set the phone of %(staff)s."),
    "staff.met": _("%(who)s has met whoever holds the account of %(staff)s."),
    "staff.factor": _("%(staff)s changed how they sign in."),
    "staff.role": _("%(who)s gave %(staff)s another role."),
    "staff.access_taken": _("%(who)s took the access of %(staff)s away."),
    "staff.access_given": _("%(who)s gave %(staff)s access again."),
    "staff.restoring_asked": _("%(who)s said that %(staff)s has lost their key."),
    "staff.restored": _("%(who)s, as the second, restored %(staff)s after a lost key."),
    "staff.restoring_withdrawn": _("%(who)s took back that %(staff)s has lost their key."),
    "session.left": _("%(staff)s signed out."),
    "session.ended": _("%(ended)s sessions of %(staff)s were ended."),
}
SENTENCES: Words = {**REQUESTS, **TEXTS, **NEEDS, **VISITS, **PEOPLE, **NETWORK, **STAFF}

SHOWS: Words = {"everything": _("everything"), "texts": _("texts"), "people": _("people")}
# What a filter leaves, by the first part of a code.
OF: dict[str, tuple[str, ...]] = {
    "texts": ("text.", "call.", "media."),
    "people": (
        "offer.",
        "visit.",
        "person.",
        "phone.",
        "member.",
        "vouch.",
        "exemption.",
        "address.",
        "legal.",
    ),
}
