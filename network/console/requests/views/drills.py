"""Drills: started by a steward, watched by all, with a report."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.audit.rules import staff
from network.console.requests import forms, words
from network.console.shell.access import can, me, opens
from network.console.shell.forms import UNPROCESSABLE
from network.console.shell.live import numbered
from network.console.shell.lookups import held_back
from network.console.shell.search import meant
from network.messaging.texts.languages import known
from network.organizations.models import Organization
from network.people.models import Person
from network.people.rules.search import search_terms
from network.privacy.keyring import open_keys
from network.reports.drills import report
from network.staff.rules.access import Action
from network.staff.rules.lookups import LookupKind
from network.support.models import Drill
from network.support.queries import running_drill
from network.visits.actions import drills as visit_drills

SHOWN = 20
FEW = 50  # who can take part: of more they are looked for


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.SEE_DRILLS)
def drills(request: HttpRequest) -> HttpResponse:
    """Those who can take part, where they are few; of many, whoever was found, and those chosen before."""
    asked = forms.ChoosingForDrill(request.POST)
    return _page(request, forms.StartingDrill(initial=asked.so_far()))


def _page(request: HttpRequest, form: forms.StartingDrill, *, status: int = 200) -> HttpResponse:
    """With what was chosen before, and what is wrong with it."""
    so_far = forms.ChoosingForDrill(request.POST).so_far()
    text, chosen = so_far["q"], set(so_far["person"])
    able = Person.objects.filter(standing=Person.Standing.ACTIVE, responder__isnull=False)
    few = list(able.select_related("responder").order_by("pk")[: FEW + 1])
    many = len(few) > FEW
    if many:
        if text and (held := held_back(request, LookupKind.SEARCH)):
            return held
        few = list(able.select_related("responder").filter(pk__in=chosen))
        found = meant(
            able.select_related("responder").exclude(pk__in=chosen), search_terms(text), viewer=me(request)
        )
        few += found[:FEW]
    open_keys(person.key_id for person in few)
    form.choose_among(
        organizations=sorted(
            Organization.objects.all(), key=lambda organization: organization.name.casefold()
        ),
        able=sorted(few, key=lambda person: person.name.casefold()),
    )
    context = {
        "form": form,
        "many": many,
        "asked": text,
        "able": few,
        "running": running_drill(),
        "past": Drill.objects.exclude(ended_at=None).order_by("-started_at")[:SHOWN],
        "steward": can(request, Action.RUN_DRILLS),
        "ends": words.DRILL_ENDS,
    }
    return render(request, "console/drills.html", context, status=status)


@require_safe
@opens(Action.SEE_DRILLS)
def drill(request: HttpRequest, drill_id: UUID) -> HttpResponse:
    get_object_or_404(Drill, pk=drill_id)
    return render(request, "console/drill.html", _context(request, drill_id))


@require_safe
@opens(Action.SEE_DRILLS)
def panel(request: HttpRequest, drill_id: UUID) -> HttpResponse:
    get_object_or_404(Drill, pk=drill_id)
    return numbered(lambda: render(request, "console/_drill.html", _context(request, drill_id)))


def _context(request: HttpRequest, drill_id: UUID) -> dict[str, object]:
    reported = report(drill_id)
    return {
        "report": reported,
        "rows": [(row, words.DRILL_ANSWERS[row.answer]) for row in reported.rows],
        "ended": words.DRILL_ENDS.get(reported.drill.ended, ""),
        "steward": can(request, Action.RUN_DRILLS),
    }


@require_POST
@opens(Action.RUN_DRILLS)
def start(request: HttpRequest) -> HttpResponse:
    form = forms.StartingDrill(request.POST)
    begun = _begun(form, request) if form.is_valid() else None
    if begun is None:
        return _page(request, form, status=UNPROCESSABLE)
    messages.success(request, _("The drill has begun. Each of its texts says so first."))
    return redirect("drill", drill_id=begun.pk)


def _begun(form: forms.StartingDrill, request: HttpRequest) -> Drill | None:
    """None where something is wrong, which is then noted in the form."""
    asked = form.cleaned_data
    try:
        return visit_drills.start_drill(
            asked["kind"],
            asked["person"],
            organization_id=asked["organization"],
            language=known(asked["language"], settings.NETWORK_LANGUAGES),
            lasts=timedelta(minutes=asked["minutes"]),
            staff_id=me(request).pk,
            now=timezone.now(),
        )
    except visit_drills.NobodyChosen:
        form.wrong("person", forms.CHOOSE_PEOPLE)
    except visit_drills.AlreadyRunning:
        form.wrong(None, _("A drill is running already."))
    except Organization.DoesNotExist:
        form.wrong("organization", forms.CHOOSE_NEAR)
    return None


@require_POST
@opens(Action.RUN_DRILLS)
def stop(request: HttpRequest, drill_id: UUID) -> HttpResponse:
    if not Drill.objects.filter(pk=drill_id).exists():
        raise Http404
    visit_drills.end_drill(drill_id, Drill.Ended.STOPPED, by=staff(me(request).pk), now=timezone.now())
    messages.success(request, _("The drill is over; everybody in it is told."))
    return redirect("drill", drill_id=drill_id)
