"""What the forms about requests say, as values."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from network.console.requests import words
from network.console.shell import words as shared_words
from network.console.shell.forms import (
    NOTHING,
    Form,
    as_wrong,
    clock,
    day,
    keeps_nothing_unwanted,
    line,
    many,
    must_tick,
    name_choices,
    number,
    one_of,
    sought,
    text,
    tick,
)
from network.conversations.outreach.coordinators import MOST_PROMISED, MOST_WORDS
from network.conversations.rules.context import Question
from network.conversations.rules.kinds import MOST_CHILDREN
from network.conversations.trying import WHO
from network.organizations.models import Organization
from network.people.models import Person
from network.support.queries import local, zone
from network.support.rules.requests import Kind, Outcome
from network.support.rules.set_time import BadTime, instants, start_at
from network.visits.rules.stages import LIVE, Stage

MOST_OF_TEXT = 1600  # signs, as the carrier takes them
MOST_OF_NOTES = 500
MOST_OF_REASON = 300
LENGTHS, USUAL_LENGTH = (30, 60, 120), 60  # minutes of a drill
CHOOSE_KIND = _("Choose what they need.")
HOW_MANY = format_lazy(_("How many children? A number from 1 to {most}."), most=MOST_CHILDREN)
BAD_PROMISE = _("Promise a time within a day, in minutes from now.")
CHOOSE_NEAR = _("Choose near which organization.")
CHOOSE_PEOPLE = _("Choose who takes part.")
OFFERED = 41  # the code with which somebody is asked
STAGES = tuple(stage for stage in Stage if stage in LIVE)


class SettingTime(Form):
    """A day and an hour on the local clock, and the instant that they mean once they are right."""

    day = day(_("Day"), wrong=words.BAD_TIMES["unread"])
    hour = clock(_("Hour"), wrong=words.BAD_TIMES["unread"])
    which = forms.CharField(required=False, widget=forms.HiddenInput)
    right = tick(
        _("They told me that it is right, and from their home"),
        _(
            "Without that tick the member is asked first. Whoever had accepted another time is told that it "
            "changed."
        ),
    )
    starts_at: datetime | None = None
    twice: Sequence[tuple[str, str]] = ()  # the two that it may be, where the hour comes twice

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["day"].widget.attrs["min"] = local(now).date().isoformat()

    def clean(self) -> dict[str, Any]:
        on, at = self.cleaned_data.get("day"), self.cleaned_data.get("hour")
        if on and at:
            try:
                self.starts_at = start_at(on, at, zone(), now=self.now, which=self.cleaned_data["which"])
            except BadTime as why:
                if str(why) == "repeated":
                    self.twice = which_of_two(on, at)
                self.wrong(ABOUT_TIMES[str(why)], words.BAD_TIMES[str(why)])
        return self.cleaned_data

    def clean_which(self) -> int | None:
        which: str = self.cleaned_data["which"]
        return int(which) if which in ("0", "1") else None


def which_of_two(on: date, at: time) -> list[tuple[str, str]]:
    """Both times that a clock shows this hour, such as: The first: Sun 1 Nov, 01:30 CDT."""
    both = [instant.astimezone(zone()) for instant in instants(on, at, zone())]
    names = (_("The first"), _("The second"))
    return [
        (str(n), f"{name}: {date_format(variant, 'D j M, H:i')} {variant.tzname()}")
        for n, (name, variant) in enumerate(zip(names, both, strict=True))
    ]


ABOUT_TIMES = {"skipped": "hour", "repeated": "which", "too_soon": "day", "too_far": "day"}


class Opening(SettingTime):
    """A member called or came by. A time is only given for later."""

    member = forms.UUIDField(
        label=_("Member"), widget=forms.RadioSelect, error_messages=as_wrong(_("Choose the member."))
    )
    kind = one_of(Kind, label=_("Kind"), wrong=CHOOSE_KIND)
    children = number(
        _("How many children (childcare)"), least=1, most=MOST_CHILDREN, wrong=HOW_MANY, required=False
    )
    at_home = must_tick(
        _("It is from their home, they told me so"), wrong=_("Confirm that it is from their home.")
    )
    day = day(_("Day"), wrong=words.BAD_TIMES["unread"], required=False)
    hour = clock(_("Hour"), wrong=words.BAD_TIMES["unread"], required=False)
    which = forms.CharField(label=_("Which of the two?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_choices(self.fields["kind"], kinds())

    def choose_among(self, people: Iterable[Person]) -> None:
        named = [
            (
                str(candidate.member.pk),
                format_html("<bdi>{}</bdi> · {}", candidate.name, candidate.member.zip),
            )
            for candidate in people
        ]
        name_choices(self.fields["member"], named)

    def clean(self) -> dict[str, Any]:
        given = {name for name in ("day", "hour") if self.cleaned_data.get(name) is not None}
        for name in {"day", "hour"} - given if given else ():
            self.wrong(name, words.BAD_TIMES["unread"])
        super().clean()
        name_choices(self.fields["which"], self.twice)
        return self.cleaned_data


def kinds() -> list[tuple[str, str | Promise]]:
    return [(kind.value, shared_words.KINDS[kind]) for kind in Kind]


class Usual(forms.ChoiceField):
    """A list whose first choice is meant where nothing else of it was chosen."""

    def clean(self, value: Any) -> str:
        choices: Any = self.choices
        codes = [str(code) for code, _words in choices]
        return value if value in codes else codes[0]


class FindingResponders(Form):
    q = sought(_("Name, whole phone, or its last four digits"))


class StartingSearch(Form):
    at_home = tick(_("They told me that they are at home"))


class ChangingKind(Form):
    """What they need; nothing is preset while nobody knows."""

    kind = one_of(Kind, label=_("Kind"), wrong=CHOOSE_KIND)
    children = number(_("Children"), least=1, most=MOST_CHILDREN, wrong=HOW_MANY, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.is_bound or self.initial.get("kind")
        name_choices(self.fields["kind"], [*([] if known else [NOTHING]), *kinds()])


class AskingByName(Form):
    person = forms.UUIDField()


class Exempting(Form):
    """Somebody whom a rule keeps out, and why to ask them all the same."""

    person = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=as_wrong(_("That is no longer possible: look at how it stands now.")),
    )
    reason = line(
        _("Why ask anyway? (a second person must agree)"),
        most=MOST_OF_REASON,
        empty=_("Say in a few words why this rule should be set aside."),
        validators=[keeps_nothing_unwanted],
    )

    @classmethod
    def of(cls, person_id: UUID) -> "Exempting":
        return cls(auto_id=f"id_{person_id}_%s", initial={"person": person_id})


class OfExemption(Form):
    exemption = forms.UUIDField()


class OfVisit(Form):
    visit = forms.UUIDField()


class Noting(Form):
    notes = forms.CharField(
        label=_("For the visitors' page"),
        required=False,
        max_length=MOST_OF_NOTES,
        error_messages={"max_length": _("Write %(limit_value)d characters at most.")},
        validators=[keeps_nothing_unwanted],
    )


class Closing(Form):
    """How it ended, and who was out when that was asked; None from where nobody could be."""

    outcome = one_of(
        Outcome, label=_("How did it end?"), wrong=_("Say how it ended."), widget=forms.RadioSelect
    )
    sure = tick()
    seen = forms.CharField(required=False, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_choices(
            self.fields["outcome"], [(outcome.value, shared_words.OUTCOMES[outcome]) for outcome in Outcome]
        )


class Writing(Form):
    """A coordinator's own words, and the last that they had seen."""

    words = forms.CharField(
        label=_("Your words"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"id": "words", "rows": 4, "maxlength": MOST_WORDS, "required": True}),
    )
    seen = forms.CharField(required=False, empty_value=None)


class Undoing(Form):
    text = forms.UUIDField()


class Promising(Form):
    """By when this coordinator calls or writes: `name` is what they are called in the text."""

    how = forms.ChoiceField(
        choices=[("call", _("call")), ("write", _("write"))],
        error_messages=as_wrong(_("Choose whether you call or write.")),
    )
    minutes = number(
        _("within how many minutes"),
        least=1,
        most=int(MOST_PROMISED / timedelta(minutes=1)),
        wrong=BAD_PROMISE,
        initial=20,
    )

    def __init__(self, *args: Any, name: str, safe_to_call: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].label = _("%(name)s will") % {"name": name}
        if not safe_to_call:
            name_choices(self.fields["how"], [("write", _("write"))])


class Drafting(Form):
    words = text(strip=False)


class Reading(Form):
    writing = tick()


class ChoosingForDrill(Form):
    """What was chosen so far, while others are looked for."""

    q, organization, language, minutes = text(), text(), text(), text()
    kind, person = many(str), many(UUID)

    def so_far(self) -> dict[str, Any]:
        """What isn't one of its kind was never offered, and isn't chosen."""
        self.is_valid()
        cleaned = self.cleaned_data
        return cleaned | {
            "kind": cleaned["kind"] or [next(iter(Kind)).value],
            "minutes": cleaned["minutes"] or str(USUAL_LENGTH),
            "person": cleaned.get("person", []),
        }


class StartingDrill(Form):
    kind = many(Kind, _("What is practiced"), wrong=_("Choose what is practiced."), required=True)
    organization = forms.UUIDField(
        label=_("As for a family near"),
        widget=forms.Select,
        error_messages=as_wrong(CHOOSE_NEAR),
    )
    language = Usual(label=_("who speaks"))
    minutes = number(_("For at most"), least=1, wrong=_("Choose how long it may last."), widget=forms.Select)
    q = sought(_("Name, whole phone, or its last four digits"), required=False)
    person = many(UUID, _("Who takes part"), wrong=CHOOSE_PEOPLE, required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = [(code, shared_words.SPOKEN[code]) for code in settings.NETWORK_LANGUAGES]
        name_choices(self.fields["kind"], kinds())
        name_choices(self.fields["language"], spoken)
        name_choices(self.fields["minutes"], [(str(n), _("%(n)s minutes") % {"n": n}) for n in LENGTHS])

    def choose_among(self, *, organizations: Iterable[Organization], able: Iterable[Person]) -> None:
        """`able`: those who may take part."""
        near = [
            (str(organization.pk), f"{organization.name} · {organization.zip}")
            for organization in organizations
        ]
        name_choices(self.fields["organization"], near)
        named = [
            (str(candidate.pk), format_html("<bdi>{}</bdi> · {}", candidate.name, candidate.responder.zip))
            for candidate in able
        ]
        name_choices(self.fields["person"], named)


class Trying(Form):
    """A text, and the situation in which it comes; what the page doesn't offer is its usual one."""

    text = forms.CharField(
        label=_("Text"),
        strip=False,
        error_messages={"required": _("Write a text first, as somebody would send it.")},
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MOST_OF_TEXT}),
    )
    who = Usual(label=_("Who writes"), choices=[(writer, words.WRITERS[writer]) for writer in WHO])
    asked = Usual(
        label=_("What we asked them last"),
        choices=[("", _("nothing")), *((question.value, words.QUESTIONS[question]) for question in Question)],
    )
    stage = Usual(
        label=_("Their visit"),
        choices=[("", _("none")), *((stage.value, shared_words.STAGES[stage]) for stage in STAGES)],
    )
    offered = tick()
    language = Usual(label=_("Language of the answer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = [(code, shared_words.LANGUAGES[code]) for code in settings.NETWORK_LANGUAGES]
        name_choices(self.fields["language"], written)
        asked = _("They are asked to go, with the code %(offered)s") % {"offered": OFFERED}
        self.fields["offered"].label = asked

    def clean_text(self) -> str:
        written = str(self.cleaned_data["text"])[:MOST_OF_TEXT]
        if not written.strip():
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return written


class DeclaringSurge(Form):
    sure = must_tick(
        _("Far more people need help than on a normal day"),
        wrong=_("Confirm that far more people need help than on a normal day."),
    )


class OfHoliday(Form):
    day = day(_("Day"), wrong=_("Choose a day."))


class ChildcareRule(Form):
    """Whether an organization's children are cared for by its own people only."""

    organization = forms.UUIDField(widget=forms.HiddenInput)
    on = tick()
    named = ""

    @classmethod
    def of(cls, organization: Organization) -> "ChildcareRule":
        form = cls(
            auto_id=f"id_{organization.pk}_%s",
            initial={"organization": organization.pk, "on": organization.childcare_own_vouch},
        )
        form.named = organization.name
        form.fields["on"].label = format_html(
            "<bdi>{}</bdi>: {}", organization.name, _("only its own people")
        )
        return form


class WordingForm(Form):
    """A network's own words for a text: looked at, checked, saved, or given up for ours."""

    words = forms.CharField(
        label=_("Words"), required=False, widget=forms.Textarea(attrs={"rows": 7, "maxlength": 1000})
    )
    anyway = tick(_("Keep these signs anyway"))
    step, seen = text(), text()

    def written_in(self, language: str) -> None:
        """How many messages it takes is told below the field, besides what is wrong."""
        about = self.fields["words"].widget.attrs
        about["lang"] = language
        about["aria-describedby"] = "parts id_words_error" if "words" in self.errors else "parts"

    def clean_seen(self) -> int:
        """The version that was read; none where that is no number."""
        seen: str = self.cleaned_data["seen"]
        return int(seen) if seen.isdecimal() else -1
