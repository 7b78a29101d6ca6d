"""All requests as a list: open, scheduled, closed today, or each that ever was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from network.console.board.reads import REQUEST_LISTS, listed, rows_of
from network.console.shell.access import opens
from network.console.shell.paging import number_of, page_of
from network.staff.rules.access import Action

AT_ONCE = 50
SAYS = {
    "open": (_("Open"), _("No request is open.")),
    "ahead": (_("Scheduled"), _("Nothing scheduled.")),
    "today": (_("Closed today"), _("Nothing closed since midnight.")),
    "all": (_("All"), _("There has been no request yet.")),
}


@require_safe
@opens(Action.SEE_BOARD)
def page(request: HttpRequest) -> HttpResponse:
    """Numbers, kinds and states; whose they are is shown where the request is open."""
    asked = request.GET.get("show", "")
    show = asked if asked in REQUEST_LISTS else "open"
    now = timezone.now()
    shown = page_of(listed(show, now=now), number_of(request.GET), at_once=AT_ONCE, kept=f"show={show}&")
    context = {
        "show": show,
        "shows": [(code, label) for code, (label, _none) in SAYS.items()],
        "none": SAYS[show][1],
        "page": shown,
        "rows": rows_of(shown.rows),
    }
    return render(request, "console/requests.html", context)
