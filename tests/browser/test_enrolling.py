"""A verifier enters a member, and hands the device over: in a browser, by keyboard, on a small screen."""

import subprocess
import sys

import pytest

from tests.browser.axe import Axe
from tests.setup.test_up import ROOT

pytestmark = pytest.mark.browser
VERIFIER = """
from django.utils import timezone
from network.audit.rules import COMMAND_LINE
from network.organizations.models import Organization
from network.staff.actions.accounts import add_staff
from network.staff.actions.sign_in_links import make_sign_in_link
now = timezone.now()
staff = add_staff("v@example.org", role="verifier", organization=Organization.objects.get(slug="casa-azul"),
                  phone="+13125550177", by=COMMAND_LINE, now=now)
print(make_sign_in_link(staff, opens_board=True, now=now))
"""
TYPED = {"phone": "(312) 555-0188", "name": "Luz Typed", "street": "77 Typed Street", "city": "Chicago", "state": "IL",
         "zip": "60629"}  # fmt: skip


@pytest.fixture(scope="module")
def demo(shared):
    return shared


@pytest.fixture
def page(chromium, demo):
    """A verifier of Casa Azul, on a phone."""
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", VERIFIER],
        cwd=ROOT, env=demo.env | {"PORCHLIGHT_DEMO": "1"}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    context = chromium.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(15000)
    page.goto(f"http://localhost:{demo.port}/sign-in/link#{told.stdout.split()[-1]}")
    page.wait_for_url("**/account")
    yield page
    context.close()


def test_a_member_is_entered_and_chooses_a_word_in_private(page, demo):
    here = f"http://localhost:{demo.port}"
    page.goto(f"{here}/people/new/member")
    sentences = page.locator("blockquote")
    assert sentences.count() == 2
    page.select_option("#id_language", "es")
    assert sentences.locator("visible=true").count() == 1
    assert "nos dé su nombre" in sentences.locator("visible=true").inner_text()
    page.fill("#id_name", TYPED["name"])
    page.click("button:has-text('Add')")
    page.wait_for_selector("#problems")
    assert page.evaluate("document.activeElement.id") == "problems"
    assert page.input_value("#id_name") == TYPED["name"]
    assert page.locator("blockquote:visible").count() == 1
    looked_at(page)
    page.click("#problems a:has-text('Their phone')")
    assert page.evaluate("document.activeElement.id") == "id_phone"
    for name, value in TYPED.items():
        page.fill(f"#id_{name}", value)
    page.check("#id_consented")
    page.check("#id_met")
    page.click("button:has-text('Add')")
    page.wait_for_selector("text=What happens next")
    assert "Typed Street" not in page.content()
    looked_at(page)

    page.click("main a:has-text('Hand them the phone')")
    looked_at(page)
    page.check("[name=present]")
    page.click("text=On this device")
    page.wait_for_selector("text=Nobody should look on")
    page.wait_for_url(lambda url: "#" not in url)  # the page takes its secret out of the address by itself
    page.click("#private button:has-text('Begin')")
    page.wait_for_selector("#id_word")
    assert "Luz" not in page.content()
    looked_at(page)
    page.fill("#id_word", "help")
    page.click("button:has-text('Save')")
    page.wait_for_selector("text=keeps this word for itself")
    page.fill("#id_word", "libretita")
    page.click("button:has-text('Save')")
    page.wait_for_selector("text=No one can see it")
    looked_at(page)
    page.go_back()
    page.goto(f"{here}/people")
    assert "Luz" not in page.content()
    assert page.locator("h1:visible").inner_text() == "Confirm it's you"


def looked_at(page):
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
