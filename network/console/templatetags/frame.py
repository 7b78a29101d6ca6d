"""What the frame of every page shows: places, icons, who is on shift."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from network.console.shell.navigation import WORKING, ShownDestination, places
from network.console.shell.reads.on_duty import OnShift
from network.console.shell.reads.on_duty import on_shift as who_is_on
from network.console.shell.reads.staff import staff_name
from network.console.shell.words import STAFF_ROLES
from network.messaging import quiet
from network.staff.models import Staff

register = template.Library()


@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    """A drawing of icons.svg in the size and color of the words beside it; `more`: another class."""
    return _use("icon", f"i-{name}", more)


@register.simple_tag
def shape(name: str) -> SafeString:
    """The sign of a severity: late, due, wait, duress, gap or ok."""
    return _use("shape", f"s-{name}", "")


def _use(kind: str, name: str, more: str) -> SafeString:
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"{kind} {more}".strip(),
        static("console/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[ShownDestination]:
    """The places that whoever is signed in may open; none for nobody."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if not isinstance(user, Staff) or not user.is_in_good_standing:
        return []
    match = request.resolver_match if request else None
    return places(user.role, match.url_name or "" if match else "")


@register.inclusion_tag("console/_restored_copy.html")
def restored_copy() -> dict[str, object]:
    """A banner as long as this database is a restored copy: to nobody it looks like the network itself."""
    return {"copy": quiet.restored_copy()}


@register.inclusion_tag("console/_on_shift.html", takes_context=True)
def on_shift(context: dict[str, Any]) -> dict[str, object]:
    """Who is on shift, until when, and who is next; not read again where the page shows it too."""
    user = getattr(context.get("request"), "user", None)
    if not isinstance(user, Staff) or user.role not in WORKING or not user.is_in_good_standing:
        return {"shown": False}
    known = context.get("duty")
    shift = known if isinstance(known, OnShift) else who_is_on(now=timezone.now())
    return {"shown": True, "me": user.pk, "shift": shift}


@register.filter
def initials(name: object) -> str:
    """Two letters for a face: of the first and the last word, or of the only one."""
    words = [word for word in str(name).replace("@", " ").split() if word[:1].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]).upper()


@register.filter
def role(user: object) -> str | Promise:
    """What a member of staff does here, in words."""
    return STAFF_ROLES[user.role] if isinstance(user, Staff) else ""


@register.filter
def called(user: object) -> str:
    """How a member of staff is called on their own screen."""
    return staff_name(user) if isinstance(user, Staff) else ""


@register.filter
def given(name: object) -> str:
    """The first word of a name, for a button."""
    return str(name).partition(" ")[0]


@register.filter
def rest_of_name(name: object) -> str:
    return str(name).partition(" ")[2]
