"""What went wrong for people at work, each shown in a browser: what a live page offers is true, and stays in place."""

import re

import pytest
from playwright.sync_api import expect

from tests.setup.test_up import ANA, ROSA

pytestmark = pytest.mark.browser

# Every control of a page: what it says, and where it leads or what it opens.
CONTROLS = """() => [...document.querySelectorAll("#shown :is(button, a[href], select, input[type=checkbox])")]
  .filter((one) => !one.closest("[data-panel*='readers']"))
  .map((one) => [
    one.tagName, (one.labels?.[0] ?? one).textContent.replace(/\\s+/g, " ").trim(),
    one.getAttribute("formaction") || one.getAttribute("href") || one.getAttribute("popovertarget")
      || one.form?.getAttribute("action") || "",
    one.form?.elements.back?.value ?? "",
  ].join(" | "))"""
# What stands in the panels afterwards is of their own answers, not of the page's first drawing.
ANEW = """() => {
  for (const one of document.querySelectorAll("#shown [data-panel]")) {
    one.replaceChildren(document.createElement("wbr"));
    one.lastSeen = undefined;
  }
  dispatchEvent(new Event("focus"));
}"""
IS_ANEW = "() => !document.querySelector('#shown [data-panel] > wbr:only-child')"


def live(page):
    page.wait_for_selector("html[data-line='yes']")
    page.wait_for_load_state("networkidle")


@pytest.fixture
def page(context, demo):
    one = context.new_page()
    yield one
    one.close()


def test_what_panels_fetch_anew_offers_the_same_and_leads_back_to_the_whole_page(demo, page):
    demo.text(ROSA, "tocan la puerta")
    demo.wait_for(ROSA, "en casa")
    base = f"http://localhost:{demo.port}"
    for path in ("/", "/requests/1", "/?whose=free"):
        page.goto(f"{base}{path}")
        live(page)
        drawn = page.evaluate(CONTROLS)
        page.evaluate(ANEW)
        page.wait_for_function(IS_ANEW)
        assert page.evaluate(CONTROLS) == drawn, path
    page.goto(f"{base}/requests/1")
    live(page)
    for button in ("Claim", "Release", "Done"):
        page.evaluate(ANEW)
        page.wait_for_function(IS_ANEW)
        page.click("summary#waiting-here")
        with page.expect_navigation():
            page.click(f".needs-here button:has-text('{button}') >> nth=0")
        assert page.url == f"{base}/requests/1", button
        assert page.is_visible("header.strip"), button


def test_whatever_a_request_page_offers_is_still_true_after_each_step_of_the_job(context, demo, page):
    base = f"http://localhost:{demo.port}"
    page.goto(f"{base}/requests/1")
    live(page)
    fresh = context.new_page()

    def is_true(step):
        page.wait_for_timeout(1500)
        page.wait_for_load_state("networkidle")
        fresh.goto(f"{base}/requests/1")
        live(fresh)
        expected = fresh.evaluate(CONTROLS)
        assert page.evaluate(CONTROLS) == expected, step
        return " ".join(expected)

    is_true("asking")
    demo.text(ROSA, "1")
    demo.wait_for(ROSA, "abogado")
    is_true("at home")
    demo.text(ROSA, "1")
    demo.wait_for(ROSA, "Ya buscamos")
    searching = is_true("searching")
    assert "Stop the search" in searching
    assert "Start the search" not in searching
    demo.text(ANA, re.search(r"(\d\d) = I can go", demo.wait_for(ANA, "can go"))[1])
    demo.wait_for(ANA, "/visit#")
    is_true("on the way")
    demo.text(ANA, "3")
    demo.wait_for(ANA, "4 = we are done")
    is_true("there")
    demo.text(ANA, "4")
    demo.wait_for(ROSA, "¿Vino Ana?")
    is_true("done")
    demo.text(ROSA, "1")
    page.wait_for_selector("text=This request is closed")
    is_true("closed")
    fresh.close()
