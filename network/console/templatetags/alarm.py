"""The alarm stands on every page of whoever may open the board."""

from typing import Any

from django import template
from django.utils import timezone

from network.console.shell.access import may_listen

register = template.Library()


@register.inclusion_tag("console/_alarm.html", takes_context=True)
def alarm(context: dict[str, Any]) -> dict[str, object]:
    """Where it rings; nothing for anybody else."""
    request = context.get("request")
    return {"rings": request is not None and may_listen(request)}


@register.simple_tag
def server_now() -> str:
    """When the page was drawn: pages count by the server's clock, not by their own machine's."""
    return timezone.now().isoformat()
