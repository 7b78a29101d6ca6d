"""Many workers at the waiting texts: each takes phones that nobody else is at, the longest waiting first."""

import pytest

from network.conversations.actions import PHONES_AT_ONCE, handle_texts, handle_waiting
from network.messaging.models import Contact, Inbound
from tests.beside import at_once, held_by_another


def waiting():
    return Inbound.objects.filter(state="waiting").count()


@pytest.fixture
def families(world):
    return [world.member(f"Rosa {n}") for n in range(PHONES_AT_ONCE + 4)]


def test_some_phones_are_handled_the_longest_waiting_first(world, families):
    for rosa in families:
        world.deliver(rosa.number, "ayuda")
    assert handle_waiting(now=world.now) == PHONES_AT_ONCE
    assert waiting() == 4
    assert handle_waiting(now=world.now) == 4
    assert handle_waiting(now=world.now) == 0


def test_a_hundred_texts_of_one_phone_hide_nobodys(world, families):
    for n in range(100):
        world.deliver(families[0].number, f"ayuda {n}")
    world.deliver(families[1].number, "ayuda")
    handle_waiting(now=world.now)
    assert waiting() == 0


def test_a_phone_that_somebody_is_at_is_left_to_them(world, families):
    for rosa in families[:2]:
        world.deliver(rosa.number, "ayuda")
    first = Inbound.objects.order_by("arrival")[0].contact_id

    def hold():
        list(Contact.objects.select_for_update(no_key=True).filter(pk=first))

    with held_by_another(hold):
        assert handle_waiting(now=world.now) == 1
    assert waiting() == 1
    assert handle_texts(first, now=world.now) == 1


def test_four_at_once_handle_each_text_once(world, families):
    for rosa in families:
        world.deliver(rosa.number, "ayuda")
    handled = at_once([lambda: sum(iter(lambda: handle_waiting(now=world.now), 0)) for _ in range(4)])
    while more := handle_waiting(now=world.now):  # one may have found all that it saw taken
        handled.append(more)
    assert sum(handled) == len(families)
    world.settle()
    assert all(sum("home" in text for text in rosa.texts) == 1 for rosa in families)
