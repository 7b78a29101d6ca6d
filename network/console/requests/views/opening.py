"""A request that is opened for a member who called or came by."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from network.audit.rules import staff
from network.console.requests import forms, words
from network.console.shell import words as shared_words
from network.console.shell.access import me, opens, who
from network.console.shell.forms import NotAChoice, said
from network.console.shell.lookups import held_back
from network.console.shell.search import choices
from network.conversations.outreach.opening import AlreadyOpen, open_for_member
from network.dispatch.actions.searching import NotReady
from network.enrollment.queries.visible import visible_to
from network.people.models import Member, Person
from network.staff.rules.access import Action
from network.staff.rules.lookups import LookupKind
from network.support.rules.requests import Kind
from network.support.rules.set_time import BadTime


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.WORK)
def new_request(request: HttpRequest) -> HttpResponse:
    """For a member who called or came by: found by name or phone, which is posted, then chosen."""
    text = said(forms.Finding(request.POST))["q"] if request.method == "POST" else ""
    context: dict[str, object] = {
        "kinds": [(kind.value, shared_words.KINDS[kind]) for kind in Kind],
        "asked": text,
    }
    if text:
        if held := held_back(request, LookupKind.SEARCH):
            return held
        people = visible_to(who(request)).filter(standing=Person.Standing.ACTIVE, member__isnull=False)
        context |= choices(people.select_related("member"), text, viewer=me(request))
    return render(request, "console/new_request.html", context)


@require_POST
@opens(Action.WORK)
def open_request(request: HttpRequest) -> HttpResponse:
    """A member called or came by."""
    form = forms.Opening(request.POST)
    asked = said(form)
    if not form.is_whole:
        messages.error(request, _("Choose the member and the kind, and confirm that it is from their home."))
        return redirect("board")
    try:
        starts_at = form.starts_at(now=timezone.now()) if asked["day"] else None
        opened = open_for_member(
            said(forms.Chosen(request.POST))["member"], kind=Kind(asked["kind"]), children=asked["children"],
            starts_at=starts_at, by=staff(me(request).pk), now=timezone.now(),
        )  # fmt: skip
    except BadTime as why:
        messages.error(request, str(words.BAD_TIMES[str(why)]))
        return redirect("board")
    except NotReady as missing:
        messages.error(request, str(words.NOT_READY[str(missing)]))
        return redirect("board")
    except AlreadyOpen as already:
        messages.error(request, _("This member has an open request already."))
        return redirect("request", number=already.args[0])
    except (NotAChoice, Member.DoesNotExist):
        messages.error(request, _("We can't find that member."))
        return redirect("board")
    return redirect("request", number=opened.number)
