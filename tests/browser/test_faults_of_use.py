"""What went wrong for people at work, each shown in a browser: what a live page offers is true, and stays in place."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.setup.test_up import ANA, ROSA

pytestmark = pytest.mark.browser
GRACE, LUZ = "+13125550102", "+13125550103"

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


@pytest.fixture(scope="module")
def town(demo):
    """Three families have asked, in this order."""
    for phone, words, then in (
        (ROSA, "tocan la puerta", "en casa"),
        (LUZ, "ayuda", "en casa"),
        (GRACE, "I need help", "at home"),
    ):
        demo.text(phone, words)
        demo.wait_for(phone, then)
    return demo


@pytest.fixture
def page(context, town):
    page = context.new_page()
    yield page
    page.close()


def test_what_panels_fetch_anew_offers_the_same_and_leads_back_to_the_whole_page(demo, page):
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
        for _ in range(10):  # until the step has come to both
            page.wait_for_timeout(1000)
            fresh.goto(f"{base}/requests/1")
            live(fresh)
            expected = fresh.evaluate(CONTROLS)
            if page.evaluate(CONTROLS) == expected:
                break
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


def test_a_field_that_may_not_be_used_any_more_is_taken_away(demo, page):
    """Their phone stopped our texts while the page was open: nobody writes into the void."""
    page.goto(f"http://localhost:{demo.port}/requests/2")
    live(page)
    assert page.is_visible("form.composer button.primary")
    demo.text(LUZ, "STOP")
    expect(page.locator("form.composer button.primary")).to_be_hidden()
    page.click("text=Look again")
    page.wait_for_selector("text=has stopped our texts")
    demo.text(LUZ, "START")
    page.click("text=Look again")
    expect(page.locator("form.composer button.primary")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(390, 800), (1280, 420)])
def test_after_a_press_a_page_is_where_it_was_and_says_so_in_sight(demo, page, width, height):
    base = f"http://localhost:{demo.port}"
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{base}/people")
    page.click("main a:has-text('Ana Torres')")
    page.wait_for_load_state("networkidle")
    button = page.locator("form[action$='/do/rest'] button")
    button.evaluate("one => one.scrollIntoView({ block: 'center' })")
    before = page.evaluate("document.scrollingElement.scrollTop")
    assert before > 100
    for _ in range(2):
        page.wait_for_timeout(1200)  # a person reads what was said; their next press still counts
        with page.expect_navigation():
            page.click("form[action$='/do/rest'] button")
        page.wait_for_load_state("networkidle")
        assert abs(page.evaluate("document.scrollingElement.scrollTop") - before) < 120
        notice = page.locator("#shown > .notice")
        expect(notice).to_have_class(re.compile(r"\bok\b"))  # nothing like a warning
        expect(notice).to_be_in_viewport(ratio=0.9)
    page.mouse.wheel(0, 10)
    page.reload()
    expect(page.locator("#shown > .notice")).to_have_count(0)


PLACES = """() => [...document.querySelectorAll(".request > * > :is(.tabs, .pane), .request-head")]
  .filter((one) => one.offsetParent)
  .map((one) => { const box = one.getBoundingClientRect(); return [one.className, box.left, box.right, box.top >= 0 && box.bottom <= innerHeight]; })"""


def test_what_was_said_after_a_press_leaves_a_request_its_columns(demo, page):
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(f"http://localhost:{demo.port}/requests/2")
    live(page)
    before = page.evaluate(PLACES)
    assert len(before) == 4
    page.fill("#words", "Ya lo leímos")
    with page.expect_navigation():
        page.click("form.composer button.primary")
    live(page)
    expect(page.locator("[data-said]")).to_be_in_viewport()
    assert page.evaluate(PLACES) == before
    with page.expect_navigation():
        page.click("[data-held] button")
    live(page)
    assert page.evaluate(PLACES) == before
    page.fill("#words", "")


def test_in_spanish_nothing_of_the_board_lies_over_another(demo, context):
    page = context.new_page()
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(f"http://localhost:{demo.port}/")
    live(page)
    page.click("[popovertarget=account]")
    page.click("#account button:has-text('Español')")
    page.wait_for_selector("html[lang=es]")
    live(page)
    page.wait_for_selector("[data-ringing]")
    over = """() => {
      const box = (one) => one.getBoundingClientRect();
      const spilled = [...document.querySelectorAll(".case > p")].filter((one) => one.scrollWidth > one.clientWidth + 1);
      const under = [...document.querySelectorAll(".strip > :is(.find, .new-request)")]
        .filter((one) => box(one).left < box(document.querySelector(".alarm")).right);
      const who = document.querySelector(".alarm-who");
      const cut = box(who).right > box(who.parentElement).right + 1 || box(who).width < 36 ? [who] : [];
      return [...spilled, ...under, ...cut].map((one) => one.className);
    }"""
    assert page.evaluate(over) == []
    page.click("[popovertarget=account]")
    page.click("#account button:has-text('English')")
    page.wait_for_selector("html[lang=en]")
    page.close()


def test_after_a_press_a_request_shows_the_same_tab(demo, page):
    base = f"http://localhost:{demo.port}"
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{base}/requests/2")
    live(page)
    page.click(".tabs a:has-text('People')")
    with page.expect_navigation():
        page.evaluate("document.querySelector('.holder form, .request-needs form').requestSubmit()")
    assert page.url.endswith("/requests/2?tab=people")
    expect(page.locator(".tabs [aria-current]")).to_have_text("People")
    expect(page.locator("#people")).to_be_visible()
    page.goto(f"{base}/requests/2")
    expect(page.locator(".tabs [aria-current]")).to_have_text("Conversation")


def test_a_number_is_shown_at_once_after_the_key_and_a_reload_asks_nothing(demo, page):
    base = f"http://localhost:{demo.port}"
    demo.write("UPDATE staff_staffsession SET reauthenticated_at = NULL")
    page.goto(f"{base}/requests/2")
    live(page)
    page.click("[popovertarget=actions]")
    page.click("#actions button:has-text('Call Luz')")
    page.click("text=Go on")  # in the key's place
    page.wait_for_selector(f"a[href='tel:{LUZ}']")
    asked = []
    page.on(
        "request", lambda request: asked.append(request.method) if request.is_navigation_request() else None
    )
    page.reload()
    page.wait_for_selector(f"a[href='tel:{LUZ}']")
    assert asked == ["GET"]


def test_an_address_that_takes_a_press_only_leads_to_the_page_above_it(demo, page):
    base = f"http://localhost:{demo.port}"
    for path, page_above in (
        ("/requests/2/do/write", "/requests/2"),
        ("/duty/do/add", "/duty"),
        ("/staff/invite", "/staff"),
        ("/account/password", "/account"),
        ("/organizations/do/propose", "/organizations"),
        ("/views", "/"),
        ("/needs/next", "/needs"),
    ):
        page.goto(f"{base}{path}")
        assert page.url == f"{base}{page_above}", path
    page.goto(f"{base}/duty")
    form = page.locator("form[action$='/duty/do/add']")
    form.locator("[name=day]").fill("2020-01-01")
    form.locator("[name=start]").fill("08:00")
    form.locator("[name=end]").fill("16:00")
    with page.expect_navigation():
        form.evaluate("one => { one.noValidate = true; one.requestSubmit(one.querySelector('button')); }")
    page.wait_for_selector("#problems")
    asked = []
    page.on(
        "request", lambda request: asked.append(request.method) if request.is_navigation_request() else None
    )
    page.reload()
    assert page.url == f"{base}/duty"
    assert set(asked) == {"GET"}


def test_another_language_or_look_keeps_what_was_filled_in(demo, page):
    base = f"http://localhost:{demo.port}"
    typed = {"name": "Zoila Nueva", "phone": "(312) 555-0166", "street": "9 Elm Street", "zip": "60629"}
    page.goto(f"{base}/people/new/member")
    for name, value in typed.items():
        page.fill(f"#id_{name}", value)
    page.check("#id_consented")
    page.select_option("#id_language", "es")
    for choice, shown in (
        ("Español", "html[lang=es]"),
        ("English", "html[lang=en]"),
        ("Night", "[data-theme=night]"),
    ):
        page.click("[popovertarget=account]")
        page.click(f"#account button:has-text('{choice}')")
        page.wait_for_selector(shown)
        page.wait_for_load_state("networkidle")
        assert {name: page.input_value(f"#id_{name}") for name in typed} == typed
        assert page.is_checked("#id_consented")
        assert page.input_value("#id_language") == "es"
        assert page.locator("blockquote:visible").count() == 1
    page.click("[popovertarget=account]")
    page.click("#account button:has-text('Match device')")
    page.wait_for_selector("html:not([data-theme])")
    page.goto(f"{base}/requests/2")
    page.click("[popovertarget=actions]")
    page.click("[popovertarget=notes]")
    page.fill("[name=notes]", "two dogs")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    for choice in ("Español", "English"):
        page.click("[popovertarget=account]")
        page.click(f"#account button:has-text('{choice}')")
        page.wait_for_load_state("networkidle")
        assert page.input_value("[name=notes]") == "two dogs"
    assert "Zoila" not in page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")


# Whatever the first of these says, and each of the times, from the first drawing on.
SAID = """
window.said = { live: [], times: [] };
new MutationObserver(() => {
  const live = document.querySelector("[data-live] span")?.textContent;
  if (live && live !== window.said.live.at(-1)) window.said.live.push(live);
  for (const one of document.querySelectorAll("main time[data-until], main time[data-age]")) {
    const shape = one.textContent.trim().replace(/[0-9]+/g, "0");
    if (shape && !window.said.times.includes(shape)) window.said.times.push(shape);
  }
}).observe(document, { childList: true, subtree: true, characterData: true });
"""


def test_no_page_says_not_live_while_it_opens_and_times_keep_their_form(context, demo):
    base = f"http://localhost:{demo.port}"
    page = context.new_page()
    page.add_init_script(SAID)
    for path in ("/", "/requests/2", "/people"):
        page.goto(f"{base}{path}")
        live(page)
        page.wait_for_timeout(1200)
        said = page.evaluate("window.said")
        assert not [words for words in said["live"] if "Not live" in words], path
        for shape in said["times"]:
            assert re.fullmatch(r"(in )?0 (s|min|d)( late)?|(in )?0 h 0 min( late)?", shape), (path, shape)
    words = page.goto(f"{base}/") and page.inner_text("body")
    assert not re.search(r"\bneed \d+\b", words)
    page.close()


def test_a_locked_desk_asks_for_no_panel_but_the_alarm(demo, page):
    page.goto(f"http://localhost:{demo.port}/")
    live(page)
    page.route("**/account/lock", lambda route: route.fulfill(json={"locks_in": 0}))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("#locked:not([hidden])")
    page.wait_for_load_state("networkidle")
    asked = []
    page.on(
        "request",
        lambda request: (
            asked.append(request.url.split("/", 3)[3]) if request.resource_type == "fetch" else None
        ),
    )
    for n in range(3):
        demo.text(LUZ, f"hola {n}")
    page.wait_for_timeout(2500)
    assert "duty/ringing" in asked
    assert not [path_ for path_ in asked if path_.startswith(("board", "requests"))]
    page.unroute("**/account/lock")
    with page.expect_response("**/board/all"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#locked")).to_be_hidden()


def test_the_biggest_button_opens_what_it_says_and_presets_nothing(demo, page):
    base = f"http://localhost:{demo.port}"
    page.goto(f"{base}/requests/3")
    live(page)
    for name in ("kind", "set-time"):
        page.evaluate(
            """(name) => { const all = [...document.querySelectorAll(`[popovertarget=${name}]`)]; window.one = all[0]; }""",
            name,
        )
    page.click(".next-step [popovertarget=kind]")
    expect(page.locator("select[name=kind]")).to_be_visible()
    assert page.input_value("select[name=kind]") == ""
    page.keyboard.press("Escape")
    page.click("[popovertarget=actions]")
    page.click("#actions [popovertarget=set-time]")
    page.fill("[name=day]", f"{datetime.now(UTC).date() + timedelta(days=10)}")
    page.fill("[name=hour]", "10:00")
    page.click("#set-time button.primary")
    page.wait_for_selector("#shown > .notice, [data-said]")
    if page.locator(".next-step [popovertarget=set-time]").count():
        page.click(".next-step [popovertarget=set-time]")
        expect(page.locator("#set-time [name=day]")).to_be_visible()
