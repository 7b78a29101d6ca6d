"""A slow line: whoever presses again, since nothing seems to happen, sends one text and makes one promise."""

import pytest

from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser


@pytest.fixture
def page(context, demo):
    demo.text(ROSA, "hola, necesito ayuda")
    demo.wait_for(ROSA, "en casa")
    one = context.new_page()
    one.goto(f"http://localhost:{demo.port}/requests/1")
    yield one
    one.close()


def slowly(page):
    """Every post reaches the server at once, and its answer comes two seconds later."""

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 2000, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    return session


def press_twice(page, selector):
    """As a finger does: again after 0.7 s, while the first is still on the line."""
    page.evaluate(
        """(selector) => {
          const button = document.querySelector(selector);
          button.click();
          setTimeout(() => button.click(), 700);
        }""",
        selector,
    )


def bubbles(page, words):
    return page.locator("[data-panel$='/talk'] li.ours", has_text=words)


def test_send_pressed_again_after_seven_tenths_of_a_second_sends_one_text(page, demo):
    slowly(page)
    page.fill("#words", "Estamos aquí con usted.")
    press_twice(page, "form.composer button.main")
    page.wait_for_selector("text=You pressed twice: it was done once.", timeout=60000)
    page.goto(f"http://localhost:{demo.port}/requests/1")
    assert bubbles(page, "Estamos aquí con usted.").count() == 1
    demo.wait_for(ROSA, "Estamos aquí con usted.")
    assert sum("Estamos aquí" in text for text in demo.texts(ROSA)) == 1


def test_a_promise_pressed_again_is_made_once(page, demo):
    page.goto(f"http://localhost:{demo.port}/account")
    page.fill("input[name=name]", "Ana Coordinadora")
    page.press("input[name=name]", "Enter")
    page.wait_for_load_state("networkidle")
    page.goto(f"http://localhost:{demo.port}/requests/1")
    slowly(page)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.select_option("select[name=how]", "write")
    press_twice(page, "form[action$='/promise'] button")
    page.wait_for_selector("text=You pressed twice: it was done once.", timeout=60000)
    demo.wait_for(ROSA, "Ana Coordinadora")
    assert sum("Ana Coordinadora" in text for text in demo.texts(ROSA)) == 1
