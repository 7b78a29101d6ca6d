"""How many other people's records one account may look up in an hour. Pure."""

from enum import StrEnum, auto

STOPS_AT = 3  # times what a shift needs


class LookupKind(StrEnum):
    """What is looked up."""

    ADDRESS = auto()  # a home
    PERSON = auto()  # somebody's page, or their phone
    SEARCH = auto()  # by a name or a number, and the list of all people


class LookupReason(StrEnum):
    """Why somebody needs more lookups than a shift does."""

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
    """On one more lookup, after `seen` others within the hour; a shift needs `limit` of them in an hour."""
    if seen >= STOPS_AT * limit:
        return Verdict.STOP
    return Verdict.OPEN if seen < limit or why else Verdict.ASK
