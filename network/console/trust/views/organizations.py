"""Organizations: who is admitted, what is proposed, the founding, and the numbers of trust."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.console.shell import trust_words
from network.console.shell.access import me, opens
from network.console.shell.forms import UNPROCESSABLE
from network.console.shell.pressed import unheard
from network.console.shell.reads.people import as_seen
from network.console.shell.reads.vouches import person_rows
from network.console.trust import forms, reads, words
from network.enrollment.actions import approvals
from network.enrollment.queries.visible import people_of
from network.enrollment.rules.erasure import CannotErase
from network.organizations.models import Organization
from network.staff.models import Staff
from network.staff.rules import approvers
from network.staff.rules.access import Action
from network.trust.actions import proposals, trust_settings
from network.trust.actions.organizations import NotAnOrganization, propose_organization
from network.trust.models import FoundingClosed, Proposal
from network.trust.rules.graph import NotANumber
from network.trust.rules.proposals import ProposalKind

STEWARD, COORDINATOR, VERIFIER = Staff.Role.STEWARD, Staff.Role.COORDINATOR, Staff.Role.VERIFIER
UNHEARD = (proposals.ProposalNeedsReason, proposals.AlreadyProposed, approvers.NotEligible)
trusted, entrusted = opens(Action.SEE_TRUST), opens(Action.CHANGE_TRUST)


@require_safe
@trusted
def organizations(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    proposing: forms.ProposingOrganization | None = None,
    about: forms.AboutOrganization | None = None,
) -> HttpResponse:
    """With what was typed and what is wrong with it, where there is such a form."""
    viewer, now = me(request), timezone.now()
    context = {
        "rows": reads.organization_rows(viewer=viewer, about=about, now=now),
        "proposals": reads.proposal_rows(viewer=viewer, now=now),
        "steward": viewer.role == STEWARD,
        "coordinates": viewer.role != VERIFIER,
        "form": proposing or forms.ProposingOrganization(),
    }
    status = UNPROCESSABLE if proposing or about else 200
    return render(request, "console/organizations.html", context, status=status)


@require_safe
@trusted
def settings(request: HttpRequest) -> HttpResponse:
    return _settings(request)


def _settings(
    request: HttpRequest,
    *,
    numbers: forms.Numbers | None = None,
    founding: forms.ClosingFounding | None = None,
) -> HttpResponse:
    """The numbers of trust, and the founding; with what is wrong in what was sent."""
    rows = reads.number_rows()
    form = numbers or forms.Numbers(initial={row.code: row.number for row in rows})
    context = {
        "steward": me(request).role == STEWARD,
        "closed": FoundingClosed.objects.first(),
        "founding": founding or forms.ClosingFounding(),
        "numbers": [(row, form[row.code]) for row in rows],
        "form": form,
    }
    status = UNPROCESSABLE if numbers or founding else 200
    return render(request, "console/trust_settings.html", context, status=status)


@require_safe
@trusted
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    viewer, now = me(request), timezone.now()
    organization = get_object_or_404(Organization, slug=slug)
    if not reads.sees(viewer, organization):
        raise Http404
    people = list(reads.with_roles(people_of(organization.pk)))
    introduced = organization.introductions.filter(settled_at=None).select_related("person")
    asked = list(introduced.order_by("made_at", "role", "pk"))
    for introduction in asked:
        as_seen([introduction.person], viewer=viewer)
    proposal = Proposal.objects.filter(about=organization.pk, state="open").first()
    context = {
        "organization": organization,
        "kind": words.KINDS[organization.kind],
        "people": person_rows(people, viewer=viewer, now=now),
        "verifiers": reads.verifier_rows(organization, now=now),
        "introductions": [(introduction, trust_words.ROLES[introduction.role]) for introduction in asked],
        "proposal": proposal,
        "steward": viewer.role == STEWARD,
        "may_take_back": viewer.role in (STEWARD, VERIFIER),
    }
    return render(request, "console/organization.html", context)


@require_POST
@entrusted
def act(request: HttpRequest, step: str) -> HttpResponse:
    """What a steward begins: a new organization, the end of founding, other numbers, a suspension lifted."""
    doing = ACTS.get(step)
    if doing is None or me(request).role != STEWARD:
        raise Http404
    try:
        return doing(request)
    except trust_settings.NoOrganization:
        messages.error(request, _("There must be an admitted organization first."))
    except UNHEARD as error:
        messages.error(request, unheard(error))
    return redirect("organizations")


def _done(request: HttpRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect("organizations")


def _propose(request: HttpRequest) -> HttpResponse:
    form = forms.ProposingOrganization(request.POST)
    if not form.is_valid():
        return _page(request, proposing=form)
    try:
        propose_organization(**form.cleaned_data, staff_id=me(request).pk, now=timezone.now())
    except NotAnOrganization as wrong:
        form.wrong("slug" if wrong.field == "taken" else wrong.field, words.WRONG[wrong.field])
    except UNHEARD as error:
        form.wrong(None, unheard(error))
    else:
        return _done(request, _("Proposed. Other organizations can agree or object now."))
    return _page(request, proposing=form)


def _propose_again(request: HttpRequest) -> HttpResponse:
    return _about_organization(request, ProposalKind.ADMIT, admitted=False)


def _restore(request: HttpRequest) -> HttpResponse:
    return _about_organization(request, ProposalKind.RESTORE_ORGANIZATION, admitted=True)


def _about_organization(request: HttpRequest, what: ProposalKind, *, admitted: bool) -> HttpResponse:
    form = forms.AboutOrganization(request.POST)
    organization = get_object_or_404(
        Organization,
        slug=form["slug"].value() or "",
        admitted_at__isnull=not admitted,
        suspended_at__isnull=not admitted,
    )
    if not form.is_valid():
        return _page(request, about=form)
    why = form.cleaned_data["why"]
    try:
        proposals.propose(what, organization.pk, why=why, staff_id=me(request).pk, now=timezone.now())
    except UNHEARD as error:
        form.wrong("why", unheard(error))
        return _page(request, about=form)
    return _done(request, _("Proposed. Somebody else must agree."))


def _close_founding(request: HttpRequest) -> HttpResponse:
    form = forms.ClosingFounding(request.POST)
    if not form.is_valid():
        return _settings(request, founding=form)
    trust_settings.close_founding(staff_id=me(request).pk, now=timezone.now())
    return _done(request, _("Founding is closed, on record."))


def _numbers(request: HttpRequest) -> HttpResponse:
    form = forms.Numbers(request.POST)
    if not form.is_valid():
        return _settings(request, numbers=form)
    why = form.cleaned_data["why"]
    try:
        trust_settings.propose_numbers(form.numbers, why=why, staff_id=me(request).pk, now=timezone.now())
    except NotANumber as wrong:
        form.wrong(str(wrong), _("One of the numbers is not possible."))
    except UNHEARD as error:
        form.wrong(None, unheard(error))
    else:
        return _done(request, _("Proposed. Somebody else must agree."))
    return _settings(request, numbers=form)


ACTS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "propose": _propose, "propose-again": _propose_again, "restore": _restore,
    "close-founding": _close_founding, "numbers": _numbers,
}  # fmt: skip


@require_POST
@entrusted
def proposal(request: HttpRequest, proposal_id: UUID, step: str) -> HttpResponse:
    """Agree to it, object to it, or take one's own back."""
    viewer, now = me(request), timezone.now()
    shown = {row.proposal.pk for row in reads.proposal_rows(viewer=viewer, now=now)}
    if step not in ("agree", "stop") or (
        proposal_id not in shown and Proposal.objects.filter(pk=proposal_id, state="open").exists()
    ):
        raise Http404
    try:
        if step == "stop":
            proposals.stop(proposal_id, staff_id=viewer.pk, now=now)
            messages.success(request, _("Stopped."))
        elif approvals.agree(proposal_id, staff_id=viewer.pk, now=now):
            messages.success(request, _("Agreed, and done."))
        else:
            messages.success(request, _("Agreed."))
    except (approvers.NotEligible, proposals.NotOpen, proposals.NotYourProposal, CannotErase) as error:
        messages.error(request, unheard(error))
    return redirect("organizations")
