"""Differences between what an organization typed and what is on file. Pure."""

from dataclasses import replace
from enum import StrEnum

from network.enrollment.rules.entries import NewMember, NewResponder
from network.people.rules.claims import Typed


class Difference(StrEnum):
    """What a coordinator has to compare."""

    HOME = "home"
    KINDS = "kinds"
    REFUSED = "refused"  # they had answered that it isn't them, or that they don't want it
    RING = "ring"  # the vouch would close a ring, and is held


def typed(entry: NewMember | NewResponder, before: Typed | None = None) -> Typed:
    """What was typed now, combined with what was typed earlier for their other role."""
    person = entry.person
    so_far = before or Typed(person.name, person.languages, consent_on=None)
    so_far = replace(so_far, consent_on=so_far.consent_on or person.consent_on)
    if isinstance(entry, NewMember):
        return replace(so_far, home=entry.home)
    return replace(
        so_far,
        kinds=entry.kinds,
        zip=entry.zip,
        max_miles=entry.max_miles,
        hours=tuple(tuple(span) for span in entry.hours),
        clearance_until=entry.clearance_until,
        bar_number=entry.bar_number,
        bar_state=entry.bar_state,
        wake_at_night=entry.wake_at_night,
    )
