"""The main job with the keyboard alone, from the board to the closing: each stop is seen, and nothing traps."""

import re

import pytest

from tests.setup.test_up import ANA, ROSA

pytestmark = pytest.mark.browser
MOST = 160  # stops on one page
HERE = """
() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), ring = one.closest(".need, .case") || one;
  // A row whose link has the focus has the ring, all around.
  const styles = [getComputedStyle(one), getComputedStyle(ring)];
  const said = one.id + " " + (one.labels?.[0]?.textContent || one.getAttribute("aria-label") || one.textContent || "");
  const over = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
  return {
    tag: one.tagName, said: said.replace(/\\s+/g, " ").trim(),
    shown: styles.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0),
    free: one.tagName === "BODY" || box.height > innerHeight * 0.7 || one.contains(over) || Boolean(over?.contains(one)),
  };
}
"""


@pytest.fixture
def page(context, demo):
    """A page without a mouse: what clicks or touches fails."""
    page = context.new_page()
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector("html[data-line='yes']")
    yield page
    page.close()


def to(page, words, *, back=False):
    """Tab until what has the focus says this; every stop on the way has an outline and is under nothing."""
    for _ in range(MOST):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        here = page.evaluate(HERE)
        if here["tag"] == "BODY":
            continue  # round the end of the page
        assert here["shown"], f"no outline: {here}"
        assert here["free"], f"under something: {here}"
        if re.search(words, here["said"]):
            return here
    raise AssertionError(f"{words} was not reached")


def press(page, words):
    to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("html[data-line='yes']")


def test_from_the_board_to_the_closing_without_a_mouse(demo, page):
    demo.text(ROSA, "tocan la puerta")
    page.wait_for_selector("[data-need]:has-text('#1')")
    page.keyboard.press("Tab")
    assert page.evaluate(HERE)["said"] == "Skip to content"
    page.keyboard.press("Enter")

    press(page, r"^I've got it|^Claim")
    if not page.url.endswith("/requests/1"):
        press(page, r"New request")
    to(page, "Set what they need")
    page.keyboard.press("Enter")
    to(page, r" Kind$")
    page.keyboard.type("accomp")
    press(page, r"^Change$")
    page.wait_for_selector(".request-facts:has-text('accompaniment')")
    to(page, "They told me that they are at home")
    page.keyboard.press("Space")
    press(page, "Start the search")
    offer = demo.wait_for(ANA, "can go")

    to(page, r"^words ")
    page.keyboard.type("Ya buscamos a alguien.")
    press(page, r"^Send to Rosa")
    demo.wait_for(ROSA, "Ya buscamos a alguien.", within=20)
    demo.text(ANA, re.search(r"(\d\d) = I can go", offer)[1])
    page.wait_for_selector("text=Ana Torres")
    demo.wait_for(ANA, "/visit#")
    demo.text(ANA, "3")
    demo.wait_for(ANA, "4 = we are done")
    demo.text(ANA, "4")
    demo.wait_for(ROSA, "¿Vino Ana?")
    demo.text(ROSA, "1")
    page.wait_for_selector("text=closed")
    press(page, r"Porchlight")
    assert page.url == f"http://localhost:{demo.port}/"
    page.wait_for_selector("a:has-text('1 closed today')")


@pytest.mark.parametrize("path", ["/", "/people", "/find", "/duty", "/account", "/organizations"])
def test_the_focus_goes_round_every_page_and_is_always_seen(demo, page, path):
    page.goto(f"http://localhost:{demo.port}{path}")
    page.wait_for_load_state("networkidle")  # what rings has come
    seen = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here["tag"] == "BODY" and seen:
            return
        if here["tag"] != "BODY":
            assert here["shown"], f"no outline: {here}"
            assert here["free"], f"under something: {here}"
            seen.append(here["said"])
    assert seen[0] in seen[1:], "the focus is trapped"


@pytest.fixture
def zoomed(chromium, context, demo):
    """A laptop's window at 200 %: half as wide and high, each pixel twice as large."""
    made = chromium.new_context(
        storage_state=context.storage_state(),
        viewport={"width": 640, "height": 400},
        device_scale_factor=2,
        reduced_motion="reduce",
    )
    made.set_default_timeout(15000)
    yield made.new_page()
    made.close()


@pytest.mark.parametrize(
    "path", ["/", "/requests/1", "/people", "/find", "/duty", "/account", "/organizations"]
)
def test_at_200_percent_nothing_fixed_covers_what_has_the_focus(demo, zoomed, path):
    test_the_focus_goes_round_every_page_and_is_always_seen(demo, zoomed, path)
    assert zoomed.evaluate("document.documentElement.scrollWidth") <= 640
