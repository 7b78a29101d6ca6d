"""What an organization typed of somebody who was already here, as a value and as JSON. Pure."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from network.people.rules.homes import Home


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
