"""Every page in day, night and high contrast, and from right to left: nothing unreadable, nothing cut off."""

import re
from pathlib import Path

import pytest

from tests.browser.axe import Axe
from tests.browser.conftest import running_from_the_right
from tests.setup.test_up import ROOT, ROSA

pytestmark = pytest.mark.browser
PATHS = [
    "/", "/?language=en", "/find", "/offline", "/people", "/asking", "/drills", "/texts", "/account", "/requests/1", "/wording", "/wording/home/en",
    "/visit",
]  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with running_from_the_right(tmp_path_factory.mktemp("themes")) as one:
        one.text(ROSA, "ayuda")
        one.wait_for(ROSA, "en casa")
        yield one


@pytest.fixture
def page(context):
    one = context.new_page()
    yield one
    one.close()
    context.clear_cookies(name="theme")
    context.clear_cookies(name="django_language")


def put(context, demo, name, value):
    context.add_cookies([{"name": name, "value": value, "url": f"http://localhost:{demo.port}"}])


def walk(page, demo, width):
    page.set_viewport_size({"width": width, "height": 800})
    for path in PATHS:
        page.goto(f"http://localhost:{demo.port}{path}")
        page.wait_for_timeout(300)
        results = Axe().run(page)
        assert results.violations_count == 0, f"{path}: {results.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        yield path


@pytest.mark.parametrize("theme", ["day", "night", "contrast"])
def test_every_page_is_readable_in_every_theme(context, demo, page, theme):
    put(context, demo, "theme", theme)
    for _ in walk(page, demo, 320):
        assert page.evaluate("document.documentElement.dataset.theme") == theme


def test_somebody_chooses_a_theme_and_the_device_decides_for_who_has_not(demo, page):
    ground = "getComputedStyle(document.body).backgroundColor"
    page.goto(f"http://localhost:{demo.port}/people")
    seen = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        seen[scheme] = page.evaluate(ground)
    assert seen["light"] != seen["dark"]
    page.emulate_media(color_scheme="dark")
    page.click("text=Day")
    page.wait_for_selector("[aria-pressed=true]:has-text('Day')")
    assert page.evaluate(ground) == seen["light"]
    assert page.url.endswith("/people")
    page.click("text=High contrast")
    page.wait_for_selector("[data-theme=contrast]")
    assert page.evaluate(ground) == "rgb(0, 0, 0)"
    page.click("text=As the device says")
    page.wait_for_selector("html:not([data-theme])")
    assert page.evaluate(ground) == seen["dark"]


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_laid_out_from_the_right(context, demo, page, width):
    put(context, demo, "django_language", "ar")
    for path in walk(page, demo, width):
        assert page.evaluate("document.documentElement.dir") == "rtl", path
    page.goto(f"http://localhost:{demo.port}/wording")
    start = page.locator("main h1").first.evaluate("e => getComputedStyle(e).direction")
    assert start == "rtl"
    key = page.locator("bdi.code").first
    assert key.evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_the_colours_of_the_device_are_kept_where_it_forces_them(demo, page):
    page.emulate_media(forced_colors="active")
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector(".row")
    assert Axe().run(page).violations_count == 0


def test_the_parts_of_a_text_are_counted_while_it_is_typed(demo, page):
    page.goto(f"http://localhost:{demo.port}/wording/home/en")
    page.fill("textarea", "{prefix}: " + "a" * 160)
    assert page.inner_text("[data-parts]") == "2"
    page.fill("textarea", "{prefix}: " + "a" * 150)
    assert page.inner_text("[data-parts]") == "1"
    page.fill("textarea", "{prefix}: í" + "a" * 80)
    assert page.inner_text("[data-parts]") == "2"


def test_no_style_names_a_side():
    for sheet in (ROOT / "network").rglob("*.css"):
        named = re.findall(
            r"[^\n;{]*\b(?:left|right)\b[^\n;}]*|\b(?:margin|padding|border)-(?:top|bottom)\b",
            re.sub(r"env\([a-z-]+\)", "", sheet.read_text()),  # the device names its own edges
        )
        assert named == [], sheet
    for template in Path(ROOT / "network").rglob("*.html"):
        assert " style=" not in template.read_text(), template
