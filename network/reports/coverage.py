"""Whether a request, from there and at that hour, would find people enough."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from network.reports.rules.coverage import Area, Thin, by_hour, thin
from network.reports.rules.small_counts import K
from network.reports.shape import network_shape
from network.reports.zones import our_zones
from network.simulation.coverage import Shape, needed, shape_of
from network.support.rules.requests import Kind, places


@dataclass(frozen=True, slots=True)
class Coverage:
    """For one kind in one language. Areas are zones that members live in, those of most people first."""

    kind: Kind
    language: str
    languages: list[str]  # those that may be chosen, the most common among members first
    needed: int
    areas: list[Area]
    thin: list[Thin]


def coverage(kind: Kind, language: str | None, *, now: datetime) -> Coverage:
    """Without a language, or with one that may not be chosen: the members' most common."""
    shape = shape_of(network_shape(now=now))
    languages = _languages(shape)
    chosen = language if language in languages else languages[0]
    homes = {member.zip for member in shape.members}
    areas = [
        Area(zone, by_hour(shape, homes & set(zone.zips), kind, chosen))
        for zone in (zone.zone for zone in our_zones())
        if homes & set(zone.zips)
    ]
    need = needed(places(kind))
    return Coverage(kind, chosen, languages, need, areas, thin(areas, need))


def _languages(shape: Shape) -> list[str]:
    """The network's own, and those that K people or more are written to in, or speak."""
    members: Counter[str] = Counter()
    spoken: Counter[str] = Counter()
    for member in shape.members:
        members[member.language] += member.count
    for responder in shape.responders:
        for code in responder.languages:
            spoken[code] += responder.count
    common = {code for counted in (members, spoken) for code, n in counted.items() if n >= K}
    own = {*settings.NETWORK_LANGUAGES, *common}
    return sorted(own, key=lambda code: (-members[code] if members[code] >= K else 0, code))
