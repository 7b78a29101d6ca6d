"""On which phone or browser a visit's link opens. Pure.

Who has the link and the PIN may be the volunteer in a second browser (a link opened inside another app,
then in the phone's own browser; cookies that were cleared) or somebody who took both from them. We can't
tell which, and somebody may be standing at a corner. So a second device is stopped once and asked, which
tells a volunteer who did not open it before that somebody else has; one press then moves the link there and
closes it where it was. From the second move on only a coordinator opens it again, by a new link to the
volunteer's own phone, and their screen rings at once.
"""

from enum import StrEnum

MOST_MOVES = 1  # of one link
VIEWS_ASIDE = 40  # so many looks at one home are worth a coordinator's; nothing is refused for them


class LinkAnswer(StrEnum):
    BIND = "bind"  # nobody has opened it yet
    SHOW = "show"
    ASK = "ask"  # it is open elsewhere: is it to move here?
    MOVE = "move"
    REFUSE = "refuse"


def opening(bound: bytes | None, device: bytes, *, moves: int, wants_move: bool) -> LinkAnswer:
    """What a right PIN does on this device. `bound` and `device` are hashes of what the devices hold."""
    if bound is None:
        return LinkAnswer.BIND
    if bound == device:
        return LinkAnswer.SHOW
    if moves >= MOST_MOVES:
        return LinkAnswer.REFUSE
    return LinkAnswer.MOVE if wants_move else LinkAnswer.ASK


def is_worth_a_look(views: int) -> bool:
    """Whether this view of a link is reported to a coordinator."""
    return views % VIEWS_ASIDE == 0
