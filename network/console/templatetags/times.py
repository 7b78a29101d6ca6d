"""How long until and how long since, in the words that the page's own script goes on with (live.js)."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


def span(length: timedelta) -> str:
    """A length of time in one unit, or hours and minutes."""
    seconds = round(abs(length.total_seconds()))
    if seconds < 90:
        return f"{seconds} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    if seconds > 172800:
        return f"{round(seconds / 86400)} d"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min"


def until(due: datetime, *, now: datetime) -> str:
    """`in 5 min`, or `5 min late`."""
    words = _("{span} late") if due < now else _("in {span}")
    return words.format(span=span(due - now))


@register.simple_tag
def countdown(due: datetime) -> SafeString:
    """How long until then, or how late it is; it runs."""
    return _time(due, "data-until", "", until(due, now=timezone.now()))


@register.simple_tag
def countdown_alone(due: datetime) -> SafeString:
    """The same beside a word that says late already."""
    now = timezone.now()
    return _time(due, "data-until", "alone", span(due - now) if due < now else until(due, now=now))


@register.simple_tag
def age(since: datetime) -> SafeString:
    """How long ago; it runs."""
    return _time(since, "data-age", "", span(timezone.now() - since))


@register.filter
def is_over(due: datetime) -> bool:
    return due <= timezone.now()


def _time(at: datetime, name: str, value: str, said: str) -> SafeString:
    return format_html(
        '<time class="clock" datetime="{}" {}="{}">{}</time>', at.isoformat(), name, value, said
    )
