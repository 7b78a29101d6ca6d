"""The list of single keys stands on every page of whoever is signed in, on or off as they chose."""

from typing import Any

from django import template

from network.console.shell.keys import KEYS, single_keys_on
from network.staff.models import Staff

register = template.Library()


@register.inclusion_tag("console/_keys.html", takes_context=True)
def keys(context: dict[str, Any]) -> dict[str, object]:
    """Nothing for nobody."""
    user = getattr(context.get("request"), "user", None)
    if not isinstance(user, Staff):
        return {"keys": ()}
    return {"keys": KEYS, "on": single_keys_on(user.pk)}
