"""People, and the texts of phones that nobody knows."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.console.people import forms, reads
from network.console.people.reads import claim_rows, said_yes_to
from network.console.shell import showing, words
from network.console.shell.access import can, me, opens, who
from network.console.shell.forms import UNPROCESSABLE, Form, NotAChoice, cleaned
from network.console.shell.lookups import held_back
from network.console.shell.paging import PageOfRows, number_of, page_of
from network.console.shell.pressed import not_sent, unheard
from network.console.shell.reads.conversation import contact_of, conversation
from network.console.shell.reads.needs import need_rows
from network.console.shell.reads.people import as_seen, silence_of_person
from network.console.shell.reads.staff import staff_name
from network.console.shell.reads.vouches import person_rows
from network.console.shell.search import choices, meant
from network.conversations.outreach.coordinators import NeedsSecondPerson, NoWords, write_to
from network.desk import actions as desk
from network.desk.queries import open_needs, owner_of
from network.desk.rules import in_order
from network.enrollment.actions import claims, erasure
from network.enrollment.actions.private_links import is_theirs
from network.enrollment.models import Consent, PrivateLink
from network.enrollment.queries.visible import visible_to
from network.enrollment.rules.erasure import CannotErase
from network.messaging.contacts import reachable_again
from network.messaging.queries import silenced
from network.people.actions import persons, pins
from network.people.models import Person
from network.people.rules.search import search_terms
from network.privacy.keyring import open_keys
from network.staff.rules import approvers
from network.staff.rules.access import Action
from network.staff.rules.lookups import LookupKind
from network.support.actions import record_talk
from network.support.models import SupportRequest
from network.support.queries import duress_of
from network.support.queries import visible_to as seen_requests
from network.trust.actions import proposals
from network.visits.actions import clocks, trust
from network.visits.rules.stages import RESTS_FOR

UNHEARD = (
    CannotErase,
    approvers.NotEligible,
    proposals.AlreadyProposed,
    proposals.ProposalNeedsReason,
)
MOST_OF_WHY = 300  # characters that are kept


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.SEE_PEOPLE)
def everyone(request: HttpRequest) -> HttpResponse:
    """Names are sealed, so a search opens them in memory; what is asked is posted, to stay out of URLs."""
    search = forms.FindingPeople(request.POST) if request.method == "POST" else forms.FindingPeople()
    asked = cleaned(search) if search.is_bound else {"q": ""}
    text = asked["q"]
    if held := held_back(request, LookupKind.SEARCH):
        return held
    seen = visible_to(who(request)).select_related("member", "responder")
    page = _found(request, seen, asked) if text else _all(request, seen)
    silent = silenced(bytes(p.fingerprint) for p in page.rows) if can(request, Action.CHANGE_PEOPLE) else {}
    context = {
        "people": [(p, words.SILENCES.get(silent.get(bytes(p.fingerprint), ""), "")) for p in page.rows],
        "page": page,
        "asked": text,
        "search": search,
        "cases": can(request, Action.CHANGE_PEOPLE),
        "enrolls": can(request, Action.ENROL),
        "exports": can(request, Action.EXPORT),
    }
    return render(request, "console/people.html", context)


def _found(request: HttpRequest, seen: QuerySet[Person], asked: dict[str, str]) -> PageOfRows[Person]:
    return page_of(meant(seen, search_terms(asked["q"]), viewer=me(request)), number_of(asked))


def _all(request: HttpRequest, seen: QuerySet[Person]) -> PageOfRows[Person]:
    """By name where all stand on one page; else no more names are opened than are shown, the last first."""
    page = page_of(seen.order_by("-enrolled_at", "pk"), number_of(request.GET))
    open_keys(row.key_id for row in page.rows)
    as_seen(page.rows, viewer=me(request))
    return page.of(sorted(page.rows, key=lambda row: row.name.casefold())) if page.whole else page


@require_safe
@opens(Action.SEE_PEOPLE)
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    seen = visible_to(who(request))
    person = get_object_or_404(seen.select_related("member__organization", "responder"), pk=person_id)
    if held := held_back(request, LookupKind.PERSON, person.pk):
        return held
    if not can(request, Action.CHANGE_PEOPLE):
        return _of_my_organization(request, person)
    return _page(request, person)


def _page(
    request: HttpRequest, person: Person, typed: Form | None = None, *, status: int = 200
) -> HttpResponse:
    """All about them; with a form, what was typed into it and what is wrong with it."""
    contact = contact_of(person)
    now = timezone.now()
    needs = in_order(open_needs().filter(person_id=person.pk), now=now)
    context = {
        **{name: typed if isinstance(typed, made) else made() for name, made in TYPED.items()},
        "wrong": typed,
        "person": person,
        "spoken": [words.SPOKEN.get(code, code) for code in person.languages],
        "member": getattr(person, "member", None),
        "responder": getattr(person, "responder", None),
        "contact": contact,
        "silence": silence_of_person(person),
        "bubbles": conversation(contact),
        "apart": reads.kept_apart(person),
        "resting": reads.resting_until(person, now=timezone.now()),
        "vouched": person_rows([person], viewer=me(request), now=timezone.now())[0],
        "visits_done": trust.visits_carried_out(person.pk),
        "needs": need_rows(needs, staff_id=me(request).pk, now=now),
        "claims": claim_rows(person),
    }
    return render(request, "console/person.html", context, status=status)


TYPED: dict[str, type[Form]] = {
    "pin": forms.NewPin, "why": forms.GivingReason, "apart_from": forms.KeptApartFrom,
    "writing": forms.WritingToPerson, "erasing": forms.Erasing,
}  # fmt: skip


def _of_my_organization(request: HttpRequest, person: Person) -> HttpResponse:
    """A verifier reads what their organization gave its word for, and no text."""
    organization = who(request).organization
    as_seen([person], viewer=me(request))
    member = getattr(person, "member", None)
    consents = Consent.objects.filter(person=person, organization=organization).select_related(
        "organization", "taken_by"
    )
    context = {
        "person": person,
        "spoken": [words.SPOKEN.get(code, code) for code in person.languages],
        "member": member if member and member.organization_id == organization else None,
        "responder": getattr(person, "responder", None),
        "vouched": person_rows([person], viewer=me(request), now=timezone.now())[0],
        "hands_over": organization is not None and is_theirs(person.pk, organization),
        "handed": PrivateLink.objects.filter(person=person, organization=organization, used_at__isnull=False)
        .values_list("used_at", flat=True)
        .last(),
        "consents": [(consent, said_yes_to(consent), staff_name(consent.taken_by)) for consent in consents],
    }
    return render(request, "console/person_own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.CHANGE_PEOPLE)
def apart(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """With whom they are never brought together: found by name or phone, which is posted, then chosen."""
    person = get_object_or_404(visible_to(who(request)), pk=person_id)
    search = forms.FindingOther(request.POST) if request.method == "POST" else forms.FindingOther()
    if not search.is_valid():
        status = UNPROCESSABLE if search.is_bound else 200
        return render(request, "console/apart.html", {"person": person, "search": search}, status=status)
    return _choosing(request, person, search, forms.KeepingApart())


def _choosing(
    request: HttpRequest,
    person: Person,
    search: forms.FindingOther,
    form: forms.KeepingApart,
    *,
    status: int = 200,
) -> HttpResponse:
    """Whoever was found, to choose one of."""
    others: dict[str, Any] = {"found": [], "more": False}
    if search.is_valid():
        if held := held_back(request, LookupKind.SEARCH):
            return held
        seen = visible_to(who(request)).exclude(pk=person.pk).select_related("member", "responder")
        others = choices(seen, search.cleaned_data["q"], viewer=me(request))
    form.choose_among(others["found"])
    context = {"person": person, "search": search, "form": form, "asked": search["q"].value(), **others}
    return render(request, "console/apart.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.SEE_ADDRESS, waits=True)
def call(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The phone of a member or a responder, shown on a tap and on record; what waited for it is taken.

    Not of whoever it isn't safe to call, nor about a request under duress before a second person agreed.
    """
    person, now = get_object_or_404(visible_to(who(request)), pk=person_id), timezone.now()
    fields, fresh = showing.asked(request, now=now)
    if fields is None:
        return redirect("person", person_id=person_id)
    asked = _read(forms.Calling(fields))
    about, staff_id = _request_of(request, asked), me(request).pk
    if not person.safe_to_call:
        messages.error(request, _("Not safe to call: write to them instead."))
        return redirect(f"{reverse('person', args=[person_id])}#words")
    forced = about if about and about.duress else duress_of(person_id)
    if forced and forced.contact_agreed_at is None:
        messages.error(request, _("Duress: a second person must agree first."))
        return redirect("request", number=forced.number)
    if not fresh:
        return render(request, "console/call.html", {"person": person, "support_request": about})
    if not _has_taken(about, staff_id) and (held := held_back(request, LookupKind.PERSON, person_id)):
        return held
    with transaction.atomic():
        record(
            "phone.viewed",
            f"person:{person_id}",
            by=staff(staff_id),
            now=now,
            request_id=about.pk if about else None,
            person=person_id,
        )
    _take(request, asked)
    return showing.show(request, fields, now=now)


def _has_taken(about: SupportRequest | None, staff_id: UUID) -> bool:
    """Whether they are at work on this open request."""
    return about is not None and about.closed_at is None and owner_of(about.pk) == staff_id


def _read(form: forms.Calling) -> forms.Calling:
    cleaned(form)
    return form


def _request_of(request: HttpRequest, asked: forms.Calling) -> SupportRequest | None:
    """The request about which somebody is called, if it is about one that the caller may see."""
    if asked.number is None:
        return None
    return seen_requests(who(request)).filter(number=asked.number).first()


def _take(request: HttpRequest, asked: forms.Calling) -> None:
    """Whoever calls is at work on it, unless another is already."""
    if asked.need_id is None:
        return
    with suppress(desk.AlreadyTaken):
        desk.claim(asked.need_id, staff_id=me(request).pk, by=staff(me(request).pk), now=timezone.now())


@require_POST
@opens(Action.CHANGE_PEOPLE)
def act(request: HttpRequest, person_id: UUID, step: str) -> HttpResponse:
    seen = visible_to(who(request)).select_related("member__organization", "responder")
    person, by = get_object_or_404(seen, pk=person_id), staff(me(request).pk)
    if step == "apart":
        return _keep_apart(request, person, by)
    if step in FILLED_IN:
        return _filled_in(request, person, step, by)
    doing = ACTS.get(step)
    if doing is None:
        raise Http404
    try:
        messages.success(request, doing(request, person, by))
    except trust.TooFewVisits as few:
        counted = {"done": few.done, "wanted": few.wanted}
        messages.error(request, _("Too few visits carried out yet: %(done)s of %(wanted)s.") % counted)
    except NotAChoice:
        messages.error(request, _("That is no longer possible: look at how it stands now."))
    return redirect("person", person_id=person_id)


def _filled_in(request: HttpRequest, person: Person, step: str, by: Actor) -> HttpResponse:
    """Something was typed: whatever is wrong with it, the page comes back with it."""
    made, doing = FILLED_IN[step]
    form = made(request.POST)
    if form.is_valid():
        try:
            done = doing(request, person, by, form)
        except pins.NotAPin:
            form.wrong("pin", _("A PIN has four to eight digits."))
        except NoWords:
            form.wrong("words", forms.NO_WORDS)
        except NeedsSecondPerson:
            form.wrong(None, _("Duress: a second person must agree first."))
        except UNHEARD as error:
            form.wrong(None, unheard(error))
        except NotSent:
            form.wrong(None, not_sent(person))
        else:
            messages.success(request, done)
            return redirect("person", person_id=person.pk)
    if held := held_back(request, LookupKind.PERSON, person.pk):
        return held
    return _page(request, person, form, status=UNPROCESSABLE)


def _suspend(request: HttpRequest, person: Person, by: Actor, form: Form) -> str:
    clocks.suspend(person.pk, why=form.cleaned_data["why"][:MOST_OF_WHY], by=by, now=timezone.now())
    return _("Suspended: links, offers and visits end at once.")


def _erase(request: HttpRequest, person: Person, by: Actor, form: Form) -> str:
    erasure.propose_erasure(
        person.pk, why=form.cleaned_data["why_erase"], staff_id=me(request).pk, now=timezone.now()
    )
    return _("Proposed. Somebody else must agree, on the page Organizations; then nothing brings it back.")


def _restore(request: HttpRequest, person: Person, by: Actor, form: Form) -> str:
    persons.restore(person.pk, why=form.cleaned_data["why"][:MOST_OF_WHY], by=by, now=timezone.now())
    return _("Restored.")


def _pin(request: HttpRequest, person: Person, by: Actor, form: Form) -> str:
    pins.set_pin(person.pk, form.cleaned_data["pin"], by=by, now=timezone.now())
    return _("The PIN is set.")


def _unlock(request: HttpRequest, person: Person, by: Actor) -> str:
    pins.unlock(person.pk, by=by, now=timezone.now())
    return _("Unlocked.")


def _rest(request: HttpRequest, person: Person, by: Actor) -> str:
    now = timezone.now()
    ends = cleaned(forms.Resting(request.POST))["end"]
    persons.set_rest(person.pk, until=None if ends else now + RESTS_FOR, by=by, now=now)
    return _("They can be asked again.") if ends else _("Nobody asks them for 24 hours.")


def _probation(request: HttpRequest, person: Person, by: Actor) -> str:
    on = cleaned(forms.OnProbation(request.POST))["on"]
    if on:
        persons.set_probation(person.pk, on=True, by=by, now=timezone.now())
    else:
        trust.end_probation(person.pk, by=by, now=timezone.now())
    return _("Asked only by name from now on.") if on else _("Past probation: the search asks them too.")


def _keep_apart(request: HttpRequest, person: Person, by: Actor) -> HttpResponse:
    form = forms.KeepingApart(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        other = get_object_or_404(visible_to(who(request)), pk=chosen["other"])
        try:
            persons.keep_apart(person.pk, other.pk, set_by=chosen["set_by"], by=by, now=timezone.now())
        except persons.OnePerson:
            form.wrong("other", forms.ANOTHER)
        else:
            messages.success(request, _("These two are never brought together."))
            return redirect("person", person_id=person.pk)
    return _choosing(request, person, forms.FindingOther(request.POST), form, status=UNPROCESSABLE)


def _together(request: HttpRequest, person: Person, by: Actor) -> str:
    persons.let_together(cleaned(forms.LettingTogether(request.POST))["apart"], by=by, now=timezone.now())
    return _("They may be brought together again.")


def _compared(request: HttpRequest, person: Person, by: Actor) -> str:
    claims.settle_claims(person.pk, staff_id=me(request).pk, now=timezone.now())
    return _("Compared. Those organizations see this person as they are on file.")


def _write(request: HttpRequest, person: Person, by: Actor, form: Form) -> str:
    sent = write_to(
        person.pk,
        words=form.cleaned_data["words"],
        request_id=None,
        staff_id=me(request).pk,
        now=timezone.now(),
    )
    if sent is None:
        raise NotSent
    return _("On its way.")


class NotSent(Exception):
    """This phone can't be texted."""


def _reachable(request: HttpRequest, person: Person, by: Actor) -> str:
    contact = contact_of(person)
    if contact:
        with transaction.atomic():
            reachable_again(contact.pk)
            record("person.reachable", f"person:{person.pk}", by=by, now=timezone.now())
    return _("The next text will be tried.")


def _called(request: HttpRequest, person: Person, by: Actor) -> str:
    about = _request_of(request, _read(forms.Calling(request.POST)))
    record_talk(person, about, by=by, now=timezone.now())
    return _("Noted that you spoke with them.")


ACTS: dict[str, Callable[[HttpRequest, Person, Actor], str]] = {
    "called": _called, "reachable": _reachable, "unlock": _unlock, "rest": _rest, "probation": _probation,
    "together": _together, "compared": _compared,
}  # fmt: skip
FILLED_IN: dict[str, tuple[type[Form], Callable[[HttpRequest, Person, Actor, Form], str]]] = {
    "suspend": (forms.GivingReason, _suspend), "restore": (forms.GivingReason, _restore),
    "erase": (forms.Erasing, _erase),
    "pin": (forms.NewPin, _pin),
    "write": (forms.WritingToPerson, _write),
}  # fmt: skip
