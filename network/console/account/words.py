"""Accounts in words: what can't be done."""

from django.utils.translation import gettext_lazy as _

from network.console.shell.words import Words

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
