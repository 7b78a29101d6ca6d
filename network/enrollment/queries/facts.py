"""What checking a form or a spreadsheet must know of the network."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings

from network.enrollment.rules.entries import NetworkFacts
from network.organizations.models import Place
from network.people.rules.secrets import IsEveryday


def facts_for(zips: Iterable[str], *, is_everyday: IsEveryday, today: date) -> NetworkFacts:
    """`is_everyday` says which words can't be duress words."""
    known = Place.objects.filter(pk__in={code.strip() for code in zips}).values_list("pk", flat=True)
    return NetworkFacts(settings.NETWORK_LANGUAGES, set(known), is_everyday, today)
