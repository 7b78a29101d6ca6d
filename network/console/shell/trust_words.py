"""Trust in words, for every room: roles, gaps, refusals and proposals."""

from django.utils.translation import gettext_lazy as _

from network.console.shell.words import Words
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
}
