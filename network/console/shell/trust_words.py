"""Trust in words, for every room: roles, gaps, refusals and proposals."""

from django.utils.translation import gettext_lazy as _

from network.console.shell.words import Words
from network.enrollment.rules.erasure import ErasureRefusal
from network.staff.rules.approvers import ApproverRefusal
from network.trust.rules.graph import VouchLack, VouchRole
from network.trust.rules.proposals import ProposalKind
from network.trust.rules.vouching import VouchRefusal

ROLES: Words = {
    VouchRole.MEMBER: _("member"),
    VouchRole.ACCOMPANIMENT: _("accompaniment"),
    VouchRole.LEGAL: _("legal help"),
    VouchRole.CHILDCARE: _("childcare"),
}
LACKS: Words = {
    VouchLack.VOUCHERS: _("too few verifiers vouch"),
    VouchLack.ORGANIZATIONS: _("too few organizations vouch"),
    VouchLack.CLEARANCE: _("clearance missing or expired"),
    VouchLack.BAR: _("no bar number"),
}
UNMET = _(
    "Nobody but those who made your account has met you yet: a steward or coordinator who has says so on "
    "your page under Staff."
)
REFUSED: Words = {
    VouchRefusal.ORGANIZATION: _("Your organization is not admitted, or is suspended."),
    VouchRefusal.NO_PHONE: _("Your account has no phone on file. A steward adds it first."),
    VouchRefusal.UNMET: UNMET,
    VouchRefusal.NOT_MET: _("Confirm that you met them in person."),
    VouchRefusal.THEMSELF: _("You can't vouch for yourself."),
    VouchRefusal.TWICE: _("You vouch for them in this role already."),
    VouchRefusal.QUOTA: _("You have given as many vouches as one verifier may for now."),
    VouchRefusal.CYCLE: _("They, or somebody they vouched for, vouched for you: that would be a ring."),
}
UNHEARD: Words = {
    ApproverRefusal.NO_PHONE: _("Your account has no phone on file. A steward adds it first."),
    ApproverRefusal.UNMET: UNMET,
    ApproverRefusal.NO_STANDING: _("Your organization is not admitted, or is suspended."),
    ApproverRefusal.SAME_PERSON: _("That would be one person twice: somebody else must agree."),
    ApproverRefusal.SAME_ORGANIZATION: _(
        "Your organization has spoken already: somebody of another one must agree."
    ),
    ApproverRefusal.NOT_AN_ORGANIZATION: _("Only people of an organization admit another one."),
}
NOT_ERASED: Words = {
    ErasureRefusal.OPEN_REQUEST: _(
        "Request %(number)s of theirs is open. Close it first: nobody is erased who asks for help."
    ),
    ErasureRefusal.ON_VISIT: _("A visit for request %(number)s is not over. End it first."),
    ErasureRefusal.BEING_ASKED: _(
        "They are being asked to help with request %(number)s. Wait for their answer, or suspend them first."
    ),
    ErasureRefusal.HELD: _(
        "Request %(number)s, in which they took part, is under a hold, or one is proposed: nothing of it may "
        "be erased. %(until)s"
    ),
    ErasureRefusal.TEXT_WAITS: _("A text of theirs waits to be read. Read it first: it may ask for help."),
    ErasureRefusal.TEXT_LEAVES: _("A text to them is just leaving. Try again in a minute."),
    ErasureRefusal.STAFF: _(
        "Their phone is also the phone of an account of staff. Take its access away first, under Staff."
    ),
    ErasureRefusal.PROPOSED: _("Something else about them is proposed. Settle that first."),
}
HELD_UNTIL = _("It lasts up to and including %(until)s.")
PROPOSALS: Words = {
    ProposalKind.ADMIT: _("Admit"),
    ProposalKind.SUSPEND_ORGANIZATION: _("Suspend the organization"),
    ProposalKind.RESTORE_ORGANIZATION: _("Lift the suspension of"),
    ProposalKind.WITHDRAW_VOUCH: _("Take back a vouch for"),
    ProposalKind.WITHDRAW_VERIFIER: _("Take back all vouches given by"),
    ProposalKind.TRUST_NUMBERS: _("Change the numbers of trust"),
    ProposalKind.CHANGE_HOME: _("Change the home of"),
    ProposalKind.HOLD: _("Erase nothing of request"),
    ProposalKind.EXPORT_KEY: _("Set the key to which exports are sealed, of"),
    ProposalKind.EXPORT_PEOPLE: _("Export the people of"),
    ProposalKind.ERASE_PERSON: _("Erase, for good,"),
    ProposalKind.DISCLOSE: _("Tell, since the law demands it, what is kept of"),
}
