"""One request: everything about it on one screen."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.console import asking, queries, words
from network.console.access import coordinator_required, me
from network.conversations.actions import write_to
from network.desk import actions as desk
from network.desk.queries import of_request
from network.desk.rules import About, Reason
from network.dispatch import actions as dispatch
from network.dispatch.models import Exemption
from network.people.actions import unfreeze_home
from network.people.models import Responder
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.rules import Kind, NotAllowed, Outcome, State
from network.visits import actions as visits
from network.visits.models import Visit
from network.visits.queries import live, somebody_there
from network.visits.rules import NotNow

PANELS = ("facts", "talk", "people", "history")
MOST_WORDS = 1000


def find(number: int) -> SupportRequest:
    return get_object_or_404(
        SupportRequest.objects.select_related("member__person", "member__organization"), number=number
    )


@require_safe
@coordinator_required
def page(request: HttpRequest, number: int) -> HttpResponse:
    """Opening it is reading it: what a new request asked of us, or was promised, is met."""
    found, now, by = find(number), timezone.now(), staff(me(request).pk)
    about = About("request", str(found.pk))
    desk.settle(Reason.NEW_REQUEST, Reason.READ_PROMISED, about=about, by=by, now=now, how="read")
    context = _context(request, found) | {
        "panels": PANELS,
        "kinds": [(kind.value, words.KINDS[kind]) for kind in Kind],
        "outcomes": [(outcome.value, words.OUTCOMES[outcome]) for outcome in Outcome],
        "language": words.LANGUAGES.get(found.member.person.language, ""),
    }
    return render(request, "console/request.html", context)


@require_safe
@coordinator_required
def panel(request: HttpRequest, number: int, name: str) -> HttpResponse:
    if name not in PANELS:
        raise Http404
    return render(request, f"console/_{name}.html", _context(request, find(number)))


def _context(request: HttpRequest, found: SupportRequest) -> dict[str, object]:
    now, language = timezone.now(), found.member.person.language
    over = found.state == State.CLOSED
    return {
        "one": found,
        "member": found.member,
        "kind": words.KINDS[found.kind],
        "state": words.OUTCOMES[found.outcome] if found.outcome else words.STATES[found.state],
        "needs": queries.need_rows(of_request(found.pk), staff_id=me(request).pk, now=now),
        "bubbles": queries.conversation(queries.contact_of(found.member.person)),
        "contact": queries.contact_of(found.member.person),
        "silence": queries.silence_of_person(found.member.person),
        "visits": queries.visit_rows(live().filter(support_request=found), now=now),
        "offers": queries.offer_rows(found),
        "choice": None if over else asking.choice(found.pk, language, now=now),
        "exemptions": [] if over else asking.open_exemptions(found.pk, staff_id=me(request).pk),
        "width": words.WIDTHS.get(queries.width_of(found), ""),
        "history": queries.timeline(found),
    }


@require_POST
@coordinator_required
def address(request: HttpRequest, number: int) -> HttpResponse:
    """The home, shown on a tap and on record: no line, no look."""
    found = find(number)
    with transaction.atomic():
        record(
            "address.viewed", f"request:{found.pk}", by=staff(me(request).pk), now=timezone.now(),
            request_id=found.pk,
        )  # fmt: skip
        context = {"member": found.member, "one": found}
        bubbles = queries.conversation(queries.contact_of(found.member.person), unmasked=True)
        return render(request, "console/address.html", context | {"bubbles": bubbles})


@require_POST
@coordinator_required
def act(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """One button of the page."""
    found, by = find(number), staff(me(request).pk)
    doing = ACTS.get(step)
    if doing is None:
        raise Http404
    try:
        said = doing(request, found, by)
    except dispatch.NotReady as missing:
        messages.error(request, str(words.NOT_READY[str(missing)]))
    except dispatch.NotFit as unfit:
        messages.error(request, _("Can not be asked: %s") % words.REFUSALS[unfit.refusal])
    except dispatch.NeedsReason:
        messages.error(request, _("Say in a few words why this rule should be set aside."))
    except dispatch.NothingToExcuse:
        messages.error(request, _("No rule keeps them out any more: ask them."))
    except dispatch.NeedsAnother:
        messages.error(request, _("A second person must agree, not the one who proposed it."))
    except Exemption.DoesNotExist:
        messages.error(request, _("That was agreed already, or is no longer proposed."))
    except (NotAllowed, NotNow, Visit.DoesNotExist, Responder.DoesNotExist, ValueError):
        messages.error(request, _("That is no longer possible: look at how it stands now."))
    else:
        if isinstance(said, HttpResponse):
            return said
        messages.success(request, said)
    return redirect("request", number=number)


def _write(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    sentence = request.POST.get("words", "").strip()
    if not sentence or len(sentence) > MOST_WORDS:
        raise ValueError
    sent = write_to(found.member.person_id, words=sentence, request_id=found.pk, by=by, now=timezone.now())
    if not sent:
        return _("Not sent: this phone has stopped our texts. Call instead.")
    return _("On its way to the member.")


def _start(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    if request.POST.get("at_home") and not found.at_home:
        support.confirm_home(found, by=by, now=timezone.now())
    dispatch.start(found.pk, by=by, now=timezone.now())
    return _("Searching.")


def _stop(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    dispatch.stop(found.pk, by=by, now=timezone.now())
    return _("Nobody more is asked. Visits go on.")


def _kind(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    children = request.POST.get("children", "")
    visits.change_kind(
        found.pk, kind=Kind(request.POST.get("kind", "")),
        children=int(children) if children.isdigit() else None, by=by, now=timezone.now(),
    )  # fmt: skip
    return _("The kind was changed.")


def _offer(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    person = UUID(request.POST.get("person", ""))
    dispatch.offer_by_hand(found.pk, person_id=person, by=by, now=timezone.now())
    return _("Asked.")


def _exempt(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    dispatch.propose_exemption(
        found.pk, person_id=UUID(request.POST.get("person", "")), reason=request.POST.get("reason", ""),
        staff_id=me(request).pk, now=timezone.now(),
    )  # fmt: skip
    return _("Proposed: a second person must agree.")


def _agree(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    exemption = asking.exemption_of(found.pk, UUID(request.POST.get("exemption", "")))
    dispatch.agree_exemption(exemption.pk, staff_id=me(request).pk, now=timezone.now())
    return _("Asked, as two of you agreed.")


def _unexempt(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    exemption = asking.exemption_of(found.pk, UUID(request.POST.get("exemption", "")))
    dispatch.withdraw_exemption(exemption.pk, by=by, now=timezone.now())
    return _("Taken back: nobody needs to agree.")


def _end_visit(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    visits.end_visit(UUID(request.POST.get("visit", "")), by=by, now=timezone.now())
    return _("The visit was ended; both sides are told.")


def _new_link(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    visits.new_link(UUID(request.POST.get("visit", "")), by=by, now=timezone.now())
    return _("A new link is on its way; the old one is dead.")


def _notes(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    support.set_notes(found, request.POST.get("notes", "")[:500], by=by, now=timezone.now())
    return _("The visitors' page shows it.")


def _unfreeze(request: HttpRequest, found: SupportRequest, by: Actor) -> str:
    lifted = unfreeze_home(found.member_id, staff_id=me(request).pk, by=by, now=timezone.now())
    return _("The home is in force again.") if lifted else _("A second person must confirm it too.")


def _close(request: HttpRequest, found: SupportRequest, by: Actor) -> str | HttpResponse:
    """Asks once more while somebody is there."""
    outcome = Outcome(request.POST.get("outcome", ""))
    if somebody_there(found.pk) and not request.POST.get("sure"):
        context = {"one": found, "outcome": outcome, "label": words.OUTCOMES[outcome]}
        context["visits"] = queries.visit_rows(live().filter(support_request=found), now=timezone.now())
        return render(request, "console/close_sure.html", context)
    visits.close_request(found.pk, outcome=outcome, by=by, now=timezone.now())
    return _("Closed; everyone is told.")


type Act = Callable[[HttpRequest, SupportRequest, Actor], str | HttpResponse]
ACTS: dict[str, Act] = {
    "write": _write, "start": _start, "stop": _stop, "kind": _kind, "offer": _offer,
    "exempt": _exempt, "agree": _agree, "unexempt": _unexempt,
    "end-visit": _end_visit, "new-link": _new_link, "notes": _notes, "unfreeze": _unfreeze,
    "close": _close,
}  # fmt: skip
