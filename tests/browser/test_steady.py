"""Nothing jumps: what arrives on an open page moves nothing under the pointer, and where no motion is wanted none is."""

import pytest
from playwright.sync_api import expect

from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser
GRACE, LUZ = "+13125550102", "+13125550103"
# How far things moved that nobody touched, and which: a score of the browser's own, since the page was first drawn.
SHIFTS = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput)
    window.moved.push({ score: one.value, of: one.sources.map(({ node }) => node?.outerHTML?.slice(0, 90) ?? node?.nodeName) });
}).observe({ type: "layout-shift", buffered: true });
"""
RUNS = "document.getAnimations().filter((one) => one.playState === 'running').map((one) => one.animationName)"


@pytest.fixture
def page(context, town):
    page = context.new_page()
    page.add_init_script(SHIFTS)
    yield page
    page.close()


def moved(page):
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    found = page.evaluate("window.moved.splice(0)")
    return sum(shift["score"] for shift in found), found


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/", "/requests/1"])
def test_panels_that_arrive_move_nothing(town, page, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"http://localhost:{town.port}{path}")
    page.wait_for_selector("html[data-line='yes']")
    score, which = moved(page)
    assert score < 0.01, which
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.wait_for_timeout(1500)  # the clocks go on
    score, which = moved(page)
    assert score < 0.01, which


def test_a_new_need_moves_nothing_that_is_under_the_pointer(town, page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"http://localhost:{town.port}/")
    page.wait_for_selector("html[data-line='yes']")
    page.wait_for_load_state("networkidle")
    for phone, words in ((GRACE, "tocan la puerta, ayuda"), (LUZ, "ya estan adentro de la casa, ayuda")):
        row = page.locator("li.need", has_text="#1")
        name = row.get_attribute("id")
        button = row.locator(".need-act .row-more")
        at = button.bounding_box()
        page.mouse.move(at["x"] + 5, at["y"] + 5)
        before = page.locator("[data-paints] li.need").count()
        town.text(phone, words)
        expect(page.locator("[data-paints] li.need")).not_to_have_count(before)
        assert (
            page.locator("[data-paints] li.need").first.get_attribute("id") != name
        )  # a worse one is above it
        moved(page)
        now = button.bounding_box()
        assert abs(now["y"] - at["y"]) <= 1
        assert (
            page.evaluate(
                "([x, y]) => document.elementFromPoint(x, y).closest('li.need').id",
                [at["x"] + 5, at["y"] + 5],
            )
            == name
        )


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_what_begins_to_ring_pushes_nothing_leaves_a_row_in_sight_and_can_be_hushed(
    town, page, width, height
):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"http://localhost:{town.port}/")
    page.wait_for_selector("html[data-line='yes']")
    while page.locator("[data-ringing]").count():
        with page.expect_navigation():
            page.click("[data-ringing] .got-it")
        page.goto(f"http://localhost:{town.port}/")
        page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    moved(page)
    top = page.locator(".board").bounding_box()["y"]
    town.text("+13125550104" if width == 390 else "+13125550198", "ayuda, tocan la puerta")
    page.wait_for_selector("[data-ringing]")
    moved(page)
    assert page.locator(".board").bounding_box()["y"] == top
    bar = page.locator("[data-ringing]").bounding_box()
    row = page.locator("li.need .need-what").first.bounding_box()
    assert row["y"] > 0
    if width == 390:  # it is at the thumb
        assert row["y"] + row["height"] < bar["y"]
    else:
        assert row["y"] > bar["y"] + bar["height"]
    page.wait_for_selector("html:not([data-alarm=quiet])", state="attached")
    page.click("[data-hush]")
    page.wait_for_selector("html[data-alarm=quiet]", state="attached")
    expect(page.locator("[data-ringing]")).to_be_visible()  # it still says so
    page.emulate_media(media="print")
    for path in ("/", "/sheet"):
        page.goto(f"http://localhost:{town.port}{path}")
        page.wait_for_selector("[data-ringing]", state="attached")
        for hidden in ("[data-ringing]", ".alarm", "form", "footer", ".thumb"):
            assert page.locator(hidden).locator("visible=true").count() == 0, (path, hidden)


def test_where_no_motion_is_wanted_none_runs_even_while_it_rings(town, page):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"http://localhost:{town.port}/")
    page.wait_for_selector("[data-ringing]")
    page.wait_for_timeout(300)
    assert page.evaluate(RUNS) == []
    for menu in ("account", "filter"):
        page.click(f"[popovertarget={menu}]:visible")
        page.wait_for_timeout(50)
        assert page.evaluate(RUNS) == []
        page.keyboard.press("Escape")
    page.goto(f"http://localhost:{town.port}/requests/1")
    page.wait_for_selector("html[data-line='yes']")
    town.text(ROSA, "gracias")
    page.wait_for_selector(".bubbles li:has-text('gracias')")
    page.wait_for_timeout(50)
    assert page.evaluate(RUNS) == []
    page.emulate_media(reduced_motion="no-preference")
    page.wait_for_function(f"() => {RUNS}.includes('ring')")  # where it may, the bell swings
