"""A member's home, by their own organization: confirmed, or changed. What is on file is never shown here."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.console.people import forms
from network.console.shell.access import me, opens, who
from network.console.shell.forms import UNPROCESSABLE
from network.console.shell.pressed import unheard
from network.console.shell.reads.people import as_seen
from network.enrollment.actions import homes
from network.enrollment.actions.homes import change_home
from network.enrollment.queries.visible import visible_to
from network.people.models import Person
from network.staff.models import Staff
from network.staff.rules import approvers
from network.staff.rules.access import Action
from network.support.queries import local
from network.trust.actions import proposals


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.ENROL)
def home(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A verifier says that the home on file is right, or where the member lives now."""
    person = _member(request, person_id)
    today = local(timezone.now()).date()
    form = forms.Moving(request.POST, today=today) if request.method == "POST" else forms.Moving(today=today)
    if request.method == "POST" and form.is_valid() and _change(request, form, person):
        return redirect("person", person_id=person_id)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "console/home.html", {"form": form, "person": person}, status=status)


def _member(request: HttpRequest, person_id: UUID) -> Person:
    """One of the verifier's own organization's members; nobody else's home is theirs to speak of."""
    viewer = me(request)
    person = get_object_or_404(visible_to(who(request)).select_related("member", "responder"), pk=person_id)
    as_seen([person], viewer=viewer)
    member = getattr(person, "member", None)
    if viewer.role != Staff.Role.VERIFIER or not member or member.organization_id != viewer.organization_id:
        raise Http404
    return person


def _change(request: HttpRequest, form: forms.Moving, person: Person) -> bool:
    """Whether it was taken; else why not stands in the form."""
    try:
        proposal = change_home(
            person.pk,
            form.home,
            in_person=form.cleaned_data["met"],
            why=form.cleaned_data["why"],
            staff_id=me(request).pk,
            now=timezone.now(),
        )
    except proposals.ProposalNeedsReason:
        form.wrong("why", _("A second person must agree: say why, in a few words."))
    except (proposals.AlreadyProposed, approvers.NotEligible) as error:
        form.wrong(None, unheard(error))
    except homes.NotTheirMember:
        raise Http404 from None
    else:
        if proposal:
            sentence = _(
                "Proposed. A second person must agree: somebody of another organization, or the desk."
            )
        else:
            sentence = _("Kept, on record.")
        messages.success(request, sentence)
        return True
    return False
