"""What the forms about requests say, as values."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from network.console.requests import words
from network.console.shell import words as shared_words
from network.console.shell.forms import Form, day, many, name_choices, number, one_of, text, tick
from network.conversations.rules.context import Question
from network.conversations.trying import WHO
from network.support.queries import zone
from network.support.rules.requests import Kind, Outcome
from network.support.rules.set_time import BadTime, start_at
from network.visits.rules.stages import LIVE, Stage

MOST_OF_TEXT = 1600  # signs, as the carrier takes them
MOST_OF_NOTES = 500
OFFERED = 41  # the code with which somebody is asked
STAGES = tuple(stage for stage in Stage if stage in LIVE)


class SettingTime(Form):
    """A day and an hour on the local clock; `which` of two, where the hour comes twice."""

    day, hour, which, right = text(), text(), text(), tick()

    def starts_at(self, *, now: datetime) -> datetime:
        """Raises BadTime."""
        said = self.cleaned_data
        try:
            on, at = date.fromisoformat(said["day"]), time.fromisoformat(said["hour"])
        except ValueError:
            raise BadTime("unread") from None
        return start_at(
            on, at, zone(), now=now, which=int(said["which"]) if said["which"] in ("0", "1") else None
        )


class Opening(SettingTime):
    """A member called or came by."""

    member, kind, children, at_home = text(), text(), text(), tick()

    @property
    def is_whole(self) -> bool:
        said = self.cleaned_data
        return bool(said["member"]) and said["kind"] in Kind and bool(said["at_home"])

    def clean_children(self) -> int | None:
        return count(self.cleaned_data["children"])


def count(written: str) -> int | None:
    """None for what is no number."""
    return int(written) if written.isdecimal() else None


class Usual(forms.ChoiceField):
    """A list whose first choice is meant where nothing else of it was chosen."""

    def clean(self, value: Any) -> str:
        choices: Any = self.choices
        codes = [str(code) for code, _words in choices]
        return value if value in codes else codes[0]


class Finding(Form):
    q = text()


class Chosen(Form):
    member = forms.UUIDField()


class StartingSearch(Form):
    at_home = tick()


class ChangingKind(Form):
    kind, children = one_of(Kind), text()

    def clean_children(self) -> int | None:
        return count(self.cleaned_data["children"])


class AskingByName(Form):
    person, reason = forms.UUIDField(), text(strip=False)


class OfExemption(Form):
    exemption = forms.UUIDField()


class OfVisit(Form):
    visit = forms.UUIDField()


class Noting(Form):
    notes = text(strip=False)

    def clean_notes(self) -> str:
        return str(self.cleaned_data["notes"])[:MOST_OF_NOTES]


class Closing(Form):
    """How it ended, and who was out when that was asked; None from where nobody could be."""

    outcome, sure = one_of(Outcome, required=False), tick()
    seen = forms.CharField(required=False, empty_value=None)


class Writing(Form):
    """A coordinator's own words, and the last that they had seen."""

    words, seen = text(strip=False), forms.CharField(required=False, empty_value=None)


class Undoing(Form):
    text = forms.UUIDField()


class Promising(Form):
    how, minutes = text(), forms.IntegerField()


class Drafting(Form):
    words = text(strip=False)


class Reading(Form):
    writing = tick()


class ChoosingForDrill(Form):
    """What was chosen so far, while others are looked for."""

    q, organization, language, minutes = text(), text(), text(), text()
    kind, person = many(str), many(UUID)


class StartingDrill(Form):
    kind, person = many(Kind), many(UUID)
    organization, language = forms.UUIDField(), text()
    minutes = number(least=1)


class Trying(Form):
    """A text, and the situation in which it comes; what the page doesn't offer is its usual one."""

    text = forms.CharField(
        label=_("Text"), strip=False,
        error_messages={"required": _("Write a text first, as somebody would send it.")},
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MOST_OF_TEXT}),
    )  # fmt: skip
    who = Usual(label=_("Who writes"), choices=[(one, words.WRITERS[one]) for one in WHO])
    asked = Usual(
        label=_("What we asked them last"),
        choices=[("", _("nothing")), *((one.value, words.QUESTIONS[one]) for one in Question)],
    )
    stage = Usual(
        label=_("Their visit"),
        choices=[("", _("none")), *((one.value, shared_words.STAGES[one]) for one in STAGES)],
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


class Surge(Form):
    sure = tick()


class OfHoliday(Form):
    day = day()


class ChildcareRule(Form):
    organization, on = forms.UUIDField(), tick()


class Wording(Form):
    """A network's own words for a text: looked at, checked, saved, or given up for ours."""

    words, step, anyway, seen = text(), text(), tick(), text()

    def clean_seen(self) -> int:
        """The version that was read; none where that is no number."""
        seen = count(self.cleaned_data["seen"])
        return -1 if seen is None else seen
