"""ZIPs put together into zones until each has people enough to be shown. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from network.organizations.rules.distance import miles
from network.reports.rules.small_counts import K

type Where = tuple[float, float]  # latitude, longitude of a ZIP's middle


@dataclass(frozen=True, slots=True)
class Zone:
    """Neighboring ZIPs. `at` is the mean of their middles, weighed by people; None where none is known."""

    zips: tuple[str, ...]
    people: int
    at: Where | None

    @property
    def code(self) -> str:
        """Its first ZIP, which is in no other zone."""
        return self.zips[0]


def zones(people: Mapping[str, int], at: Mapping[str, Where]) -> list[Zone]:
    """Zones of K people or more, those of most people first.

    The smallest is put to its nearest neighbor until none is too small, or only one is left. ZIPs whose
    place isn't known are one zone of their own; when it is too small, it goes to the smallest of the others.
    """
    known = [Zone((code,), n, at[code]) for code, n in sorted(people.items()) if n and code in at]
    unknown = sorted(code for code, n in people.items() if n and code not in at)
    while len(known) > 1 and (small := min(known, key=_size)).people < K:
        known.remove(small)
        nearest = min(known, key=lambda zone: (_apart(zone, small), zone.code))
        known.remove(nearest)
        known.append(_together([small, nearest]))
    if unknown:
        apart = Zone(tuple(unknown), sum(people[code] for code in unknown), None)
        if apart.people < K and known:
            smallest = min(known, key=_size)
            known.remove(smallest)
            known.append(_together([smallest, apart]))
        elif len(known) == 1 and known[0].people < K:
            known = [_together([known[0], apart])]
        else:
            known.append(apart)
    return sorted(known, key=lambda zone: (-zone.people, zone.code))


def _size(zone: Zone) -> tuple[int, str]:
    return zone.people, zone.code


def _apart(zone: Zone, other: Zone) -> float:
    assert zone.at is not None
    assert other.at is not None  # those whose place isn't known were set aside
    return miles(zone.at, other.at)


def _together(of: Sequence[Zone]) -> Zone:
    placed = [(zone.people, zone.at) for zone in of if zone.at]
    weight = sum(people for people, _ in placed)
    at = tuple(sum(n * where[axis] for n, where in placed) / weight for axis in (0, 1))
    return Zone(
        tuple(sorted(code for zone in of for code in zone.zips)),
        sum(zone.people for zone in of),
        (at[0], at[1]),
    )
