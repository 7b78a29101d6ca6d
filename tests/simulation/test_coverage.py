"""Where a network is thin: sentences that a coordinator can act on."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from network.organizations.models import Place
from network.people.models import Person, Responder
from network.reports.shape import network_shape
from network.simulation.coverage import BadShape, gaps, needed, shape_of
from network.support.rules.requests import Kind
from network.trust.models import Vouch
from tests.enrollment.test_imports import MEMBER, RESPONDER, take

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
ALL_WEEK = range(7)
DAY = 24 * 60


def able(count, **changes):
    return {"zip": "60609", "kinds": ["accompaniment", "legal", "childcare"], "languages": ["es"], "hours": [],
            "wake": True, "max_miles": 10, "count": count} | changes  # fmt: skip


def told(*responders, members=(("60609", "es", 4),), miles=None):
    shape = {
        "responders": list(responders),
        "members": [{"zip": code, "language": language, "count": count} for code, language, count in members],
        "miles": miles if miles is not None else {"60609": {"60609": 0.0}},
    }
    return [gap.sentence for gap in gaps(shape_of(shape))]


def test_ten_are_enough_for_one_place_and_sixteen_for_two():
    assert needed(1) == 10
    assert needed(2) == 16


def test_a_network_with_enough_people_has_no_gaps():
    assert told(able(16)) == []


def test_a_thin_night_of_one_day_is_told_in_one_sentence():
    others = [[day * DAY + 120, DAY] for day in ALL_WEEK if day != 1]
    tuesday_rest = [DAY + 360, 20 * 60]

    assert told(
        able(1), able(15, hours=[*others, tuesday_rest]), able(10, kinds=["accompaniment", "legal"])
    ) == ["Tuesdays 2 to 6 am, 60609, childcare in Spanish: 1 eligible, needs 16"]


def test_equal_blocks_and_days_are_one_sentence():
    weekdays = [[day * DAY + 600, 8 * 60] for day in range(5)]

    found = told(
        able(5, kinds=["childcare"]), able(20, hours=weekdays), able(20, kinds=["accompaniment", "legal"])
    )

    assert sorted(found) == [
        "Fridays 6 pm to Mondays 10 am, 60609, childcare in Spanish: 5 eligible, needs 16",
        "Mondays to Thursdays 6 pm to 10 am, 60609, childcare in Spanish: 5 eligible, needs 16",
    ]


def test_the_night_is_one_stretch_and_who_is_not_to_be_woken_does_not_count_in_it():
    assert told(able(16, wake=False), able(12))[0] == (
        "Every day 10 pm to 6 am, 60609, childcare in Spanish: 12 eligible, needs 16"
    )


def test_whole_days_are_told_from_their_first_hour_to_their_last():
    all_but_sunday = [[120, 6 * DAY]]

    assert told(able(16, hours=all_but_sunday), able(10, kinds=["accompaniment", "legal"])) == [
        "Sundays 2 am to Mondays 2 am, 60609, childcare in Spanish: 0 eligible, needs 16"
    ]


def test_who_lives_too_far_or_speaks_another_language_does_not_count():
    far = told(able(20), members=[("60608", "es", 2)], miles={"60608": {"60609": 11.0}})
    other = told(able(20), members=[("60609", "ht", 2)])
    unknown = told(able(20), members=[("60608", "es", 2)], miles={})

    assert "At any hour, 60608, childcare in Spanish: 0 eligible, needs 16" in far
    assert "At any hour, 60609, childcare in Haitian Creole: 0 eligible, needs 16" in other
    assert len(unknown) == len(Kind)


def test_the_worst_is_first_and_of_two_alike_the_one_with_more_members():
    found = told(able(9), members=[("60609", "es", 1), ("60609", "ar", 2), ("60609", "pl", 9)])

    assert "Polish: 0 eligible" in found[0]
    assert "Arabic: 0 eligible" in found[3]
    assert found[-1] == "At any hour, 60609, legal help in Spanish: 9 eligible, needs 10"


@pytest.mark.parametrize("counts", [None, {}, {"responders": [], "members": [{"zip": "1"}], "miles": {}}])
def test_counts_that_are_not_a_network_are_refused(counts):
    with pytest.raises(BadShape):
        shape_of(counts)


@pytest.fixture
def town(db):
    """A member, and five responders for accompaniment and childcare; one's clearance is over."""
    for code, latitude in (("60629", 41.77), ("60608", 41.85)):
        Place.objects.get_or_create(
            zip=code, defaults={"state": "IL", "latitude": latitude, "longitude": -87.7}
        )
    casa = {"name": "Casa", "kind": "faith", "phone": "3125550190", "zip": "60608"}
    take("organizations", casa | {"slug": "casa"}, casa | {"slug": "roja"})
    take("members", MEMBER)
    ends = ["2027-01-01"] * 4 + ["2026-10-01"]
    take(
        "responders",
        *(
            RESPONDER | {"phone": f"312555020{n}", "name": f"Name {n}", "clearance_until": end}
            for n, end in enumerate(ends)
        ),
    )
    return list(Responder.objects.select_related("person"))


def test_the_shape_of_our_own_network_is_counts_of_those_who_may_be_asked(town):
    usable = [candidate for candidate in town if candidate.clearance_until > NOW.date()]
    Person.objects.filter(pk=usable[0].person_id).update(suspended_at=NOW)
    Person.objects.filter(pk=usable[1].person_id).update(standing=Person.Standing.REFUSED)
    Vouch.objects.filter(person=usable[2].person_id, organization__slug="roja").delete()

    shape = network_shape(now=NOW)

    both, one_kind = ["accompaniment", "childcare"], ["accompaniment"]
    assert sorted((group["kinds"], group["count"]) for group in shape["responders"]) == [
        (one_kind, 2),
        (both, 1),
    ]
    assert shape["members"] == [{"zip": "60629", "language": "es", "count": 1}]
    assert shape["miles"]["60629"]["60608"] == pytest.approx(5.5, abs=0.5)
    assert not any(str(candidate.person_id) in str(shape) for candidate in town)


def test_the_command_reads_our_own_network_when_no_file_is_named(town):
    out = StringIO()

    call_command("simulate", "--network", stdout=out)

    assert "60629, childcare in Spanish" in out.getvalue()
