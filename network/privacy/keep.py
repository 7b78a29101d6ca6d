"""How long each kind of row is kept: the retention classes that models name their fields in."""

from enum import StrEnum


class Keep(StrEnum):
    ALWAYS = "always"  # says nothing of anybody: settings, counters, places
    MEMBERSHIP = "membership"  # while the person, organization or staff member is in the network
    CASE = "case"  # an open request and 14 days after it closed
    DAY = "day"  # a day; longer only while it waits for a person
    LEDGER = "ledger"  # the history: 90 days
    SESSION = "session"  # while a link or a sign-in lives
