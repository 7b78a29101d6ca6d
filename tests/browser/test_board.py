"""What a coordinator sees of the board at a glance, and that it works by plain links alone."""

import re

import pytest

pytestmark = pytest.mark.browser
UNKNOWN = [f"+177355501{n:02}" for n in range(14)]

# Rows of the list that are whole within the window, over nothing and under nothing.
SEEN = """() => [...document.querySelectorAll("[data-paints] li.need")].filter((row) => {
  const box = row.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight && row.contains(document.elementFromPoint(box.left + 40, box.top + box.height / 2));
}).length"""


@pytest.fixture(scope="module")
def waiting(demo):
    """Fourteen texts from phones that nobody knows."""
    for n, phone in enumerate(UNKNOWN):
        demo.text(phone, f"hola, quien es {n}")
    for phone in UNKNOWN:
        demo.wait_for(phone, "local group")
    return demo


def test_twelve_needs_and_more_are_seen_at_once(context, waiting):
    page = context.new_page()
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(f"http://localhost:{waiting.port}/")
    page.wait_for_function(f"() => ({SEEN})() >= 12")
    page.close()


def test_without_scripts_a_need_is_read_claimed_and_led_back_from(chromium, context, waiting):
    plain = chromium.new_context(storage_state=context.storage_state(), java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"http://localhost:{waiting.port}/")
    before = page.locator("li.need").count()
    assert before >= 12
    page.click("li.need .need-act button >> nth=0")
    assert not page.url.endswith(f":{waiting.port}/")
    assert re.search(r"hola, quien es \d+", page.inner_text("main"))
    page.click(".rail a[href='/']")
    assert page.locator("li.need").count() in (before, before - 1)
    plain.close()
