"""The way to the list of what a new network lacks, at the foot of every page until it is put away."""

from typing import Any

from django import template

from network.console.access import stewards
from network.console.queries_setting_up import is_hidden
from network.people.models import Staff

register = template.Library()


@register.inclusion_tag("console/_setting_up_link.html", takes_context=True)
def setting_up_link(context: dict[str, Any]) -> dict[str, object]:
    """For stewards, and while their browser shows it to themselves."""
    user = getattr(context.get("request"), "user", None)
    return {"shown": isinstance(user, Staff) and stewards(user) and not is_hidden()}
