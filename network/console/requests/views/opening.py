"""A request that is opened for a member who called or came by."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from network.audit.rules import staff
from network.console.requests import forms, words
from network.console.shell.access import me, opens, who
from network.console.shell.forms import UNPROCESSABLE
from network.console.shell.lookups import held_back
from network.console.shell.search import choices
from network.conversations.outreach.opening import AlreadyOpen, open_for_member
from network.dispatch.actions.searching import NotReady
from network.enrollment.queries.visible import visible_to
from network.people.models import Member, Person
from network.staff.rules.access import Action
from network.staff.rules.lookups import LookupKind
from network.support.models import SupportRequest


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.WORK)
def new_request(request: HttpRequest) -> HttpResponse:
    """For a member who called or came by: found by name or phone, which is posted, then chosen."""
    if request.method != "POST":
        return render(request, "console/new_request.html", {"search": forms.FindingResponders()})
    search = forms.FindingResponders(request.POST)
    if not search.is_valid():
        return render(request, "console/new_request.html", {"search": search}, status=UNPROCESSABLE)
    return _page(request, search)


def _page(
    request: HttpRequest,
    search: forms.FindingResponders,
    form: forms.Opening | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Whoever was found, to choose from; with a form, what was typed and what is wrong with it."""
    found: dict[str, Any] = {"found": [], "more": False}
    if search.is_valid():
        if held := held_back(request, LookupKind.SEARCH):
            return held
        people = visible_to(who(request)).filter(standing=Person.Standing.ACTIVE, member__isnull=False)
        found = choices(people.select_related("member"), search.cleaned_data["q"], viewer=me(request))
    form = form or forms.Opening(now=timezone.now())
    form.choose_among(found["found"])
    context = {"search": search, "form": form, "asked": search["q"].value(), **found}
    return render(request, "console/new_request.html", context, status=status)


@require_POST
@opens(Action.WORK)
def open_request(request: HttpRequest) -> HttpResponse:
    """A member called or came by."""
    form = forms.Opening(request.POST, now=timezone.now())
    if form.is_valid():
        try:
            return redirect("request", number=_opened(form, request).number)
        except AlreadyOpen as already:
            messages.error(request, _("This member has an open request already."))
            return redirect("request", number=already.args[0])
        except NotReady as missing:
            form.wrong(str(missing), words.NOT_READY[str(missing)])
        except Member.DoesNotExist:
            form.wrong("member", _("We can't find that member."))
    return _page(request, forms.FindingResponders(request.POST), form, status=UNPROCESSABLE)


def _opened(form: forms.Opening, request: HttpRequest) -> SupportRequest:
    cleaned = form.cleaned_data
    return open_for_member(
        cleaned["member"],
        kind=cleaned["kind"],
        children=cleaned["children"],
        starts_at=form.starts_at,
        by=staff(me(request).pk),
        now=timezone.now(),
    )
