"""The alarm in browsers: every console rings, one takes it, all are still; hidden tabs and reloads ring too."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import Axe
from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser
GRACE, LUZ = "+13125550102", "+13125550103"

# A tab in the background: told that it is hidden, and never given a frame.
HIDDEN = """
Object.defineProperty(document, "hidden", { get: () => true });
Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
window.requestAnimationFrame = () => 0;
"""


def rings(page, urgency, *, aloud=False):
    sound = "[data-alarm-sound=running]" if aloud else ""
    page.wait_for_selector(f"html[data-alarm={urgency}]{sound}", state="attached")


def flashes(page):
    """The title shows the mark every other second: a look at one moment may fall between."""
    expect(page).to_have_title(re.compile("^▲"), timeout=15000)


def is_still(page):
    page.wait_for_selector("html[data-alarm=quiet]", state="attached")
    assert page.locator("[data-ringing]").count() == 0
    assert not page.title().startswith("▲")


def take_all(page):
    """Until nothing rings any more."""
    while page.locator("[data-ringing]").count():
        with page.expect_navigation():
            page.click("[data-ringing] button")
        page.wait_for_load_state("networkidle")


@pytest.fixture
def consoles(chromium, context, demo):
    """Two browsers, each with a console open on another page."""
    made = []
    for path in ("/", "/people"):
        browser = chromium.new_context(storage_state=context.storage_state())
        browser.set_default_timeout(15000)
        page = browser.new_page()
        page.goto(f"http://localhost:{demo.port}{path}")
        page.wait_for_load_state("networkidle")
        made.append(page)
    yield made
    for page in made:
        page.context.close()


def test_two_consoles_ring_one_takes_it_and_both_are_still(consoles, demo):
    first, second = consoles
    for page in consoles:
        page.click("h1, main", position={"x": 2, "y": 2}, force=True)  # any gesture lets a page sound
    demo.text(ROSA, "tocan la puerta")
    for page in consoles:
        rings(page, "soon", aloud=True)
        flashes(page)
    first.click("text=I've got it")
    first.wait_for_url(re.compile("/requests/"))
    is_still(second)
    is_still(first)


def test_a_hidden_tab_rings_without_a_frame_and_shows_it_in_its_title(consoles, demo):
    page = consoles[1]
    page.add_init_script(HIDDEN)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.hidden")
    page.keyboard.press("Shift")
    demo.text(GRACE, "I need help")
    rings(page, "soon", aloud=True)
    flashes(page)
    take_all(consoles[0])
    is_still(page)


def test_after_a_reload_it_rings_again_until_it_is_taken(consoles, demo):
    page = consoles[0]
    demo.text(LUZ, "ayuda")
    rings(page, "soon")
    page.reload()
    rings(page, "soon")
    assert Axe().run(page).violations_count == 0
    take_all(page)
    is_still(consoles[1])


def test_sound_that_the_browser_blocks_is_shown_and_a_tap_rings(consoles, demo):
    page = consoles[0]
    page.add_init_script(
        """
        const real = AudioContext.prototype.resume;
        let tapped = false;
        addEventListener("click", () => { tapped = true; }, true);
        Object.defineProperty(AudioContext.prototype, "state", { get() { return tapped ? "running" : "suspended"; } });
        AudioContext.prototype.resume = function () {
          const done = real.call(this);
          if (tapped) this.onstatechange?.();
          return done;
        };
        """
    )
    page.reload()
    page.wait_for_load_state("networkidle")
    demo.text(GRACE, "hello?")
    page.wait_for_selector("[data-ringing]")
    page.wait_for_selector("text=Sound is blocked. Tap to turn it on.")
    page.click("text=Sound is blocked. Tap to turn it on.")
    page.wait_for_selector("text=Sound is blocked. Tap to turn it on.", state="hidden")
    take_all(page)


def test_starting_a_shift_plays_the_alarm_and_asks_whether_it_was_heard(consoles, demo):
    page = consoles[0]
    page.goto(f"http://localhost:{demo.port}/duty")
    page.click("button:has-text('Start my shift')")
    page.wait_for_selector("text=Did you hear it?")
    expect(page.locator("#mine h2")).to_contain_text("You're on shift until")
    expect(page.locator("main")).not_to_contain_text("Nobody is on shift")
    expect(page.locator("main button:has-text('Start my shift')")).to_have_count(0)
    assert page.evaluate("document.documentElement.dataset.alarmSound") == "running"
    page.click("button:has-text('I did not hear it')")
    page.wait_for_selector("text=take it off silent")
    page.click("button:has-text('I heard it')")
    page.wait_for_selector("text=Good. The alarm will ring here.")
    assert page.locator("text=Did you hear it?").is_hidden()


def test_duress_that_comes_to_an_open_request_is_read_there_in_every_theme_and_what_was_typed_stays(
    consoles, demo
):
    page = consoles[0]
    page.goto(f"http://localhost:{demo.port}/requests")
    page.click("main a:has-text('Luz') >> nth=0")
    page.wait_for_url(re.compile(r"/requests/\d+"))
    page.wait_for_selector("html[data-line='yes']")
    assert page.locator(".next-step.duress, .flags .duress").count() == 0
    page.fill("#words", "Luz, ¿está")
    page.evaluate("window.sameDocument = true")
    before = len(demo.texts(LUZ))
    demo.text(LUZ, "girasoles")
    page.wait_for_selector(".next-step.duress:has-text('do not call or text first')")
    rings(page, "duress")
    expect(page.locator(".flags .duress")).to_be_visible()
    expect(page.locator(".next-step button, .next-step a")).to_have_count(0)
    assert page.input_value("#words") == "Luz, ¿está"
    expect(page.locator("[data-shut]")).to_be_visible()  # until a second person has agreed
    expect(page.locator("form.composer")).to_be_hidden()
    assert page.evaluate("window.sameDocument")
    told = demo.texts(LUZ)[before:]
    assert not any("duress" in text or "coacci" in text for text in told)
    for theme in ("day", "night", "contrast"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        page.wait_for_timeout(400)  # colors fade over
        found = Axe().run(page, context=".alarm", options={"runOnly": ["color-contrast"]})
        assert found.violations_count == 0, (theme, found.generate_report())
    page.goto(f"http://localhost:{demo.port}/")
    page.click("[data-severity='0'] .need-what a")
    page.wait_for_selector(".next-step.duress")
    found = Axe().run(page, context=".next-step", options={"runOnly": ["color-contrast"]})
    assert found.violations_count == 0, found.generate_report()
    take_all(page)
