"""How many presses the job takes at its most urgent: counted by the browser itself, on three ways through the console.

A press is a tap or click, or a key. The words of a text are put in at once and count as none, since they are what
is said and not how one gets there. Nothing is counted that only looks: no press is needed to see.
"""

import re

import pytest

from tests.setup.test_up import ANA, ROSA

pytestmark = pytest.mark.browser
GRACE = "+13125550102"

COUNTS = """
for (const kind of ["pointerdown", "keydown"])
  addEventListener(kind, (event) => {
    if (event.isTrusted) sessionStorage.setItem("presses", Number(sessionStorage.getItem("presses")) + 1);
  }, true);
"""


class Stopwatch:
    """From where a page stands: what was pressed since."""

    def __init__(self, page):
        self.page = page

    def begin(self, path):
        self.page.goto(path)
        self.page.wait_for_selector("html[data-line='yes']")
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("sessionStorage.setItem('presses', 0)")

    def go(self, press, *given):
        """A press that opens a page."""
        with self.page.expect_navigation():
            press(*given)
        self.page.wait_for_selector("html[data-line='yes']")

    @property
    def presses(self):
        return int(self.page.evaluate("sessionStorage.getItem('presses')"))


@pytest.fixture(params=[1400, 390], ids=["laptop", "phone"])
def watch(request, context):
    page = context.new_page()
    page.set_viewport_size({"width": request.param, "height": 844})
    page.add_init_script(COUNTS)
    yield Stopwatch(page)
    page.close()


@pytest.fixture(scope="module")
def town(demo):
    """Rosa's search runs, and Ana goes."""
    demo.text(ROSA, "tocan la puerta")
    demo.wait_for(ROSA, "en casa")
    demo.text(ROSA, "1")
    demo.wait_for(ROSA, "abogado")
    demo.text(ROSA, "1")
    demo.text(ANA, re.search(r"(\d\d) = I can go", demo.wait_for(ANA, "can go"))[1])
    demo.wait_for(ANA, "/visit#")
    demo.text(GRACE, "I need help")
    demo.wait_for(GRACE, "at home")
    return f"http://localhost:{demo.port}"


def settled(demo):
    """Nothing waits any more, so that what comes next is the most urgent."""
    demo.write("UPDATE desk_need SET closed_at = now() WHERE closed_at IS NULL")
    demo.write("DELETE FROM desk_claim")


FIRST = "[data-need] .need-act button:visible, .take-next button:visible"
RINGS = "[data-ringing] .got-it"


@pytest.mark.parametrize("way", [RINGS, FIRST, "c"], ids=["alarm", "row", "key"])
def test_the_most_urgent_need_is_claimed_and_open_with_one_press(demo, watch, town, way):
    settled(demo)
    demo.text(GRACE, f"the blue one {watch.page.viewport_size['width']} {way}")
    watch.begin(f"{town}/")
    watch.page.wait_for_selector(RINGS)
    if way == FIRST and not watch.page.locator(FIRST).count():
        pytest.skip("on a phone what rings stands in the place of Take next")
    press = watch.page.locator(way).first.click if way != "c" else lambda: watch.page.keyboard.press("c")
    watch.go(press)
    assert "/requests/2" in watch.page.url
    assert watch.page.locator("text=You have it").count()
    assert watch.presses == 1


@pytest.mark.parametrize(
    "way",
    [RINGS, "[data-need]:has-text('Grace') :is(.need-act button, .need-what a):visible"],
    ids=["alarm", "row"],
)
def test_an_unclear_text_is_answered_with_two_presses(demo, watch, town, way):
    """One opens it with the cursor in the field; one sends."""
    settled(demo)
    mine = f"Which one is that? {watch.page.viewport_size['width']} {len(way)}"
    demo.text(GRACE, f"the green one {mine}")
    watch.begin(f"{town}/")
    watch.page.wait_for_selector(RINGS)
    watch.go(watch.page.locator(way).first.click)
    assert watch.page.evaluate("document.activeElement.id") == "words"
    watch.page.keyboard.insert_text(mine)
    watch.go(watch.page.click, "form.composer button.primary")
    assert watch.presses == 2
    demo.wait_for(GRACE, mine)


GOES = {1400: (ANA, r"(\d\d) = I can go"), 390: ("+13125550112", r"(\d\d) = puedo ir")}


def test_when_somebody_cant_go_another_is_asked_with_two_presses(demo, watch, town):
    """One opens the people of the request; one asks the first of them."""
    phone, code = GOES[watch.page.viewport_size["width"]]
    if phone != ANA:
        demo.text(phone, re.search(code, demo.texts(phone)[-1])[1])
        demo.wait_for(phone, "/visit#")
    settled(demo)
    demo.text(phone, "5")
    watch.begin(f"{town}/")
    watch.page.wait_for_selector(RINGS)
    asked = asked_of(watch, town)
    watch.begin(f"{town}/")
    watch.go(watch.page.locator(RINGS).click)
    watch.go(watch.page.locator(".candidates button:visible").first.click)
    assert watch.presses == 2
    assert asked_of(watch, town) == asked + 1


def asked_of(watch, base):
    watch.page.goto(f"{base}/requests/1?tab=people")
    return watch.page.locator(".asked li").count()
