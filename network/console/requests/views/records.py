"""What auditors and organizations' lawyers read."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from network.audit.actions import record
from network.audit.chain import unsealed
from network.audit.publishing import published
from network.audit.rules import staff
from network.console.requests.reads import timeline
from network.console.requests.timeline_words import SHOWS
from network.console.shell import words
from network.console.shell.access import me, opens, who
from network.console.shell.lookups import held_back
from network.console.shell.paging import number_of, page_of
from network.enrollment.queries.visible import visible_to as visible_people
from network.privacy.keyring import open_keys
from network.reports.queries import board
from network.staff.rules.access import Action
from network.staff.rules.lookups import LookupKind
from network.support.queries import visible_to


@require_safe
@opens(Action.READ_HISTORY)
def history(request: HttpRequest) -> HttpResponse:
    """Lines page by page, and counts; names for whoever may see them anyway, nobody's phone or words."""
    show = timeline.chosen(request.GET.get("show", ""))
    head = published()
    days, page = timeline.of_all(who(request), show=show, number=number_of(request.GET))
    context = {
        "days": days,
        "page": page,
        "show": show,
        "shows": SHOWS.items(),
        "counts": board(now=timezone.now()),
        "head": head,
        "hash": bytes(head.hash).hex() if head and head.hash else "",
        "unsealed": unsealed().count(),
    }
    return render(request, "console/history.html", context)


@require_safe
@opens(Action.CHANGE_PEOPLE)
def of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The lines about one person, newest first, in sentences."""
    person = get_object_or_404(visible_people(who(request)), pk=person_id)
    if held := held_back(request, LookupKind.PERSON, person.pk):
        return held
    show = timeline.chosen(request.GET.get("show", ""))
    context = {
        "person": person,
        "days": timeline.of_person(person, who(request), show=show),
        "show": show,
        "shows": SHOWS.items(),
    }
    return render(request, "console/person_history.html", context)


@require_safe
@opens(Action.READ_LEGAL)
def legal(request: HttpRequest) -> HttpResponse:
    """The requests for a lawyer by the organization's own members."""
    requests = visible_to(who(request)).select_related("member__person").order_by("-opened_at")
    page = page_of(requests, number_of(request.GET))
    open_keys(row.member.person.key_id for row in page.rows)
    rows = [
        (row, words.OUTCOMES[row.outcome] if row.outcome else words.STATES[row.state]) for row in page.rows
    ]
    return render(request, "console/legal.html", {"rows": rows, "page": page})


@require_safe
@opens(Action.READ_LEGAL)
def legal_request(request: HttpRequest, number: int) -> HttpResponse:
    """Whom to call, on record; no home, and no text."""
    visible = visible_to(who(request)).select_related("member__person")
    support_request = get_object_or_404(visible, number=number)
    with transaction.atomic():
        record(
            "legal.viewed",
            f"request:{support_request.pk}",
            by=staff(me(request).pk),
            now=timezone.now(),
            request_id=support_request.pk,
        )
        person = support_request.member.person
        context = {
            "support_request": support_request,
            "member": support_request.member,
            "state": words.OUTCOMES[support_request.outcome]
            if support_request.outcome
            else words.STATES[support_request.state],
            "language": words.LANGUAGES.get(person.language, person.language),
        }
        return render(request, "console/legal_request.html", context)
