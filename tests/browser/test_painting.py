"""What a hint's codes say is on the board before anything is fetched, and what is fetched replaces it."""

import re

import pytest

from tests.setup.test_up import ROSA

pytestmark = pytest.mark.browser
GRACE = "+13125550102"


@pytest.fixture
def board(context, demo):
    page = context.new_page()
    page.goto(f"http://localhost:{demo.port}/")
    page.wait_for_selector("[data-live] span:has-text('Live')")
    page.wait_for_load_state("networkidle")
    yield page
    page.close()


def open_rows(page):
    return page.locator("[data-paints] li.row")


def test_a_need_shows_without_a_fetch_then_its_claim_then_its_end(context, demo, board):
    board.route("**/board/all", lambda route: route.abort())
    before = open_rows(board).count()
    demo.text(ROSA, "tocan la puerta")
    board.wait_for_selector("[data-paints] li.row:has-text('New request: read it')")
    fresh = board.locator("[data-paints] li.row", has_text="New request: read it").last
    assert open_rows(board).count() > before
    assert re.search(r"due|waiting", fresh.inner_text())
    assert "Rosa" not in board.inner_text("[data-paints]")

    name = fresh.get_attribute("id")
    other = context.new_page()
    other.goto(f"http://localhost:{demo.port}/")
    other.click(f"#{name} button:has-text('Claim')")
    board.wait_for_selector(f"#{name}:has-text('taken')")
    other.wait_for_load_state("networkidle")
    other.click(f"#{name} button:has-text('Give back')")
    board.wait_for_selector(f"#{name}:not(:has-text('taken'))")
    other.wait_for_load_state("networkidle")
    other.click(f"#{name} button:has-text('Done')")
    board.wait_for_selector(f"#{name}", state="detached")
    other.close()


def test_one_fetch_brings_every_panel_and_replaces_what_was_painted(demo, board):
    asked = []
    board.on("request", lambda request: asked.append(request.url.split("/", 3)[3]))
    demo.text(GRACE, "I need help")
    board.wait_for_selector("[data-paints] li.row:has-text('Grace')")
    due = board.locator("[data-paints] li.row time").evaluate_all(
        "all => all.map((one) => Date.parse(one.dateTime))"
    )
    assert due == sorted(due)
    assert set(asked) <= {"board/all", "duty/ringing"}
