"""What each of the carrier's error codes means for us, and what is done about it. Pure.

One table, from Twilio's error dictionary. A code comes in two ways: as the answer to our call, or
later, in a receipt. A code that is not in the table is a text that did not arrive: a person calls.
"""

from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    OPTED_OUT = "opted_out"  # they stopped our texts
    NUMBER = "number"  # this number can't be texted, now or later
    TEMPORARY = "temporary"  # may work later
    CONTENT = "content"  # these words were filtered: not repeated
    CONFIGURATION = "configuration"  # ours to mend, whoever the text is for
    BUG = "bug"  # we asked for something impossible
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RefusalPolicy:
    """`holds`: nothing can be sent until it is mended, so texts stay owed rather than refused.

    `again`: the same text is sent once more, half a minute later.
    """

    meaning: Meaning
    holds: bool = False
    again: bool = False


_NUMBER = RefusalPolicy(Meaning.NUMBER)
_LATER = RefusalPolicy(Meaning.TEMPORARY)
_OURS = RefusalPolicy(Meaning.CONFIGURATION)
_OURS_ALL = RefusalPolicy(Meaning.CONFIGURATION, holds=True)
_BUG = RefusalPolicy(Meaning.BUG)

POLICIES: dict[int, RefusalPolicy] = {
    20003: _OURS_ALL,  # wrong credentials
    20404: _OURS_ALL,  # no such account
    20429: RefusalPolicy(Meaning.TEMPORARY, holds=True),  # too many calls at once
    21211: _NUMBER,  # not a phone number
    21217: _NUMBER,
    21614: _NUMBER,  # not a mobile
    21612: _NUMBER,  # can't be reached from our sender
    21408: _OURS,  # its region is not enabled
    21212: _OURS_ALL,  # our sender is wrong
    21601: _OURS_ALL,
    21606: _OURS_ALL,
    21609: _OURS_ALL,  # our address for receipts is not taken
    21602: _BUG,  # no words
    21603: _BUG,  # no sender
    21604: _BUG,  # no receiver
    21617: _BUG,  # more than 1600 characters
    21621: _BUG,
    21610: RefusalPolicy(Meaning.OPTED_OUT),
    21611: RefusalPolicy(Meaning.TEMPORARY, holds=True),  # our sender's queue is full
    30001: _LATER,  # queue overflow
    30002: _OURS_ALL,  # account suspended
    30003: _LATER,  # handset off or out of reach
    30004: _NUMBER,  # blocked
    30005: _NUMBER,  # no such handset
    30006: _NUMBER,  # a landline
    30007: RefusalPolicy(Meaning.CONTENT),  # filtered
    30008: RefusalPolicy(Meaning.TEMPORARY, again=True),  # nobody knows why
    30022: _LATER,  # over the campaign's rate
    30023: _LATER,  # over the campaign's day
    30027: _LATER,
    30032: _OURS_ALL,  # toll-free number not verified
    30034: _OURS_ALL,  # number not registered for A2P
    30036: _LATER,  # validity period over
    30047: _LATER,
    30450: _OURS,  # stopped as suspected pumping
    30610: _OURS,  # held for quiet hours: the carrier's own switch is on
    63016: _LATER,  # WhatsApp: more than 24 hours since they wrote
}


def policy(code: int | None) -> RefusalPolicy:
    return POLICIES.get(code or 0, RefusalPolicy(Meaning.UNKNOWN))


def is_ours(code: int | None) -> bool:
    """Whether an operator must mend something."""
    return policy(code).meaning in (Meaning.CONFIGURATION, Meaning.BUG)
