"""The way to the list of what a new network lacks, at the foot of every page until it is put away."""

from typing import Any

from django import template

from network.console.shell.access import can
from network.console.shell.setting_up.reads import is_hidden
from network.staff.models import Staff
from network.staff.rules.access import Action

register = template.Library()


@register.inclusion_tag("console/_setting_up_link.html", takes_context=True)
def setting_up_link(context: dict[str, Any]) -> dict[str, object]:
    """For stewards, and while their browser shows it to themselves."""
    request = context.get("request")
    if request is None or not isinstance(getattr(request, "user", None), Staff):
        return {"shown": False}
    return {"shown": can(request, Action.SET_RULES) and not is_hidden()}
