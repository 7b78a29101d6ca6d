"""The forms by which somebody is entered: their fields as values, with what was typed and what is wrong."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from network.console.people import words
from network.console.shell import words as shared_words
from network.conversations.rules.duress import is_everyday
from network.enrollment.queries.facts import facts_for
from network.enrollment.rules import consent
from network.enrollment.rules.entries import NewMember, NewResponder, Problem, Read, Wrong
from network.enrollment.rules.forms import (
    NEEDED_OF_MEMBER,
    NEEDED_OF_RESPONDER,
    missing,
    read_home,
    read_member,
    read_responder,
)
from network.organizations.models import Organization
from network.people.rules.homes import Home
from network.people.rules.plain_text import LONGEST_OF_ALL, longest

MEMBER, RESPONDER = consent.MEMBER, consent.RESPONDER
AT_MOST = LONGEST_OF_ALL  # characters in a field

type Said = str | Promise


@dataclass(slots=True)
class Field:
    """One field of a form: `kind` is an input's type, or select, or checks."""

    name: str
    label: Said
    kind: str = "text"
    hint: Said = ""
    options: Collection[tuple[str, Said]] = ()
    required: bool = True
    most: int = AT_MOST
    value: str = ""
    values: Collection[str] = ()
    error: Said = ""


@dataclass(slots=True)
class Form:
    """What a verifier fills in. `sections`: a legend and its fields."""

    kind: str
    sections: list[tuple[Said, list[Field]]]
    vouch: Field | None = None  # asked of verifiers
    warning: Said = ""  # said once they are entered
    others: list[Said] = field(default_factory=list)  # what is wrong with no field of its own

    @property
    def fields(self) -> list[Field]:
        found = [one for section in self.sections for one in section[1]]
        return [*found, self.vouch] if self.vouch else found

    @property
    def problems(self) -> list[Field]:
        """The summary, in the order of the form; `others` stand above it."""
        return [one for one in self.fields if one.error]

    @property
    def is_right(self) -> bool:
        return not self.problems and not self.others

    def wrong(self, name: str, why: Said) -> None:
        """Beside the field, the first thing only."""
        for one in self.fields:
            if one.name == name:
                one.error = one.error or why


def form_of(kind: str, said: QueryDict, *, organizations: Collection[Organization], verifies: bool) -> Form:
    """`organizations`: for whom to choose from; empty where it is the verifier's own."""
    sections: list[tuple[Said, list[Field]]] = [(_("Who"), _who(kind))]
    if organizations:
        choices = [(str(one.pk), one.name) for one in organizations]
        sections[0][1].insert(
            0, Field("organization", _("For which organization"), "select", options=choices)
        )
    sections += [(_("Home"), home_fields())] if kind == MEMBER else _responder_sections()
    form = Form(kind, sections, met_field() if verifies else None)
    for one in form.fields:
        one.value, one.values = said.get(one.name, one.value), said.getlist(one.name)
    return form


def _who(kind: str) -> list[Field]:
    spoken = [(code, shared_words.SPOKEN.get(code, code)) for code in settings.NETWORK_LANGUAGES]
    fields = [
        Field("phone", _("Their phone"), "tel", hint=_("Ten digits. Read it back to them.")),
        Field(
            "name",
            _("Name"),
            most=longest("name"),
            hint=_("As they want to be called. The first word stands in texts."),
        ),
        Field("language", _("Language we write in"), "select", options=spoken),
    ]
    if kind == RESPONDER:
        others = [*shared_words.SPOKEN.items()]
        fields.append(Field("speaks", _("Languages they speak"), "checks", options=others, required=False))
        fields.append(
            Field("other_languages", _("Other languages, as codes"), hint=_("Such as pt, ar"), required=False)
        )
    return fields


def home_fields() -> list[Field]:
    return [
        Field("street", _("Street and number"), most=longest("street")),
        Field("unit", _("Unit, if any"), required=False, most=longest("unit")),
        Field("city", _("City"), most=longest("city")),
        Field("state", _("State, two letters"), most=2),
        Field("zip", _("ZIP"), most=5),
    ]


def _responder_sections() -> list[tuple[Said, list[Field]]]:
    kinds = [(code, shared_words.KINDS[code]) for code in ("accompaniment", "legal", "childcare")]
    asked = [
        Field("kinds", _("May be asked for"), "checks", options=kinds),
        Field("zip", _("ZIP they set out from"), most=5),
        Field("max_miles", _("Miles at most"), "number"),
        Field("hours", _("Hours"), value="always",
              hint=_("always, or days and hours such as mon-fri 08:00-18:00; sat 09:00-13:00")),
        Field("wake_at_night", _("May be woken at night, from 9 pm to 8 am"), "checkbox", required=False),
    ]  # fmt: skip
    credentials = [
        Field("clearance_until", _("Childcare: cleared until"), "date", required=False),
        Field("bar_number", _("Legal help: bar number"), required=False, most=longest("bar_number")),
        Field("bar_state", _("Legal help: state of the bar"), required=False, most=2),
    ]
    return [(_("What, where and when"), asked), (_("Credentials"), credentials)]


def home_form(said: QueryDict) -> Form:
    """A member's new home; why is asked for where a second person must agree."""
    why = Field("why", _("Why, in a few words"), required=False, most=300)
    met = Field("met", _("I met them in person for this"), "checkbox", required=False)
    form = Form("home", [(_("Where they live now"), home_fields()), (_("How you know"), [met, why])])
    for one in form.fields:
        one.value = said.get(one.name, "")
    return form


def read_home_form(form: Form, said: QueryDict, *, today: date) -> Home:
    cells = {name: said.get(name, "")[:AT_MOST] for name in said}
    found = read_home(cells, facts_for([cells.get("zip", "")], is_everyday=is_everyday, today=today))
    for problem in (*missing(cells, ("street", "city", "state", "zip")), *found.problems):
        note(form, problem)
    return found.entry


def met_field() -> Field:
    hint = _("This gives your vouch. Until one of you has, nobody is sent to them, and they are not asked.")
    return Field("met", _("I met them in person, and I know who they are"), "checkbox", hint, required=False)


def read(
    form: Form, said: QueryDict, *, today: date
) -> Read[NewMember] | Read[NewResponder]:  # fmt: skip
    """Check what was typed, and note what is wrong where it stands."""
    cells = _cells(said, today=today)
    known = facts_for([cells.get("zip", "")], is_everyday=is_everyday, today=today)
    needed = NEEDED_OF_MEMBER if form.kind == MEMBER else NEEDED_OF_RESPONDER
    found: Read[NewMember] | Read[NewResponder]
    found = read_member(cells, known) if form.kind == MEMBER else read_responder(cells, known)
    for problem in (*missing(cells, needed), *found.problems):
        note(form, problem)
    return found


def note(form: Form, problem: Problem) -> None:
    """Where the form has it, in words; what is chosen from a list isn't called empty."""
    name, wrong = problem.field, problem.wrong
    if wrong is Wrong.EMPTY:
        name = "language" if name == "languages" else name
        wrong = {"language": Wrong.LANGUAGE, "kinds": Wrong.KIND}.get(name, wrong)
    form.wrong("other_languages" if name == "languages" else name, words.WRONG[wrong])


def _cells(said: QueryDict, *, today: date) -> dict[str, str]:
    """As a spreadsheet would have it."""
    cells = {name: said.get(name, "")[:AT_MOST] for name in said}
    others = said.get("other_languages", "").replace(",", ";").replace(" ", "")
    spoken = dict.fromkeys([said.get("language", ""), *said.getlist("speaks"), *others.split(";")])
    cells |= {
        "languages": ";".join(code for code in spoken if code),
        "kinds": ";".join(said.getlist("kinds")),
        "consent_on": today.isoformat() if said.get("consented") else "",
        "duress_word": "", "pin": "",  # these are set in private, by the person
    }  # fmt: skip
    return cells


def sentences(kind: str, organization: str) -> list[tuple[str, str]]:
    """The words of consent, in every language that the network writes."""
    return [(code, consent.words(kind, code, organization)) for code in settings.NETWORK_LANGUAGES]
