"""The phone is handed over: a person sets their own PIN and duress word, and nobody looks on."""

from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.console.people import forms, words
from network.console.shell.access import me, opens, who
from network.console.shell.forms import UNPROCESSABLE, cleaned
from network.console.shell.reads.people import as_seen
from network.conversations.outreach.enrollment import text_private_link
from network.conversations.rules.duress import is_everyday
from network.enrollment.actions import private_links
from network.enrollment.queries.visible import visible_to
from network.people.models import Person
from network.staff.models import Staff
from network.staff.rules.access import Action
from network.staff.sessions import SessionStore

GONE = 410


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.ENROL)
def hand_over(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """By a text to their own phone, or on this device, whose desk locks then."""
    viewer = me(request)
    organization = viewer.organization_id
    if (
        viewer.role != Staff.Role.VERIFIER
        or not organization
        or not private_links.is_theirs(person_id, organization)
    ):
        raise Http404
    person = get_object_or_404(visible_to(who(request)).select_related("member", "responder"), pk=person_id)
    as_seen([person], viewer=viewer)
    form = forms.HandingOver(request.POST) if request.method == "POST" else forms.HandingOver()
    if form.is_valid():
        try:
            token = private_links.make_private_link(person_id, staff_id=viewer.pk, now=timezone.now())
        except private_links.TooManyLinks:
            messages.error(request, _("Too many links in an hour. Wait, and try again."))
            return redirect("hand_over", person_id=person_id)
        here = form.cleaned_data["way"] == "here"
        return _here(request, token) if here else _by_text(request, person, token)
    context = {"person": person, "form": form, "textable": person.standing == Person.Standing.ACTIVE}
    return render(request, "console/hand_over.html", context, status=UNPROCESSABLE if form.errors else 200)


def _here(request: HttpRequest, token: str) -> HttpResponse:
    if isinstance(request.session, SessionStore):
        request.session.lock(now=timezone.now())  # whoever holds the device now is not its verifier
    return HttpResponseRedirect(f"{reverse('private')}#{token}")


def _by_text(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    url = f"{settings.PUBLIC_URL}{reverse('private')}#{token}"
    text_private_link(person, url, now=timezone.now())
    messages.success(
        request, _("A link goes to their phone, if it takes our texts. It works once, for 30 minutes.")
    )
    return redirect("person", person_id=person.pk)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same for everybody, and consumes nothing."""
    return render(request, "console/private.html")


@require_POST
def open_it(request: HttpRequest) -> HttpResponse:
    """What this link sets; once something was typed, its keeping."""
    asked, now = cleaned(forms.OpeningInPrivate(request.POST)), timezone.now()
    token, keeps = asked["token"], asked["keep"]
    try:
        asks_pin, asks_word = private_links.asked_in_private(token, now=now)
        made = partial(forms.SettingInPrivate, asks_pin=asks_pin, asks_word=asks_word)
        form = made(request.POST) if keeps else made()
        if not keeps or not form.is_valid():
            return _shown(request, form)
        typed = form.cleaned_data
        private_links.set_in_private(
            token, pin=typed.get("pin", ""), word=typed.get("word", ""), is_everyday=is_everyday, now=now
        )
    except private_links.NotSet as refused:
        for problem in refused.problems:
            form.wrong(problem.field, words.WRONG[problem.wrong])
        return _shown(request, form)
    except private_links.LinkOver:
        return render(request, "console/_private_over.html", status=GONE)
    return render(request, "console/_private_done.html")


def _shown(request: HttpRequest, form: forms.SettingInPrivate) -> HttpResponse:
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "console/_private_form.html", {"form": form}, status=status)
