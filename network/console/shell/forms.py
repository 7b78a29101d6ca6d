"""The console's forms: Django's own, with one template for every field, and one way to say what is wrong."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import ChoiceWidget
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.people.rules.search import MOST as LONGEST_SEARCH
from network.privacy.rules.unwanted import Unwanted, unwanted_in

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type Said = str | _StrPromise

UNPROCESSABLE = 422  # the answer to a form in which something is wrong
EMPTY = _("This is empty.")
ISO_DAY, ISO_HOURS = ["%Y-%m-%d"], ["%H:%M", "%H:%M:%S"]  # as browsers send them, in every language
MOST = 9_999_999  # more than any number that a form of ours asks for
NOTHING = ("", "—")  # what a list shows before something is chosen
TYPED = ("text", "search")  # what somebody writes may go from right to left


class Rendering(DjangoTemplates):
    """How every form is drawn (`FORM_RENDERER`)."""

    field_template_name = "console/field.html"


class NotAChoice(BadRequest):
    """A field is empty, or holds what the page never offered; its name is the argument."""


class Form(forms.Form):
    """A form of the console: what was typed is kept, and a field says the first thing that is wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput | forms.Textarea):
                field.widget.attrs.setdefault("autocomplete", "off")
                if getattr(field.widget, "input_type", "text") in TYPED:
                    field.widget.attrs.setdefault("dir", "auto")

    def wrong(self, name: str | None, why: str | Promise) -> None:
        """Beside the field, the first thing only; above the form where there is no such field."""
        if name is None or name not in self.fields:
            self.add_error(None, str(why))
        elif name not in self.errors:
            self.add_error(name, str(why))


def cleaned(form: forms.Form) -> dict[str, Any]:
    """What a form says. Raises NotAChoice for a field that is empty, or holds what the page never offered."""
    if not form.is_valid():
        raise NotAChoice(next(iter(form.errors)))
    return form.cleaned_data


def text(*, strip: bool = True) -> forms.CharField:
    """What may be empty."""
    return forms.CharField(required=False, strip=strip)


def line(
    label: Said,
    hint: Said = "",
    *,
    most: int = 0,
    required: bool = True,
    kind: str = "text",
    initial: str = "",
    empty: str | Promise = EMPTY,
    validators: Sequence[Callable[[str], None]] = (),
    **attrs: str,
) -> forms.CharField:
    """One line that somebody types; the browser takes no more than `most` signs, and a rule counts them."""
    widget = forms.TextInput(attrs={"maxlength": str(most), **attrs} if most else attrs)
    widget.input_type = kind
    wrong: dict[str, Any] = {"required": empty}
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        initial=initial,
        widget=widget,
        error_messages=wrong,
        validators=validators,
    )


def sought(label: Said, *, required: bool = True, placeholder: Said = "", **attrs: str) -> forms.CharField:
    """What somebody looks for: a name, a phone, a number."""
    field = line(label, most=LONGEST_SEARCH, required=required, kind="search")
    field.widget.attrs.update(attrs)
    if placeholder:
        field.widget.attrs["placeholder"] = placeholder
    return field


WHY, SAY_WHY = _("Why"), _("Say why, in a few words.")
UNWANTED: Mapping[Unwanted, Said] = {
    Unwanted.A_NUMBER: _("An A-number stands in it. We keep none: take it out."),
    Unwanted.SOCIAL_SECURITY: _("A Social Security or tax number stands in it. We keep none: take it out."),
    Unwanted.PASSPORT: _("A passport number stands in it. We keep none: take it out."),
    Unwanted.BIRTH_DATE: _("A date of birth stands in it. Write how old somebody is, if it matters."),
    Unwanted.STATUS: _("Somebody's immigration status stands in it. Nobody needs it to help: take it out."),
    Unwanted.OTHERS: _(
        "A badge or plate stands in it. We keep nothing of officers or vehicles: take it out."
    ),
}


def keeps_nothing_unwanted(words: str) -> None:
    """A validator of what is kept in words. Raises ValidationError with what to take out."""
    if what := unwanted_in(words):
        raise ValidationError(UNWANTED[what])


def why(label: Said = WHY, *, required: bool = True) -> forms.CharField:
    return line(label, most=300, required=required, empty=SAY_WHY, validators=[keeps_nothing_unwanted])


def tick(label: Said = "", hint: Said = "") -> forms.BooleanField:
    return forms.BooleanField(
        label=label, help_text=hint, required=False, widget=forms.CheckboxInput(attrs={"value": "1"})
    )


def must_tick(label: Said, *, wrong: str | Promise) -> forms.BooleanField:
    """A box without which nothing is done."""
    return forms.BooleanField(
        label=label, widget=forms.CheckboxInput(attrs={"value": "1"}), error_messages=as_wrong(wrong)
    )


def one_of[Code: Enum](
    among: type[Code],
    *,
    label: Said = "",
    wrong: str | Promise = EMPTY,
    required: bool = True,
    widget: type[ChoiceWidget] = forms.Select,
) -> forms.TypedChoiceField:
    """One of these codes, as a value; `name_choices` gives them words where the field is drawn."""
    return forms.TypedChoiceField(
        choices=[(code.value, code.value) for code in among],
        coerce=among,
        label=label,
        required=required,
        empty_value=None,
        error_messages=as_wrong(wrong),
        widget=widget,
    )


def as_wrong(why: str | Promise) -> dict[str, Any]:
    """One sentence for whatever doesn't fit: what is chosen from a list isn't called empty."""
    return {"required": why, "invalid": why, "invalid_choice": why}


def name_choices(field: forms.Field, choices: Iterable[tuple[str, str | Promise]]) -> None:
    """The choices of a field in words, in the order in which they are shown."""
    shown = field if isinstance(field, forms.ChoiceField) else field.widget
    assert isinstance(shown, forms.ChoiceField | ChoiceWidget)
    shown.choices = list(choices)


def day(label: Said = "", *, wrong: str | Promise = EMPTY, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=ISO_DAY,
        required=required,
        error_messages=as_wrong(wrong),
        widget=forms.DateInput(format=ISO_DAY[0], attrs={"type": "date"}),
    )


def clock(label: Said = "", *, wrong: str | Promise = EMPTY, required: bool = True) -> forms.TimeField:
    """Hours and minutes; seconds are none of ours."""
    return forms.TimeField(
        label=label,
        input_formats=ISO_HOURS,
        required=required,
        error_messages=as_wrong(wrong),
        widget=forms.TimeInput(format=ISO_HOURS[0], attrs={"type": "time"}),
    )


def number(
    label: Said = "",
    *,
    least: int = 0,
    most: int = MOST,
    wrong: str | Promise = EMPTY,
    required: bool = True,
    initial: int | None = None,
    widget: type[forms.Widget] = forms.NumberInput,
) -> forms.IntegerField:
    messages = as_wrong(wrong) | {"min_value": wrong, "max_value": wrong}
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        error_messages=messages,
        initial=initial,
        widget=widget,
    )


class Listed(forms.TypedMultipleChoiceField):
    """Several of what a page offered, each read by `coerce`; the rows know which are there."""

    def valid_value(self, value: object) -> bool:
        return True


def many(
    coerce: Callable[[str], Any], label: Said = "", *, wrong: str | Promise = EMPTY, required: bool = False
) -> Listed:
    return Listed(
        coerce=coerce,
        label=label,
        required=required,
        error_messages=as_wrong(wrong),
        widget=forms.CheckboxSelectMultiple,
    )


def chosen_from(label: Said, *, wrong: str | Promise, required: bool = True) -> forms.ChoiceField:
    """A list that presets nothing; `name_choices` says what there is to choose from."""
    return forms.ChoiceField(label=label, required=required, error_messages=as_wrong(wrong))


class Back(Form):
    """The path that a button leads back to."""

    back = forms.CharField(required=False, empty_value="/", widget=forms.HiddenInput)
