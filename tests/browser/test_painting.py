"""What a hint's codes say is on the board before anything is fetched, and what is fetched replaces it."""

import re

import pytest
from playwright.sync_api import expect

from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser
GRACE = "+13125550102"


@pytest.fixture
def board(context, demo):
    page = context.new_page()
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector("html[data-line='yes']")
    page.wait_for_load_state("networkidle")
    yield page
    page.close()


def open_rows(page):
    return page.locator("[data-paints] li.need")


def test_a_need_shows_without_a_fetch_then_its_claim_then_its_end(context, demo, board):
    board.route("**/board/all", lambda route: route.abort())
    before = open_rows(board).count()
    demo.text(ROSA, "tocan la puerta")
    board.wait_for_selector("[data-paints] li.need:has-text('New request: read it')")
    fresh = board.locator("[data-paints] li.need", has_text="New request: read it").last
    assert open_rows(board).count() > before
    assert re.search(r"soon|act now", fresh.inner_text())
    assert "Rosa" not in board.inner_text("[data-paints]")

    name = fresh.get_attribute("id")
    other = context.new_page()
    other.goto(f"http://localhost:{demo.port}/")

    def press(button):
        with other.expect_navigation():
            other.click(f"#{name} .row-more")
            other.click(f'#{name} .menu button:has-text("{button}")')

    press("I've got it")
    board.wait_for_selector(f"#{name}:has-text('taken')")
    press("Release")
    board.wait_for_selector(f"#{name}:not(:has-text('taken'))")
    press("Done")
    board.wait_for_selector(f"#{name}", state="detached")
    other.close()


def test_one_fetch_brings_every_panel_and_replaces_what_was_painted(demo, board):
    asked = []
    board.on(
        "request",
        lambda request: (
            asked.append(request.url.split("/", 3)[3]) if request.resource_type == "fetch" else None
        ),
    )
    demo.text(GRACE, "I need help")
    board.wait_for_selector("[data-paints] li.need:has-text('Grace')")
    due = board.locator("[data-paints] li.need time").evaluate_all(
        "all => all.map((one) => Date.parse(one.dateTime))"
    )
    assert due == sorted(due)
    assert set(asked) <= {"board/all", "duty/ringing"}


def test_a_button_that_is_being_pressed_is_not_swapped_away(demo, board):
    demo.text(ROSA, "hola")
    button = board.wait_for_selector(
        "[data-paints] .need-act button.primary, [data-paints] .need-act button.tonal"
    )
    at = button.bounding_box()
    board.mouse.move(at["x"] + 5, at["y"] + 5)
    board.mouse.down()
    before = open_rows(board).count()
    demo.text("+13125550199", "is anybody there")
    expect(open_rows(board)).not_to_have_count(before)
    board.wait_for_timeout(1500)
    assert button.is_visible()  # the very same one, not another in its place
    board.mouse.up()
