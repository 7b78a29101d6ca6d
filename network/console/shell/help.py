"""What each page is for and what to do there first, in one sentence, and where the handbook says more."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Help:
    sentence: str | Promise
    section: str  # of the handbook


HELP: dict[str, Help] = {
    "board": Help(
        _("Everything that needs a person, most urgent first. Claim one, then open it."), "first-shift"
    ),
    "request": Help(
        _("Everything about one request: press the big button, it is the next step."), "first-shift"
    ),
    "address": Help(_("The one place where we may go: call from here, and copy it nowhere."), "refusals"),
    "close": Help(
        _("Say how it ended, and read what follows: whoever is on the way is told not to go."), "first-shift"
    ),
    "visit_end": Help(
        _("Speak with whoever is on the way first; then say whether to take them off."), "first-shift"
    ),
    "call": Help(
        _("Call now, and say afterwards that you have spoken with them. Copy the number nowhere."), "refusals"
    ),
    "new_request": Help(
        _("Find the member, choose them, and say what they need: the search begins at once."), "first-shift"
    ),
    "apart": Help(_("Find the other person: no search brings these two together any more."), "words"),
    "needs": Help(_("Every row that waits for a person, the worst first, however many."), "first-shift"),
    "hour_twice": Help(
        _("The clocks go back that night, and this hour comes twice. Ask the member which one they mean."),
        "first-shift",
    ),
    "request_menu": Help(
        _("Nothing has changed yet: correct what is marked, then press the button again."), "first-shift"
    ),
    "requests": Help(_("Every request by its number: those that are open first."), "first-shift"),
    "stale": Help(_("Read what came in between, then send your text or change it."), "first-shift"),
    "duty": Help(
        _("Who is on, who is next, and your own hours: start your shift here, and listen for the alarm."),
        "first-shift",
    ),
    "handoff": Help(_("Your hand-off is already filled in. Add three lines and you're done."), "hand-off"),
    "find": Help(
        _("A request by its number, anybody by their whole phone, and who is at work now by name."), "keys"
    ),
    "asking": Help(
        _(
            "Whom we ask is chosen by how likely a yes is, how near they are, and how often "
            "they were asked lately."
        ),
        "words",
    ),
    "measures": Help(
        _("How soon help is found and comes, and what it asks of people. Counts under 5 are not shown."),
        "refusals",
    ),
    "coverage": Help(
        _(
            "How many people may be asked, from where and at which hour, against how many it "
            "takes to be nearly "
            "sure of a yes."
        ),
        "words",
    ),
    "transparency": Help(
        _(
            "What the network was made to tell, to keep and to erase: counts, the small ones "
            "hidden. They may be published."
        ),
        "refusals",
    ),
    "zones": Help(
        _(
            "Where the network’s people are, by ZIP. ZIPs with few people are put together "
            "with their neighbors; "
            "no home is shown."
        ),
        "refusals",
    ),
    "sheet": Help(_("The shift on paper: print it now, while everything works."), "silence"),
    "drills": Help(
        _(
            "A whole request played for practice: real texts, each beginning with DRILL, and "
            "real clocks. Nobody "
            "waits, nothing is learned from it, and it stops by itself when a real request "
            "needs one of its people."
        ),
        "drills",
    ),
    "drill": Help(
        _("What this drill asked of people, and how soon they answered: look where it got stuck."), "drills"
    ),
    "people": Help(_("Find somebody by name or by their whole phone number, and open their page."), "trust"),
    "person": Help(_("Everything about one person: read first what was said, then act."), "trust"),
    "person_history": Help(
        _("What happened with this person, the newest first: the last 100 lines, while they name them."),
        "trust",
    ),
    "person_own": Help(
        _("One of your organization’s people: see whether their vouches still suffice."), "trust"
    ),
    "person_vouches": Help(
        _("Who vouches for them and until when: vouch only if you have met them."), "trust"
    ),
    "enroll": Help(
        _(
            "With the person beside you: read them the words, enter what they say, and their phone "
            "gets one text."
        ),
        "trust",
    ),
    "home": Help(
        _("The one address where we may go: change it only after they told you in person where they live."),
        "trust",
    ),
    "hand_over": Help(
        _("Give them the phone: the PIN or the word is theirs alone, so look away until they hand it back."),
        "trust",
    ),
    "own_sheet": Help(
        _(
            "A whole list at once: you see what it would do before anything is kept; nobody is "
            "vouched for by it."
        ),
        "trust",
    ),
    "sheets": Help(
        _("Your own people in a file that only your organization can open: set its key once, then propose."),
        "trust",
    ),
    "organizations": Help(
        _("Organizations in the network, and proposals waiting for approval. Check those first."), "trust"
    ),
    "trust_settings": Help(
        _("How many must vouch and agree, and for how long it counts: a second person agrees to any change."),
        "trust",
    ),
    "organization": Help(_("One organization, its people and its verifiers: renew what ends soon."), "trust"),
    "vouches": Help(_("Who vouches for whom, and what ends soon: renew that first."), "trust"),
    "taking_back": Help(
        _("Look at who would no longer have enough vouches before you take one back."), "trust"
    ),
    "texts": Help(_("Nobody in the network has this phone. What it sent goes after a day."), "words"),
    "strangers": Help(_("Nobody in the network has these phones. What they sent goes after a day."), "words"),
    "wordings": Help(
        _(
            "Choose a text and a language. What you change here is sent instead of ours; "
            "fields and answers stay, "
            "and each change is on record."
        ),
        "words",
    ),
    "wording": Help(_("One text in one language: change it, look at it, and keep it."), "words"),
    "trying": Help(
        _("What a text would be understood as, and what would be answered. Nothing is sent or kept."), "words"
    ),
    "staff": Help(_("Who may come in, and as what: invite somebody, or sign them out."), "keys"),
    "staff_account": Help(
        _("One account: its role, its browsers, and what to do when a key is lost."), "keys"
    ),
    "look_why": Help(
        _(
            "Others are told of so many looks. The home of an open request that you have taken is always "
            "shown."
        ),
        "keys",
    ),
    "staff_link": Help(
        _("Give them this link in person. You'll only see it once; it works once and expires in a day."),
        "keys",
    ),
    "history": Help(
        _(
            "Who did what, and to what: the last 300 lines. A name stands only where you may "
            "see it anyway; "
            "beside it are the codes and ids that are kept."
        ),
        "words",
    ),
    "retention": Help(
        _("What is kept how long, what is past its time, and what each round erased: counts, and nobody."),
        "refusals",
    ),
    "legal": Help(
        _("Who of your organization’s members asks for a lawyer: open the newest, and call."), "words"
    ),
    "legal_request": Help(_("Call them; that you looked is on record."), "words"),
    "setting_up": Help(_("What is missing before people may rely on us: begin at the top."), "setting-up"),
    "account": Help(_("Your keys, your name, and where you are signed in: set a passkey first."), "keys"),
    "touch": Help(_("Show that it is still you, by the key that you signed in with."), "keys"),
    "sign_in": Help(_("Come in with your passkey, or with a password and a code."), "keys"),
    "link": Help(_("Use this link once to get in, then set up a passkey."), "keys"),
    "factors": Help(_("The keys by which you sign in: have two, in two places."), "keys"),
    "handbook": Help(
        _("How a shift goes, and what to do when something is wrong: begin with the first section."),
        "first-shift",
    ),
}
