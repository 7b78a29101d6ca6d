"""Whom we ask: a surge, whether the search is right about people, and who carries how much."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.audit.rules import staff
from network.console.requests import forms
from network.console.requests.reads.asking import factors, reliability_shown
from network.console.shell.access import can, me, opens
from network.console.shell.forms import UNPROCESSABLE, NotAChoice, cleaned
from network.console.shell.reads.staff import staff_name
from network.dispatch.actions.surge import AlreadyDeclared, declare_surge, end_surge
from network.dispatch.models import Calibration
from network.dispatch.queries.learned import CALIBRATED_OVER, calibration, learned, surge
from network.dispatch.queries.reliability import reliability
from network.dispatch.rules.chance import RATE
from network.organizations.actions.network import add_holiday, remove_holiday
from network.organizations.actions.organizations import set_childcare_rule
from network.organizations.models import Holiday, Organization
from network.reports.asking import load
from network.staff.rules.access import Action


@require_safe
@opens(Action.SEE_ASKING)
def asking(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    declaring: forms.DeclaringSurge | None = None,
    adding: forms.OfHoliday | None = None,
) -> HttpResponse:
    """With what was typed and what is wrong with it, where there is such a form."""
    now = timezone.now()
    today = timezone.localdate(now)
    declared, table = surge(now=now), learned()
    organizations = sorted(Organization.objects.all(), key=lambda organization: organization.name.casefold())
    context = {
        "surge": declared,
        "declared_by": staff_name(declared.declared_by) if declared else "",
        "holidays": Holiday.objects.filter(day__gte=today).order_by("day"),
        "fit": calibration(today),
        "days": Calibration.objects.filter(day__gt=today - CALIBRATED_OVER).order_by("-day"),
        "reliability": reliability_shown(reliability(now=now, today=today)),
        "of_a_hundred": round(100 * table.factor(RATE)),
        "factors": factors(table),
        "load": load(now=now),
        "organizations": organizations,
        "rules": [forms.ChildcareRule.of(organization) for organization in organizations],
        "steward": can(request, Action.SET_RULES),
        "declaring": declaring or forms.DeclaringSurge(),
        "adding": adding or forms.OfHoliday(),
        "wrong": declaring or adding,
    }
    return render(
        request, "console/asking.html", context, status=UNPROCESSABLE if declaring or adding else 200
    )


@require_POST
@opens(Action.CHANGE_ASKING)
def declare(request: HttpRequest, step: str) -> HttpResponse:
    """Declare a surge, or end it: on record."""
    now, staff_id = timezone.now(), me(request).pk
    if step == "declare":
        form = forms.DeclaringSurge(request.POST)
        if not form.is_valid():
            return _page(request, declaring=form)
        try:
            declare_surge(staff_id=staff_id, now=now)
        except AlreadyDeclared:
            messages.error(request, _("A surge is declared already."))
        else:
            messages.success(request, _("Declared. It ends by itself after twelve hours."))
    elif step == "end":
        end_surge(by=staff(staff_id), now=now)
        messages.success(request, _("Six times a day again."))
    else:
        raise Http404
    return redirect("asking")


@require_POST
@opens(Action.CHANGE_ASKING)
def holiday(request: HttpRequest, step: str) -> HttpResponse:
    """Add or remove a day on which everybody keeps their Sunday's hours."""
    now, by = timezone.now(), staff(me(request).pk)
    doing = {"add": add_holiday, "remove": remove_holiday}.get(step)
    if doing is None:
        raise Http404
    form = forms.OfHoliday(request.POST)
    if not form.is_valid():
        return _page(request, adding=form)
    doing(form.cleaned_data["day"], by=by, now=now)
    messages.success(request, _("The holidays are kept."))
    return redirect("asking")


@require_POST
@opens(Action.SET_RULES)
def childcare(request: HttpRequest) -> HttpResponse:
    """Whether an organization's children are cared for by its own people only: for stewards."""
    try:
        rule = cleaned(forms.ChildcareRule(request.POST))
    except NotAChoice:
        raise Http404 from None
    chosen = get_object_or_404(Organization, pk=rule["organization"])
    set_childcare_rule(chosen.pk, on=rule["on"], by=staff(me(request).pk), now=timezone.now())
    messages.success(request, _("The rule is kept."))
    return redirect("asking")
