"""One sentence under the heading of every page, and the way to the handbook."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from network.console.shell.handbook import section
from network.console.shell.help import HELP

register = template.Library()


@register.inclusion_tag("console/_help.html", takes_context=True)
def help(context: dict[str, Any], page: str) -> dict[str, object]:
    """Whoever isn't signed in has no handbook to go to."""
    told, request = HELP[page], context.get("request")
    inside = getattr(getattr(request, "user", None), "is_authenticated", False)
    return {
        "sentence": told.sentence,
        "section": section(get_language() or "en", told.section),
        "url": reverse("handbook_section", args=[told.section]) if inside else "",
    }
