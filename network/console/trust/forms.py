"""What is filled in about trust: organizations, proposals, vouches, and the network's numbers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.console.shell import trust_words
from network.console.shell.forms import (
    EMPTY,
    Form,
    chosen_from,
    line,
    must_tick,
    name_choices,
    one_of,
    tick,
    why,
)
from network.console.trust import words
from network.organizations.models import Organization
from network.people.rules.phone_numbers import e164
from network.people.rules.plain_text import longest, plain
from network.trust.rules.graph import LIMITS, NotANumber, VouchRole

type Named = tuple[str, str | Promise]  # a code and its words

MOST_DIGITS = 6  # of a number of trust


class Why(Form):
    """What is proposed says why."""

    why = why()


class ProposingOrganization(Form):
    name = line(_("Name"), most=longest("name"), empty=words.WRONG["name"])
    slug = line(
        _("Code, in small letters"), most=longest("slug"), empty=words.WRONG["slug"], pattern=r"[a-z0-9\-]+"
    )
    kind = one_of(Organization.Kind, label=_("Kind"), wrong=words.WRONG["kind"])
    phone = line(_("Phone"), kind="tel", empty=words.WRONG["phone"])
    email = line(_("E-mail, if any"), kind="email", most=longest("email"), required=False)
    zip = line(_("ZIP"), most=5, empty=words.WRONG["zip"], inputmode="numeric", pattern="[0-9]{5}")
    why = why()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_choices(self.fields["kind"], words.KINDS.items())

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        typed = {
            name: plain(cleaned.get(name, ""))[: longest(name)] for name in ("slug", "name", "email", "zip")
        }
        return (
            cleaned | typed | {"phone": e164(cleaned.get("phone", "")) or "", "email": typed["email"] or None}
        )


class AboutOrganization(Form):
    """One of several on a page, each with ids of its own."""

    slug = forms.CharField(widget=forms.HiddenInput)
    why = why()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{self['slug'].value()}-%s"


class ClosingFounding(Form):
    sure = must_tick(
        _("Everybody of the founding days is in. This can not be undone."),
        wrong=_("Say that everybody of the founding days is in."),
    )


class OfWhom(Form):
    """Whose people's vouches are looked at."""

    organization = chosen_from(_("Of whom"), wrong=EMPTY, required=False)

    def __init__(self, *args: Any, organizations: Iterable[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(organization.slug, organization.name) for organization in organizations]
        name_choices(self.fields["organization"], [("", _("everybody")), *named])


class Numbers(Form):
    """The network's numbers of trust, each beside its name in a table."""

    why = why()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_numbers_%s", **kwargs)  # another form of the page says why too
        for name, (least, most) in LIMITS.items():
            about = {"class": "number", "min": least, "max": most, "aria-labelledby": f"number-{name}"}
            self.fields[name] = forms.CharField(required=False, widget=forms.NumberInput(attrs=about))
            self.fields[name].label = str(words.NUMBERS[name])

    @property
    def numbers(self) -> dict[str, int]:
        """Raises NotANumber for the first that is none; the rules say which are possible."""
        return {name: self._number(name) for name in LIMITS}

    def _number(self, name: str) -> int:
        said: str = self.cleaned_data[name]
        if not said.isascii() or not said.isdigit() or len(said) > MOST_DIGITS:
            raise NotANumber(name)
        return int(said)


class GivingVouch(Form):
    role = one_of(VouchRole, label=_("Role"))
    met = tick(_("I met them in person, and I know who they are"))

    def __init__(self, *args: Any, roles: Iterable[Named] = (), **kwargs: Any) -> None:
        """`roles`: those that this person has, where the form is drawn."""
        super().__init__(*args, **kwargs)
        name_choices(self.fields["role"], roles or words_of_roles())


class RenewingVouch(Form):
    vouch, met = forms.UUIDField(), tick()


class Introducing(Form):
    organization = forms.UUIDField(label=_("Organization"), widget=forms.Select)
    role = one_of(VouchRole, label=_("Role"))

    def __init__(
        self,
        *args: Any,
        roles: Iterable[Named] = (),
        organizations: Iterable[Organization] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        name_choices(self.fields["role"], roles or words_of_roles())
        name_choices(
            self.fields["organization"],
            [(str(organization.pk), organization.name) for organization in organizations],
        )


def words_of_roles() -> list[Named]:
    return [(role.value, trust_words.ROLES[role]) for role in VouchRole]
