"""A call on the page of phones: keys, a phone that rings, and a board that shows it."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import Axe

pytestmark = pytest.mark.browser
STRANGER, NOOR = "+13125550199", "+13125550120"


def card(page, number):
    return page.locator(".phone", has_text=number)


def test_a_caller_is_led_by_keys_and_a_coordinator_takes_the_call(context, demo):
    console = context.new_page()
    console.goto(f"http://localhost:{demo.port}/")  # a live console is somebody on duty
    expect(console.locator("body")).to_contain_text("Live")
    phones = context.new_page()
    phones.set_viewport_size({"width": 320, "height": 900})
    phones.goto(f"http://localhost:{demo.port}/phones/")
    caller, noor = card(phones, STRANGER), card(phones, NOOR)
    caller.get_by_role("button", name="Call").click()
    expect(caller.get_by_role("status")).to_have_text("In a call. It waits for a key.")
    results = Axe().run(phones)
    assert results.violations_count == 0, results.generate_report()
    assert phones.evaluate("document.documentElement.scrollWidth") <= 320
    for _ in range(2):
        expect(caller.get_by_role("status")).to_have_text("In a call. It waits for a key.")
        said = caller.locator(".texts li").count()
        caller.get_by_role("button", name="2", exact=True).click()
        expect(caller.locator(".texts li")).not_to_have_count(said)
    noor.get_by_role("button", name="Answer", exact=True).click()
    expect(noor).to_contain_text("Press 1 to take this call.")
    noor.get_by_role("button", name="1", exact=True).click()
    expect(noor.get_by_role("status")).to_have_text("In a call with another phone")
    caller.get_by_role("button", name="Hang up").click()
    expect(noor.get_by_role("button", name="Call")).to_be_visible()
