"""A slow line: whoever presses again, since nothing seems to happen, sends one text and makes one promise."""

import pytest

from tests.browser.slow_line import slow_line
from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser
TWICE = """(selector) => {
  const button = document.querySelector(selector);
  button.click();
  setTimeout(() => button.click(), 700);
}"""


@pytest.fixture
def line(demo):
    with slow_line(demo.port) as line:
        yield line


@pytest.fixture
def page(context, demo, line):
    demo.text(ROSA, "hola, necesito ayuda")
    demo.wait_for(ROSA, "en casa", within=60)
    page = context.new_page()
    page.goto(f"http://localhost:{line.port}/requests/1")
    page.wait_for_load_state("networkidle")
    yield page
    page.close()


def press_twice(page, line, selector):
    """As a finger does: again after 0.7 s, while the first answer is still on the line."""
    line.delay = 2.0
    page.evaluate(TWICE, selector)
    page.wait_for_selector("text=You pressed twice", timeout=60000)
    line.delay = 0.0


def test_send_and_promise_pressed_again_after_seven_tenths_of_a_second_act_once(page, line, demo):
    page.fill("#words", "Estamos aquí con usted.")
    press_twice(page, line, "form.composer .composer-foot button.primary")
    demo.wait_for(ROSA, "Estamos aquí con usted.", within=60)

    page.goto(f"http://localhost:{line.port}/account")
    page.fill("input[name=name]", "Ana Coordinadora")
    page.press("input[name=name]", "Enter")
    page.goto(f"http://localhost:{line.port}/requests/1")
    page.wait_for_load_state("networkidle")
    page.click("[popovertarget=promise]")
    page.select_option("select[name=how]", "write")
    press_twice(page, line, "form[action$='/promise'] button")
    demo.wait_for(ROSA, "Ana Coordinadora", within=60)
    for words in ("Estamos aquí", "Ana Coordinadora"):
        assert sum(words in text for text in demo.texts(ROSA)) == 1
