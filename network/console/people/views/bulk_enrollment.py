"""An organization's own people in by spreadsheet: looked at first, then entered."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from network.console.people import forms
from network.console.shell.access import me, opens
from network.console.shell.forms import UNPROCESSABLE
from network.conversations.outreach.bulk_enrollment import OwnSheet, load_own
from network.enrollment.rules import consent
from network.enrollment.spreadsheets import COLUMNS, Report, SheetRefused
from network.organizations.models import Organization
from network.privacy.constant_time import STEP_S, even_time
from network.staff.models import Staff
from network.staff.rules.access import Action
from network.trust.actions.vouches import NotVouched

ROW_S = 0.08  # twice what one row takes
AS = {"members": consent.MEMBER, "responders": consent.RESPONDER}


@dataclass(slots=True)
class Look:
    """What a file would do; why it can't be taken stands in the form."""

    sheet: OwnSheet
    words: str = ""  # of the file, which goes back with the button that enters it
    report: Report | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.ENROL)
def page(request: HttpRequest) -> HttpResponse:
    """Only for an organization's own verifiers: a steward has `./run import`."""
    viewer = me(request)
    if viewer.role != Staff.Role.VERIFIER or viewer.organization is None:
        raise Http404
    look, enters, form = None, False, forms.OwnPeople()
    if request.method == "POST":
        form = forms.OwnPeople(request.POST, request.FILES)
        enters = form.is_valid() and form.cleaned_data["enter"]
        look = _look(form, viewer, viewer.organization) if form.is_valid() else None
    if look and look.report and enters:
        n = look.report.added
        told = ngettext("{n} person was entered.", "{n} people were entered.", n).format(n=n)
        messages.success(request, told)
        return redirect("people")
    context = {
        "organization": viewer.organization,
        "look": look,
        "form": form,
        "columns": {name: ", ".join(COLUMNS[name]) for name in AS},
        "sentences": {name: forms.sentences(kind, viewer.organization.name) for name, kind in AS.items()},
        "version": consent.CURRENT,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "console/own_sheet.html", context, status=status)


def _look(form: forms.OwnPeople, viewer: Staff, own: Organization) -> Look:
    look, content = Look(form.which), form.content
    if not content:
        form.wrong("file", _("Choose a file."))
    elif len(content) > forms.LARGEST:
        form.wrong("file", _("The file is too large: split it."))
    elif not form.was_read_out:
        form.wrong("read_out", _("Confirm that the words of the agreement were read out."))
    else:
        try:
            with even_time(STEP_S + ROW_S * content.count(b"\n")):
                look.report = load_own(
                    look.sheet,
                    content,
                    organization_id=own.pk,
                    staff_id=viewer.pk,
                    dry_run=not form.cleaned_data["enter"],
                    now=timezone.now(),
                )
            look.words = content.decode("utf-8-sig")
        except SheetRefused as refused:
            for problem in refused.problems:
                form.wrong(None, problem)
        except NotVouched:
            form.wrong(None, _("Your organization is not admitted, or is suspended."))
    return look
