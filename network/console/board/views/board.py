"""The one live board."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from network.audit.rules import staff
from network.console.board import reads, words
from network.console.board.filters import Filter, filter_of
from network.console.board.forms import Ticked
from network.console.board.narrowed import Narrowed
from network.console.board.reads import saved_views
from network.console.shell import words as shared_words
from network.console.shell.access import can, me, opens, who
from network.console.shell.forms import Back, cleaned
from network.console.shell.live import numbered
from network.console.shell.paging import number_of, page_of
from network.console.shell.pressed import say_undoable
from network.console.shell.reads.needs import NeedRow, board_rows, need_rows, reason_of
from network.console.shell.reads.on_duty import standing
from network.console.shell.reads.visits import visit_rows
from network.console.shell.reauthentication import own_path
from network.console.shell.setting_up import reads as setting_up
from network.desk import actions as desk
from network.desk.models import Need
from network.desk.queries import quiet_parts, rows
from network.desk.rules import Group, Reason, Severity, cut
from network.duty.actions.paging import be_present
from network.messaging.queries import last_text_at
from network.staff.rules.access import Action
from network.support.queries import running_drill

MOST_ROWS = 50  # and however many more are to be done now
PANELS = ("filtered", "summary", "duty", "needs", "cases", "ahead", "visits")
COMPACT_FROM = 25  # rows are one line each, with ticks


@require_safe
@opens(Action.SEE_BOARD, elsewhere="account_home")
def board(request: HttpRequest) -> HttpResponse:
    be_present(me(request).pk, now=timezone.now())
    narrowed = _narrowed(request)
    context = _context(narrowed, *PANELS) | {
        "steward": can(request, Action.SET_RULES),
        "filter": narrowed.filter,
        "choices": words.choices(narrowed.filter, settings.NETWORK_LANGUAGES),
        "views": saved_views(narrowed.staff_id),
        "reasons": {reason.value: str(shared_words.REASONS[reason]) for reason in Reason},
        "severities": {code: [mark, str(word)] for code, (mark, word) in shared_words.SEVERITIES.items()},
        "drill": running_drill(),
        "setting_up": setting_up.on_the_board(who(request)),
    }
    return render(request, "console/board.html", context)


@require_safe
@opens(Action.SEE_BOARD)
def panel(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PANELS:
        raise Http404
    narrowed = _narrowed(request)
    return numbered(lambda: render(request, f"console/_{name}.html", _context(narrowed, name)))


@require_safe
@opens(Action.SEE_BOARD)
def beside(request: HttpRequest) -> HttpResponse:
    """The same list in short, beside the request that is worked on."""
    whole = Narrowed(Filter(), me(request).pk, timezone.now())
    context = {"needs": _waiting(whole), "at": request.GET.get("at", "")}
    return numbered(lambda: render(request, "console/_minis.html", context))


@require_safe
@opens(Action.SEE_BOARD)
def everything(request: HttpRequest) -> HttpResponse:
    """All panels in one answer: what a board fetches when something changed."""
    narrowed = _narrowed(request)
    templates = [(name, f"console/_{name}.html") for name in PANELS]
    return numbered(
        lambda: render(request, "console/_all.html", _context(narrowed, *PANELS) | {"templates": templates})
    )


def _narrowed(request: HttpRequest) -> Narrowed:
    return Narrowed(filter_of(request.GET), me(request).pk, timezone.now())


def _context(narrowed: Narrowed, *names: str) -> dict[str, object]:
    quiet: dict[str, object] = {"board": True, "last_text": last_text_at()} if "needs" in names else {}
    if "summary" in names:
        quiet["silent"] = [words.PARTS[part] for part in quiet_parts(now=narrowed.now)]
    return {name: _panel(narrowed, name) for name in names} | _back(narrowed) | quiet


def _back(narrowed: Narrowed) -> dict[str, object]:
    """The same board again, after a button was pressed on it."""
    codes = narrowed.filter.codes
    return {"codes": codes, "back": f"/?{codes}" if codes else "/"}


def _panel(narrowed: Narrowed, name: str) -> object:
    """What is late and what rings is never narrowed: `filtered` says what isn't shown."""
    now, staff_id = narrowed.now, narrowed.staff_id
    match name:
        case "filtered":
            return narrowed.hidden() if narrowed.filter else None
        case "summary":
            return reads.board_counts(now=now)
        case "duty":
            return standing(now=now)
        case "needs":
            return _waiting(narrowed)
        case "cases":
            return reads.cases(staff_id=staff_id, now=now, only=narrowed.requests(), closed=narrowed.closed())
        case "ahead":
            return reads.ahead_rows(now=now, only=narrowed.requests())
        case _:
            return visit_rows(now=now, only=narrowed.visits())


@dataclass(frozen=True, slots=True)
class WaitingList:
    """The list of what needs a person: what is to be done now, all of it, and how much is left off."""

    rows: list[NeedRow]
    left: int
    counts: "Counts"

    @property
    def compact(self) -> bool:
        return len(self.rows) >= COMPACT_FROM

    def __iter__(self) -> Iterator[NeedRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are of each kind, those left off too."""

    all: int
    now: int  # duress, or to be done at once
    soon: int
    routine: int
    mine: int
    free: int


def _counted(groups: Sequence[Group[Need]], staff_id: UUID) -> Counts:
    of = Counter(min(max(group.severity, Severity.NOW), Severity.ROUTINE) for group in groups)
    whose = Counter(group.worst.claimed_by for group in groups)
    return Counts(
        len(groups), of[Severity.NOW], of[Severity.SOON], of[Severity.ROUTINE], whose[staff_id], whose[None]
    )


def _waiting(narrowed: Narrowed) -> WaitingList:
    needs = rows(narrowed.needs(), now=narrowed.now)
    groups, left = cut(needs, MOST_ROWS)
    shown = board_rows(groups, staff_id=narrowed.staff_id, now=narrowed.now)
    return WaitingList(shown, left, _counted(needs, narrowed.staff_id))


@require_safe
@opens(Action.SEE_BOARD)
def all_needs(request: HttpRequest) -> HttpResponse:
    """Every row, however many, page by page: what the board leaves off too."""
    narrowed, now = _narrowed(request), timezone.now()
    codes = narrowed.filter.codes
    page = page_of(
        rows(narrowed.needs(), now=now),
        number_of(request.GET),
        at_once=MOST_ROWS,
        kept=f"{codes}&" if codes else "",
    )
    shown = board_rows(page.rows, staff_id=narrowed.staff_id, now=now)
    needs = WaitingList(shown, 0, _counted(page.rows, narrowed.staff_id))
    context = {"needs": needs, "page": page, "back": request.path, "codes": codes}
    return render(request, "console/needs.html", context)


@require_POST
@opens(Action.WORK)
def need(request: HttpRequest, need_id: UUID, step: str) -> HttpResponse:
    """Claim, give back, or close one need, and undo the closing."""
    staff_id, now = me(request).pk, timezone.now()
    by = staff(staff_id)
    try:
        match step:
            case "claim":
                desk.claim(need_id, staff_id=staff_id, by=by, now=now)
            case "unclaim":
                desk.unclaim(need_id, staff_id=staff_id, by=by, now=now)
            case "done":
                desk.close(need_id, by=by, now=now)
                say_undoable(
                    request, _("Done, and off the board."), reverse("need", args=[need_id, "undone"])
                )
            case "work":
                return _work(request, need_id)
            case "undone":
                desk.reopen(need_id, by=by, now=now)
                messages.success(request, _("It waits again."))
            case _:
                raise Http404
    except desk.AlreadyTaken:
        messages.error(request, _("Somebody else has taken this."))
    except desk.OfThemself:
        messages.error(request, _("It is about what you looked at: another coordinator answers it."))
    except desk.TooLateToReopen:
        messages.error(request, _("That is no longer possible: look at how it stands now."))
    return redirect(own_path(cleaned(Back(request.POST))["back"]))


def _work(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Pressing a row's own step claims it and opens the page where it is done.

    What another has, or the reader may not take, is opened all the same, and says who has it.
    """
    need, staff_id, now = get_object_or_404(Need, pk=need_id), me(request).pk, timezone.now()
    try:
        desk.claim(need_id, staff_id=staff_id, by=staff(staff_id), now=now)
    except desk.AlreadyTaken:
        messages.error(request, _("Somebody else has taken this."))
    except desk.OfThemself:
        messages.error(request, _("It is about what you looked at: another coordinator answers it."))
    return redirect(need_rows([need], staff_id=staff_id, now=now)[0].place)


@require_POST
@opens(Action.WORK)
def bulk(request: HttpRequest, step: str) -> HttpResponse:
    """Claim or release what was ticked; nothing is sent or closed for many at once."""
    if step not in ("claim", "unclaim"):
        raise Http404
    staff_id, now, done, missed = me(request).pk, timezone.now(), 0, 0
    doing = desk.claim if step == "claim" else desk.unclaim
    for need_id in Ticked(request.POST).chosen():
        try:
            doing(need_id, staff_id=staff_id, by=staff(staff_id), now=now)
            done += 1
        except (desk.AlreadyTaken, desk.OfThemself):
            missed += 1
    if done:
        sentence = (
            ngettext("You have %(n)s more.", "You have %(n)s more.", done)
            if step == "claim"
            else ngettext("%(n)s released.", "%(n)s released.", done)
        )
        messages.success(request, sentence % {"n": done})
    if missed:
        sentence = ngettext("%(n)s was taken by somebody else.", "%(n)s were taken by somebody else.", missed)
        messages.error(request, sentence % {"n": missed})
    if not done and not missed:
        messages.error(request, _("Tick at least one row first."))
    return redirect("board")


@require_POST
@opens(Action.WORK)
def take_next(request: HttpRequest) -> HttpResponse:
    """The worst of what nobody has, and the page where it is worked on."""
    staff_id, now = me(request).pk, timezone.now()
    taken = desk.claim_next(staff_id=staff_id, by=staff(staff_id), now=now)
    if taken is None:
        messages.success(request, _("Nothing unclaimed. You're caught up."))
        return redirect("board")
    messages.success(request, _("You have it: %s") % reason_of(taken))
    return redirect(need_rows([taken], staff_id=staff_id, now=now)[0].place)
