"""Reading the network's people."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from network.database.compiled import Compiled
from network.people.models import Network, Person, Place, Staff
from network.people.models.staff import STANDS
from network.people.rules import IsEveryday, miles
from network.people.rules_enrolling import Facts


def is_demo() -> bool | None:
    """Whether this database holds a demo; None before it was marked."""
    return Network.objects.values_list("demo", flat=True).first()


_by_fingerprint = Compiled(
    lambda print_: Person.objects.select_related("member__organization", "responder").filter(
        fingerprint=print_
    )
)


def person_by_fingerprint(print_: bytes) -> Person | None:
    return _by_fingerprint.first(print_)


def coordinators() -> QuerySet[Staff]:
    """Who has the board: of no organisation, or of one that stands."""
    roles = (Staff.Role.COORDINATOR, Staff.Role.STEWARD)
    return Staff.objects.filter(STANDS, is_active=True, role__in=roles)


def facts_for(zips: Iterable[str], *, is_everyday: IsEveryday, today: date) -> Facts:
    """What checking a form or a sheet must know. `is_everyday`: of words that can't be duress words."""
    known = Place.objects.filter(pk__in={one.strip() for one in zips}).values_list("pk", flat=True)
    return Facts(settings.NETWORK_LANGUAGES, set(known), is_everyday, today)


def miles_between(start: str, end: str) -> float | None:
    """Between the middles of two ZIPs; None where one is unknown."""
    found = {place.zip: place for place in Place.objects.filter(zip__in=(start, end))}
    if start not in found or end not in found:
        return None
    a, b = found[start], found[end]
    return miles((a.latitude, a.longitude), (b.latitude, b.longitude))
