"""`simulate`: what it prints and writes, and how it refuses."""

import csv
import json
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from network.configuration import shape_is_live

KEYS = {
    "policy", "scenario", "seed", "filled", "in_target", "median_min", "p95_min", "asks_per_fill",
    "wasted_yes_per_fill", "max_asks_per_person_day", "gini_asks", "language_match",
}  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


def simulate(*words):
    out = StringIO()
    call_command("simulate", *words, stdout=out)
    return out.getvalue()


def test_json_is_one_object_a_line_for_each_policy_and_seed(small_towns):
    out = simulate("--policy", "strong,group-chat", "--policy", "nearest-5", "--seeds", "11,12", "--json")

    lines = [json.loads(line) for line in out.splitlines()]

    assert [(line["policy"], line["seed"]) for line in lines] == [
        ("strong", 11),
        ("strong", 12),
        ("group-chat", 11),
        ("group-chat", 12),
        ("nearest-5", 11),
        ("nearest-5", 12),
    ]
    assert all(line.keys() >= KEYS for line in lines)


def test_json_knows_no_infinity(small_towns):
    out = simulate("--scenario", "surge", "--policy", "group-chat,phone-tree", "--seeds", "1", "--json")

    assert "Infinity" not in out
    assert "NaN" not in out
    assert json.loads(out.splitlines()[1])["p95_min"] is None


def test_three_policies_are_compared_when_none_is_named(small_towns):
    out = simulate("--seeds", "1", "--json")

    assert [json.loads(line)["policy"] for line in out.splitlines()] == ["porchlight", "strong", "nearest-10"]


@pytest.mark.slow("plays a day of every policy")
def test_all_are_all(small_towns):
    assert len(simulate("--policy", "all", "--seeds", "1", "--json").splitlines()) == 11


def test_the_table_has_means_and_how_sure_they_are(small_towns):
    out = simulate("--policy", "strong", "--seeds", "1,2")

    assert "strong" in out
    assert "±" in out
    assert "read the ranking" in out.lower()


def test_an_unknown_policy_is_refused_with_the_names(small_towns):
    with pytest.raises(
        CommandError, match=r"no policy 'best': choose from porchlight, .*, or all"
    ) as refused:
        simulate("--policy", "best")

    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    "words",
    [("--seeds", "one"), ("--seeds", "1,,2"), ("--outage", "600-540"), ("--csv", "/no/such/folder/a.csv"),
     ("--network", "/no/such/file.json"), ("--people", "29"), ("--people", "10001"), ("--days", "0"),
     ("--days", "85"), ("--scenario", "surge", "--days", "2")],
)  # fmt: skip
def test_wrong_words_are_refused_before_anything_is_played(words):
    with pytest.raises(CommandError) as refused:
        simulate(*words)

    assert refused.value.returncode == 2


def test_a_town_may_be_another_or_of_another_size(small_towns):
    def played(*words):
        return [
            json.loads(line)
            for line in simulate("--policy", "porchlight", "--seeds", "1", "--json", *words).splitlines()
        ]

    home, other, few, longer = (
        played(), played("--town", "other"), played("--people", "60"), played("--days", "2")
    )  # fmt: skip
    assert home != other
    assert few[0]["requests"] < home[0]["requests"] < longer[0]["requests"]


def test_csv_has_a_row_for_each_policy_and_seed(small_towns, tmp_path):
    simulate("--policy", "strong,phone-tree", "--seeds", "1,2", "--csv", str(tmp_path / "a.csv"), "--json")

    rows = list(csv.DictReader((tmp_path / "a.csv").read_text().splitlines()))

    assert [(row["policy"], row["seed"]) for row in rows] == [
        ("strong", "1"),
        ("strong", "2"),
        ("phone-tree", "1"),
        ("phone-tree", "2"),
    ]
    assert all(row.keys() >= KEYS for row in rows)


def test_the_picture_is_one_page_with_words_and_nothing_from_elsewhere(small_towns, tmp_path):
    simulate("--policy", "strong,group-chat", "--seeds", "1,2", "--svg", str(tmp_path / "a.svg"), "--json")

    page = ElementTree.parse(tmp_path / "a.svg").getroot()
    words = " ".join(page.itertext())

    assert page.tag == f"{SVG}svg"
    assert page.find(f"{SVG}title").text
    assert "in target" in page.find(f"{SVG}desc").text
    assert "Time to fill" in words
    assert "Asks a fill" in words
    assert "Load" in words
    assert not [
        element
        for element in page.iter()
        if element.tag == f"{SVG}script" or any("href" in name for name in element.attrib)
    ]
    drawn = {(line.get("stroke"), line.get("stroke-dasharray")) for line in page.iter(f"{SVG}polyline")}
    assert len({dashes for _, dashes in drawn}) == len({color for color, _ in drawn}) == 2


def test_gaps_of_a_network_in_a_file_are_told_worst_first(tmp_path):
    counts = {
        "responders": [{"zip": "60609", "kinds": ["childcare"], "languages": ["es"], "hours": [], "wake": True,
                        "max_miles": 10, "count": 3}],
        "members": [{"zip": "60609", "language": "es", "count": 4}],
        "miles": {"60609": {"60609": 0.0}},
    }  # fmt: skip
    (tmp_path / "shape.json").write_text(json.dumps(counts))

    told = simulate("--network", str(tmp_path / "shape.json")).splitlines()
    first = json.loads(simulate("--network", str(tmp_path / "shape.json"), "--json").splitlines()[0])

    assert told[-1] == "At any hour, 60609, childcare in Spanish: 3 eligible, needs 16"
    assert first["eligible"] == 0
    assert first["sentence"] == told[0]


@pytest.mark.parametrize("text", ["[]", "{", '{"responders": [{}], "members": [], "miles": {}}'])
def test_a_file_that_holds_no_network_is_refused(tmp_path, text):
    (tmp_path / "shape.json").write_text(text)

    with pytest.raises(CommandError, match="can't be read as a network") as refused:
        simulate("--network", str(tmp_path / "shape.json"))

    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("words", "live"),
    [("simulate", False), ("simulate --network", True), ("simulate --network --json", True),
     ("simulate --network a.json", False), ("simulate --network=a.json", False)],
)  # fmt: skip
def test_only_a_network_without_a_file_needs_our_database(words, live):
    assert shape_is_live(words.split()) is live
