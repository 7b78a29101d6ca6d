"""The pages of trust in words: kinds of organizations, wrong fields, and the names of the numbers."""

from django.utils.translation import gettext_lazy as _

from network.console.shell.words import Words

KINDS: Words = {
    "faith": _("faith"),
    "union": _("union"),
    "legal": _("legal"),
    "school": _("school"),
    "clinic": _("clinic"),
    "community": _("community"),
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
    "alone_up_to": _("most people one person can suspend alone"),
}
