"""Entering a member or a responder."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.console.people import forms
from network.console.people.forms import ENTERING, Entering
from network.console.shell import trust_words
from network.console.shell.access import me, opens
from network.console.shell.forms import UNPROCESSABLE
from network.conversations.outreach.enrollment import enroll_and_tell
from network.enrollment.actions import enroll
from network.enrollment.actions.enroll import ConsentAsked
from network.enrollment.rules import consent
from network.organizations.models import Organization
from network.people.models import Person
from network.privacy.constant_time import even_time
from network.staff.models import Staff
from network.staff.rules.access import Action
from network.support.queries import local
from network.trust.actions import vouches
from network.trust.rules.vouching import VouchRefusal


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.ENROL)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """The answer is the same whether or not somebody has this phone: docs/trust.md says how."""
    if kind not in ENTERING:
        raise Http404
    viewer, today = me(request), local(timezone.now()).date()
    verifies = viewer.role == Staff.Role.VERIFIER
    organizations = (
        ()
        if verifies
        else sorted(Organization.objects.in_good_standing(), key=lambda organization: organization.name)
    )
    made = partial(ENTERING[kind], organizations=organizations, verifies=verifies, today=today)
    form = made()
    if request.method == "POST":
        form = made(request.POST)
        with even_time():
            person = _enroll(form, viewer)
        if person:
            messages.success(request, _("Added. What happens next is below."))
            if form.warning:
                messages.warning(request, str(form.warning))
            return redirect("person", person_id=person.pk)
    organization = _organization(form, viewer)
    named = organization.name if organization else _("the organization")
    context = {"form": form, "sentences": forms.sentences(kind, named), "version": consent.CURRENT}
    return render(
        request, "console/enroll.html", context, status=UNPROCESSABLE if request.method == "POST" else 200
    )


def _organization(form: Entering, viewer: Staff) -> Organization | None:
    """A verifier's own; a steward says for which one."""
    if viewer.role == Staff.Role.VERIFIER:
        return viewer.organization
    chosen = form["organization"].value() or ""
    return next(
        (
            organization
            for organization in Organization.objects.in_good_standing()
            if str(organization.pk) == chosen
        ),
        None,
    )


def _enroll(form: Entering, viewer: Staff) -> Person | None:
    """None where something is wrong, which is then noted in the form."""
    if not form.is_valid():
        return None
    cleaned, organization = form.cleaned_data, _organization(form, viewer)
    if organization is None:
        form.wrong("organization", _("Choose an organization."))
        return None
    asked = ConsentAsked(consent.CURRENT, cleaned["language"]) if cleaned["consented"] else None
    try:
        return enroll_and_tell(
            form.entry,
            organization_id=organization.pk,
            asked=asked,
            met_in_person=bool(cleaned.get("met")),
            staff_id=viewer.pk,
            now=timezone.now(),
        )
    except enroll.HereAlready:
        form.wrong(
            "phone", _("Your organization has this person already: find them under People, or under Vouches.")
        )
    except vouches.NotVouched as error:
        _refused(form, error.refusal)
    return None


def _refused(form: Entering, refusal: VouchRefusal) -> None:
    why = trust_words.REFUSED[refusal]
    if refusal is VouchRefusal.QUOTA:
        why = _(
            "Nobody was entered: you have given as many vouches as one verifier may for now. Ask another "
            "verifier of your organization, or enter them without your vouch."
        )
    if refusal is VouchRefusal.ORGANIZATION:
        form.wrong(None, why)
    else:
        form.wrong("met", why)
