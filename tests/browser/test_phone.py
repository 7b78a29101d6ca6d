"""Held upright in one hand: what is at the thumb, big enough, and over nothing that has the focus."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import Axe

pytestmark = pytest.mark.browser
LUZ, LUIS, MARTA = "+13125550103", "+13125550112", "+13125550114"


@pytest.fixture
def page(context, town):
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    yield page
    page.close()


def is_fine(page, width):
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 430])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", ["Board", "Shifts", "Find", "More"]),
        ("/requests/1", ["Board", "Shifts", "Find", "More"]),
        ("/people", ["Board", "Shifts", "Find", "More"]),
    ],
)
def test_three_things_are_at_the_thumb_and_44_pixels_or_more(page, town, path, said, width):
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"http://localhost:{town.port}{path}")
    bar = page.locator(".thumb")
    expect(bar).to_be_visible()
    assert bar.locator("a:visible, button:visible").all_inner_texts() == said
    for target in bar.locator("a:visible, button:visible").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    box = bar.bounding_box()
    assert box["y"] + box["height"] == 740
    is_fine(page, width)


@pytest.mark.parametrize("path", ["/", "/requests/1"])
def test_what_has_the_focus_is_never_under_the_bar(page, town, path):
    page.goto(f"http://localhost:{town.port}{path}")
    page.wait_for_selector(".thumb")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    walked = 0
    for _ in range(150):
        page.keyboard.press("Tab")
        found = page.evaluate("""() => {
          const at = document.activeElement, bar = document.querySelector(".thumb");
          if (at === document.body) return null;
          if (bar.contains(at) || at.closest("[data-alarm]") || at.closest(".talk, .alarm, .next-step, .take-next")) return { free: true };
          const box = at.getBoundingClientRect(), top = bar.getBoundingClientRect().top;
          return { free: box.height > 400 || box.bottom <= top + 1, is: at.outerHTML.slice(0, 120) };
        }""")
        if found is None:
            break
        assert found["free"], found
        walked += 1
    assert walked > 15


@pytest.mark.parametrize("path", ["/", "/requests/1"])
def test_the_bar_is_not_on_wide_screens_and_not_on_paper(page, town, path):
    page.goto(f"http://localhost:{town.port}{path}")
    expect(page.locator(".thumb")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".thumb")).to_be_hidden()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".thumb")).to_be_hidden()


def test_the_next_is_taken_answered_and_called_with_a_thumb(page, town):
    town.text(LUZ, "tocan la puerta, ayuda")  # worse than Rosa's, which has waited longer
    town.wait_for(LUZ, "en casa")
    page.goto(f"http://localhost:{town.port}/")
    page.wait_for_selector("[data-need]:has-text('#2')")
    page.wait_for_load_state("networkidle")  # what rings has come, in the place of what is next
    page.locator(".got-it:visible, .take-next button:visible").first.click()
    page.wait_for_url("**/requests/2")
    page.wait_for_selector("text=You have it")
    page.click("#words")
    box, bar = page.locator("#words").bounding_box(), page.locator(".thumb").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= bar["y"]
    page.click("[popovertarget=actions]")
    page.click("#actions button:has-text('Call Luz')")
    if page.locator("text=This demo has no passkey").count():
        page.click("text=Go on")
    page.wait_for_selector(f"a[href='tel:{LUZ}']")
    page.goto(f"http://localhost:{town.port}/")
    page.wait_for_load_state("networkidle")
    while page.locator("[data-claim]").count():
        page.locator(".got-it:visible, .take-next button:visible").first.click()
        page.wait_for_selector("text=You have it")
        page.goto(f"http://localhost:{town.port}/")
        page.wait_for_load_state("networkidle")
    page.click("text=Take next")
    page.wait_for_selector("text=Nothing unclaimed")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_search_from_the_thumb_to_the_request(page, town, width):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"http://localhost:{town.port}/")
    page.click(".thumb >> text=Find")
    page.wait_for_url("**/find")
    assert page.evaluate("document.activeElement.id") == "q"
    page.set_viewport_size({"width": width, "height": 640})
    is_fine(page, width)
    for words, then in (("nobody by this name", "Nothing found"), ("ROSA", "1 found")):
        page.fill("#q", words)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"text={then}")
        assert page.url.endswith("/find")
        is_fine(page, width)
    page.click("main a:has-text('#1')")
    page.wait_for_url("**/requests/1")


def hidden(page):
    return int(re.search(r"Hidden by the filter: (\d+) need", page.inner_text("main"))[1])


@pytest.mark.parametrize("width", [320, 1280])
def test_a_narrowed_board_stays_narrow_at_each_hint_and_says_what_it_hides(page, town, width):
    base = f"http://localhost:{town.port}"
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{base}/")
    page.click("[popovertarget=filter]")
    page.select_option("select[name=language]", "en")
    page.click("text=Show only these")
    assert page.locator(".board :is(.need, .case):has-text('#')").count() == 0
    page.wait_for_selector(".board >> text=Nothing matches this filter >> nth=0")
    page.click("[popovertarget=filter]")
    page.fill("#filter form[action='/views'] [name=name]", "English, at night")
    page.click("#filter button:has-text('Save')")
    page.wait_for_selector("nav a[aria-current]:has-text('English, at night')")
    is_fine(page, width)
    page.wait_for_selector("html[data-line='yes']")
    before = hidden(page)
    town.text(LUIS if width == 320 else MARTA, "palabras que nadie entiende")
    page.wait_for_function(f"() => Number(document.body.innerText.match(/filter: (\\d+)/)[1]) > {before}")
    assert page.locator(".board :is(.need, .case):has-text('#')").count() == 0
    page.click("text=show everything")
    page.wait_for_selector(".board :is(.need, .case):has-text('#1') >> nth=0")
    page.click("[popovertarget=filter]")
    page.click("summary:has-text('Rename or delete views')")
    page.click("button[aria-label='Delete English, at night']")
    page.wait_for_selector("nav a:has-text('English, at night')", state="detached")
