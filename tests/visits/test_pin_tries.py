"""A PIN's tries are counted before it is looked at, however many come at once."""

from functools import partial

import pytest

from network.people.models import Responder
from network.visits.actions import page
from network.visits.actions.page import PageRefused, open_page
from network.visits.rules.stages import PIN_TRIES
from tests.beside import at_once
from tests.world import DEVICE, PIN


@pytest.fixture
def token(world):
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    rosa.asks()
    ana.accepts()
    return ana.link_token()


def tried_at_once(world, token, pins):
    """What each of these tries found, all begun together."""

    def tries(pin):
        try:
            return pin, open_page(token, pin, device=DEVICE, now=world.now).name
        except PageRefused as refused:
            return pin, refused.why

    return at_once([partial(tries, pin) for pin in pins])


@pytest.fixture
def looked(monkeypatch):
    seen, real = [], page.check_pin

    def check(responder, pin):
        seen.append(pin)
        return real(responder, pin)

    monkeypatch.setattr(page, "check_pin", check)
    return seen


def test_of_fifty_at_once_five_are_looked_at(world, token, looked):
    answers = tried_at_once(world, token, [f"{n:04}" for n in range(7000, 7050)])

    assert len(looked) == PIN_TRIES
    assert [why for _, why in answers].count("wrong_pin") == PIN_TRIES - 1
    assert [why for _, why in answers].count("locked") == 50 - PIN_TRIES + 1
    assert Responder.objects.get().pin_locked_at
    assert "pin_locked" in world.needs()


def test_the_last_try_is_one_for_all_who_come_at_once(world, token, looked):
    Responder.objects.update(pin_tries=PIN_TRIES - 1)
    answers = tried_at_once(world, token, ["0000", "1111", "2222", PIN])

    let_in = [pin for pin, what in answers if what == "Rosa"]
    if looked[0] == PIN:  # theirs was the last try, and what follows a right PIN begins anew
        assert let_in == [PIN]
    else:
        assert len(looked) == 1
        assert let_in == []


def test_a_try_that_was_cut_short_is_spent_and_the_last_one_rings(world, token, monkeypatch):
    Responder.objects.update(pin_tries=PIN_TRIES)  # the process ended before it had looked

    with pytest.raises(PageRefused, match="locked"):
        open_page(token, PIN, device=DEVICE, now=world.now)

    assert Responder.objects.get().pin_locked_at == world.now
    assert "pin_locked" in world.needs()
