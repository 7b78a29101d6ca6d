"""Without a line: what is shown, what is kept in the browser (nobody), and words that wait for a person."""

import json

import pytest
from playwright.sync_api import expect

from network.console.board.views.offline import SHELL
from tests.browser.axe import Axe
from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser
SENTINELS = ("Rosa", "Ejemplo", "Sample", "sentinela", ROSA, ROSA[2:], "Sentinelview")

KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) {
    found[`${name} ${new URL(request.url).pathname}`] = await (await (await caches.open(name)).match(request)).text();
  }
  return found;
}"""
STORED = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])"


@pytest.fixture(scope="module")
def town(demo, context):
    for words, then in (("ayuda sentinela", "en casa"), ("1", "abogado"), ("1", "Ya buscamos")):
        demo.text(ROSA, words)
        demo.wait_for(ROSA, then)
    return demo


@pytest.fixture
def page(context, town):
    page = context.new_page()
    page.goto(f"http://localhost:{town.port}/")
    page.wait_for_selector("html[data-line='yes']")
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.ready) && navigator.serviceWorker.controller"
    )
    page.wait_for_function("async () => caches.has('last')")
    yield page
    context.set_offline(False)
    page.close()


def test_a_browser_keeps_codes_and_no_person(page, town):
    base = f"http://localhost:{town.port}"
    for path in ("/people", "/requests/1", "/find", "/account", "/texts", "/"):
        page.goto(f"{base}{path}")
        page.wait_for_load_state("networkidle")
    page.fill("#find", "sentinela")
    page.press("#find", "Enter")
    page.wait_for_selector("text=Nothing found")
    kept = page.evaluate(KEPT)
    places = {name.split(" ")[1] for name in kept}
    assert places == {
        "/last",
        "/offline",
        *(f"/static/{name}" for name in SHELL),
    }
    everything = json.dumps(kept, ensure_ascii=False) + page.evaluate(STORED)
    for sentinel in SENTINELS:
        assert sentinel not in everything, sentinel
    state = json.loads(next(text for name, text in kept.items() if name.endswith("/last")))
    assert set(state) == {"needs", "more", "until", "heard", "ahead", "zone"}
    assert (1, "answer_promised") in [(need["number"], need["reason"]) for need in state["needs"]]
    assert all(set(need) == {"number", "reason", "due", "severity", "others"} for need in state["needs"])
    answer = page.goto(f"{base}/requests/1")
    assert "no-store" in answer.headers["cache-control"]


def test_the_browser_would_put_it_on_a_home_screen(context, page, town):
    browser = context.new_cdp_session(page)
    manifest = browser.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["start_url"] == "/"
    lacks = {
        error["errorId"] for error in browser.send("Page.getInstallabilityErrors")["installabilityErrors"]
    }
    assert lacks <= {"in-incognito"}  # which the browser of the tests is


@pytest.mark.parametrize("width", [320, 1280])
def test_without_a_line_the_page_says_so_and_another_shows_what_waited(context, page, town, width):
    base = f"http://localhost:{town.port}"
    page.set_viewport_size({"width": width, "height": 800})
    context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    assert "min ago" in page.inner_text("#offline [data-since]")
    page.wait_for_selector("[data-live].lost", state="attached")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    page.goto(f"{base}/people")
    page.wait_for_selector("h1:has-text('You are offline')")
    page.wait_for_selector("li:has-text('#1')")
    shown = page.inner_text("body")
    assert "Last heard" in shown
    assert "Promised: we write by then" in shown
    for sentinel in SENTINELS:
        assert sentinel not in shown
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.set_offline(False)
    page.wait_for_selector("h1:has-text('People')", timeout=40000)  # it looks again by itself, every 15 s
    assert page.url == f"{base}/people"


def test_the_page_is_kept_in_the_language_in_use(context, page, town):
    page.click("[popovertarget=account]")
    page.click("#account button:has-text('Español')")
    page.wait_for_selector("html[lang=es]")
    page.wait_for_function(
        """async () => (await (await caches.match("/offline")).text()).includes('lang="es"')"""
    )
    page.click("[popovertarget=account]")
    page.click("#account button:has-text('English')")
    page.wait_for_selector("html[lang=en]")
    page.wait_for_function(
        """async () => (await (await caches.match("/offline")).text()).includes('lang="en"')"""
    )


def test_words_written_without_a_line_wait_for_a_person_to_send_them(context, page, town):
    page.goto(f"http://localhost:{town.port}/requests/1")
    page.wait_for_selector("html[data-line='yes']")
    context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.fill("#words", "Palabras sin linea")
    page.click("button:has-text('Send to')")
    expect(page.locator("[data-while-out]")).to_be_visible()
    assert page.input_value("#words") == "Palabras sin linea"
    assert page.url.endswith("/requests/1")
    context.set_offline(False)
    expect(page.locator("[data-when-back]")).to_be_visible(timeout=60000)
    page.wait_for_timeout(8000)
    assert not any("sin linea" in text for text in town.texts(ROSA))
    assert page.locator(".bubbles li:has-text('sin linea')").count() == 0
    page.click("button:has-text('Send to')")
    page.wait_for_timeout(500)
    assert page.evaluate("document.activeElement.matches('[data-sure]')")
    assert page.input_value("#words") == "Palabras sin linea"
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    page.click("text=Still right: send it")
    town.wait_for(ROSA, "sin linea")


def test_no_button_is_lost_on_an_error_page(context, page, town):
    page.goto(f"http://localhost:{town.port}/requests/1")
    page.wait_for_selector("html[data-line='yes']")
    context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.click("[popovertarget=actions]")
    page.click("[popovertarget=notes]")
    page.fill("[name=notes]", "Ring twice")
    page.click("form:has([name=notes]) button")
    page.wait_for_timeout(300)
    assert page.input_value("[name=notes]") == "Ring twice"
    assert page.evaluate("document.activeElement.id") == "offline"


def test_what_was_kept_is_gone_once_the_desk_would_have_locked(page, town):
    page.goto(f"http://localhost:{town.port}/offline")  # a board would keep the state anew
    page.evaluate("""async () => {
      const place = await caches.open("last"), kept = await (await place.match("/last")).json();
      await place.put("/last", new Response(JSON.stringify({ ...kept, until: new Date(Date.now() - 1000) })));
    }""")
    page.reload()
    page.wait_for_selector("text=Nothing saved on this device")
    assert not page.evaluate("caches.has('last')")


def test_a_lock_clears_it_and_opening_again_keeps_it_again(page):
    page.route("**/account/lock", lambda route: route.fulfill(json={"locks_in": 0}))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("#locked:not([hidden])")
    page.wait_for_function("async () => !(await caches.has('last'))")
    page.unroute("**/account/lock")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("async () => caches.has('last')")


@pytest.mark.parametrize("ahead", ["enable", "disable"])
def test_a_page_opened_through_the_worker_is_a_persons_act(page, town, ahead):
    """Else a desk would lock while somebody works at it, and a locked one would show an empty page."""
    page.evaluate(f"async () => (await navigator.serviceWorker.ready).navigationPreload.{ahead}()")
    # Acts are written at most every 15 seconds: as if the last was longer ago.
    town.write("UPDATE staff_staffsession SET acted_at = acted_at - interval '16 seconds'")
    locks_in = "fetch('/account/lock').then((one) => one.json())"
    before = page.evaluate(locks_in)["locks_in"]
    page.goto(f"http://localhost:{town.port}/people")
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    assert page.evaluate(locks_in)["locks_in"] > before + 10


def test_signing_out_clears_it_here_and_where_the_session_was_ended(chromium, context, page, town):
    elsewhere = chromium.new_context(storage_state=context.storage_state())
    other = elsewhere.new_page()
    other.goto(f"http://localhost:{town.port}/")
    other.wait_for_function("async () => caches.has('last')")
    page.click("[popovertarget=account]")
    page.click("#account button:has-text('Sign out')")
    page.wait_for_url("**/accounts/login/")
    for tab in (page, other):
        tab.wait_for_function("async () => !(await caches.has('last'))")
        everything = json.dumps(tab.evaluate(KEPT), ensure_ascii=False) + tab.evaluate(STORED)
        for word in (*SENTINELS, '"reason"'):
            assert word not in everything
    elsewhere.close()
