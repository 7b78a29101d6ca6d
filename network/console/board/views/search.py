"""Finding a request or a person. What is asked is posted, to stay out of addresses and logs."""

from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from network.audit.actions import record
from network.audit.rules import staff
from network.console.board import forms, search
from network.console.shell.access import can, me, opens, who
from network.console.shell.forms import UNPROCESSABLE
from network.console.shell.lookups import held_back
from network.people.rules.search import SearchTerms, search_terms
from network.staff.rules.access import Action
from network.staff.rules.lookups import LookupKind


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.FIND)
def find(request: HttpRequest) -> HttpResponse:
    """The one thing that was meant, or what there is to choose from. That somebody looked is on record."""
    cases = can(request, Action.SEE_REQUESTS)
    made = partial(forms.PhoneLookup, by_name=cases)
    form = made(request.POST) if request.method == "POST" else made()
    context: dict[str, object] = {"looks": True, "cases": cases, "form": form}
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return render(request, "console/find.html", context, status=status)
    if held := held_back(request, LookupKind.SEARCH):
        return held
    written = form.cleaned_data["q"]
    asked = search_terms(written)
    with transaction.atomic():
        results = search.find(asked, who(request))
        record(
            "find",
            f"staff:{me(request).pk}",
            by=staff(me(request).pk),
            now=timezone.now(),
            kind=asked.kind,
            count=results.count,
        )
    if results.person:
        return redirect("person", person_id=results.person)
    if results.contact:
        return redirect("texts", contact_id=results.contact)
    if asked.number is not None and results.request_number:
        return redirect("request", number=results.request_number)
    told = _told(request, asked, written, results.rows)
    return render(request, "console/find.html", context | {"form": made()} | told)  # and never the words


def _told(
    request: HttpRequest, asked: SearchTerms, written: str, rows: list[search.FoundRow]
) -> dict[str, object]:
    """What was found; and for a name, where else to look."""
    among_people = (asked.name or asked.ending) and can(request, Action.SEE_REQUESTS)
    return {"rows": rows, "searched": True, "among_people": written if among_people else ""}
