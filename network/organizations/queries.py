"""Reading organizations, the network and places."""

from uuid import UUID

from network.organizations.models import Network, Organization, Place
from network.organizations.rules.distance import miles


def is_demo() -> bool | None:
    """Whether this database holds a demo; None before it was marked."""
    return Network.objects.values_list("demo", flat=True).first()


def miles_between(start: str, end: str) -> float | None:
    """Between the centers of two ZIPs; None if either is unknown."""
    places = {place.zip: place for place in Place.objects.filter(zip__in=(start, end))}
    if start not in places or end not in places:
        return None
    first, second = places[start], places[end]
    return miles((first.latitude, first.longitude), (second.latitude, second.longitude))


def in_good_standing() -> frozenset[UUID]:
    """Organizations whose word counts: admitted and not suspended."""
    return frozenset(Organization.objects.in_good_standing().values_list("pk", flat=True))
