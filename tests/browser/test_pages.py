"""What a person sees: the main job in a browser, sign-in by passkey, and no accessibility violation."""

import re
import subprocess
import sys
import time

import pytest

from tests.browser.axe import Axe
from tests.setup.test_up import ANA, ROOT, ROSA

pytestmark = pytest.mark.browser
LUZ, LUIS = "+13125550103", "+13125550112"


@pytest.fixture
def board(context, demo):
    page = context.new_page()
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector("html[data-line='yes']")
    yield page
    page.close()


def test_the_whole_job_is_seen_live_and_the_address_only_on_the_visit_page(context, demo, board, chromium):
    problems, elsewhere = [], []
    board.on("pageerror", lambda error: problems.append(str(error)))
    context.on("request", lambda r: elsewhere.append(r.url) if "//localhost" not in r.url else None)
    demo.text(ROSA, "tocan la puerta")
    began = time.monotonic()
    board.wait_for_selector("text=New request")
    assert time.monotonic() - began < 5  # under a second on a quiet machine
    demo.wait_for(ROSA, "en casa")
    for answer, then in (("1", "abogado"), ("1", "Ya buscamos")):
        demo.text(ROSA, answer)
        demo.wait_for(ROSA, then)
    code = re.search(r"(\d\d) = I can go", demo.wait_for(ANA, "can go"))[1]
    demo.text(ANA, code)
    link = re.search(r"http\S+/visit#\S+", demo.wait_for(ANA, "/visit#"))[0]
    board.wait_for_selector(".case:has-text('Ana Torres'):has-text('on the way')")
    assert "W Sample" not in board.content()

    board.click("main a:has-text('#1') >> nth=0")
    board.fill("#words", "half a sentence")
    demo.text(ROSA, "gracias")
    board.wait_for_selector(".bubbles li:has-text('gracias')")
    assert board.input_value("#words") == "half a sentence"

    visit = chromium.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce").new_page()
    visit.goto(link)
    visit.fill("[name=pin]", "1111")
    visit.click("text=Show the address")
    visit.wait_for_selector("text=4 tries are left")
    visit.fill("[name=pin]", "2468")
    visit.click("text=Show the address")
    visit.wait_for_selector("text=1200 W Sample St")
    assert visit.evaluate("document.documentElement.scrollWidth") <= 320
    assert Axe().run(visit).violations_count == 0
    visit.click("text=I am there")
    visit.wait_for_selector("[data-shown]:not(:has-text('I am there'))")
    visit.click("text=We are done")
    visit.wait_for_selector("text=Thank you. Closed.")
    demo.wait_for(ROSA, "¿Vino Ana?")
    assert problems == []
    assert elsewhere == []


def test_the_first_board_is_small_enough_for_a_slow_phone(chromium, context, demo):
    """150 kB on the wire with all that it loads; the state of a first visit, with nothing kept from before."""
    fresh = chromium.new_context(storage_state=context.storage_state(), service_workers="block")
    page, asked = fresh.new_page(), []
    page.on("response", lambda answer: asked.append(answer.request) if answer.status == 200 else None)
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector("html[data-line='yes']")
    page.wait_for_load_state("networkidle")
    sizes = [request.sizes()["responseBodySize"] for request in asked]
    assert len(sizes) > 5
    print(f"first board: {len(sizes)} answers, {sum(sizes)} bytes")
    assert sum(sizes) < 150_000
    fresh.close()


def test_a_cut_line_says_so_and_catches_up(context, demo, board):
    context.set_offline(True)
    board.evaluate("() => {}")
    demo.text("+13125550199", "hola")
    context.set_offline(False)
    board.evaluate("window.dispatchEvent(new Event('online'))")
    board.wait_for_selector("text=A text from an unknown phone")


def test_a_persons_page_has_no_accessibility_violation_either(context, demo):
    page = context.new_page()
    page.goto(f"http://localhost:{demo.port}/people")
    page.click("main a:has-text('Ana Torres')")
    page.wait_for_selector("text=Never send together")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_vouches_are_taken_back_from_a_small_phone_by_day_and_by_night(context, demo, scheme):
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(color_scheme=scheme)
    for path, then in (
        ("/vouches", "main a:has-text('Sol Medina') >> nth=0"),
        (None, "text=Take back…"),
        (None, None),
    ):
        if path:
            page.goto(f"http://localhost:{demo.port}{path}")
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        if then:
            page.click(then)
            page.wait_for_load_state()
    page.wait_for_selector("text=Who would no longer have enough vouches")
    page.wait_for_selector("text=suspended at once")
    page.close()


def test_whom_to_ask_keeps_what_is_typed_and_opened_and_is_accessible_on_a_phone(context, demo):
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"http://localhost:{demo.port}/people")
    page.click("main a:has-text('Sol Medina')")
    page.click("text=Let them rest for 24 hours")
    demo.text(LUZ, "ayuda")
    demo.wait_for(LUZ, "en casa")
    for words, then in (("1", "abogado"), ("1", "Ya buscamos")):
        demo.text(LUZ, words)
        demo.wait_for(LUZ, then)
    page.goto(f"http://localhost:{demo.port}/")
    page.goto(f"http://localhost:{demo.port}/requests/2?tab=people")
    page.click("li:has-text('Sol Medina') summary")
    page.fill("li:has-text('Sol Medina') [name=reason]", "half a sentence")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.focus("main")
    demo.wait_for(LUIS, "60632")
    demo.text(LUIS, "2")
    page.wait_for_selector(".lines li:has-text('Luis Vega said no.')", state="attached")
    assert page.input_value("li:has-text('Sol Medina') [name=reason]") == "half a sentence"
    page.fill("li:has-text('Sol Medina') [name=reason]", "")
    page.focus("main")
    demo.text(LUZ, "gracias")
    page.wait_for_selector(".asked li.no:has-text('Luis Vega')")
    assert page.is_visible("li:has-text('Sol Medina') [name=reason]")
    page.close()


def test_a_new_coordinator_sets_a_passkey_before_the_board_opens_and_signs_in_with_it(chromium, demo):
    made = subprocess.run(
        [sys.executable, "manage.py", "add_staff", "new@example.org", "--role", "coordinator"],
        cwd=ROOT, env=demo.env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    context = chromium.new_context(reduced_motion="reduce")
    context.set_default_timeout(15000)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    base = f"http://localhost:{demo.port}"
    page.goto(made.stdout.strip())
    page.wait_for_url(f"{base}/account")
    page.goto(f"{base}/")
    assert page.url == f"{base}/account"
    page.click("text=Add a passkey")
    page.fill("[name=name]", "laptop")
    if page.locator("[name=passwordless]").count():
        page.check("[name=passwordless]")
    with page.expect_navigation():
        page.click("#mfa_webauthn_add")
    page.goto(f"{base}/")
    page.wait_for_selector("html[data-line='yes']")
    page.click("[popovertarget=account]")
    page.click("#account button:has-text('Sign out')")
    page.wait_for_url(re.compile("login"))
    page.click("#passkey_login")
    page.wait_for_selector("html[data-line='yes']")
    context.close()
