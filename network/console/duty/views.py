"""Shifts, hand-offs, what rings, and the print-out of a shift."""

from collections.abc import Callable
from datetime import time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.audit.rules import Actor, staff
from network.console.duty import forms, reads
from network.console.duty.shift_printout import sheet as shift_sheet
from network.console.shell.access import is_locked, me, opens
from network.console.shell.forms import UNPROCESSABLE, NotAChoice, cleaned
from network.console.shell.live import numbered
from network.console.shell.reads.on_duty import standing
from network.duty.actions import handoffs, shifts, swapping
from network.duty.models import Handoff
from network.duty.queries import hours_of, open_swaps, own_shift, proven_phones
from network.duty.rules.clock import NotAShift
from network.staff.models import Staff
from network.staff.rules.access import Action


@require_safe
@opens(Action.SEE_DUTY)
def page(request: HttpRequest) -> HttpResponse:
    """Who is on, who is next, what the week lacks, and one's own shifts."""
    proposed = {name: request.GET.get(name, "") for name in ("day", "start", "end")}
    return _page(request, forms.AddingShift(initial=proposed | {"weeks": 1}))


def _page(
    request: HttpRequest, adding: forms.AddingShift | None = None, awake: forms.Awake | None = None
) -> HttpResponse:
    """With what was typed and what is wrong with it, where there is such a form."""
    now, staff_id = timezone.now(), me(request).pk
    first = forms.WeekFrom(request.GET)
    hours = hours_of(staff_id)
    swaps = {swap.shift_id: swap for swap in open_swaps()}
    context = {
        "duty": standing(now=now),
        "own": own_shift(staff_id, now=now),
        "handoffs": reads.handoff_rows(staff_id=staff_id, now=now),
        "gaps": reads.gap_rows(now=now),
        "week": reads.week_from(
            first.cleaned_data["week"] if first.is_valid() else None,
            offered=swaps,
            staff_id=staff_id,
            now=now,
        ),
        "rows": reads.shift_rows(swaps, staff_id=staff_id, now=now),
        "awake": awake or forms.Awake(initial=dict(zip(("wakes", "sleeps"), hours, strict=True))),
        "hours_shown": [time(hour) for hour in range(0, 24, 3)],
        "ladder": reads.ladder(),
        "starting": forms.Starting(),
        "hours": hours,
        "adding": adding or forms.AddingShift(initial={"weeks": 1}),
        "proven": staff_id in proven_phones(),
        "has_phone": bool(me(request).phone),
        "colleagues": reads.colleagues(),
        "zone": timezone.get_current_timezone_name(),
    }
    wrong = (adding and adding.errors) or (awake and awake.errors)
    return render(request, "console/duty.html", context, status=UNPROCESSABLE if wrong else 200)


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
    now, staff_id = timezone.now(), me(request).pk
    if own_shift(staff_id, now=now) is None:
        return redirect("duty")
    context = {"work": reads.open_work(staff_id=staff_id, now=now), "form": forms.WritingHandoff()}
    return render(request, "console/handoff.html", context)


@require_POST
@opens(Action.CHANGE_DUTY)
def act(request: HttpRequest, step: str) -> HttpResponse:
    """One button of the page."""
    doing = ACTS.get(step)
    if doing is None:
        raise Http404
    try:
        done = doing(request, me(request), staff(me(request).pk))
        if isinstance(done, HttpResponse):
            return done
        messages.success(request, done)
    except swapping.SwapTooLate:
        messages.error(request, _("Somebody else has taken it, or it is no longer offered."))
    except handoffs.AcceptedAlready:
        messages.error(request, _("Somebody else has accepted this hand-off."))
    except shifts.NoPhone:
        messages.error(request, _("You have no phone on file, or it has stopped our texts."))
    except shifts.AlreadyOn:
        messages.error(request, _("Your shift runs already."))
    except shifts.Overlaps:
        messages.error(request, _("You have a shift in some of these hours already."))
    except (shifts.NotYourShift, shifts.NoShiftNow, Handoff.DoesNotExist):
        messages.error(request, _("That is no longer possible: look at how it stands now."))
    except (NotAShift, NotAChoice):
        messages.error(request, str(forms.WHEN))
    return redirect("duty")


def _add(request: HttpRequest, staff: Staff, by: Actor) -> str | HttpResponse:
    form = forms.AddingShift(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        added = shifts.add_shifts(staff.pk, **form.cleaned_data, by=by, now=timezone.now())
    except NotAShift:
        form.wrong(None, forms.WHEN)
    except shifts.Overlaps:
        form.wrong(None, _("You have a shift in some of these hours already."))
    else:
        return _("Added: thank you.") if len(added) == 1 else _("Added, week after week: thank you.")
    return _page(request, form)


def _cancel(request: HttpRequest, staff: Staff, by: Actor) -> str:
    which = cleaned(forms.OfShift(request.POST))
    shifts.cancel_shift(which["shift"], staff_id=staff.pk, later=which["later"], by=by, now=timezone.now())
    return _("Canceled. If nobody else is on then, it stands among the gaps.")


def _offer(request: HttpRequest, staff: Staff, by: Actor) -> str:
    swapping.offer_swap(
        cleaned(forms.OfShift(request.POST))["shift"], staff_id=staff.pk, by=by, now=timezone.now()
    )
    return _("Offered. It stays yours until somebody takes it.")


def _withdraw(request: HttpRequest, staff: Staff, by: Actor) -> str:
    swapping.withdraw_swap(
        cleaned(forms.OfSwap(request.POST))["swap"], staff_id=staff.pk, by=by, now=timezone.now()
    )
    return _("No longer offered.")


def _take(request: HttpRequest, staff: Staff, by: Actor) -> str:
    swapping.take_swap(
        cleaned(forms.OfSwap(request.POST))["swap"], staff_id=staff.pk, by=by, now=timezone.now()
    )
    return _("The shift is yours: thank you.")


def _start(request: HttpRequest, staff: Staff, by: Actor) -> str:
    hours = cleaned(forms.Starting(request.POST))["hours"]
    shifts.start_shift(staff.pk, hours=hours, by=by, now=timezone.now())
    return _("You are on.")


def _heard(request: HttpRequest, staff: Staff, by: Actor) -> str:
    heard = cleaned(forms.Heard(request.POST))["heard"] == "yes"
    shifts.answer_heard(staff.pk, heard=heard, by=by, now=timezone.now())
    return _("Good. The alarm will ring here.") if heard else _("Let's fix that: see below.")


def _end(request: HttpRequest, staff: Staff, by: Actor) -> str:
    now = timezone.now()
    work = reads.open_work(staff_id=staff.pk, now=now)
    lines = handoffs.HandoffLines(**cleaned(forms.WritingHandoff(request.POST)))
    handoffs.end_shift(
        staff.pk,
        lines,
        requests=[row.request.pk for row in work.requests],
        visits=[row.visit.pk for row in work.overdue],
        by=by,
        now=now,
    )
    return _("Handed over. Rest well.")


def _accept(request: HttpRequest, staff: Staff, by: Actor) -> str:
    handoffs.accept_handoff(
        cleaned(forms.OfHandoff(request.POST))["handoff"], staff_id=staff.pk, by=by, now=timezone.now()
    )
    return _("You have it.")


def _hours(request: HttpRequest, staff: Staff, by: Actor) -> str | HttpResponse:
    form = forms.Awake(request.POST)
    if not form.is_valid():
        return _page(request, awake=form)
    shifts.set_hours(staff.pk, **form.cleaned_data, by=by, now=timezone.now())
    return _("Your hours are saved.")


def _test(request: HttpRequest, staff: Staff, by: Actor) -> str:
    shifts.text_own_phone(staff, by=by, now=timezone.now())
    return _("A test is on its way to your phone. Once it has arrived, your phone counts as proven.")


ACTS: dict[str, Callable[[HttpRequest, Staff, Actor], str | HttpResponse]] = {
    "add": _add, "cancel": _cancel, "offer": _offer, "withdraw": _withdraw, "take": _take,
    "start": _start, "heard": _heard, "end": _end, "accept": _accept, "hours": _hours,
    "test": _test,
}  # fmt: skip


@require_safe
@opens(Action.SEE_REQUESTS)
def sheet(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    return render(request, "console/sheet.html", {"page": "sheet", "now": now, "sheet": shift_sheet(now=now)})
