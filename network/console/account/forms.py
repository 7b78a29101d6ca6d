"""What is filled in about accounts, and the sign-in library's forms where they ask the wrong way round."""

from typing import Any
from uuid import UUID

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from network.console.account import words
from network.console.shell import words as shared_words
from network.console.shell.forms import NOTHING, Form, line, must_tick, name_choices, one_of, tick
from network.organizations.models import Organization
from network.people.rules.plain_text import longest, plain
from network.staff.models import Staff

MEET_FIRST = _("Meet them first, and say so by the box.")
UNCLEAR: Any = words.NOT_POSSIBLE[""]
FIELD_OF = {
    "taken": "email", "organization": "organization", "phone": "phone", "bad_phone": "phone",
    "phone_taken": "phone",
}  # fmt: skip
LONGEST_NAME = 40  # what texts call a coordinator by


class GivingRole(Form):
    role = one_of(Staff.Role, label=_("Role"), wrong=UNCLEAR)
    organization = forms.UUIDField(
        label=_("Organization (verifiers and lawyers need one)"),
        required=False,
        widget=forms.Select,
        error_messages={"invalid": UNCLEAR},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_choices(self.fields["role"], shared_words.STAFF_ROLES.items())
        named = sorted(Organization.objects.all(), key=lambda organization: organization.name.casefold())
        name_choices(
            self.fields["organization"],
            [NOTHING, *((str(organization.pk), organization.name) for organization in named)],
        )


class Inviting(GivingRole):
    field_order = ("email", "phone", "role", "organization")
    email = line(_("E-mail"), kind="email", most=longest("email"), empty=UNCLEAR)
    phone = line(_("Phone (coordinators, stewards and verifiers need one)"), kind="tel", required=False)

    def not_possible(self, code: str) -> None:
        """What the rules refuse, beside the field that it is about."""
        self.wrong(FIELD_OF.get(code), words.NOT_POSSIBLE.get(code, UNCLEAR))


class SettingPhone(Form):
    phone = line(_("Phone"), kind="tel", empty=words.NOT_POSSIBLE["bad_phone"])


class MeetingStaff(Form):
    """Before somebody says that an account is of whoever holds it."""

    met = must_tick(
        _("I have met them in person, and they showed me that this account is theirs"), wrong=MEET_FIRST
    )


class ConfirmingRestoring(Form):
    """Of several on a page, each with ids of its own."""

    met = must_tick(_("I have met them in person"), wrong=MEET_FIRST)

    def __init__(self, *args: Any, restoring_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{restoring_id}-%s", **kwargs)


class SigningInByLink(Form):
    token = line(_("The part of your link after #"), required=False)


class Returning(Form):
    next = forms.CharField(required=False, empty_value="/", widget=forms.HiddenInput)


class FirstPassword(Form):
    password = forms.CharField(
        label=_("Password (12 characters or more)"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": "12"}),
    )


class Naming(Form):
    name = line(_("What texts to members call you"), most=LONGEST_NAME, required=False)

    def clean_name(self) -> str | None:
        return plain(self.cleaned_data["name"])[:LONGEST_NAME] or None


class SettingSingleKeys(Form):
    on = tick()


class SigningIn(LoginForm):
    """The library's, with our words; nobody resets a password by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label, password.help_text = _("E-mail"), _("Password"), ""
        login.widget.attrs["autocomplete"] = "username"
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)


class AddKey(AddWebAuthnForm):
    """A key is a passkey unless somebody says otherwise: one that isn't can't sign in by itself, and
    whoever sets no password beside it would have locked themselves out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["name"].label = _("Name of this key")
        if "passwordless" in self.fields:
            self.fields["passwordless"].initial = True
            self.fields["passwordless"].label = _("Sign in with this key alone")


class ChangingPassword(ChangePasswordForm):
    """The library's, without its way to a reset by mail, which is none here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""
