"""Measures, coverage, zones and the shift on paper, as a coordinator opens them."""

import csv
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import translation

from network.audit import rules as audit
from network.audit.models import Entry
from network.console.measures import reads
from network.console.measures.drawings import SHAPES, HeatCell, Spot, grid, zone_map
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.duty.models import Presence
from network.reports.rules.coverage import HOURS, CoverageLevel, Thin
from network.reports.rules.small_counts import HELD, UNDER, Figure, Shown
from network.reports.rules.zones import Zone
from network.reports.shown import Unit
from network.staff.actions.accounts import add_staff
from network.staff.models import Staff
from tests.console.test_pages import get, post, sign_in
from tests.reading import markup_of
from tests.reports.test_measures import Town

PATHS = ("/measures", "/measures/coverage", "/measures/zones", "/sheet")
SVG = "{http://www.w3.org/2000/svg}"
HERE = Zone(("60629",), 20, (41.78, -87.71))


@pytest.fixture(autouse=True)
def _english():
    """What a page before left switched on does not matter."""
    with translation.override("en"):
        yield


@pytest.fixture
def board(world):
    return sign_in(world, world.coordinator())


def read(client, path):
    answer = get(client, path)
    assert answer.status_code == 200
    return markup_of(answer)


def pictures(page):
    """The drawings of a page, each parsed as XML; its icons are none."""
    return [
        ElementTree.fromstring(piece) for piece in re.findall(r"<svg[^>]*\brole=.*?</svg>", page, re.DOTALL)
    ]


def full(world):
    """A town with everything that a page could tell too much of."""
    for n in range(7):
        world.responder(f"Zoraida Quintana{n}", kinds=("accompaniment", "legal"))
    ximena = world.member("Ximena Villalobos", language="es", duress_word="PARAGUAS")
    world.member("Lupe Villalobos", language="es")
    ximena.asks("ayuda")
    world.phone_of(ximena.person)
    return ximena


def test_no_page_and_no_file_tells_a_street_a_phone_or_who_somebody_is(world, board):
    ximena = full(world)
    asked = next(p for p in _responders(world) if p.texts)
    asked.accepts(" 25 min")
    assert ximena.texts

    pages = {path: read(board, path) for path in PATHS}
    pages["file"] = post(board, "/measures/file", days="90").content.decode()

    for path, page in pages.items():
        for private in ("Sample", "Quintana", "Villalobos", "Ximena", "PARAGUAS", world.word()):
            assert private not in page, (path, private)
        assert not re.search(r"\b2B\b", page), path  # two signs may stand in a token by chance
        assert not re.search(r"\+?1?312555\d{4}|555-?01", page), path
        assert path == "/sheet" or "Zoraida" not in page
    assert "Zoraida" in pages["/sheet"]  # who comes, by first name


def _responders(world):
    from network.people.models import Responder

    return [world.phone_of(responder.person) for responder in Responder.objects.select_related("person")]


@pytest.mark.parametrize("path", PATHS)
def test_only_who_coordinates_or_audits_opens_them(world, path):
    for role in (Staff.Role.VERIFIER, Staff.Role.AUDITOR):
        staff = add_staff(
            f"{role}@example.org",
            role=role,
            organization=None,
            phone=None,
            by=audit.COMMAND_LINE,
            now=world.now,
        )
        audits = role == Staff.Role.AUDITOR and path != "/sheet"
        assert get(sign_in(world, staff), path).status_code == (200 if audits else 404)


def test_pages_of_an_empty_network_open_and_say_so(board):
    assert "No member is in the network yet" in read(board, "/measures/coverage")
    assert "Nobody is in the network yet" in read(board, "/measures/zones")
    assert "under 5" in read(board, "/measures")
    assert read(board, "/sheet").count("None.") == 3


def test_the_measures_stand_in_a_table_over_the_days_chosen(world, board):
    town, ana = Town(world), world.responder("Ana").person
    for n in range(6):
        town.asked(days=20, language="es", full=n + 1, offers=[(ana, "accepted", n)])

    month, odd = read(board, "/measures?days=30"), read(board, "/measures?days=31")

    assert 'href="?days=30" aria-current="true"' in month
    assert re.search(r"Minutes to the first yes, median</th><td>2</td>", month)
    assert re.search(r"Filled</th><td>33 % or more</td>", month)
    assert re.search(r'Filled</th><td class="n" data-label="accompaniment">33 % or more</td>', month)
    assert "accompaniment" in month
    assert "Spanish" in month
    assert 'href="?days=7" aria-current="true"' in odd
    assert re.search(r"Requests</th><td>under 5</td>", odd)


def test_the_file_holds_the_same_figures_and_its_download_is_on_record(world, board):
    town, ana = Town(world), world.responder("Ana").person
    for n in range(6):
        town.asked(full=n + 1, offers=[(ana, "accepted", n)])
    town.asked("legal")

    answer = post(board, "/measures/file", days="30")

    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"] == 'attachment; filename="measures-30-days-2026-10-06.csv"'
    rows = {
        (row["group"], row["of"], row["figure"]): row
        for row in csv.DictReader(answer.content.decode().splitlines())
    }
    assert rows["all", "", "requests"]["value"] == "7"
    assert rows["kind", "legal", "requests"]["value"] == "under 5"
    assert rows["kind", "accompaniment", "requests"]["value"] == "held back"
    assert rows["language", "en", "requests"]["value"] == "7"
    assert (rows["all", "", "fill_rate"]["value"], rows["all", "", "fill_rate"]["shown"]) == (
        "42",
        "at_least",
    )
    line = Entry.objects.get(action="measures.downloaded")
    assert (line.about, line.detail) == ("measures", {"days": 30})
    assert get(board, "/measures/file").status_code == 405


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_of_the_file_is_a_formula(text):
    assert reads.plain_cell(text) == f"'{text}"
    assert reads.plain_cell("under 5") == "under 5"


def test_coverage_draws_each_hour_with_shape_and_number_and_tells_the_worst_in_words(world, board):
    for n in range(11):
        world.responder(f"Name {n}", zip="60632", wake_at_night=n < 7)
    for n in range(6):
        world.member(f"Member {n}", language="es", zip="60629")

    page = read(board, "/measures/coverage?kind=accompaniment&language=es&area=60629")

    assert "60629, every day from 22:00 to 07:00: 7 available, 10 needed." in page
    week, areas = [picture for picture in pictures(page) if picture.get("role") == "img"]
    assert len([r for r in week.iter(f"{SVG}rect") if "cell" in r.get("class")]) == HOURS
    numbers = [text.text for text in week.iter(f"{SVG}text")]
    assert (numbers.count("7"), numbers.count("11")) == (7 * 9, 7 * 15 + 1)  # the last is the hour 11
    assert len(list(week.iter(f"{SVG}path"))) == HOURS
    assert "direction" in areas.attrib
    assert page.count("<td>7</td>") == 7 * 9 + 7  # the same behind it, and the thinnest of each day
    wrong = read(board, "/measures/coverage?kind=x&language=%3Cb%3E&area=1")
    assert "<b>" not in wrong
    assert "60629, hour by hour" in wrong
    assert "under 5 available, 16 needed" in read(board, "/measures/coverage?kind=childcare")


def test_pictures_have_a_title_and_a_description_and_no_two_ids_are_alike(world, board):
    full(world)
    for n in range(6):
        world.responder(f"Far {n}", zip="46320")

    for path in ("/measures/coverage", "/measures/zones"):
        page = read(board, path)
        drawn = [picture for picture in pictures(page) if picture.get("role") == "img"]
        assert drawn
        for element in drawn:
            title, described = element.get("aria-labelledby").split()
            assert element.find(f"{SVG}title").get("id") == title
            assert element.find(f"{SVG}desc").get("id") == described
            assert element.find(f"{SVG}desc").text
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        drawings = re.findall(r"<svg[^>]*\brole=.*?</svg>", page, re.DOTALL)
        assert not re.search(
            r"<svg[^>]*>.*?(?:<script|<image|<style|href=|style=).*?</svg>", "".join(drawings), re.DOTALL
        )


def test_the_map_shows_zones_of_five_or_more_and_the_table_the_same(world, board):
    for n in range(6):
        world.responder(f"Near {n}", zip="60632")
    world.member("Alone", zip="60629")
    for n in range(8):
        world.responder(f"Far {n}", zip="46320")

    page = read(board, "/measures/zones")

    (drawn,) = pictures(page)
    said = [text.text for text in drawn.iter(f"{SVG}text")]
    assert {"8", "46320", "7", "60629 +1"} < set(said)
    assert len(list(drawn.iter(f"{SVG}circle"))) == 2
    assert re.search(r"60629, 60632</th><td>7</td><td>under 5</td><td>hidden \(too few\)</td>", page)


def test_the_sheet_has_who_comes_by_when_what_is_owed_and_who_is_on(world, board):
    full(world)
    next(p for p in _responders(world) if p.texts).accepts(" 25 min")
    other = world.member("Olga Villalobos")
    other.asks()
    staff = world.coordinator()
    Staff.objects.filter(pk=staff.pk).update(name=None)
    Presence.objects.create(staff=staff, seen_at=world.now)
    gone = world.coordinator()
    Presence.objects.create(staff=gone, seen_at=world.now - timedelta(hours=1))
    raise_need(
        Reason.UNKNOWN_SENDER,
        about=About("contact", str(staff.pk)),
        now=world.now - timedelta(hours=2),
        by=audit.ENGINE,
        promise=True,
    )

    page = read(board, "/sheet")

    assert "As of Tue 6 Oct 2026, 10:00." in page
    assert re.search(r"#\d+ accompaniment · 60629", page)
    assert "<bdi>Zoraida</bdi>: on the way, until" in page
    assert "Tue 10:45" in page  # 25 minutes and 20 more
    assert "promised by" in page
    assert "▲ late" in page
    assert f"<bdi>{staff.email.partition('@')[0]}</bdi>" in page
    assert gone.email.partition("@")[0] not in page
    assert "data-print hidden" in page


def test_in_spanish_the_pages_hold_no_english(world, board):
    full(world)
    board.post("/i18n/setlang/", {"language": "es"}, secure=True)
    for path, words in zip(
        PATHS, ("menos de 5", "Lo más escaso primero", "Zonas", "Hoja de guardia"), strict=True
    ):
        page = read(board, path)
        assert words in page
        assert not re.search(r">\s*(?:Measures|Coverage|Zones|Shift sheet|under 5|None\.)", page)


def test_a_figure_is_said_as_it_may_be():
    assert reads.in_words(UNDER, Unit.COUNT) == "under 5"
    assert reads.in_words(HELD, Unit.COUNT) == "hidden (too few)"
    assert reads.in_words(Figure(2.4), Unit.RATIO) == "2.4"
    assert reads.in_words(Figure(66, Shown.AT_LEAST), Unit.PERCENT) == "66 % or more"
    assert reads.in_words(Figure(34, Shown.AT_MOST), Unit.PERCENT) == "34 % or less"


@pytest.mark.parametrize(
    ("thin", "words"),
    [
        (Thin(HERE, (0,), 0, HOURS, 0), "at any hour"),
        (Thin(HERE, (1, 3), 2, 4, 0), "Tuesday, Thursday from 02:00 to 06:00"),
        (Thin(HERE, tuple(range(7)), 22, 8, 0), "every day from 22:00 to 06:00"),
        (Thin(HERE, (4,), 18, 62, 0), "Friday from 18:00 to Monday at 08:00"),
    ],
)
def test_thin_hours_in_words(thin, words):
    assert reads._when(thin) == words


def test_words_in_a_picture_are_escaped():
    drawn = grid("x", "<b>&", "told", ["<i>"], [("&", [HeatCell(CoverageLevel.FEW, "<5")])])

    assert ElementTree.fromstring(drawn).find(f"{SVG}title").text == "<b>&"
    assert "<b>" not in drawn
    assert len(set(SHAPES.values())) == len(CoverageLevel)


def test_zones_in_one_place_are_drawn_apart_and_inside_the_map():
    spots = [
        Spot(41.8, -87.7, 9, "9", "60601"),
        Spot(41.8, -87.7, 5, "5", "60602"),
        Spot(42.4, -87.7, 5, "5", "60603"),
    ]

    drawn = ElementTree.fromstring(zone_map("z", "t", "d", spots, scale="%d mi"))

    _, _, wide, tall = map(float, drawn.get("viewBox").split())
    circles = [
        tuple(float(circle.get(name)) for name in ("cx", "cy", "r")) for circle in drawn.iter(f"{SVG}circle")
    ]
    assert all(r <= x <= wide - r and r <= y <= tall - r for x, y, r in circles)
    for n, (x, y, r) in enumerate(circles):
        for x2, y2, r2 in circles[:n]:
            assert (x - x2) ** 2 + (y - y2) ** 2 >= (r + r2) ** 2
    assert drawn.find(f"{SVG}path[@class='scale']") is not None
    alone = ElementTree.fromstring(zone_map("z", "t", "d", spots[:1], scale="%d mi"))
    assert alone.find(f"{SVG}path[@class='scale']") is None
    ElementTree.fromstring(zone_map("z", "t", "d", [], scale="%d mi"))
