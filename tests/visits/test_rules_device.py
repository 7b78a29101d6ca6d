"""On which phone or browser a link opens."""

import pytest

from network.visits.rules.device import MOST_MOVES, VIEWS_ASIDE, LinkAnswer, is_worth_a_look, opening

FIRST, SECOND = b"first", b"second"


@pytest.mark.parametrize(
    ("bound", "device", "moves", "wants_move", "found"),
    [
        (None, FIRST, 0, False, LinkAnswer.BIND),
        (None, FIRST, 0, True, LinkAnswer.BIND),
        (FIRST, FIRST, 0, False, LinkAnswer.SHOW),
        (FIRST, FIRST, 0, True, LinkAnswer.SHOW),
        (FIRST, FIRST, MOST_MOVES, False, LinkAnswer.SHOW),
        (FIRST, SECOND, 0, False, LinkAnswer.ASK),
        (FIRST, SECOND, 0, True, LinkAnswer.MOVE),
        (FIRST, SECOND, MOST_MOVES, False, LinkAnswer.REFUSE),
        (FIRST, SECOND, MOST_MOVES, True, LinkAnswer.REFUSE),
        (FIRST, SECOND, MOST_MOVES + 5, True, LinkAnswer.REFUSE),
    ],
)
def test_a_link_opens_on_one_device_and_moves_once(bound, device, moves, wants_move, found):
    assert opening(bound, device, moves=moves, wants_move=wants_move) is found


@pytest.mark.parametrize(
    ("views", "told"),
    [
        (1, False),
        (VIEWS_ASIDE - 1, False),
        (VIEWS_ASIDE, True),
        (VIEWS_ASIDE + 1, False),
        (2 * VIEWS_ASIDE, True),
    ],
)
def test_many_views_are_told_of_once_for_each_so_many(views, told):
    assert is_worth_a_look(views) is told
