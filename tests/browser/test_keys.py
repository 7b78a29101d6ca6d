"""Single keys: only while no field is in use, on every page that lists them, and off for who wants them off."""

import pytest
from playwright.sync_api import expect

from network.console.shell.keys import KEYS
from tests.browser.axe import Axe
from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser
STRANGER = "+13125550199"


@pytest.fixture(scope="module")
def town(demo, context):
    demo.text(ROSA, "ayuda")
    demo.wait_for(ROSA, "en casa")
    demo.text(STRANGER, "hola")
    demo.wait_for(STRANGER, "")
    return demo


@pytest.fixture
def page(context, town):
    page = context.new_page()
    page.goto(f"http://localhost:{town.port}/")
    page.wait_for_selector("html[data-line='yes']")
    page.wait_for_selector("[data-need]")
    yield page
    page.close()


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


def test_a_need_is_found_opened_and_taken_without_a_mouse(page, town):
    page.wait_for_selector("[data-need] >> nth=1")
    first, second = (page.locator("[data-need]").nth(n).get_attribute("id") for n in (0, 1))
    page.keyboard.press("j")
    assert focused(page) == first
    page.keyboard.press("j")
    assert focused(page) == second
    page.keyboard.press("k")
    assert focused(page) == first
    page.keyboard.press("k")
    assert focused(page) == first
    page.keyboard.press("Enter")
    page.wait_for_url("**/requests/1")
    page.keyboard.press("b")
    page.wait_for_url(f"http://localhost:{town.port}/")
    page.keyboard.press("j")
    row = page.locator(f"#{focused(page)}")
    with page.expect_navigation():
        page.keyboard.press("c")
    expect(row.locator(".face.you")).to_be_visible()
    assert row.get_attribute("id") == focused(page)  # one goes on where one was
    row.locator(".row-more").click()
    with page.expect_navigation():
        row.locator("button:has-text('Release')").click()


def test_a_key_in_a_field_is_a_letter_and_with_a_modifier_is_the_browsers(page, town):
    page.keyboard.press("/")
    assert focused(page) == "find"
    page.keyboard.type("jbc?")
    assert page.input_value("#find") == "jbc?"
    page.fill("#find", "")
    page.goto(f"http://localhost:{town.port}/requests/1")
    page.keyboard.press("r")
    assert focused(page) == "words"
    page.keyboard.type("cjbr/?o")
    assert page.input_value("#words") == "cjbr/?o"
    page.fill("#words", "")
    page.evaluate("document.activeElement.blur()")
    for chord in ("Control+b", "Alt+b", "Meta+b"):
        page.keyboard.press(chord)
    page.wait_for_timeout(300)
    assert page.url.endswith("/requests/1")
    page.click("[popovertarget=actions]")
    page.click("[popovertarget=kind]")
    page.focus("select[name=kind]")
    page.keyboard.press("b")
    page.wait_for_timeout(300)
    assert page.url.endswith("/requests/1")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_list_of_keys_opens_by_key_and_by_button_and_keeps_the_page_still(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert page.locator("#keys tr[data-does]").count() == len(KEYS)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("b")
    page.keyboard.press("j")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.click("[popovertarget=account]")
    page.click("[data-open-keys]")
    page.click("#keys button:has-text('Close')")
    expect(page.locator("#keys")).to_be_hidden()


def test_no_key_does_what_can_not_be_taken_back():
    assert {key.does for key in KEYS} == {
        "find",
        "help",
        "next",
        "previous",
        "open",
        "take",
        "claim",
        "reply",
        "talk",
        "people",
        "history",
        "undo",
        "board",
    }


def test_a_locked_desk_takes_no_key(page):
    page.route("**/account/lock", lambda route: route.fulfill(json={"locks_in": 0}))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("#locked:not([hidden])")
    before = focused(page)
    for key in ("/", "c", "j", "b", "?"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert focused(page) == before
    assert page.locator("#keys").is_hidden()
    assert page.url.endswith("/")


def test_who_wants_none_switches_them_off_for_every_page(page, town):
    base = f"http://localhost:{town.port}"
    page.goto(f"{base}/account")
    page.click("text=Switch them off")
    page.wait_for_selector("text=no key alone does anything")
    page.goto(f"{base}/")
    page.wait_for_selector("[data-need]")
    for key in ("/", "j", "?"):
        page.keyboard.press(key)
    assert focused(page) == "BODY"
    assert page.locator("#keys").is_hidden()
    page.click("[popovertarget=account]")
    page.click("[data-open-keys]")
    page.wait_for_selector("#keys:has-text('Switched off')")
    page.click("#keys >> text=Switch them on or off")
    page.click("text=Switch them on")
    page.wait_for_selector("text=one key alone does something")
    page.goto(f"{base}/")
    page.keyboard.press("/")
    assert focused(page) == "find"
