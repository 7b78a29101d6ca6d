"""Vouches: the graph, one person's, and taking a word back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.audit.rules import staff
from network.console.shell import trust_words
from network.console.shell.access import me
from network.console.shell.forms import UNPROCESSABLE, NotAChoice, cleaned
from network.console.shell.paging import number_of, page_of
from network.console.shell.pressed import unheard
from network.console.shell.reads.people import as_seen
from network.console.shell.reads.staff import staff_name
from network.console.shell.reads.vouches import person_rows, roles_seen
from network.console.trust import forms, reads
from network.console.trust.views.organizations import (
    COORDINATOR,
    STEWARD,
    UNHEARD,
    VERIFIER,
    entrusted,
    trusted,
)
from network.console.trust.vouch_graph import draw
from network.enrollment.queries.visible import people_of
from network.organizations.models import Organization
from network.people.models import Person
from network.staff.models import Staff
from network.trust.actions.taking_back import needs_two, who_would_lose_vouches
from network.trust.actions.vouches import (
    NotTheirs,
    NotTheRole,
    NotVouched,
    give_vouch,
    introduce_person,
    renew_vouch,
)
from network.trust.models import Vouch
from network.trust.rules.proposals import ProposalKind
from network.visits.actions import trust

MOST = 50  # people in one drawing


@require_safe
@trusted
def vouches(request: HttpRequest) -> HttpResponse:
    """Everybody's, or those of one organization's people; drawn for as many as an eye can follow."""
    viewer, now = me(request), timezone.now()
    people, chosen = reads.visible_people(viewer), None
    if slug := request.GET.get("organization"):
        chosen = get_object_or_404(Organization, slug=slug)
        if not reads.sees(viewer, chosen):
            raise Http404
        people = people.filter(pk__in=people_of(chosen.pk).values("pk"))
    kept = f"organization={chosen.slug}&" if chosen else ""
    page = page_of(
        reads.with_roles(people).order_by("enrolled_at", "pk"),
        number_of(request.GET),
        at_once=MOST,
        kept=kept,
    )
    due = page_of(
        reads.renewals(people, viewer=viewer, now=now), number_of(request.GET, "due"), name="due", kept=kept
    )
    rows = person_rows(page.rows, viewer=viewer, now=now)
    choices = [
        organization for organization in Organization.objects.all() if reads.sees(viewer, organization)
    ]
    context = {
        "rows": rows,
        "drawing": draw(rows),
        "page": page,
        "due": due.of(reads.renewal_rows(due.rows, viewer=viewer, now=now)),
        "form": forms.OfWhom(
            initial={"organization": chosen and chosen.slug},
            organizations=sorted(choices, key=lambda choice: choice.name.casefold()),
        ),
        "several": len(choices) > 1,
    }
    return render(request, "console/vouches.html", context)


@require_safe
@trusted
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    viewer, now = me(request), timezone.now()
    person = _person(viewer, person_id)
    asks = viewer.role in (STEWARD, COORDINATOR)
    organizations = list(Organization.objects.in_good_standing()) if asks else []
    roles = [(role.value, trust_words.ROLES[role]) for role in roles_seen(person)]
    context = {
        "person": person,
        "row": person_rows([person], viewer=viewer, now=now)[0],
        "roles": roles,
        "giving": forms.GivingVouch(roles=roles),
        "introducing": forms.Introducing(roles=roles, organizations=organizations),
        "verifies": viewer.role == VERIFIER,
        "mine": viewer.organization_id,
        "may_take_back": viewer.role in (STEWARD, VERIFIER),
        "steward": viewer.role == STEWARD,
        "asks": asks,
    }
    return render(request, "console/person_vouches.html", context)


def _person(viewer: Staff, person_id: UUID) -> Person:
    person = get_object_or_404(reads.with_roles(reads.visible_people(viewer)), pk=person_id)
    as_seen([person], viewer=viewer)
    return person


@require_POST
@entrusted
def act(request: HttpRequest, person_id: UUID, step: str) -> HttpResponse:
    viewer = me(request)
    person = _person(viewer, person_id)
    doing = {"give": _give, "renew": _renew, "introduce": _introduce}.get(step)
    if doing is None or (viewer.role == VERIFIER) == (step == "introduce"):
        raise Http404
    try:
        messages.success(request, doing(request, person))
    except NotVouched as error:
        messages.error(request, str(trust_words.REFUSED[error.refusal]))
    except (NotAChoice, NotTheRole, Vouch.DoesNotExist, Staff.DoesNotExist, NotTheirs):
        messages.error(request, _("That is no longer possible: look at how it stands now."))
    return redirect("person_vouches", person_id=person_id)


def _give(request: HttpRequest, person: Person) -> str:
    given = cleaned(forms.GivingVouch(request.POST))
    give_vouch(
        person.pk, role=given["role"], met_in_person=given["met"], staff_id=me(request).pk, now=timezone.now()
    )
    return _("Your vouch is kept, for as long as the network’s rules say.")


def _renew(request: HttpRequest, person: Person) -> str:
    given = cleaned(forms.RenewingVouch(request.POST))
    vouch = get_object_or_404(person.vouches, pk=given["vouch"])
    renew_vouch(vouch.pk, met_in_person=given["met"], staff_id=me(request).pk, now=timezone.now())
    return _("Renewed.")


def _introduce(request: HttpRequest, person: Person) -> str:
    asked = cleaned(forms.Introducing(request.POST))
    chosen = get_object_or_404(Organization.objects.in_good_standing(), pk=asked["organization"])
    introduce_person(
        person.pk, organization_id=chosen.pk, role=asked["role"], by=staff(me(request).pk), now=timezone.now()
    )
    return _("Their verifiers see this person now.")


WHATS = {
    "vouch": ProposalKind.WITHDRAW_VOUCH,
    "verifier": ProposalKind.WITHDRAW_VERIFIER,
    "organization": ProposalKind.SUSPEND_ORGANIZATION,
}


@require_http_methods(["GET", "HEAD", "POST"])
@trusted
def taking_back(request: HttpRequest, kind: str, about: UUID) -> HttpResponse:
    """First who would lose what, then, once that was seen, the act or the proposal."""
    viewer, now = me(request), timezone.now()
    what = WHATS.get(kind)
    subject, back = _subject(viewer, what, about)
    form = forms.Why()
    if request.method == "POST":
        form = forms.Why(request.POST)
    if form.is_valid() and what is not None:
        try:
            why = form.cleaned_data["why"]
            proposed = trust.take_back(what, about, why=why, staff_id=viewer.pk, now=now)
        except UNHEARD as error:
            form.wrong(None, unheard(error))
        else:
            messages.success(
                request, _("Proposed. Somebody else must agree.") if proposed else _("Taken back, on record.")
            )
            return redirect("organizations") if proposed else redirect(back)
    assert what is not None  # _subject let nothing else in
    losses = who_would_lose_vouches(what, about, now=now, seen=reads.graph_seen(viewer))
    context = {
        "form": form,
        "what": trust_words.PROPOSALS[what],
        "subject": subject,
        "back": back,
        "rows": reads.losing_rows(losses, viewer=viewer),
        "two": needs_two(what, losses),
        "cut_off": trust.who_is_cut_off(about, now=now)
        if what is ProposalKind.SUSPEND_ORGANIZATION
        else None,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "console/taking_back.html", context, status=status)


def _subject(viewer: Staff, what: ProposalKind | None, about: UUID) -> tuple[str, str]:
    """Name of what is taken back, and the page to return to. Http404 for what this one may not take back."""
    if what is ProposalKind.SUSPEND_ORGANIZATION:
        if viewer.role == VERIFIER:  # who would lose what there is not for another organization's eyes
            raise Http404
        organization = get_object_or_404(Organization.objects.in_good_standing(), pk=about)
        return organization.name, "organizations"
    if what is ProposalKind.WITHDRAW_VERIFIER:
        verifier = get_object_or_404(Staff, pk=about, role=VERIFIER)
        _require_own_vouch(viewer, verifier.organization_id)
        return staff_name(verifier), "vouches"
    if what is ProposalKind.WITHDRAW_VOUCH:
        vouch = get_object_or_404(Vouch.objects.select_related("person"), pk=about, withdrawn_at=None)
        _require_own_vouch(viewer, vouch.organization_id)
        as_seen([vouch.person], viewer=viewer)
        return vouch.person.name, f"/people/{vouch.person_id}/vouches"
    raise Http404


def _require_own_vouch(viewer: Staff, organization_id: UUID | None) -> None:
    """A word is taken back by a verifier of the organization that gave it, or by a steward."""
    own = viewer.role == VERIFIER and viewer.organization_id == organization_id
    if not own and viewer.role != STEWARD:
        raise Http404
