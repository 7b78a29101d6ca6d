"""What is filled in about people: who is entered, where they live, what they set in private, and the rest."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from network.console.people import words
from network.console.shell import words as shared_words
from network.console.shell.forms import (
    NOTHING,
    Form,
    as_wrong,
    chosen_from,
    line,
    name_choices,
    one_of,
    sought,
    text,
    tick,
    why,
)
from network.conversations.outreach.bulk_enrollment import MOST, OwnSheet
from network.conversations.outreach.coordinators import MOST_WORDS
from network.conversations.rules.duress import is_everyday
from network.enrollment.queries.facts import facts_for
from network.enrollment.rules import consent
from network.enrollment.rules.entries import EntryProblem, Mistake, NewMember, NewResponder
from network.enrollment.rules.forms import (
    NEEDED_OF_MEMBER,
    NEEDED_OF_RESPONDER,
    missing,
    read_home,
    read_member,
    read_responder,
)
from network.organizations.models import Organization
from network.people.models import Apart, Person
from network.people.rules.homes import Home
from network.people.rules.plain_text import LONGEST_OF_ALL, longest

MEMBER, RESPONDER = consent.MEMBER, consent.RESPONDER
AT_MOST = LONGEST_OF_ALL  # characters in a field
HOME = ("street", "unit", "city", "state", "zip")
MOST_DIGITS = 18  # of a request's number: more is none of ours
ANOTHER = _("Choose another person, and who asks for it.")
NO_WORDS = _("Write a few words first.")
TOO_MANY_WORDS = _("Write a text of one to 1,000 characters.")
LARGEST = 300_000  # bytes of a file

type Section = tuple[str | Promise, list[BoundField]]


class PersonForm(Form):
    """What is typed of somebody, and checked as a spreadsheet's cells would be."""

    sections_of: tuple[tuple[str | Promise, tuple[str, ...]], ...] = ()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        self.order_fields([name for _legend, names in self.sections_of for name in names])

    @property
    def sections(self) -> list[Section]:
        """A legend and its fields, as the page has them."""
        return [
            (legend, [self[name] for name in names if name in self.fields])
            for legend, names in self.sections_of
        ]

    def cells(self) -> dict[str, str]:
        """What was typed, as a spreadsheet would have it."""
        typed = {name: value for name, value in self.cleaned_data.items() if isinstance(value, str)}
        return {name: value[:AT_MOST] for name, value in typed.items()}

    def note(self, problems: Iterable[EntryProblem]) -> None:
        for problem in problems:
            name = (
                "language"
                if problem.field == "languages" and problem.wrong is Mistake.EMPTY
                else problem.field
            )
            self.wrong("other_languages" if name == "languages" else name, words.WRONG[problem.wrong])

    def facts(self, cells: Mapping[str, str]) -> Any:
        return facts_for([cells.get("zip", "")], is_everyday=is_everyday, today=self.today)


class Entering(PersonForm):
    """Somebody is entered. `entry` is what was typed, once it is right; `warning` is said then."""

    kind = ""
    needed: Collection[str] = ()
    entry: NewMember | NewResponder
    warning: str | Promise = ""

    organization = chosen_from(_("For which organization"), wrong=_("Choose an organization."))
    phone = line(_("Their phone"), _("Ten digits. Read it back to them."), most=AT_MOST, kind="tel")
    name = line(
        _("Name"), _("As they want to be called. The first word goes in texts."), most=longest("name")
    )
    language = chosen_from(_("Language we write in"), wrong=words.WRONG[Mistake.LANGUAGE])
    consented = tick(
        _("I read it to them, and they said yes"),
        _(
            "Kept with it: these words, the language, the day, and you. They get one text, which says who "
            "gave us their phone and how to leave."
        ),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    met = tick(
        _("I met them in person, and I know who they are"),
        _("This gives your vouch. Until one of you has, nobody is sent to them, and they are not asked."),
    )

    def __init__(
        self, *args: Any, organizations: Collection[Organization], verifies: bool, **kwargs: Any
    ) -> None:
        """`organizations`: for whom to choose from; empty where it is the verifier's own."""
        super().__init__(*args, **kwargs)
        written = [(code, shared_words.SPOKEN.get(code, code)) for code in settings.NETWORK_LANGUAGES]
        name_choices(self.fields["language"], [NOTHING, *written])
        named = [(str(organization.pk), organization.name) for organization in organizations]
        name_choices(self.fields["organization"], [NOTHING, *named])
        if verifies:
            del self.fields["organization"]
        else:
            del self.fields["met"]

    def clean(self) -> dict[str, Any]:
        cleaned, cells = self.cleaned_data, self.cells()
        if cleaned["consented"] and cleaned["version"] != str(consent.CURRENT):
            self.wrong(None, _("The words of the agreement have changed. Read them out again."))
        cells["consent_on"] = self.today.isoformat() if cleaned["consented"] else ""
        self.note(missing(cells, self.needed))
        self.check(cells)
        return cleaned

    def check(self, cells: dict[str, str]) -> None:
        raise NotImplementedError


class EnteringMember(Entering):
    kind, needed = MEMBER, NEEDED_OF_MEMBER
    sections_of = (
        (_("Who"), ("organization", "phone", "name", "language")),
        (_("Home"), HOME),
    )  # fmt: skip
    street = line(_("Street and number"), most=longest("street"))
    unit = line(_("Unit, if any"), most=longest("unit"), required=False)
    city = line(_("City"), most=longest("city"))
    state = line(_("State, two letters"), most=2)
    zip = line(_("ZIP"), most=5, inputmode="numeric")

    def check(self, cells: dict[str, str]) -> None:
        reading = read_member(cells, self.facts(cells))
        self.note(reading.problems)
        self.entry = reading.entry


class EnteringResponder(Entering):
    kind, needed = RESPONDER, NEEDED_OF_RESPONDER
    sections_of = (
        (_("Who"), ("organization", "phone", "name", "language", "speaks", "other_languages")),
        (_("What, where and when"), ("kinds", "zip", "max_miles", "hours", "wake_at_night")),
        (_("Credentials"), ("clearance_until", "bar_number", "bar_state")),
    )
    speaks = forms.MultipleChoiceField(
        label=_("Languages they speak"),
        choices=list(shared_words.SPOKEN.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=as_wrong(words.WRONG[Mistake.LANGUAGES]),
    )
    other_languages = line(_("Other languages, as codes"), _("Such as pt, ar"), most=AT_MOST, required=False)
    kinds = forms.MultipleChoiceField(
        label=_("May be asked for"),
        choices=[(code, shared_words.KINDS[code]) for code in ("accompaniment", "legal", "childcare")],
        widget=forms.CheckboxSelectMultiple,
        error_messages=as_wrong(words.WRONG[Mistake.KIND]),
    )
    zip = line(_("ZIP they set out from"), most=5, inputmode="numeric")
    max_miles = line(_("Miles at most"), kind="number")
    hours = line(
        _("Hours"),
        _("always, or days and hours such as mon-fri 08:00-18:00; sat 09:00-13:00"),
        most=AT_MOST,
        initial="always",
    )
    wake_at_night = tick(words.WOKEN)
    clearance_until = line(_("Childcare: cleared until"), kind="date", required=False)
    bar_number = line(_("Legal help: bar number"), most=longest("bar_number"), required=False)
    bar_state = line(_("Legal help: state of the bar"), most=2, required=False)

    def check(self, cells: dict[str, str]) -> None:
        reading = read_responder(cells, self.facts(cells))
        self.note(reading.problems)
        self.entry = reading.entry
        self.warning = next((words.WRONG[warning.wrong] for warning in reading.warnings), "")

    def cells(self) -> dict[str, str]:
        cleaned, typed = self.cleaned_data, super().cells()
        others = typed.pop("other_languages", "").replace(",", ";").replace(" ", "")
        spoken = dict.fromkeys([typed.get("language", ""), *cleaned.get("speaks", ()), *others.split(";")])
        return typed | {
            "languages": ";".join(code for code in spoken if code),
            "kinds": ";".join(cleaned.get("kinds", ())),
            "wake_at_night": "1" if cleaned["wake_at_night"] else "",
        }


ENTERING: dict[str, type[Entering]] = {MEMBER: EnteringMember, RESPONDER: EnteringResponder}


class Moving(PersonForm):
    """A member's new home, or that the one on file is right. Why is asked for where a second must agree."""

    home: Home | None = None
    sections_of = (
        (_("Where they live now"), HOME),
        (_("How you know"), ("met", "why")),
    )
    street = line(_("Street and number"), most=longest("street"))
    unit = line(_("Unit, if any"), most=longest("unit"), required=False)
    city = line(_("City"), most=longest("city"))
    state = line(_("State, two letters"), most=2)
    zip = line(_("ZIP"), most=5, inputmode="numeric")
    met = tick(_("I met them in person for this"))
    why = why(_("Why, in a few words"), required=False)
    same = forms.CharField(required=False, widget=forms.HiddenInput)  # the button that says so

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("same"):
            for name in HOME:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cells = self.cells()
        if not self.cleaned_data["same"]:
            self.note(missing(cells, ("street", "city", "state", "zip")))
            reading = read_home({name: cells.get(name, "") for name in HOME}, self.facts(cells))
            self.note(reading.problems)
            self.home = reading.entry
        return self.cleaned_data


class HandingOver(Form):
    """Whether the person is here, and whether they do it on this device."""

    present = forms.BooleanField(
        label=_("The person is here with me"),
        widget=forms.CheckboxInput(attrs={"value": "1"}),
        error_messages={"required": _("Only with the person beside you: say so first.")},
    )
    way = forms.CharField(required=False, widget=forms.HiddenInput)  # the button that was pressed


class OpeningInPrivate(Form):
    """A link's token, and whether something was typed with it."""

    token, keep = text(strip=False), text()


class Unshown(forms.TextInput):
    """A field that never says again what was typed into it."""

    def format_value(self, value: Any) -> None:
        return None


NEW_PIN = {"inputmode": "numeric", "autocomplete": "new-password", "maxlength": "8"}


class SettingInPrivate(Form):
    """What this link sets: the PIN, the word, or both. The page never says them again."""

    pin = forms.CharField(
        label=_("Your PIN, four to eight digits"),
        required=False,
        strip=False,
        help_text=_("It opens the page with a home after you have said that you go there. Tell nobody."),
        widget=forms.PasswordInput(attrs=NEW_PIN),
    )
    pin_again = forms.CharField(
        label=_("The same PIN again"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PIN),
    )
    word = forms.CharField(
        label=_("A word for when you write under threat"),
        required=False,
        strip=False,
        help_text=_(
            "Four letters or more, and no word that you would text otherwise. With it in a text, our "
            "answers look as always, nobody is sent by machine, and people decide together. You may "
            "leave it empty."
        ),
        widget=Unshown(attrs={"autocapitalize": "none", "spellcheck": "false", "maxlength": 40}),
    )

    def __init__(self, *args: Any, asks_pin: bool, asks_word: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_pin:
            del self.fields["pin"], self.fields["pin_again"]
        if not asks_word:
            del self.fields["word"]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("pin") != self.cleaned_data.get("pin_again"):
            self.wrong("pin_again", _("The two PINs are not the same."))
        return self.cleaned_data


class OwnPeople(Form):
    """A file of one's own people; once it was looked at, its words come with the button that enters it."""

    sheet = forms.ChoiceField(
        label=_("Who is in the file"),
        choices=[("members", _("members")), ("responders", _("responders"))],
        initial="members",
        widget=forms.RadioSelect,
        required=False,
    )
    file = forms.FileField(required=False, allow_empty_file=True)
    read_out = tick(_("Everybody with a date of consent was read these words that day, and said yes"))
    version, words = text(), text(strip=False)
    enter = tick()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = _("The file: CSV in UTF-8, %(most)s rows at most") % {"most": MOST}
        self.fields["file"].label, self.fields["file"].widget.attrs["accept"] = most, ".csv, text/csv"

    @property
    def which(self) -> OwnSheet:
        return "responders" if self.cleaned_data.get("sheet") == "responders" else "members"

    @property
    def was_read_out(self) -> bool:
        cleaned = self.cleaned_data
        return bool(cleaned["read_out"]) and cleaned["version"] == str(consent.CURRENT)

    @property
    def content(self) -> bytes:
        """One byte more than may be, where it is too large."""
        if self.cleaned_data["enter"]:
            return str(self.cleaned_data["words"]).encode()
        file = self.cleaned_data.get("file")
        return bytes(file.read(LARGEST + 1)) if file else b""


class ProposingKey(Form):
    recipient = line(
        _("Public key"),
        most=100,
        empty=_("That is no public key of age: it begins with age1."),
        pattern=r"\s*age1[a-z0-9]+\s*",
        spellcheck="false",
    )
    why = why()


class ProposingExport(Form):
    why = why()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_export_%s", **kwargs)  # the key's form says why too


class GivingReason(Form):
    why = why()


class Erasing(Form):
    why_erase = why()


class FindingPeople(Form):
    """Who is looked for, and which page of those found; nobody in particular shows all."""

    q = sought(_("Name, whole phone, or its last four digits"), required=False)
    page = text()


class FindingOther(Form):
    q = sought(_("Name, whole phone, or its last four digits"))


class KeptApartFrom(Form):
    q = sought(_("Keep apart from"), placeholder=_("Name or phone"))


class Calling(Form):
    """The request about which somebody is called, and the need; anything else there is none of ours."""

    request, need = text(), text()

    @property
    def number(self) -> int | None:
        written: str = self.cleaned_data["request"]
        digits = written.isascii() and written.isdigit() and len(written) < MOST_DIGITS
        return int(written) if digits else None

    @property
    def need_id(self) -> UUID | None:
        try:
            return UUID(self.cleaned_data["need"])
        except ValueError:
            return None


class NewPin(Form):
    pin = line(
        _("New PIN"),
        empty=_("A PIN has four to eight digits."),
        inputmode="numeric",
        pattern="[0-9]{4,8}",
    )


class Resting(Form):
    end = tick()


class OnProbation(Form):
    on = tick()


class KeepingApart(Form):
    """Of those who were found, the one with whom they are never brought together."""

    other = forms.UUIDField(
        label=_("Never brought together with"), widget=forms.RadioSelect, error_messages=as_wrong(ANOTHER)
    )
    set_by = one_of(Apart.SetBy, label=_("Who asks for it"), wrong=ANOTHER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_choices(
            self.fields["set_by"],
            [(Apart.SetBy.PERSON, _("one of the two")), (Apart.SetBy.ORGANIZATION, _("an organization"))],
        )

    def choose_among(self, people: Iterable[Person]) -> None:
        name_choices(self.fields["other"], [(str(person.pk), _as_choice(person)) for person in people])


def _as_choice(person: Person) -> str:
    tags = [
        tag
        for role, tag in (("member", _("member")), ("responder", _("responder")))
        if getattr(person, role, None)
    ]
    marked = format_html_join("", ' <span class="tag">{}</span>', ((tag,) for tag in tags))
    return format_html("<bdi>{}</bdi>{}", person.name, marked)


class LettingTogether(Form):
    apart = forms.UUIDField()


class WritingToPerson(Form):
    words = forms.CharField(
        label=_("Text"),
        strip=False,
        max_length=MOST_WORDS,
        error_messages={"required": NO_WORDS, "max_length": TOO_MANY_WORDS},
        widget=forms.Textarea(attrs={"id": "words", "rows": 2}),
    )


def sentences(kind: str, organization: str) -> list[tuple[str, str | Promise, str]]:
    """Code, name and words of consent for every language that the network writes."""
    return [
        (code, shared_words.SPOKEN.get(code, code), consent.words(kind, code, organization))
        for code in settings.NETWORK_LANGUAGES
    ]
