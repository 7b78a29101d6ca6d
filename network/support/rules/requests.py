"""The states of a support request and the steps between them, as one table. Pure."""

from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a member may ask for."""

    ACCOMPANIMENT = "accompaniment"
    LEGAL = "legal"
    CHILDCARE = "childcare"


class State(StrEnum):
    ASKING = "asking"  # the member has texted; we still ask what is needed
    SEARCHING = "searching"  # responders are being asked
    COVERED = "covered"  # everyone needed has accepted
    STOPPED = "stopped"  # nobody is asked by machine; a coordinator decides
    CLOSED = "closed"


class Event(StrEnum):
    SEARCH = "search"  # begin asking, or ask again
    COVER = "cover"  # the last place was taken
    REOPEN = "reopen"  # a place came free
    STOP = "stop"  # no more asking by machine
    CLOSE = "close"
    RESUME = "resume"  # a coordinator undoes the closing: people decide what follows


class Outcome(StrEnum):
    """How a request ended."""

    HELPED = "helped"
    NOT_NEEDED = "not_needed"
    UNFILLED = "unfilled"
    ELSEWHERE = "elsewhere"
    OTHER_HELP = "other_help"
    MISTAKE = "mistake"


OPEN = frozenset({State.ASKING, State.SEARCHING, State.COVERED, State.STOPPED})

TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.ASKING, Event.SEARCH): State.SEARCHING,
    (State.ASKING, Event.STOP): State.STOPPED,
    (State.ASKING, Event.CLOSE): State.CLOSED,
    (State.SEARCHING, Event.COVER): State.COVERED,
    (State.SEARCHING, Event.STOP): State.STOPPED,
    (State.SEARCHING, Event.CLOSE): State.CLOSED,
    (State.COVERED, Event.REOPEN): State.SEARCHING,
    (State.COVERED, Event.STOP): State.STOPPED,
    (State.COVERED, Event.CLOSE): State.CLOSED,
    (State.STOPPED, Event.SEARCH): State.SEARCHING,
    (State.STOPPED, Event.COVER): State.COVERED,
    (State.STOPPED, Event.CLOSE): State.CLOSED,
    (State.CLOSED, Event.RESUME): State.STOPPED,
}
RESUMES_FOR = timedelta(days=1)  # after it was closed


class NotAllowed(Exception):
    """This step isn't possible in the request's present state."""


def after(state: State, event: Event) -> State:
    """The state after this event. Raises NotAllowed if the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotAllowed(f"{event} from {state}") from None


def places(kind: Kind) -> int:
    """How many responders a request needs: two for childcare, so that no adult is alone with children."""
    return 2 if kind is Kind.CHILDCARE else 1
