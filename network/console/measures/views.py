"""How well the network answers, where it is thin, where its people are, and the shift on paper."""

import csv

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.audit.actions import record
from network.audit.rules import staff
from network.console.measures import forms, reads
from network.console.measures.retention import retention as kept
from network.console.shell.access import me, opens
from network.console.shell.forms import UNPROCESSABLE, cleaned
from network.console.shell.pressed import unheard
from network.reports.coverage import coverage as covered
from network.reports.measures import SPANS, measures
from network.reports.shown import lines
from network.reports.transparency import SPAN
from network.reports.transparency import transparency as told
from network.reports.zones import our_zones
from network.staff.models import Staff
from network.staff.rules import approvers
from network.staff.rules.access import Action
from network.support.holds import NotADate, in_force, propose_hold
from network.support.models import SupportRequest
from network.support.queries import local
from network.support.rules.requests import Kind
from network.trust.actions import proposals

DAYS = [WEEKDAYS_ABBR[day] for day in range(7)]


@require_safe
@opens(Action.SEE_MEASURES)
def page(request: HttpRequest) -> HttpResponse:
    measured = measures(_span(request.GET.get("days", "")), now=timezone.now())
    shown = lines(measured)
    context = {
        "page": "measures",
        "found": measured,
        "spans": SPANS,
        "tiles": reads.tiles(shown),
        "times": reads.times_drawn(shown),
        "load": reads.load_drawn(shown),
        "everything": reads.listed(shown, "all"),
        "tables": reads.tables(shown),
        "set_times": reads.listed(shown, "set_time"),
        "people": reads.listed(shown, "load", "people"),
    }
    return render(request, "console/measures.html", context)


@require_POST
@opens(Action.SEE_MEASURES)
def file(request: HttpRequest) -> HttpResponse:
    """The same figures as a file, small counts hidden as on the page: on record, and in codes."""
    now, days = timezone.now(), _span(cleaned(forms.Downloading(request.POST))["days"])
    found = lines(measures(days, now=now))
    name = f"measures-{days}-days-{local(now):%Y-%m-%d}.csv"
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    rows = csv.writer(answer)
    for row in (reads.IN_FILE, *map(reads.in_file, found)):
        rows.writerow([reads.plain_cell(cell) for cell in row])
    with transaction.atomic():
        record("measures.downloaded", "measures", by=staff(me(request).pk), now=now, days=days)
    return answer


@require_safe
@opens(Action.SEE_MEASURES)
def coverage(request: HttpRequest) -> HttpResponse:
    kind = next((kind for kind in Kind if kind == request.GET.get("kind")), Kind.ACCOMPANIMENT)
    shown = covered(kind, request.GET.get("language"), now=timezone.now())
    by_code = {area.zone.code: area for area in shown.areas}
    worst = shown.thin[0].zone.code if shown.thin else next(iter(by_code), "")
    area = by_code.get(request.GET.get("area", ""), by_code.get(worst))
    context = {
        "page": "coverage",
        "found": shown,
        "form": forms.LookingAt(
            initial={"kind": shown.kind.value, "language": shown.language, "area": area and area.zone.code},
            languages=[(code, reads.spoken(code)) for code in shown.languages],
            areas=[(area.zone.code, reads.zone_name(area.zone)) for area in shown.areas],
        ),
        "area": area,
        "area_name": reads.zone_name(area.zone) if area else "",
        "worst": reads.worst(shown),
        "legend": reads.legend(),
        "days": DAYS,
        "week_grid": reads.week_grid(shown, area) if area else "",
        "week_table": reads.week_table(area) if area else [],
        "area_grid": reads.area_grid(shown),
        "area_table": reads.area_table(shown),
    }
    return render(request, "console/coverage.html", context)


@require_safe
@opens(Action.SEE_MEASURES)
def zones(request: HttpRequest) -> HttpResponse:
    areas = our_zones()
    context = {"page": "zones", "map": reads.map_of(areas), "zones": reads.zone_rows(areas)}
    return render(request, "console/zones.html", context)


@require_safe
@opens(Action.SEE_MEASURES)
def transparency(request: HttpRequest) -> HttpResponse:
    """What the network was made to tell, to keep and to erase: counts only."""
    context = {"rows": reads.transparency_rows(told(now=timezone.now())), "days": SPAN.days}
    return render(request, "console/transparency.html", context)


@require_safe
@opens(Action.READ_HISTORY)
def retention(request: HttpRequest) -> HttpResponse:
    """What is kept how long, and what was erased: counts and times."""
    return _retention(request)


def _retention(request: HttpRequest, *, holding: forms.Holding | None = None) -> HttpResponse:
    """With what was typed and what is wrong with it, where there is such a form."""
    now = timezone.now()
    context = {
        "found": kept(now=now),
        "holds": in_force(now=now),
        "steward": me(request).role == Staff.Role.STEWARD,
        "form": holding or forms.Holding(),
    }
    return render(request, "console/retention.html", context, status=UNPROCESSABLE if holding else 200)


@require_POST
@opens(Action.SET_RULES)
def hold(request: HttpRequest) -> HttpResponse:
    """Propose that nothing of one request is erased: a second person agrees beside other proposals."""
    form = forms.Holding(request.POST)
    if not form.is_valid():
        return _retention(request, holding=form)
    typed = form.cleaned_data
    try:
        propose_hold(
            typed["number"],
            until=typed["until"],
            why=typed["why"],
            staff_id=me(request).pk,
            now=timezone.now(),
        )
    except SupportRequest.DoesNotExist:
        form.wrong("number", _("There is no request of this number."))
    except NotADate:
        form.wrong("until", _("Give a day after today, within a year."))
    except (proposals.AlreadyProposed, approvers.NotEligible) as error:
        form.wrong(None, unheard(error))
    else:
        messages.success(request, _("Proposed. Somebody else must agree."))
        return redirect("retention")
    return _retention(request, holding=form)


def _span(days: str) -> int:
    return next((span for span in SPANS if str(span) == days), SPANS[0])
