"""What an organisation typed of somebody who was here already, and where it differs from the file. Pure."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum

from network.people.rules_enrolling import Home, NewMember, NewResponder


@dataclass(frozen=True, slots=True)
class Typed:
    """As it was typed. No home: not as a member; no kinds: not as a responder."""

    name: str
    languages: tuple[str, ...]
    consent_on: date | None
    home: Home | None = None
    kinds: tuple[str, ...] = ()
    zip: str = ""
    max_miles: int = 0
    hours: tuple[tuple[int, ...], ...] = ()
    clearance_until: date | None = None
    bar_number: str | None = None
    bar_state: str = ""
    wake_at_night: bool = False


class Difference(StrEnum):
    """What a coordinator has to look at."""

    HOME = "home"
    KINDS = "kinds"
    REFUSED = "refused"  # had said that it isn't them, or that they don't want it
    RING = "ring"  # the vouch would close a ring, and is held


def typed(entry: NewMember | NewResponder, before: Typed | None = None) -> Typed:
    """What was typed now, and in the other role before."""
    person = entry.person
    one = before or Typed(person.name, person.languages, consent_on=None)
    one = replace(one, consent_on=one.consent_on or person.consent_on)
    if isinstance(entry, NewMember):
        return replace(one, home=entry.home)
    return replace(
        one, kinds=entry.kinds, zip=entry.zip, max_miles=entry.max_miles,
        hours=tuple(tuple(span) for span in entry.hours), clearance_until=entry.clearance_until,
        bar_number=entry.bar_number, bar_state=entry.bar_state, wake_at_night=entry.wake_at_night,
    )  # fmt: skip


def to_json(one: Typed) -> str:
    return json.dumps(asdict(one), default=str)  # dates, as ISO


def from_json(text: str) -> Typed:
    said = json.loads(text)
    for name in ("consent_on", "clearance_until"):
        said[name] = date.fromisoformat(said[name]) if said[name] else None
    for name in ("languages", "kinds"):
        said[name] = tuple(said[name])
    said["hours"] = tuple(tuple(span) for span in said["hours"])
    said["home"] = Home(**said["home"]) if said["home"] else None
    return Typed(**said)


def same_home(one: Home, other: Home) -> bool:
    """Whether two people may have written the same home: capitals, points and spaces aside."""
    return _folded(one) == _folded(other)


def _folded(home: Home) -> list[str]:
    parts: Iterable[str] = (home.street, home.unit or "", home.city, home.state, home.zip)
    return ["".join(sign for sign in part.casefold() if sign.isalnum()) for part in parts]
