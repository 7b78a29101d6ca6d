"""Trust in words: roles, gaps, refusals, and the names of the numbers."""

from django.utils.translation import gettext_lazy as _

from network.console.words import Words
from network.staff.rules.approvers import ApproverRefusal
from network.trust.rules.graph import Lack, Role
from network.trust.rules.proposals import ProposalKind
from network.trust.rules.vouching import Refusal

ROLES: Words = {
    Role.MEMBER: _("member"),
    Role.ACCOMPANIMENT: _("accompaniment"),
    Role.LEGAL: _("legal help"),
    Role.CHILDCARE: _("childcare"),
}
LACKS: Words = {
    Lack.VOUCHERS: _("too few verifiers vouch"),
    Lack.ORGANIZATIONS: _("too few organisations vouch"),
    Lack.CLEARANCE: _("clearance is missing or over"),
    Lack.BAR: _("no bar number"),
}
KINDS: Words = {
    "faith": _("faith"),
    "union": _("union"),
    "legal": _("legal"),
    "school": _("school"),
    "clinic": _("clinic"),
    "community": _("community"),
}
UNMET = _(
    "Nobody but those who made your account has met you yet: a steward or coordinator who has says so on "
    "your page under Staff."
)
REFUSED: Words = {
    Refusal.ORGANIZATION: _("Your organization is not admitted, or is suspended."),
    Refusal.NO_PHONE: _("Your account has no phone on file. A steward adds it first."),
    Refusal.UNMET: UNMET,
    Refusal.NOT_MET: _("Confirm that you met them in person."),
    Refusal.THEMSELF: _("Nobody vouches for themself."),
    Refusal.TWICE: _("You vouch for them in this role already."),
    Refusal.QUOTA: _("You have given as many vouches as one verifier may for now."),
    Refusal.CYCLE: _("They, or somebody they vouched for, vouched for you: that would be a ring."),
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
    ProposalKind.EXPORT_KEY: _("Set the key to which exports are sealed, of"),
    ProposalKind.EXPORT_PEOPLE: _("Export the people of"),
}
WRONG: Words = {
    "slug": _("The code may hold small letters, digits and hyphens, 40 at most."),
    "name": _("Write the name."),
    "kind": _("Choose a kind."),
    "phone": _("Write a phone number of ten digits."),
    "zip": _("That is no US ZIP that we know."),
    "taken": _("This code belongs to another organization."),
}
NUMBERS: Words = {
    "member_vouchers": _("verifiers for a member"),
    "accompaniment_vouchers": _("verifiers for accompaniment"),
    "accompaniment_organizations": _("organizations for accompaniment"),
    "legal_vouchers": _("verifiers for legal help"),
    "childcare_vouchers": _("verifiers for childcare"),
    "childcare_organizations": _("organizations for childcare"),
    "quota": _("vouches that one verifier may give"),
    "quota_days": _("in how many days"),
    "lasts_days": _("days that a vouch lasts"),
    "first_reminder_days": _("days before its end: first reminder"),
    "last_reminder_days": _("days before its end: last reminder"),
    "probation_visits": _("visits carried out before probation may end"),
    "quorum": _("organizations that admit another"),
    "large_quorum": _("organizations that admit another, in a larger network"),
    "large_from": _("organizations from which a network is larger"),
    "wait_hours": _("hours in which any one may object"),
    "proposal_hours": _("hours in which a second person may agree"),
    "alone_up_to": _("people who may fall by one person’s act"),
}
