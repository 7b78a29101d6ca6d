"""What a new network still lacks, read from its rows."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.console.shell.access import can, me, opens, who
from network.console.shell.setting_up import reads as setting_up
from network.organizations.actions import network
from network.staff.rules.access import Action


@require_safe
@opens(Action.SEE_SETTING_UP)
def page(request: HttpRequest) -> HttpResponse:
    context = {
        "progress": setting_up.progress(who(request)),
        "steward": can(request, Action.SET_RULES),
        "hidden": setting_up.is_hidden(),
    }
    return render(request, "console/setting_up.html", context)


@require_POST
@opens(Action.SET_RULES)
def act(request: HttpRequest, step: str) -> HttpResponse:
    """What no row tells: that there is a backup; and that the list may go."""
    now, staff_id = timezone.now(), me(request).pk
    match step:
        case "backup":
            network.note_backup(staff_id=staff_id, now=now)
            messages.success(request, _("Noted, with today's date."))
        case "hide" if setting_up.progress(who(request)).over:
            network.hide_setting_up(staff_id=staff_id, now=now)
            messages.success(request, _("Hidden."))
        case "hide":
            messages.error(request, _("Something is still missing: it can be put away once all is done."))
        case _:
            raise Http404
    return redirect("setting_up")
