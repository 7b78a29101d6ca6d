"""The alarm stands on every page of whoever may open the board."""

from typing import Any

from django import template

from network.console.access import may_listen

register = template.Library()


@register.inclusion_tag("console/_alarm.html", takes_context=True)
def alarm(context: dict[str, Any]) -> dict[str, object]:
    """Where it rings; nothing for anybody else."""
    request = context.get("request")
    return {"rings": request is not None and may_listen(request)}
