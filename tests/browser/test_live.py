"""Nothing is missed: a cut line, a flood of changes while somebody types, a line that dies without a word."""

import re
import time

import pytest

from network.messaging.rules.segments import segments
from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser
SAMPLES = ("", "a" * 160, "a" * 161, "a" * 306, "a" * 307, "á" + "a" * 69, "á" + "a" * 70, "😀" * 36,
           "a" * 66 + "😀" * 5 + "b" * 60, "a" * 159 + "€", "éñü¿¡" * 32)  # fmt: skip


@pytest.fixture
def request_page(context, demo):
    demo.text(ROSA, "ayuda")
    demo.wait_for(ROSA, "en casa")
    page = context.new_page()
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector("html[data-line='yes']")
    page.click("main a:has-text('#1') >> nth=0")
    page.wait_for_url("**/requests/1")
    page.wait_for_selector("html[data-line='yes']")
    yield page
    page.close()


def test_what_came_while_the_line_was_cut_is_there_once_and_typed_words_stay(context, demo, request_page):
    page = request_page
    page.fill("#words", "media frase")
    page.evaluate("document.querySelector('#words').setSelectionRange(5, 5)")
    context.set_offline(True)
    page.wait_for_selector("[data-live].lost", timeout=60000, state="attached")
    stamp = page.text_content("[data-live] time")
    for n in range(5):
        demo.text(ROSA, f"mensaje numero {n}")
    time.sleep(2.5)
    assert page.text_content("[data-live] time") == stamp  # the stamp tells when, not that the clock goes on
    context.set_offline(False)
    page.wait_for_selector("text=mensaje numero 4")
    for n in range(5):
        assert page.locator(f".bubbles li:has-text('mensaje numero {n}')").count() == 1
    for n in range(50):
        demo.text(ROSA, f"mas {n}")
    page.wait_for_selector("text=mas 49")
    assert page.input_value("#words") == "media frase"
    assert page.evaluate("document.activeElement.id") == "words"
    assert page.evaluate("document.querySelector('#words').selectionStart") == 5


def test_the_field_counts_parts_as_the_server_does_and_keeps_what_is_written(demo, request_page):
    page = request_page
    for words in SAMPLES:
        page.fill("#words", words)
        told = page.inner_text("[data-parts]")
        assert int(re.match(r"\d+", told)[0]) == segments(words).parts, (words[:5], told)
    page.fill("#words", "Ana ya va")
    page.wait_for_selector("[data-kept]:has-text('kept')")
    page.reload()
    assert page.input_value("#words") == "Ana ya va"
    page.click("[popovertarget=replies]")
    page.click("#replies [data-insert] >> nth=0")
    assert page.input_value("#words").startswith("Ana ya va Una persona del equipo")


def test_words_are_taken_back_on_the_page_that_sent_them(demo, request_page):
    page = request_page
    page.fill("#words", "Palabras sin pensar")
    page.click("button:has-text('Send to')")
    page.click("button:has-text('Undo')")
    page.wait_for_selector("text=Taken back")
    assert page.input_value("#words") == "Palabras sin pensar"
    time.sleep(7)
    assert not any("sin pensar" in text for text in demo.texts(ROSA))
