"""An organization's own people as spreadsheets: its key, the export, and the file."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.console.people import forms
from network.console.shell import trust_words
from network.console.shell.access import me, opens
from network.console.shell.forms import UNPROCESSABLE
from network.console.shell.pressed import unheard
from network.enrollment.actions import exports
from network.enrollment.queries.exports import waiting_export
from network.staff.models import Staff
from network.staff.rules import approvers
from network.staff.rules.access import Action
from network.trust.actions import proposals
from network.trust.models import Proposal
from network.trust.rules.proposals import ProposalKind, ProposalState


@require_safe
@opens(Action.EXPORT)
def page(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    key: forms.ProposingKey | None = None,
    export: forms.ProposingExport | None = None,
) -> HttpResponse:
    """With what was typed and what is wrong with it, where there is such a form."""
    reader, now = me(request), timezone.now()
    assert reader.organization_id is not None  # Action.EXPORT is for one's own organization's people
    proposed = Proposal.objects.filter(
        about=reader.organization_id,
        what__in=(ProposalKind.EXPORT_KEY, ProposalKind.EXPORT_PEOPLE),
        state=ProposalState.OPEN,
        ends_at__gt=now,
    )
    context = {
        "key": key or forms.ProposingKey(),
        "export": export or forms.ProposingExport(),
        "organization": reader.organization,
        "file": waiting_export(reader.pk, now=now),
        "proposed": [trust_words.PROPOSALS[row.what] for row in proposed.order_by("proposed_at")],
    }
    return render(request, "console/sheets.html", context, status=UNPROCESSABLE if key or export else 200)


@require_POST
@opens(Action.EXPORT)
def act(request: HttpRequest, step: str) -> HttpResponse:
    """Propose a key or an export, or take the file that was made: each with the key in hand."""
    doing = ACTS.get(step)
    if doing is None:
        raise Http404
    try:
        return doing(request)
    except exports.NoKey:
        messages.error(request, _("Set the key of your organization first."))
    except exports.NoExport:
        messages.error(request, _("There is no such file: it was taken already, or its hour is over."))
    except Staff.DoesNotExist:  # another role, or another organization, since this page was opened
        raise Http404 from None
    except (proposals.ProposalNeedsReason, proposals.AlreadyProposed, approvers.NotEligible) as error:
        messages.error(request, unheard(error))
    return redirect("sheets")


def _propose_key(request: HttpRequest) -> HttpResponse:
    form = forms.ProposingKey(request.POST)
    if not form.is_valid():
        return _page(request, key=form)
    key, why = form.cleaned_data["recipient"], form.cleaned_data["why"]
    try:
        exports.propose_export_key(key, why=why, staff_id=me(request).pk, now=timezone.now())
    except exports.NotAKey:
        form.wrong("recipient", _("That is no public key of age: it begins with age1."))
        return _page(request, key=form)
    messages.success(request, _("Proposed. Somebody of another organization must agree."))
    return redirect("sheets")


def _propose_export(request: HttpRequest) -> HttpResponse:
    form = forms.ProposingExport(request.POST)
    if not form.is_valid():
        return _page(request, export=form)
    exports.propose_export(why=form.cleaned_data["why"], staff_id=me(request).pk, now=timezone.now())
    messages.success(request, _("Proposed. Somebody of another organization must agree."))
    return redirect("sheets")


def _take(request: HttpRequest) -> HttpResponse:
    reader, now = me(request), timezone.now()
    export = waiting_export(reader.pk, now=now)
    if export is None:
        raise exports.NoExport
    sealed = exports.take_export(export.pk, staff_id=reader.pk, now=now)
    name = f"{export.organization.slug}-{timezone.localdate(now)}.zip.age"
    return HttpResponse(
        sealed,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


ACTS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "key": _propose_key,
    "export": _propose_export,
    "file": _take,
}
