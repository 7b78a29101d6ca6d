"""The measures, coverage, zones and the shift on paper, in a browser; what they show of a full town fits a phone."""

import pytest

from network.people.rules.hours import parse_hours
from tests.browser.axe import Axe
from tests.console.test_pages import sign_in
from tests.reports.test_measures import Town
from tests.setup.test_up import ROOT

pytestmark = pytest.mark.browser
CSS = ROOT / "network" / "console" / "static" / "console"
PATHS = ["/measures", "/measures/coverage", "/measures/zones", "/sheet"]


@pytest.fixture(scope="module")
def base(shared):
    return f"http://localhost:{shared.port}"


@pytest.fixture(scope="module")
def context(steward_of_shared):
    return steward_of_shared


def test_on_paper_there_is_no_menu_and_room_for_notes_in_black_on_white(context, base):
    page = context.new_page()
    page.goto(f"{base}/sheet")
    assert page.is_visible("[data-print]")
    assert not page.is_visible("th.paper")
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in ("header.strip", ".pages", "[data-print]"):
        assert not page.is_visible(hidden)
    assert page.is_visible("th.paper")
    colours = (
        "getComputedStyle(document.body).color + getComputedStyle(document.documentElement).backgroundColor"
    )
    assert page.evaluate(colours) == "rgb(0, 0, 0)rgb(255, 255, 255)"
    page.close()


def test_the_figures_are_downloaded_as_a_file_and_the_filters_stand_in_the_address(context, base):
    page = context.new_page()
    page.goto(f"{base}/measures?days=30")
    with page.expect_download() as waiting:
        page.click("text=CSV")
    assert waiting.value.suggested_filename.startswith("measures-30-days-")
    page.goto(f"{base}/measures/coverage")
    page.select_option("[name=kind]", "childcare")
    page.click("main form button.primary")
    page.wait_for_url("**/measures/coverage?kind=childcare&language=*")
    assert page.input_value("[name=kind]") == "childcare"
    page.close()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_a_full_town_fit_a_phone(world, chromium, language):
    client = sign_in(world, world.coordinator())
    client.post("/i18n/setlang/", {"language": language}, secure=True)
    _fill(world)
    page = chromium.new_page(viewport={"width": 320, "height": 800}, reduced_motion="reduce")
    styles = "".join(
        (CSS / name).read_text()
        for name in ("tokens.css", "base.css", "frame.css", "parts.css", "measures.css")
    )
    for path in (*PATHS, "/measures/coverage?kind=childcare"):
        html = client.get(path, secure=True).content.decode()
        page.set_content(html.replace("</head>", f"<style>{styles}</style></head>"))
        for summary in page.locator("main details > summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
    page.close()


def _fill(world):
    """Four zones, three kinds, two languages, and what came of a dozen requests."""
    town = Town(world)
    places = ["60632"] * 14 + ["60608"] * 9 + ["60647"] * 7 + ["46320"] * 6
    people = [
        world.responder(
            f"Name {n}", zip=zip, kinds=("accompaniment", "legal", "childcare")[: 1 + n % 3], wake_at_night=n % 3 == 0,
            hours=parse_hours("mon-fri 08:00-18:00") if n % 2 else [], pin=None,
        ).person
        for n, zip in enumerate(places)
    ]  # fmt: skip
    for n in range(6):
        for kind, language in (("accompaniment", "es"), ("legal", "en")):
            town.asked(
                kind, language=language, full=n + 3, there=30 + n,
                offers=[(people[n], "accepted", n + 2), (people[n + 6], "withdrawn", None)],
            )  # fmt: skip
    town.asked("childcare", children=2, language="es", offers=[(people[20], "declined", 4)])
