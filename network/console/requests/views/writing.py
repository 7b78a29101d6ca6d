"""A coordinator's own words to a member: written, held, taken back, promised."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from network.audit.rules import Actor, staff
from network.console.requests import forms
from network.console.shell.access import me, opens
from network.console.shell.forms import Form, cleaned
from network.console.shell.pressed import not_sent
from network.console.shell.reads.conversation import conversation
from network.console.shell.reads.staff import staff_name
from network.conversations.outreach import coordinators
from network.desk import actions as desk
from network.messaging.models import Outbound
from network.messaging.texts.keys import Text
from network.people.models import Person
from network.staff.models import Staff
from network.staff.rules.access import Action
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import open_of_person


def write(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str | HttpResponse:
    """Sent unless somebody else was first: then what came since is shown, and it may be sent anyway."""
    form = forms.Writing(request.POST)
    written = cleaned(form)
    person, words, now = support_request.member.person, written["words"], timezone.now()
    coordinators.keep_draft(person.pk, words=words, staff_id=me(request).pk, now=now)
    try:
        owed = coordinators.write_to(
            person.pk,
            words=words,
            request_id=support_request.pk,
            staff_id=me(request).pk,
            now=now,
            seen=written["seen"],
        )
    except coordinators.StaleConversation as stale:
        return _stale(request, support_request, form, stale)
    return _said(owed, person)


def _stale(
    request: HttpRequest,
    support_request: SupportRequest,
    form: forms.Writing,
    stale: coordinators.StaleConversation,
) -> HttpResponse:
    other = Staff.objects.filter(pk=stale.answered_by).first() if stale.answered_by else None
    context = {
        "support_request": support_request,
        "member": support_request.member,
        "form": form,
        "at": stale.at,
        "other": staff_name(other) if other else "",
        "seen": coordinators.last_seen(support_request.member.person),
        "bubbles": conversation(support_request.member.person, most=6),
    }
    return render(request, "console/stale.html", context, status=409)


def _said(owed: Outbound | None, person: Person) -> str:
    if owed is None:
        return not_sent(person)
    return _("Sending in six seconds. You can still undo.")


def undo(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    done = coordinators.undo(
        cleaned(forms.Undoing(request.POST))["text"], staff_id=me(request).pk, now=timezone.now()
    )
    if done:
        return _("Taken back: nobody got it. Your words are in the field again.")
    return _("Too late, it's already sent.")


def promise(request: HttpRequest, support_request: SupportRequest, by: Actor, form: Form) -> str:
    """By when this coordinator calls or writes: their name, a time, and a row on the board."""
    promised = form.cleaned_data
    text = Text.WE_CALL if promised["how"] == "call" else Text.WE_WRITE
    owed = coordinators.promise(
        support_request.member.person_id,
        text=text,
        minutes=promised["minutes"],
        request_id=support_request.pk,
        staff_id=me(request).pk,
        now=timezone.now(),
    )
    return _said(owed, support_request.member.person)


def called(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    support.record_call(support_request, by=by, now=timezone.now())
    return _("Noted that you spoke with them.")


@require_POST
@opens(Action.WORK)
def draft(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What is in the field, kept as it is written."""
    person = get_object_or_404(Person, pk=person_id)
    coordinators.keep_draft(
        person.pk,
        words=cleaned(forms.Drafting(request.POST))["words"],
        staff_id=me(request).pk,
        now=timezone.now(),
    )
    return HttpResponse(status=204)


@require_POST
@opens(Action.WORK)
def here(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """This page is open in front of somebody: they read it, and whoever writes is at work on it."""
    person = get_object_or_404(Person, pk=person_id)
    at_work = cleaned(forms.Reading(request.POST))["writing"]
    staff_id, now = me(request).pk, timezone.now()
    coordinators.be_reading(person.pk, staff_id=staff_id, writing=at_work, now=now)
    support_request = open_of_person(person.pk)
    if support_request:
        desk.read(support_request.pk, now=now)
        support.settle_reading(support_request, by=staff(staff_id), now=now)
        if at_work:
            desk.keep_claims(staff_id, request_id=support_request.pk, now=now)
    return HttpResponse(status=204)
