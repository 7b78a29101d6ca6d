"""What a page says after a button was pressed: undoing it, or why it was not done."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from network.console.shell import trust_words
from network.enrollment.rules.erasure import CannotErase, Obstacle
from network.people.models import Person
from network.staff.rules import approvers
from network.trust.actions import proposals


def say_undoable(request: HttpRequest, said: str, undo: str) -> None:
    """Say what was done, with a button that posts to `undo`, a path of ours, and comes back here."""
    messages.success(request, said, extra_tags=undo)


def not_sent(person: Person) -> str:
    """What a coordinator is told whose words can't go out, and what to do instead."""
    if person.safe_to_call:
        return _("Not sent: this phone has stopped our texts. Call instead.")
    return _(
        "Not sent: this phone has stopped our texts, and it is not safe to call it. Ask their organization."
    )


def not_erased(obstacle: Obstacle) -> str:
    """What has to end before somebody is erased."""
    until = trust_words.HELD_UNTIL % {"until": obstacle.until} if obstacle.until else ""
    sentence = trust_words.NOT_ERASED[obstacle.refusal] % {"number": obstacle.number, "until": until}
    return sentence.strip()


def unheard(error: Exception) -> str:
    """Why a proposal, or a yes to one, was not taken."""
    if isinstance(error, CannotErase):
        return not_erased(error.obstacle)
    if isinstance(error, approvers.NotEligible):
        return str(trust_words.UNHEARD[error.refusal])
    if isinstance(error, proposals.ProposalNeedsReason):
        return _("Say why, in a few words.")
    if isinstance(error, proposals.AlreadyProposed):
        return _("That is proposed already.")
    return _("That is no longer possible: look at how it stands now.")
