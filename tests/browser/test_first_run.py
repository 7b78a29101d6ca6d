"""What a new network lacks, the handbook and the history, in a browser: small and large, by day and by night."""

import pytest

from tests.browser.axe import Axe
from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser


@pytest.fixture
def page(context):
    made = context.new_page()
    yield made
    made.close()


def clean(page, width):
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["en", "es"])
def test_shifts_before_anybody_has_one_are_accessible_by_day_and_by_night(page, context, demo, language):
    base = f"http://localhost:{demo.port}"
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    page.goto(f"{base}/duty")
    assert page.get_attribute("html", "lang") == language
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            clean(page, width)
    context.clear_cookies(name="django_language")


def test_the_list_stands_on_the_empty_board_and_is_worked_through_by_keyboard(page, demo):
    base = f"http://localhost:{demo.port}"
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{base}/")
    page.wait_for_selector("[data-live-since]:not([hidden]) time:not(:empty)")
    assert "All clear. Nothing needs you right now." in page.inner_text("[data-panel$='needs']")
    clean(page, 320)
    page.focus("summary#setting-up")
    assert page.get_attribute("details:has(#setting-up)", "open") is not None  # no text has ever come in
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('li') !== null")
    page.click("text=It is done (on record)")
    page.wait_for_selector("text=Noted, with today's date.")
    assert page.url == f"{base}/setting-up"
    page.wait_for_selector("li:has-text('A backup, and the key apart from it') strong:has-text('in place')")


def test_every_picture_of_the_handbook_is_seen(page, demo):
    page.goto(f"http://localhost:{demo.port}/handbook/first-shift")
    for picture in page.locator(".handbook img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("i => i.complete && i.naturalWidth > 300", arg=picture.element_handle())


def test_a_stopped_search_is_undone_from_the_timeline_and_a_filter_stays(page, demo):
    base = f"http://localhost:{demo.port}"
    demo.text(ROSA, "tocan la puerta")
    demo.wait_for(ROSA, "en casa")
    for answer, then in (("1", "abogado"), ("1", "Ya buscamos")):
        demo.text(ROSA, answer)
        demo.wait_for(ROSA, then)
    page.goto(f"{base}/requests/1")
    page.click("[popovertarget=actions]")
    page.click("text=Stop the search")
    page.click(".tabs a:has-text('History')")
    page.wait_for_selector("text=can be undone until")
    clean(page, 1280)
    page.click(".lines li:has-text('stopped the search.') button")
    page.click(".tabs a:has-text('History')")
    page.wait_for_selector(".lines li:has-text('Noor began the search.')")
    page.click(".shows a:has-text('texts')")
    page.wait_for_selector(".shows [aria-current]:has-text('texts')")
    before = page.locator(".lines li").count()
    demo.text(ROSA, "gracias")
    page.wait_for_function("n => document.querySelectorAll('.lines li').length > n", arg=before)
    assert all("A text came from" in text for text in page.locator(".lines li").all_inner_texts())
