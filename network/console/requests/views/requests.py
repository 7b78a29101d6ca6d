"""One request: everything about it on one screen."""

from collections.abc import Callable
from functools import cache
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.console.requests import forms, menus, words
from network.console.requests.next_step import RequestFacts, next_step
from network.console.requests.reads import asking, timeline
from network.console.requests.reads.events import with_events
from network.console.requests.reads.page import (
    offer_rows,
    open_offers,
    owning_staff,
    readers_of,
    stage_rows,
)
from network.console.requests.replies import replies
from network.console.requests.timeline_words import SHOWS
from network.console.requests.views import writing
from network.console.shell import showing
from network.console.shell import words as shared_words
from network.console.shell.access import me, opens, who
from network.console.shell.forms import UNPROCESSABLE, Form, NotAChoice, cleaned
from network.console.shell.live import numbered
from network.console.shell.lookups import held_back
from network.console.shell.next_step import ANSWERS, Next
from network.console.shell.pressed import say_undoable
from network.console.shell.reads.conversation import conversation
from network.console.shell.reads.needs import NeedRow, need_rows
from network.console.shell.reads.people import silence_of_person
from network.console.shell.reads.requests import KIND_ICONS
from network.console.shell.reads.visits import visit_rows
from network.console.shell.trust_words import UNHEARD
from network.conversations.outreach.coordinators import (
    BadPromise,
    NeedsSecondPerson,
    NoSignature,
    NoWords,
    draft_of,
    last_seen,
)
from network.desk import actions as desk
from network.desk.queries import of_request, owner_of
from network.desk.rules import Reason
from network.dispatch.actions import answering, by_hand, searching
from network.dispatch.models import Exemption, Search
from network.dispatch.queries.reasons import search_of
from network.people.actions.homes import unfreeze_home
from network.people.models import Responder
from network.staff.rules.access import Action
from network.staff.rules.approvers import NotEligible
from network.staff.rules.lookups import LookupKind
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import visible_to
from network.support.rules.requests import Kind, NotAllowed, State
from network.visits.actions import closing as visit_closing
from network.visits.actions import leaving, set_time, word_and_link
from network.visits.models import Visit
from network.visits.queries import live, somebody_there
from network.visits.rules.stages import Stage, StepNotPossible

TABS = ("talk", "people", "history")
PANELS = ("facts", "next", "talk", "readers", "people", "history")


def find(request: HttpRequest, number: int) -> SupportRequest:
    """One that they may see; any other is unknown."""
    visible = visible_to(who(request)).select_related("member__person", "member__organization")
    return get_object_or_404(visible, number=number)


@require_safe
@opens(Action.SEE_REQUESTS)
def page(request: HttpRequest, number: int) -> HttpResponse:
    """Opening it is reading it, and no more: nothing that waits is settled, or taken, by a look."""
    support_request, now = find(request, number), timezone.now()
    desk.read(support_request.pk, now=now)
    desk.keep_claims(me(request).pk, request_id=support_request.pk, now=now)
    context = _context(request, support_request) | {
        "draft": draft_of(support_request.member.person_id, staff_id=me(request).pk),
        "replies": replies(
            support_request.member.person.language, safe_to_call=support_request.member.person.safe_to_call
        ),
        "name": me(request).name,
        "panels": PANELS,
        "tab": tab if (tab := request.GET.get("tab")) in TABS else TABS[0],
    }
    return render(request, "console/request.html", context)


@require_safe
@opens(Action.SEE_REQUESTS)
def panel(request: HttpRequest, number: int, name: str) -> HttpResponse:
    if name not in PANELS:
        raise Http404
    support_request = find(request, number)
    return numbered(lambda: render(request, f"console/_{name}.html", _context(request, support_request)))


def when_shown[Value](read: Callable[[], Value]) -> Callable[[], Value]:
    """Read when a template first shows it, and then once: each panel costs what stands in it."""
    return cache(read)


def _context(request: HttpRequest, support_request: SupportRequest) -> dict[str, object]:
    now, person, staff_id = timezone.now(), support_request.member.person, me(request).pk
    over = support_request.state == State.CLOSED
    show = timeline.chosen(request.GET.get("show", ""))
    # In this order: a text that comes in between is then one that was not seen.
    talk = when_shown(lambda: (last_seen(person), conversation(person)))
    search = when_shown(lambda: search_of(support_request))
    waiting = when_shown(lambda: of_request(support_request.pk, now=now))
    out = when_shown(lambda: visit_rows(live().filter(support_request=support_request), now=now))
    offers = when_shown(lambda: offer_rows(support_request))
    rows = when_shown(lambda: need_rows(waiting(), staff_id=staff_id, now=now, of=support_request))
    step = when_shown(lambda: next_step(_standing(support_request, rows(), bool(out()))))
    return {
        "back": reverse("request", args=[support_request.number]),
        "owner": when_shown(lambda: owning_staff(support_request.pk)),
        "resumable": when_shown(lambda: over and visit_closing.is_resumable(support_request, now=now)),
        "may_contact": not support_request.duress or support_request.contact_agreed_at is not None,
        "step": step,
        "lead": when_shown(lambda: _first(rows(), step()) or next(iter(rows()), None)),
        "readers": when_shown(lambda: readers_of(person, staff_id=staff_id, now=now)),
        "me": staff_id,
        "number": support_request.number,
        "now": now,
        "menus": menus.Menus(support_request, me(request), now=now),
        "kind_icon": KIND_ICONS.get(support_request.kind, "circle-question-mark"),
        "language": shared_words.LANGUAGES.get(support_request.member.person.language, ""),
        "seen": when_shown(lambda: talk()[0]),
        "support_request": support_request,
        "member": support_request.member,
        "kind": shared_words.KINDS[support_request.kind],
        "time_standing": shared_words.time_standing(support_request),
        "state": shared_words.OUTCOMES[support_request.outcome]
        if support_request.outcome
        else shared_words.STATES[support_request.state],
        **_needs(support_request, rows),
        "bubbles": when_shown(lambda: with_events(talk()[1], support_request)),
        "silence": when_shown(lambda: silence_of_person(person)),
        "visits": out,
        "offers": offers,
        "stages": when_shown(
            lambda: stage_rows(support_request, offers(), [row.visit.stage for row in out()])
        ),
        "choice": None if over else when_shown(lambda: asking.choice(support_request, search(), now=now)),
        "exemptions": []
        if over
        else when_shown(lambda: asking.open_exemptions(support_request.pk, staff_id=staff_id)),
        "width": when_shown(lambda: words.WIDTHS.get(_width(search()), "")),
        "days": when_shown(lambda: timeline.of_request(support_request, who(request), show=show, now=now)),
        "show": show,
        "shows": SHOWS.items(),
    }


def _width(search: Search | None) -> int:
    """How wide the search looks by now (dispatch.rules.case.Width)."""
    return search.width if search else 0


def _needs(support_request: SupportRequest, rows: Callable[[], list[NeedRow]]) -> dict[str, object]:
    """All that waits, the worst first. Under duress only that: what else waits is folded."""
    if not support_request.duress:
        return {
            "needs": rows,
            "call": when_shown(lambda: _first(rows(), Next.CALL)),
            "link": when_shown(lambda: _first(rows(), Next.SEND_LINK)),
        }
    return {
        "needs": when_shown(lambda: [row for row in rows() if row.need.reason == Reason.DURESS]),
        "folded": when_shown(lambda: [row for row in rows() if row.need.reason != Reason.DURESS]),
    }


def _first(rows: list[NeedRow], step: Next) -> NeedRow | None:
    """The worst need that asks for this step: its person is the one to be called, or sent a link."""
    return next((row for row in rows if row.step is step), None)


def _standing(support_request: SupportRequest, rows: list[NeedRow], out: bool) -> RequestFacts:
    visited = support_request.visits.filter(stage=Stage.DONE).exists()
    return RequestFacts(
        state=State(support_request.state),
        kind_known=support_request.kind != ""
        and (support_request.kind != Kind.CHILDCARE or bool(support_request.children)),
        at_home=support_request.at_home,
        frozen=support_request.member.frozen_at is not None,
        duress=support_request.duress,
        time_waits=support_request.starts_at is not None and support_request.time_right_at is None,
        came=visited and not out,
        needs=[row.need.reason for row in rows],
        calls=any(row.step is Next.CALL and row.need.reason in ANSWERS for row in rows),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@opens(Action.SEE_ADDRESS, waits=True)
def address(request: HttpRequest, number: int) -> HttpResponse:
    """The home, shown on a tap and on record: no line, no look."""
    support_request, now = find(request, number), timezone.now()
    fields, fresh = showing.asked(request, now=now)
    if fields is None:
        return redirect("request", number=number)
    if not fresh:
        bubbles = conversation(support_request.member.person, unmasked=True)
        context = {"member": support_request.member, "support_request": support_request, "bubbles": bubbles}
        return render(request, "console/address.html", context)
    taken = support_request.closed_at is None and owner_of(support_request.pk) == me(request).pk
    if not taken and (held := held_back(request, LookupKind.ADDRESS, support_request.member.person_id)):
        return held
    with transaction.atomic():
        record(
            "address.viewed",
            f"request:{support_request.pk}",
            by=staff(me(request).pk),
            now=now,
            request_id=support_request.pk,
        )
    return showing.show(request, fields, now=now)


@require_POST
@opens(Action.WORK)
def act(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """One button of the page, or one of its menus."""
    support_request, by = find(request, number), staff(me(request).pk)
    if step in FILLED_IN:
        return _filled_in(request, support_request, step, by)
    doing = ACTS.get(step)
    if doing is None:
        raise Http404
    try:
        done = doing(request, support_request, by)
    except REFUSALS as refusal:
        messages.error(request, why_not(refusal)[1])
    else:
        if isinstance(done, HttpResponse):
            return done
        messages.success(request, done)
    return redirect("request", number=number)


def _filled_in(request: HttpRequest, support_request: SupportRequest, step: str, by: Actor) -> HttpResponse:
    """A menu in which something was typed: whatever is wrong, it comes back as a page of its own."""
    made = menus.made(step, support_request, me(request), now=timezone.now())
    form = made(request.POST)
    if form.is_valid():
        try:
            done = FILLED_IN[step](request, support_request, by, form)
        except REFUSALS as refusal:
            form.wrong(*why_not(refusal))
        else:
            messages.success(request, done)
            return redirect("request", number=support_request.number)
    if isinstance(form, forms.SettingTime) and form.twice:
        return render(request, "console/hour_twice.html", {"support_request": support_request, "form": form})
    purpose, button = words.MENUS[step]
    context = {
        "support_request": support_request,
        "step": step,
        "form": form,
        "purpose": purpose,
        "button": button,
    }
    return render(request, "console/request_menu.html", context, status=UNPROCESSABLE)


REFUSALS = (
    searching.NotReady, by_hand.NotFit, by_hand.NeedsReason, by_hand.NothingToExcuse, NoWords, NoSignature,
    BadPromise, NeedsSecondPerson, desk.AlreadyTaken, visit_closing.CantResume, support.NotCalled,
    NotEligible, Exemption.DoesNotExist, NotAllowed, StepNotPossible, Visit.DoesNotExist,
    Responder.DoesNotExist,
    NotAChoice,
)  # fmt: skip


def why_not(refusal: Exception) -> tuple[str, str]:
    """The field that a refusal is about, if a form has one of that name, and what is said of it."""
    match refusal:
        case searching.NotReady():
            return str(refusal), str(words.NOT_READY[str(refusal)])
        case by_hand.NotFit():
            return "", _("Can not be asked: %s") % words.REFUSALS[refusal.refusal]
        case by_hand.NeedsReason():
            return "reason", _("Say in a few words why this rule should be set aside.")
        case NoWords():
            return "words", _("Write a text of one to 1,000 characters.")
        case NoSignature():
            return "", _("A promise is signed: set your name on your account first.")
        case BadPromise():
            return "minutes", str(forms.BAD_PROMISE)
        case NeedsSecondPerson():
            return "", _("Duress: a second person must agree first.")
        case desk.AlreadyTaken():
            return "", _("Somebody else has taken this.")
        case support.NotCalled():
            return "outcome", _("Call the member first, then note that you spoke with them.")
        case by_hand.NothingToExcuse():
            return "", _("No rule keeps them out any more: ask them.")
        case NotEligible():
            return "", str(UNHEARD[refusal.refusal])
        case Exemption.DoesNotExist():
            return "", _("That was agreed already, or is no longer proposed.")
    return "", _("That is no longer possible: look at how it stands now.")


def _claim(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    now, staff_id = timezone.now(), me(request).pk
    had = owner_of(support_request.pk) == staff_id
    taken = desk.claim_request(support_request.pk, staff_id=staff_id, by=by, now=now)
    support.settle_reading(support_request, by=by, now=now)
    return _("Nothing unclaimed on this request.") if had and not taken else _("You have it.")


def _start(request: HttpRequest, support_request: SupportRequest, by: Actor, form: Form) -> str:
    searching.start(support_request.pk, at_home=form.cleaned_data["at_home"], by=by, now=timezone.now())
    return _("Search started.")


def _time(request: HttpRequest, support_request: SupportRequest, by: Actor, form: Form) -> str:
    assert isinstance(form, forms.SettingTime)
    right = form.cleaned_data["right"]
    set_time.set_time(support_request.pk, form.starts_at, right=right, by=by, now=timezone.now())
    return (
        _("Saved: people are asked ahead.") if right else _("The member is asked whether the time is right.")
    )


def _no_time(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    set_time.set_time(support_request.pk, None, by=by, now=timezone.now())
    return _("No set time any more: start the search when they need somebody.")


def _stop(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    answering.stop(support_request.pk, by=by, now=timezone.now())
    return _("Search stopped. No one else will be asked; visits under way continue.")


def _kind(request: HttpRequest, support_request: SupportRequest, by: Actor, form: Form) -> str:
    kind, children = form.cleaned_data["kind"], form.cleaned_data["children"]
    visit_closing.change_kind(support_request.pk, kind=kind, children=children, by=by, now=timezone.now())
    return _("The kind was changed.")


def _offer(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    person = cleaned(forms.AskingByName(request.POST))["person"]
    by_hand.offer_by_hand(support_request.pk, person_id=person, by=by, now=timezone.now())
    return _("Asked.")


def _exempt(request: HttpRequest, support_request: SupportRequest, by: Actor, form: Form) -> str:
    by_hand.propose_exemption(
        support_request.pk,
        person_id=form.cleaned_data["person"],
        reason=form.cleaned_data["reason"],
        staff_id=me(request).pk,
        now=timezone.now(),
    )
    return _("Proposed: a second person must agree.")


def _agree(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    exemption = asking.exemption_of(support_request.pk, cleaned(forms.OfExemption(request.POST))["exemption"])
    by_hand.agree_exemption(exemption.pk, staff_id=me(request).pk, now=timezone.now())
    return _("Asked, as two of you agreed.")


def _unexempt(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    exemption = asking.exemption_of(support_request.pk, cleaned(forms.OfExemption(request.POST))["exemption"])
    by_hand.withdraw_exemption(exemption.pk, by=by, now=timezone.now())
    return _("Taken back: nobody needs to agree.")


def _end_visit(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    """From the page that says what follows."""
    visit = _visit_of(request, support_request)
    leaving.end_visit(visit.pk, by=by, now=timezone.now())
    return _("The visit was ended; both sides are told.")


def _new_link(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    word_and_link.new_link(_visit_of(request, support_request).pk, by=by, now=timezone.now())
    return _("New link sent. The old one no longer works.")


def _visit_of(request: HttpRequest, support_request: SupportRequest) -> Visit:
    """Raises Visit.DoesNotExist for one of another request, or one that has ended."""
    return live().get(pk=cleaned(forms.OfVisit(request.POST))["visit"], support_request=support_request)


def _notes(request: HttpRequest, support_request: SupportRequest, by: Actor, form: Form) -> str:
    support.set_notes(support_request, form.cleaned_data["notes"], by=by, now=timezone.now())
    return _("The visitors' page shows it.")


def _unfreeze(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    lifted = unfreeze_home(support_request.member_id, staff_id=me(request).pk, by=by, now=timezone.now())
    return _("The address is active again.") if lifted else _("A second person must confirm it too.")


def _close(request: HttpRequest, support_request: SupportRequest, by: Actor) -> HttpResponse:
    """From the page that asks how it ended and says what follows, while that is still so."""
    form = forms.Closing(request.POST)
    if form.is_valid() and _is_as_read(form, support_request):
        outcome = form.cleaned_data["outcome"]
        try:
            visit_closing.close_request(support_request.pk, outcome=outcome, by=by, now=timezone.now())
        except REFUSALS as refusal:
            form.wrong(*why_not(refusal))
        else:
            undo = reverse("request_act", args=[support_request.number, "resume"])
            say_undoable(request, _("Closed; everyone is told."), undo)
            return redirect("request", number=support_request.number)
    return _closing(request, support_request, form, status=UNPROCESSABLE)


def _is_as_read(form: forms.Closing, support_request: SupportRequest) -> bool:
    """Whether who is out is who was out when what follows was read."""
    seen, sure = form.cleaned_data["seen"], form.cleaned_data["sure"]
    nobody_out = not live().filter(support_request=support_request).exists()
    same: bool = seen == _seen(support_request) if seen is not None else nobody_out or sure
    if not same:
        form.wrong(None, _("Who comes has changed since: read again what follows."))
    return same


def _seen(support_request: SupportRequest) -> str:
    """Who was on the way or there when the page that closes was shown, as codes."""
    out = live().filter(support_request=support_request).order_by("began_at", "pk").values_list("pk", "stage")
    return "-".join([str(support_request.number), *(f"{visit.hex}.{stage}" for visit, stage in out)])


def _resume(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    visit_closing.resume_request(support_request.pk, staff_id=me(request).pk, by=by, now=timezone.now())
    return _("Open again, and yours. Whoever was told not to go is not asked by itself: ask them by name.")


@require_safe
@opens(Action.SEE_REQUESTS)
def closing(request: HttpRequest, number: int) -> HttpResponse:
    """How it ended, with nothing preset, and what follows of it."""
    support_request = find(request, number)
    if support_request.state == State.CLOSED:
        return redirect("request", number=number)
    return _closing(request, support_request, forms.Closing())


def _closing(
    request: HttpRequest, support_request: SupportRequest, form: forms.Closing, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context = {
        "support_request": support_request,
        "member": support_request.member,
        "form": form,
        "visits": visit_rows(live().filter(support_request=support_request), now=now),
        "asked": open_offers(support_request.pk),
        "somebody_there": somebody_there(support_request.pk),
        "silence": silence_of_person(support_request.member.person),
        "needs": len(of_request(support_request.pk, now=now)),
        "seen": _seen(support_request),
    }
    return render(request, "console/close.html", context, status=status)


@require_safe
@opens(Action.SEE_REQUESTS)
def ending(request: HttpRequest, number: int, visit_id: UUID) -> HttpResponse:
    """What follows when somebody is taken off."""
    support_request = find(request, number)
    rows = visit_rows(live().filter(pk=visit_id, support_request=support_request), now=timezone.now())
    if not rows:
        return redirect("request", number=number)
    return render(
        request,
        "console/visit_end.html",
        {"support_request": support_request, "member": support_request.member, "row": rows[0]},
    )


def _ask_contact(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    support.ask_to_contact(support_request.pk, staff_id=me(request).pk, by=by, now=timezone.now())
    return _("A second person must agree now: tell them.")


def _agree_contact(request: HttpRequest, support_request: SupportRequest, by: Actor) -> str:
    support.agree_to_contact(support_request.pk, staff_id=me(request).pk, by=by, now=timezone.now())
    return _("Two of you agreed: the field for a text is open.")


type Act = Callable[[HttpRequest, SupportRequest, Actor], str | HttpResponse]
ACTS: dict[str, Act] = {
    "claim": _claim, "write": writing.write, "undo": writing.undo,
    "called": writing.called, "stop": _stop, "no-time": _no_time, "offer": _offer,
    "agree": _agree, "unexempt": _unexempt,
    "end-visit": _end_visit, "new-link": _new_link, "unfreeze": _unfreeze,
    "close": _close, "resume": _resume, "ask-contact": _ask_contact, "agree-contact": _agree_contact,
}  # fmt: skip
FILLED_IN: dict[str, Callable[[HttpRequest, SupportRequest, Actor, Form], str]] = {
    "start": _start, "time": _time, "kind": _kind, "notes": _notes, "promise": writing.promise,
    "exempt": _exempt,
}  # fmt: skip
