"""Whom we ask: a surge, whether the search is right about people, and who carries how much."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.audit.rules import staff
from network.console.access import coordinator_required, me
from network.dispatch import actions as dispatch
from network.dispatch.models import Calibration
from network.dispatch.queries_learned import CALIBRATED_OVER, calibration, surge
from network.people.actions import add_holiday, remove_holiday
from network.people.models import Holiday
from network.reports.asking import load


@require_safe
@coordinator_required
def asking(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "surge": surge(now=now),
        "holidays": Holiday.objects.filter(day__gte=today).order_by("day"),
        "fit": calibration(today),
        "days": Calibration.objects.filter(day__gt=today - CALIBRATED_OVER).order_by("-day"),
        "load": load(now=now),
    }
    return render(request, "console/asking.html", context)


@require_POST
@coordinator_required
def declare(request: HttpRequest, step: str) -> HttpResponse:
    """Declare a surge, or end it: on record."""
    now, mine = timezone.now(), me(request).pk
    if step == "declare":
        if not request.POST.get("sure"):
            messages.error(request, _("Confirm that far more people need help than on a normal day."))
            return redirect("asking")
        try:
            dispatch.declare_surge(staff_id=mine, now=now)
        except dispatch.AlreadyDeclared:
            messages.error(request, _("A surge is declared already."))
        else:
            messages.success(request, _("Declared. It ends by itself after twelve hours."))
    elif step == "end":
        dispatch.end_surge(by=staff(mine), now=now)
        messages.success(request, _("Six times a day again."))
    else:
        raise Http404
    return redirect("asking")


@require_POST
@coordinator_required
def holiday(request: HttpRequest, step: str) -> HttpResponse:
    """Add or remove a day on which everybody keeps their Sunday's hours."""
    now, by = timezone.now(), staff(me(request).pk)
    doing = {"add": add_holiday, "remove": remove_holiday}.get(step)
    if doing is None:
        raise Http404
    try:
        doing(date.fromisoformat(request.POST.get("day", "")), by=by, now=now)
    except ValueError:
        messages.error(request, _("Choose a day."))
    else:
        messages.success(request, _("The holidays are kept."))
    return redirect("asking")
