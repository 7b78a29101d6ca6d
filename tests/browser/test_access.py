"""In a browser: from an invitation to the board by a passkey; an idle desk; being signed out elsewhere."""

import re
import subprocess
import sys
import time
from zlib import crc32

import pytest

from tests.browser.axe import Axe
from tests.setup.test_up import ROOT, ROSA, Network

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    network = Network(tmp_path_factory.mktemp("demo") / "var")
    yield network
    if network.process.poll() is None:
        network.stop()


@pytest.fixture(scope="module")
def steward(chromium, demo):
    """The demo's steward, in a browser of theirs."""
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    made.set_default_timeout(15000)
    page = made.new_page()
    page.goto(re.search(r"http\S+#\S+", demo.said)[0])
    page.wait_for_url(f"http://localhost:{demo.port}/")
    yield page
    made.close()


@pytest.fixture
def newcomer(chromium):
    """Somebody's laptop, with a key in it."""
    made = chromium.new_context(reduced_motion="reduce")
    made.set_default_timeout(15000)
    page = made.new_page()
    cdp = made.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    made.close()


def invite(steward, demo, email: str, role: str = "coordinator") -> str:
    steward.goto(f"http://localhost:{demo.port}/staff")
    steward.fill("[name=email]", email)
    steward.fill("[name=phone]", f"+1312555{1000 + crc32(email.encode()) % 9000}")
    steward.select_option("[name=role]", role)
    if role == "verifier":
        steward.select_option("[name=organization]", index=1)
    steward.click("text=Make their link")
    if steward.locator("text=This demo has no passkey").count():
        steward.click("text=Go on")
        return invite(steward, demo, email, role)
    return steward.inner_text("code")


def come_in(page, demo, link: str) -> None:
    """From the link to the board by one's own passkey."""
    base = f"http://localhost:{demo.port}"
    page.goto(link)
    page.wait_for_url(f"{base}/account")
    page.goto(f"{base}/people")
    assert page.url == f"{base}/account"  # nothing of anybody before a factor is set
    page.click("text=Add a passkey")
    page.fill("[name=name]", "laptop")
    assert page.is_checked("[name=passwordless]")
    with page.expect_navigation():
        page.click("#mfa_webauthn_add")
    assert len(re.findall(r"\b\d{8}\b", page.locator("main").inner_html())) == 10  # recovery codes, once
    assert page.is_visible("main a:has-text('To your account')")
    page.click("[popovertarget=account]")
    page.click("#account button:has-text('Sign out')")
    page.wait_for_url(re.compile("login"))
    page.click("#passkey_login")
    page.wait_for_url(re.compile(rf"{base}/(account)?$"))


def later(demo, email: str, minutes: int) -> None:
    """As if that person had done nothing for so long."""
    words = (
        "from datetime import timedelta; from django.db.models import F;"
        "from network.staff.models import StaffSession as S;"
        f"S.objects.filter(staff__email='{email}').update(acted_at=F('acted_at')-timedelta(minutes={minutes}))"
    )
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", words], cwd=ROOT, env=demo.env, check=True
    )


def test_from_the_invitation_to_the_board_an_idle_desk_and_out_within_two_seconds(demo, steward, newcomer):
    base = f"http://localhost:{demo.port}"
    come_in(newcomer, demo, invite(steward, demo, "new@example.org"))
    newcomer.wait_for_selector("html[data-line='yes']")

    # A request page with words half typed; the desk falls idle.
    demo.text(ROSA, "tocan la puerta")
    newcomer.wait_for_selector("text=New request")
    newcomer.click("main a:has-text('#1') >> nth=0")
    newcomer.wait_for_selector("html[data-line='yes']")
    assert newcomer.is_visible("h1:has-text('Rosa')")
    newcomer.fill("#words", "half a sentence")
    later(demo, "new@example.org", 21)
    demo.text(ROSA, "1")  # any hint makes the page fetch, and find that it is locked
    newcomer.wait_for_selector("#locked:visible")
    assert not newcomer.is_visible("h1:has-text('Rosa')")
    assert newcomer.get_attribute("html", "data-line") == "yes"  # the line stays up for the alarm
    assert Axe().run(newcomer).violations_count == 0
    newcomer.click("text=Open again")
    newcomer.set_viewport_size({"width": 320, "height": 640})
    assert "Rosa" not in newcomer.content()
    assert Axe().run(newcomer).violations_count == 0
    assert newcomer.evaluate("document.documentElement.scrollWidth") <= 320
    newcomer.click("#shown a.button.primary")
    newcomer.click("#mfa_webauthn_reauthenticate")
    newcomer.wait_for_url(f"{base}/requests/1")
    assert newcomer.input_value("#words") == "half a sentence"

    # A button pressed at a locked desk is not done; its words are kept.
    newcomer.fill("#words", "a whole sentence")
    later(demo, "new@example.org", 21)
    newcomer.click("text=Send to Rosa")
    newcomer.wait_for_selector("text=go through")
    newcomer.click("#shown a.button.primary")
    newcomer.click("#mfa_webauthn_reauthenticate")
    newcomer.wait_for_url(f"{base}/requests/1")
    assert newcomer.input_value("#words") == "a whole sentence"
    newcomer.click("text=Send to Rosa")
    demo.wait_for(ROSA, "a whole sentence")
    assert newcomer.input_value("#words") == ""

    # Signed out by another, with the page and the socket open.
    newcomer.wait_for_selector("html[data-line='yes']")
    steward.goto(f"{base}/staff")
    steward.click("main a:has-text('new')")
    began = time.monotonic()
    steward.click("text=Sign out everywhere")
    newcomer.wait_for_selector("[data-live] span:has-text('Signed out')")
    took = time.monotonic() - began
    print(f"revoked in another browser: seen on the open page after {took:.2f} s")
    assert took < 2
    newcomer.wait_for_selector("#signed-out:visible")  # the open page shows nobody any more
    assert "Rosa" not in newcomer.content()
    assert Axe().run(newcomer).violations_count == 0
    newcomer.goto(f"{base}/requests/1")
    assert "/accounts/login/" in newcomer.url


def test_a_page_without_a_socket_asks_and_is_covered_too(demo, steward, newcomer):
    come_in(newcomer, demo, invite(steward, demo, "verifier@example.org", "verifier"))
    newcomer.goto(f"http://localhost:{demo.port}/people")
    newcomer.wait_for_selector("main tbody a")
    newcomer.goto(f"http://localhost:{demo.port}/sheets")
    for width in (1280, 320):
        newcomer.set_viewport_size({"width": width, "height": 800})
        results = Axe().run(newcomer)
        assert results.violations_count == 0, results.generate_report()
        assert newcomer.evaluate("document.documentElement.scrollWidth") <= width
    newcomer.goto(f"http://localhost:{demo.port}/people")
    steward.goto(f"http://localhost:{demo.port}/staff")
    steward.click("main a:has-text('verifier')")
    steward.click("text=Sign out everywhere")
    newcomer.wait_for_selector("#signed-out:visible", timeout=17000)
    assert newcomer.locator("main tbody tr").count() == 0


@pytest.mark.parametrize("path", ["/account/touch", "/accounts/2fa/webauthn/"])
def test_the_pages_about_keys_are_accessible(demo, steward, path):
    steward.goto(f"http://localhost:{demo.port}{path}")
    for width in (1280, 320):
        steward.set_viewport_size({"width": width, "height": 800})
        results = Axe().run(steward)
        assert results.violations_count == 0, results.generate_report()
        assert steward.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_of_one_of_staff_is_accessible_on_a_phone(demo, steward):
    link = invite(steward, demo, "other@example.org")
    assert "/sign-in/link#" in link
    steward.set_viewport_size({"width": 320, "height": 800})
    assert steward.evaluate("document.documentElement.scrollWidth") <= 320
    steward.goto(f"http://localhost:{demo.port}/staff")
    steward.click("main a:has-text('other')")
    results = Axe().run(steward)
    assert results.violations_count == 0, results.generate_report()
    assert steward.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/accounts/login/", "/sign-in/link", "/visit"])
def test_the_doors_are_one_column_from_the_top(chromium, demo, path, width):
    context = chromium.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"http://localhost:{demo.port}{path}")
    card = page.locator("main h1:visible").first.bounding_box()
    assert page.locator("main").bounding_box()["width"] >= min(width, 600)
    assert 0 <= card["x"] < width / 2
    if path != "/visit":
        strip = page.locator(".strip").bounding_box()
        assert (strip["x"], strip["y"], strip["width"]) == (0, 0, width)
        assert card["y"] >= strip["height"]
    context.close()


OLD = "This browser is too old: the alarm may not ring here"
VIEJO = "Este navegador es demasiado viejo: es posible que la alarma no suene aquí"
LACKS = {
    "sockets": "delete window.WebSocket",
    "sound": "delete window.AudioContext",
    "watching": "delete window.MutationObserver",
    "asking": "delete window.fetch",
    "waiting for all": "delete Promise.allSettled",
    "the last of a list": "delete Array.prototype.at",
    ":has in styles": "CSS.supports = (asked) => !asked.includes(':has')",
    "styles that can be asked": "delete window.CSS",
    "modules": "delete HTMLScriptElement.prototype.noModule",
}


@pytest.mark.parametrize("path", ["/accounts/login/", "/sign-in/link"])
def test_signing_in_says_when_a_browser_is_too_old_for_the_alarm(chromium, demo, path):
    base = f"http://localhost:{demo.port}"
    for lacks, script in {"nothing": "", **LACKS}.items():
        context = chromium.new_context(reduced_motion="reduce")
        page = context.new_page()
        page.add_init_script(script)
        for language, words in (("en", OLD), ("es", VIEJO)):
            context.add_cookies([{"name": "django_language", "value": language, "url": base}])
            page.goto(f"{base}{path}")
            assert page.locator("#too-old").is_visible() == (lacks != "nothing"), lacks
            if lacks != "nothing":
                assert words in page.inner_text("#too-old"), lacks
        if lacks == "sound":
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 800})
                assert Axe().run(page).violations_count == 0
                assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
