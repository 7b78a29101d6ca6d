"""What is filled in about shifts: new ones, the hours of being awake, and what is handed over."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.console.shell.forms import Form, clock, day, number, text, tick
from network.privacy.rules.unwanted import masked

WHEN = _("Give a day and hours that are still to come, for twelve weeks at most.")
MOST_WEEKS = 12
FARTHEST = timedelta(days=400)


def _plain(value: time) -> time:
    return value.replace(second=0, microsecond=0)


class AddingShift(Form):
    day = day(_("Day"), wrong=WHEN)
    start = clock(_("From"), wrong=WHEN)
    end = clock(_("To (earlier than From: the next morning)"), wrong=WHEN)
    weeks = number(_("For how many weeks"), least=1, most=MOST_WEEKS, wrong=WHEN, required=False)

    def clean_start(self) -> time:
        return _plain(self.cleaned_data["start"])

    def clean_end(self) -> time:
        return _plain(self.cleaned_data["end"])

    def clean_weeks(self) -> int:
        return self.cleaned_data["weeks"] or 1


class Awake(Form):
    wakes = clock(_("I am awake from"), wrong=WHEN)
    sleeps = clock(_("until"), wrong=WHEN)

    def clean_wakes(self) -> time:
        return _plain(self.cleaned_data["wakes"])

    def clean_sleeps(self) -> time:
        return _plain(self.cleaned_data["sleeps"])


def _next_line(label: Any) -> forms.CharField:
    about = {"rows": 2, "maxlength": 300, "required": True}
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs=about))


class WritingHandoff(Form):
    """Three lines for the next person."""

    urgent = _next_line(_("What can't wait"))
    watch = _next_line(_("What to watch"))
    told = _next_line(_("What people were told"))

    def clean(self) -> dict[str, Any]:
        """Written at the end of a night: a number that we don't keep is masked, and nothing refused."""
        return {name: masked(words) for name, words in self.cleaned_data.items()}


class OfShift(Form):
    shift, later = forms.UUIDField(), tick()


class OfSwap(Form):
    swap = forms.UUIDField()


class OfHandoff(Form):
    handoff = forms.UUIDField()


class Starting(Form):
    hours = forms.TypedChoiceField(
        label=_("Without a planned shift, I stay for"),
        coerce=int,
        required=False,
        empty_value=None,
        choices=[(4, _("4 hours")), (2, _("2 hours")), (8, _("8 hours"))],
    )


class WeekFrom(Form):
    """The first day of the week that is looked at, not further than a year or so away."""

    week = day(required=False)

    def clean_week(self) -> date | None:
        first: date | None = self.cleaned_data["week"]
        if first and abs(first - timezone.localdate()) > FARTHEST:
            raise forms.ValidationError(WHEN)
        return first


class Heard(Form):
    heard = text()
