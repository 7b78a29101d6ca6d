"""Views of the board that somebody keeps for themselves: a filter under a name."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from network.console.board import actions, forms
from network.console.board.filters import filter_of, filter_of_codes
from network.console.models import SavedView
from network.console.shell.access import me, opens
from network.console.shell.forms import cleaned
from network.staff.rules.access import Action


@require_POST
@opens(Action.SEE_BOARD)
def save(request: HttpRequest) -> HttpResponse:
    """The filter that the board has now."""
    view = cleaned(forms.Saving(request.POST))
    chosen = filter_of_codes(view["codes"])
    try:
        actions.save_view(view["name"], chosen, staff_id=me(request).pk, now=timezone.now())
    except actions.NoViewName:
        messages.error(request, _("Give it a name of one to 40 characters."))
    except actions.NothingChosen:
        messages.error(request, _("Choose first what the board is to show."))
    except actions.TooManyViews:
        messages.error(request, _("You have twelve views. Delete one first."))
    return redirect(f"/?{chosen.codes}" if chosen else "/")


@require_POST
@opens(Action.SEE_BOARD)
def act(request: HttpRequest, view_id: UUID, step: str) -> HttpResponse:
    """Only ever one's own; another's isn't there."""
    staff_id, now = me(request).pk, timezone.now()
    try:
        match step:
            case "rename":
                name = cleaned(forms.Renaming(request.POST))["name"]
                actions.rename_view(view_id, name, staff_id=staff_id, now=now)
            case "delete":
                actions.delete_view(view_id, staff_id=staff_id, now=now)
            case _:
                raise Http404
    except SavedView.DoesNotExist:
        raise Http404 from None
    except actions.NoViewName:
        messages.error(request, _("Give it a name of one to 40 characters."))
    chosen = filter_of(request.GET)
    return redirect(f"/?{chosen.codes}" if chosen else "/")
