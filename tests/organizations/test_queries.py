"""Which organizations count, how far two ZIPs are apart, and whether this is a demo."""

import pytest

from network.organizations.actions.network import mark
from network.organizations.models import Network, Organization
from network.organizations.queries import in_good_standing, is_demo, miles_between


@pytest.mark.parametrize(
    ("admitted", "suspended", "counts"), [(False, False, False), (True, False, True), (True, True, False)]
)
def test_an_organization_counts_once_admitted_and_while_it_is_not_suspended(
    world, admitted, suspended, counts
):
    azul = Organization.objects.filter(pk=world.azul.pk)
    azul.update(admitted_at=world.now if admitted else None, suspended_at=world.now if suspended else None)
    assert azul.get().is_in_good_standing is counts
    assert in_good_standing() == ({world.azul.pk, world.roja.pk} if counts else {world.roja.pk})


def test_miles_are_between_the_centers_of_two_known_zips(world):
    assert 4 < miles_between("60629", "60608") < 7
    assert miles_between("60629", "60629") == 0
    assert miles_between("60629", "00000") is None


@pytest.mark.django_db
def test_a_database_is_marked_once(now):
    Network.objects.all().delete()
    assert is_demo() is None
    mark(demo=True, now=now)
    mark(demo=False, now=now)
    assert is_demo() is True
