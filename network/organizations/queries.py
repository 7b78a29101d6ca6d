"""Reading organizations, the network and places."""

from uuid import UUID

from network.organizations.models import Network, Organization, Place
from network.organizations.rules.distance import miles


def is_demo() -> bool | None:
    """Whether this database holds a demo; None before it was marked."""
    return Network.objects.values_list("demo", flat=True).first()


def miles_between(start: str, end: str) -> float | None:
    """Between the middles of two ZIPs; None where one is unknown."""
    found = {place.zip: place for place in Place.objects.filter(zip__in=(start, end))}
    if start not in found or end not in found:
        return None
    a, b = found[start], found[end]
    return miles((a.latitude, a.longitude), (b.latitude, b.longitude))


def in_good_standing() -> frozenset[UUID]:
    """Organizations whose word counts."""
    return frozenset(Organization.objects.in_good_standing().values_list("pk", flat=True))
