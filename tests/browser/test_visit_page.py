"""The responder's page on a second device, and on a line that is lost at the door."""

import re

import pytest

from tests.setup.test_up import ANA, ROSA

pytestmark = pytest.mark.browser
HOME = "text=1200 W Sample St"


@pytest.fixture
def link(demo):
    """Of Ana's visit to Rosa."""
    demo.text(ROSA, "tocan la puerta")
    demo.wait_for(ROSA, "en casa")
    for answer, then in (("1", "abogado"), ("1", "Ya buscamos")):
        demo.text(ROSA, answer)
        demo.wait_for(ROSA, then)
    demo.text(ANA, re.search(r"(\d\d) = I can go", demo.wait_for(ANA, "can go"))[1])
    return re.search(r"http\S+/visit#\S+", demo.wait_for(ANA, "/visit#"))[0]


@pytest.fixture
def phone(chromium, link):
    """Makes one browser after another that has the link open."""
    made = []

    def opened():
        context = chromium.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
        context.set_default_timeout(20000)
        made.append(context)
        page = context.new_page()
        page.goto(link)
        return page

    yield opened
    for context in made:
        context.close()


def give_pin(page):
    page.fill("[name=pin]", "2468")
    page.click("text=Show the address")


def test_the_link_moves_once_and_a_lost_line_takes_no_address_away(phone):
    in_app, own, third = phone(), phone(), phone()
    give_pin(in_app)
    in_app.wait_for_selector(HOME)

    give_pin(own)
    own.wait_for_selector("text=This link is open on another phone or browser.")
    assert "Sample" not in own.content()
    own.click("text=It was me: open it here")
    own.wait_for_selector(HOME)

    give_pin(third)
    third.wait_for_selector("[data-why=refused]")
    assert "Sample" not in third.content()

    own.context.set_offline(True)
    own.click("text=I am there")
    own.wait_for_selector("text=No answer. Check your connection")
    assert own.is_visible(HOME)
    own.context.set_offline(False)
    own.click("text=I am there")
    own.wait_for_selector("[data-shown]:not(:has-text('I am there'))")
    assert not own.is_visible("p:has-text('No answer')")

    own.reload()
    assert "Sample" not in own.content()
    give_pin(own)
    own.wait_for_selector(HOME)

    in_app.click("text=I am there")
    in_app.wait_for_selector("[data-why=refused]")
    assert "Sample" not in in_app.content()
