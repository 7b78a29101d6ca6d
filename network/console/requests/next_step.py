"""What a coordinator does next about one request: one step, as one big button. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from network.console.shell.next_step import ANSWERS, CALLS, LINKS, PEOPLE, Next
from network.desk.rules import Reason
from network.support.rules.requests import State


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What the step depends on. `needs`: reasons of the open needs about the request."""

    state: State
    kind_known: bool
    at_home: bool
    frozen: bool
    duress: bool
    time_waits: bool  # a set time that is not known to be right
    came: bool  # the member said how it went, or nobody is out any more after a visit
    needs: Collection[str] = ()
    calls: bool = False  # an answer must be a call: no text of ours arrives


def next_step(now: RequestFacts) -> Next:
    """The most pressing first: people in danger, people who wait, what keeps a search from starting."""
    if now.state is State.CLOSED:
        return Next.WAIT
    if now.duress:
        return Next.DECIDE
    for reasons, step in ((CALLS, Next.CALL), (LINKS, Next.SEND_LINK), (ANSWERS, Next.ANSWER)):
        if reasons.intersection(now.needs):
            return Next.CALL if step is Next.ANSWER and now.calls else step
    if now.frozen:
        return Next.CONFIRM_HOME
    if now.time_waits or Reason.LATER in now.needs:
        return Next.SET_TIME
    if now.state in (State.ASKING, State.STOPPED):
        if now.came:
            return Next.CLOSE
        if not now.kind_known:
            return Next.ASK_KIND
        return Next.START
    if PEOPLE.intersection(now.needs):
        return Next.ASK_BY_NAME
    return Next.CLOSE if now.came and now.state is State.COVERED else Next.WAIT
