"""What an organization typed of somebody who was already here, as a value and as JSON. Pure."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from network.people.rules.homes import Home


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed. Without a home it isn't for a member; without kinds it isn't for a responder."""

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


def to_json(typed: Typed) -> str:
    return json.dumps(asdict(typed), default=str)  # dates, as ISO


def from_json(text: str) -> Typed:
    values = json.loads(text)
    for name in ("consent_on", "clearance_until"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in ("languages", "kinds"):
        values[name] = tuple(values[name])
    values["hours"] = tuple(tuple(span) for span in values["hours"])
    values["home"] = Home(**values["home"]) if values["home"] else None
    return Typed(**values)
