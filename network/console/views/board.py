"""The one live board."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.audit.rules import staff
from network.console import duty, queries, words
from network.console import queries_setting_up as setting_up
from network.console.access import me, opens, stewards, who
from network.console.forms import read_time
from network.console.live import numbered
from network.console.touch import own_path
from network.conversations.actions import AlreadyOpen, open_for_member
from network.desk import actions as desk
from network.desk.queries import open_needs
from network.dispatch.actions import NotReady
from network.duty.actions import be_present
from network.messaging.queries import last_text_at
from network.people.models import Member
from network.people.rules_access import Action
from network.support.queries import running_drill
from network.support.rules import Kind
from network.support.rules_time import BadTime

PANELS = ("summary", "duty", "needs", "searching", "ahead", "visits", "closed")


@require_safe
@opens(Action.SEE_BOARD, elsewhere="account_home")
def board(request: HttpRequest) -> HttpResponse:
    be_present(me(request).pk, now=timezone.now())
    members = Member.objects.select_related("person").filter(person__standing="active")
    context: dict[str, object] = {"steward": stewards(me(request))}
    for name in PANELS:
        context |= _panel_context(request, name)
    context |= {
        "members": sorted(members, key=lambda member: member.person.name),
        "kinds": [(kind.value, words.KINDS[kind]) for kind in Kind],
        "drill": running_drill(),
        "setting_up": setting_up.on_the_board(who(request)),
    }
    return render(request, "console/board.html", context)


@require_safe
@opens(Action.SEE_BOARD)
def panel(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PANELS:
        raise Http404
    return numbered(lambda: render(request, f"console/_{name}.html", _panel_context(request, name)))


def _panel_context(request: HttpRequest, name: str) -> dict[str, object]:
    quiet = {"board": True, "last_text": last_text_at()} if name == "needs" else {}
    return {name: _panel(request, name), **quiet}


def _panel(request: HttpRequest, name: str) -> object:
    now = timezone.now()
    match name:
        case "summary":
            return queries.board_counts(now=now)
        case "duty":
            return duty.standing(now=now)
        case "needs":
            return queries.need_rows(open_needs()[:100], staff_id=me(request).pk, now=now)
        case "searching":
            return queries.searching_rows(staff_id=me(request).pk, now=now)
        case "ahead":
            return queries.ahead_rows(now=now)
        case "visits":
            return queries.visit_rows(now=now)
        case _:
            return queries.closed_today(now=now)


@require_POST
@opens(Action.WORK)
def need(request: HttpRequest, need_id: UUID, step: str) -> HttpResponse:
    """Claim, give back, or close one need."""
    mine, now = me(request).pk, timezone.now()
    by = staff(mine)
    try:
        match step:
            case "claim":
                desk.claim(need_id, staff_id=mine, by=by, now=now)
            case "unclaim":
                desk.unclaim(need_id, staff_id=mine, by=by, now=now)
            case "done":
                desk.close(need_id, by=by, now=now)
            case _:
                raise Http404
    except desk.AlreadyTaken:
        messages.error(request, _("Somebody else has taken this."))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page that the button stood on; only ever one of ours."""
    return own_path(request.POST.get("back", "/"))


@require_POST
@opens(Action.WORK)
def open_request(request: HttpRequest) -> HttpResponse:
    """A member called or came by."""
    kind, children = request.POST.get("kind", ""), request.POST.get("children", "")
    member = request.POST.get("member", "")
    if not member or kind not in Kind or not request.POST.get("at_home"):
        messages.error(request, _("Choose the member and the kind, and confirm that it is from their home."))
        return redirect("board")
    try:
        starts_at = read_time(request.POST, now=timezone.now()) if request.POST.get("day") else None
        opened = open_for_member(
            UUID(member), kind=Kind(kind), children=int(children) if children.isdigit() else None,
            starts_at=starts_at, by=staff(me(request).pk), now=timezone.now(),
        )  # fmt: skip
    except BadTime as why:
        messages.error(request, str(words.BAD_TIMES[str(why)]))
        return redirect("board")
    except NotReady as missing:
        messages.error(request, str(words.NOT_READY[str(missing)]))
        return redirect("board")
    except AlreadyOpen as already:
        messages.error(request, _("This member has an open request already."))
        return redirect("request", number=already.args[0])
    except (ValueError, Member.DoesNotExist):
        messages.error(request, _("There is no such member."))
        return redirect("board")
    return redirect("request", number=opened.number)
