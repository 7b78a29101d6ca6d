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
    consented: bool
    home: Home | None = None
    kinds: tuple[str, ...] = ()
    zip: str = ""
    max_miles: int = 0
    clearance_until: date | None = None
    has_bar: bool = False


class Difference(StrEnum):
    """What a coordinator has to look at."""

    HOME = "home"
    KINDS = "kinds"
    REFUSED = "refused"  # had said that it isn't them, or that they don't want it
    RING = "ring"  # the vouch would close a ring, and is held


def typed(entry: NewMember | NewResponder, before: Typed | None = None) -> Typed:
    """What was typed now, and in the other role before."""
    person = entry.person
    one = before or Typed(person.name, person.languages, consented=False)
    one = replace(one, consented=one.consented or person.consent_on is not None)
    if isinstance(entry, NewMember):
        return replace(one, home=entry.home)
    has_bar = bool(entry.bar_number and entry.bar_state)
    return replace(
        one, kinds=entry.kinds, zip=entry.zip, max_miles=entry.max_miles,
        clearance_until=entry.clearance_until, has_bar=has_bar,
    )  # fmt: skip


def to_json(one: Typed) -> str:
    return json.dumps({**asdict(one), "clearance_until": str(one.clearance_until or "")})


def from_json(text: str) -> Typed:
    said = json.loads(text)
    home, until = said.pop("home"), said.pop("clearance_until")
    said["languages"], said["kinds"] = tuple(said["languages"]), tuple(said["kinds"])
    return Typed(
        **said,
        home=Home(**home) if home else None,
        clearance_until=date.fromisoformat(until) if until else None,
    )


def same_home(one: Home, other: Home) -> bool:
    """Whether two people may have written the same home: capitals, points and spaces aside."""
    return _folded(one) == _folded(other)


def _folded(home: Home) -> list[str]:
    parts: Iterable[str] = (home.street, home.unit or "", home.city, home.state, home.zip)
    return ["".join(sign for sign in part.casefold() if sign.isalnum()) for part in parts]
