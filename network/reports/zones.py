"""Where the network's people are, by zones of ZIPs: never finer than a ZIP, and never fewer than five."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from network.organizations.models import Place
from network.people.models import Member, Person, Responder
from network.reports.rules import small_counts
from network.reports.rules.small_counts import Figure
from network.reports.rules.zones import Zone, zones


@dataclass(frozen=True, slots=True)
class Peopled:
    """A zone and who is there. Where one count is small, neither is shown: the total would tell it."""

    zone: Zone
    people: Figure
    members: Figure
    responders: Figure


def our_zones() -> list[Peopled]:
    """The zones of active members and responders, those of most people first."""
    of = {kind: _by_zip(kind) for kind in (Member, Responder)}
    everyone: dict[str, set[object]] = defaultdict(set)
    for found in of.values():
        for code, people in found.items():
            everyone[code] |= people
    places = Place.objects.filter(zip__in=everyone)
    at = {place.zip: (place.latitude, place.longitude) for place in places}
    return [
        _peopled(
            zone, *(Counter({code: len(p) for code, p in of[kind].items()}) for kind in (Member, Responder))
        )
        for zone in zones({code: len(people) for code, people in everyone.items()}, at)
    ]


def _by_zip(kind: type[Member] | type[Responder]) -> dict[str, set[object]]:
    found: dict[str, set[object]] = defaultdict(set)
    active = kind.objects.filter(person__standing=Person.Standing.ACTIVE, person__suspended_at=None)
    for code, person in active.values_list("zip", "person"):
        found[code].add(person)
    return found


def _peopled(zone: Zone, members: Counter[str], responders: Counter[str]) -> Peopled:
    two = {
        "members": sum(members[code] for code in zone.zips),
        "responders": sum(responders[code] for code in zone.zips),
    }
    shown = small_counts.parts(two)
    return Peopled(zone, small_counts.count(zone.people), shown["members"], shown["responders"])
