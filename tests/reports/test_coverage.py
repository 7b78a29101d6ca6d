"""Hour by hour, who may be asked from where."""

from datetime import date

from network.people.rules.hours import parse_hours
from network.reports.coverage import coverage
from network.reports.rules.coverage import HOURS, Area, CoverageLevel, Thin, by_hour, standing, thin
from network.reports.rules.zones import Zone
from network.simulation.coverage import shape_of
from network.support.rules.requests import Kind

HERE = Zone(("60629",), 20, (41.78, -87.71))
THERE = Zone(("60608",), 9, (41.85, -87.67))


def able(count, **changes):
    return {"zip": "60608", "kinds": ["legal"], "languages": ["es"], "hours": [], "wake": True, "max_miles": 6,
            "count": count} | changes  # fmt: skip


def hours(*responders, homes=("60629",), kind=Kind.LEGAL, language="es"):
    shape = {"responders": list(responders), "members": [], "miles": {"60629": {"60608": 5.3}, "60601": {}}}
    return by_hour(shape_of(shape), set(homes), kind, language)


def test_each_hour_counts_those_whose_it_is():
    monday = [[9 * 60 + 30, 90]]  # half past nine to eleven

    found = hours(able(7, hours=monday), able(3, wake=False), able(2, languages=["en"]), able(1, max_miles=5))

    assert [n for n in range(24) if found[n] >= 7] == [9, 10]
    assert found[9] == 10
    assert (found[6], found[7], found[21], found[22]) == (0, 3, 3, 0)  # night is 10 pm to 7 am
    assert len(found) == HOURS


def test_hours_that_people_wrote_down_count_at_night_too_and_the_night_is_the_networks_own():
    late = [[21 * 60, 180]]  # nine to midnight
    assert [n for n in range(24) if hours(able(7, hours=late, wake=False))[n]] == [21, 22, 23]
    shape = {"responders": [able(3, wake=False)], "members": [], "miles": {"60629": {"60608": 5.3}}}
    found = by_hour(shape_of(shape | {"night": [20, 6]}), {"60629"}, Kind.LEGAL, "es")
    assert [n for n in range(24) if not found[n]] == [0, 1, 2, 3, 4, 5, 20, 21, 22, 23]


def test_an_hour_is_theirs_when_half_of_it_is():
    assert hours(able(9, hours=[[45, 60]]))[:3] == (0, 9, 0)


def test_a_zone_is_as_well_covered_as_its_worst_zip():
    assert set(hours(able(9), homes=("60629", "60601"))) == {0}
    assert set(hours(able(9), homes=())) == {0}


def test_a_count_is_enough_short_low_or_few():
    assert [standing(n, 16) for n in (16, 15, 8, 7, 5, 4, 0)] == [
        CoverageLevel.ENOUGH,
        CoverageLevel.SHORT,
        CoverageLevel.SHORT,
        CoverageLevel.LOW,
        CoverageLevel.LOW,
        CoverageLevel.FEW,
        CoverageLevel.FEW,
    ]


def week(default, **hours):
    found = [default] * HOURS
    for name, count in hours.items():
        found[int(name[1:])] = count
    return tuple(found)


def test_thin_hours_are_told_in_runs_and_days_alike_together_with_the_worst_first():
    nights = week(12, h0=7, h167=6, h26=2, h27=9, h50=3, h51=9)

    assert thin([Area(HERE, nights), Area(THERE, week(9))], 10) == [
        Thin(HERE, (1, 2), 2, 1, 0),  # two and three are both under five, and alike
        Thin(HERE, (6,), 23, 2, 6),  # over Sunday's midnight
        Thin(THERE, (0,), 0, HOURS, 9),
        Thin(HERE, (1, 2), 3, 1, 9),  # no longer few: told apart
    ]


def test_a_run_longer_than_a_day_stands_alone():
    long = tuple(6 if 10 <= hour < 44 or 58 <= hour < 92 else 12 for hour in range(HOURS))

    assert thin([Area(HERE, long)], 10) == [Thin(HERE, (0,), 10, 34, 6), Thin(HERE, (2,), 10, 34, 6)]


def test_a_network_with_enough_people_has_no_thin_hours():
    assert thin([Area(HERE, week(16))], 16) == []


def test_our_own_coverage_is_of_the_zones_that_members_live_in(world):
    for n in range(12):
        world.responder(
            f"Name {n}",
            kinds=("accompaniment", "childcare"),
            zip="60632",
            clearance_until=date(2027, 1, 1),
            hours=parse_hours("mon-fri 08:00-18:00") if n < 6 else [],
        )
    for n in range(5):
        world.member(f"Member {n}", language="es", zip="60629")
    world.responder("New", zip="60632", on_probation=True)
    world.responder("Creole", language="ht", zip="60632")

    shown = coverage(Kind.ACCOMPANIMENT, None, now=world.now)

    assert (shown.language, shown.needed) == ("es", 10)
    assert shown.languages == ["es", "en"]  # one speaks Creole: too few to be named
    (area,) = shown.areas
    assert area.zone.zips == ("60629",)
    assert (area.eligible[9], area.eligible[19], area.eligible[5 * 24 + 9]) == (12, 6, 6)
    assert shown.thin[0].lowest == 6
    childcare = coverage(Kind.CHILDCARE, "xx", now=world.now)
    assert (childcare.language, childcare.needed) == ("es", 16)
