"""Shifts, hand-offs, what rings, and the print-out of a shift."""

from collections.abc import Callable
from datetime import date, time
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.audit.rules import Actor, staff
from network.console.duty import reads
from network.console.duty.shift_printout import sheet as shift_sheet
from network.console.shell.access import is_locked, me, opens
from network.console.shell.live import numbered
from network.console.shell.posted import NotAChoice, posted
from network.console.shell.reads.on_duty import standing
from network.duty.actions import handing as duty_handing
from network.duty.actions import shifts, swapping
from network.duty.models import Handoff
from network.duty.queries import hours_of, own_shift, proven_phones
from network.duty.rules.clock import NotAShift
from network.staff.models import Staff
from network.staff.rules.access import Action

LINES = ("urgent", "watch", "told")


@require_safe
@opens(Action.SEE_DUTY)
def page(request: HttpRequest) -> HttpResponse:
    """Who is on, who is next, what the week lacks, and one's own shifts."""
    now, mine = timezone.now(), me(request).pk
    rows, gaps = reads.week_rows(staff_id=mine, now=now), reads.gap_rows(now=now)
    context = {
        "duty": standing(now=now),
        "own": own_shift(mine, now=now),
        "handoffs": reads.handoff_rows(staff_id=mine, now=now),
        "gaps": gaps,
        "rows": rows,
        "table": reads.table(rows, gaps),
        "hours": hours_of(mine),
        "proven": mine in proven_phones(),
        "has_phone": bool(me(request).phone),
        "colleagues": reads.colleagues(),
        "zone": timezone.get_current_timezone_name(),
        "proposed": {name: request.GET.get(name, "") for name in ("day", "start", "end")},
    }
    return render(request, "console/duty.html", context)


@require_safe
@opens(Action.LISTEN, even_locked=True)
def ringing(request: HttpRequest) -> HttpResponse:
    """The bar that rings; empty while nothing does. At an idle desk it rings and names nobody."""

    def bar() -> HttpResponse:
        context = reads.ringing_row(staff=me(request), now=timezone.now()) | {"locked": is_locked(request)}
        return render(request, "console/_ringing.html", context)

    return numbered(bar)


@require_safe
@opens(Action.SEE_DUTY)
def handing(request: HttpRequest) -> HttpResponse:
    """The hand-off as the rows tell it, and three lines for what they don't know."""
    now, mine = timezone.now(), me(request).pk
    if own_shift(mine, now=now) is None:
        return redirect("duty")
    return render(request, "console/handoff.html", {"work": reads.open_work(staff_id=mine, now=now)})


@require_POST
@opens(Action.CHANGE_DUTY)
def act(request: HttpRequest, step: str) -> HttpResponse:
    """One button of the page."""
    doing = ACTS.get(step)
    if doing is None:
        raise Http404
    try:
        messages.success(request, doing(request, me(request), staff(me(request).pk)))
    except shifts.Overlaps:
        messages.error(request, _("You have a shift in some of these hours already."))
    except swapping.TooLate:
        messages.error(request, _("Somebody else has taken it, or it is no longer offered."))
    except duty_handing.AcceptedAlready:
        messages.error(request, _("Somebody else has accepted this hand-off."))
    except shifts.NoPhone:
        messages.error(request, _("You have no phone on file, or it has stopped our texts."))
    except shifts.AlreadyOn:
        messages.error(request, _("Your shift runs already."))
    except (shifts.NotYours, shifts.NoShiftNow, Handoff.DoesNotExist):
        messages.error(request, _("That is no longer possible: look at how it stands now."))
    except (NotAShift, NotAChoice):
        messages.error(request, _("Give a day and hours that are still to come, for twelve weeks at most."))
    return redirect("duty")


def _add(request: HttpRequest, mine: Staff, by: Actor) -> str:
    form = request.POST
    weeks = posted(form, "weeks", int) if form.get("weeks") else 1
    added = shifts.add_shifts(
        mine.pk, day=posted(form, "day", date.fromisoformat), start=posted(form, "start", _clock),
        end=posted(form, "end", _clock), weeks=weeks, by=by, now=timezone.now(),
    )  # fmt: skip
    return _("Added: thank you.") if len(added) == 1 else _("Added, week after week: thank you.")


def _clock(text: str) -> time:
    return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)


def _cancel(request: HttpRequest, mine: Staff, by: Actor) -> str:
    shifts.cancel_shift(
        _id(request, "shift"), staff_id=mine.pk, later=bool(request.POST.get("later")),
        by=by, now=timezone.now(),
    )  # fmt: skip
    return _("Cancelled. If nobody else is on then, it stands among the gaps.")


def _offer(request: HttpRequest, mine: Staff, by: Actor) -> str:
    swapping.offer_swap(_id(request, "shift"), staff_id=mine.pk, by=by, now=timezone.now())
    return _("Offered. It stays yours until somebody takes it.")


def _withdraw(request: HttpRequest, mine: Staff, by: Actor) -> str:
    swapping.withdraw_swap(_id(request, "swap"), staff_id=mine.pk, by=by, now=timezone.now())
    return _("No longer offered.")


def _take(request: HttpRequest, mine: Staff, by: Actor) -> str:
    swapping.take_swap(_id(request, "swap"), staff_id=mine.pk, by=by, now=timezone.now())
    return _("The shift is yours: thank you.")


def _start(request: HttpRequest, mine: Staff, by: Actor) -> str:
    hours = posted(request.POST, "hours", int) if request.POST.get("hours") else None
    shifts.start_shift(mine.pk, hours=hours, by=by, now=timezone.now())
    return _("You are on.")


def _heard(request: HttpRequest, mine: Staff, by: Actor) -> str:
    heard = request.POST.get("heard") == "yes"
    shifts.answer_heard(mine.pk, heard=heard, by=by, now=timezone.now())
    return _("Good. The alarm will ring here.") if heard else _("Let's fix that: see below.")


def _end(request: HttpRequest, mine: Staff, by: Actor) -> str:
    now = timezone.now()
    work = reads.open_work(staff_id=mine.pk, now=now)
    lines = duty_handing.Lines(*(request.POST.get(line, "").strip() for line in LINES))
    duty_handing.end_shift(
        mine.pk, lines, requests=[row.request.pk for row in work.requests],
        visits=[row.visit.pk for row in work.overdue], by=by, now=now,
    )  # fmt: skip
    return _("Handed over. Rest well.")


def _accept(request: HttpRequest, mine: Staff, by: Actor) -> str:
    duty_handing.accept_handoff(_id(request, "handoff"), staff_id=mine.pk, by=by, now=timezone.now())
    return _("You have it.")


def _hours(request: HttpRequest, mine: Staff, by: Actor) -> str:
    wakes, sleeps = posted(request.POST, "wakes", _clock), posted(request.POST, "sleeps", _clock)
    shifts.set_hours(mine.pk, wakes=wakes, sleeps=sleeps, by=by, now=timezone.now())
    return _("Your hours are saved.")


def _test(request: HttpRequest, mine: Staff, by: Actor) -> str:
    shifts.text_own_phone(mine, by=by, now=timezone.now())
    return _("A test is on its way to your phone. Once it has arrived, your phone counts as proven.")


def _id(request: HttpRequest, name: str) -> UUID:
    return posted(request.POST, name, UUID)


ACTS: dict[str, Callable[[HttpRequest, Staff, Actor], str]] = {
    "add": _add, "cancel": _cancel, "offer": _offer, "withdraw": _withdraw, "take": _take,
    "start": _start, "heard": _heard, "end": _end, "accept": _accept, "hours": _hours,
    "test": _test,
}  # fmt: skip


@require_safe
@opens(Action.SEE_REQUESTS)
def sheet(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    return render(request, "console/sheet.html", {"page": "sheet", "now": now, "sheet": shift_sheet(now=now)})
