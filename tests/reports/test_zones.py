"""Where people are, never finer than a ZIP, and never fewer than five."""

from hypothesis import given
from hypothesis import strategies as st

from network.people.models import Person
from network.reports.rules.small_counts import HELD, UNDER, Figure, K
from network.reports.rules.zones import Zone, zones
from network.reports.zones import our_zones

NEAR, FAR = (41.80, -87.70), (42.80, -87.70)


@given(
    st.dictionaries(
        st.sampled_from(["60601", "60602", "60603", "60604", "60605", "60606"]), st.integers(0, 9)
    ),
    st.dictionaries(
        st.sampled_from(["60601", "60602", "60603", "60604"]),
        st.tuples(st.floats(41, 42), st.floats(-88, -87)),
    ),
)
def test_every_zip_with_people_is_in_one_zone_and_no_zone_is_small_unless_all_are(people, at):
    areas = zones(people, at)

    assert sorted(code for zone in areas for code in zone.zips) == sorted(z for z, n in people.items() if n)
    assert sum(zone.people for zone in areas) == sum(people.values())
    assert len(areas) <= 1 or all(zone.people >= K for zone in areas)
    assert len({zone.code for zone in areas}) == len(areas)


def test_a_small_zip_goes_to_its_nearest_neighbour():
    at = {"60601": NEAR, "60602": (41.81, -87.70), "60603": FAR}

    areas = zones({"60601": 8, "60602": 2, "60603": 9}, at)

    assert [zone.zips for zone in areas] == [("60601", "60602"), ("60603",)]
    assert areas[0].people == 10
    assert abs(areas[0].at[0] - 41.802) < 0.0001  # eight parts of the one, two of the other


def test_zips_whose_place_is_unknown_are_a_zone_of_their_own_or_part_of_the_smallest():
    assert zones({"60601": 6, "99998": 3, "99999": 2}, {"60601": NEAR}) == [
        Zone(("60601",), 6, NEAR),
        Zone(("99998", "99999"), 5, None),
    ]
    assert [zone.zips for zone in zones({"60601": 6, "99999": 2}, {"60601": NEAR})] == [("60601", "99999")]
    assert [zone.zips for zone in zones({"60601": 1, "99999": 8}, {"60601": NEAR})] == [("60601", "99999")]
    assert zones({"99999": 2}, {}) == [Zone(("99999",), 2, None)]
    assert zones({}, {}) == []


def test_our_own_zones_count_the_active_and_hide_a_small_part(world):
    for n in range(6):
        world.responder(f"Name {n}", zip="60632")
    for n in range(9):
        world.responder(f"Far {n}", zip="46320")
    for n in range(3):
        world.member(f"Member {n}", zip="60632")
    gone = world.member("Gone", zip="60647").person
    Person.objects.filter(pk=gone.pk).update(standing=Person.Standing.REFUSED)
    world.member("Alone", zip="60629")

    areas = our_zones()

    assert [area.zone.zips for area in areas] == [("60629", "60632"), ("46320",)]
    assert (areas[0].people, areas[0].members, areas[0].responders) == (Figure(10), UNDER, HELD)
    assert (areas[1].people, areas[1].members, areas[1].responders) == (Figure(9), UNDER, HELD)


def test_who_is_member_and_responder_counts_once(world):
    ana = world.responder("Ana", zip="60632")
    for n in range(4):
        world.responder(f"Name {n}", zip="60632")
    from network.people.models import Member

    Member.objects.create(
        person=ana.person,
        key_id=ana.person.key_id,
        organization=world.azul,
        street="1 A St",
        city="Chicago",
        state="IL",
        zip="60632",
        attested_at=world.now,
    )

    (zone,) = our_zones()

    assert zone.people == Figure(5)
