"""Countdowns go by the server's clock: they are right where the browser's is ten minutes wrong."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from network.console.templatetags.times import span
from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser

WRONG = """
const real = Date, off = %d * 60000;
const now = () => real.now() + off;
window.Date = class extends real {
  constructor(...given) { if (given.length) super(...given); else super(now()); }
  static now() { return now(); }
};
"""


@pytest.mark.parametrize("minutes", [-10, 10])
def test_what_is_due_in_two_minutes_is_due_in_two_minutes(chromium, context, demo, minutes):
    demo.text(ROSA, "hola, necesito ayuda")
    demo.wait_for(ROSA, "en casa")
    browser = chromium.new_context(storage_state=context.storage_state())
    page = browser.new_page()
    page.add_init_script(WRONG % minutes)
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector("html[data-line='yes']")
    row = page.locator("[data-paints] li.need", has_text="#1").first
    row.wait_for()
    due = datetime.fromisoformat(row.locator("time").get_attribute("datetime"))
    shown = row.locator("time").inner_text()
    left = (due - datetime.now(due.tzinfo)).total_seconds()
    assert abs(_seconds(shown) - left) < 40, (shown, left)
    browser_now = page.evaluate("Date.now()") / 1000
    assert abs(browser_now - datetime.now(due.tzinfo).timestamp()) > 500  # the clock is wrong indeed
    page.wait_for_selector("[data-live] time:not(:empty)", state="attached")  # with the page's first second
    hour, minute, second = map(int, page.text_content("[data-live] time").split(":"))
    assert 0 <= hour < 24
    real_minutes = datetime.now(due.tzinfo).minute
    assert min(abs(minute - real_minutes), 60 - abs(minute - real_minutes)) <= 1
    assert 0 <= second < 60
    browser.close()


def test_no_length_of_time_has_sixty_minutes_in_the_server_or_the_browser(context, demo):
    lengths = range(5400, 172800, 29)
    assert not [n for n in lengths if " 60 min" in span(timedelta(seconds=n))]
    assert span(timedelta(seconds=4 * 3600 - 5)) == "4 h 0 min"
    page = context.new_page()
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector("html[data-line='yes']")
    page.evaluate(
        """(at) => {
          const one = document.createElement("time");
          one.dateTime = at;
          one.dataset.until = "";
          one.id = "probe";
          document.querySelector("main").append(one);
        }""",
        (datetime.now(UTC) + timedelta(hours=4)).isoformat(),
    )
    expect(page.locator("#probe")).to_have_text("in 4 h 0 min")
    page.close()


def _seconds(shown: str) -> float:
    """As the page writes it: "in 75 s", "in 2 min", or "3 min" beside the word late."""
    sign = 1 if shown.startswith("in ") else -1
    number = int(re.search(r"\d+", shown)[0])
    return sign * number * (60 if "min" in shown else 1)
