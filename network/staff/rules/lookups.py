"""How many other people's records one account may look up in an hour. Pure."""

from enum import StrEnum, auto

STOPS_AT = 3  # times what a shift needs


class LookupKind(StrEnum):
    """What is looked at."""

    ADDRESS = auto()  # a home
    PERSON = auto()  # somebody's page, or their phone
    SEARCH = auto()  # by a name or a number, and the list of all people


class LookupReason(StrEnum):
    """Why somebody needs more than a shift needs."""

    MANY_REQUESTS = auto()
    HAND_OFF = auto()  # taking over a shift
    CORRECTING = auto()  # what is on file
    ASKED = auto()  # by somebody who called or came
    TRAINING = auto()


class Verdict(StrEnum):
    OPEN = auto()
    ASK = auto()  # a reason is needed
    STOP = auto()


def verdict(seen: int, limit: int, *, why: LookupReason | None) -> Verdict:
    """Of one more look, after `seen` at other things within the hour; `limit`: what a shift needs in one."""
    if seen >= STOPS_AT * limit:
        return Verdict.STOP
    return Verdict.OPEN if seen < limit or why else Verdict.ASK
