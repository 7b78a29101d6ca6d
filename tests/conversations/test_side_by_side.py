"""Many hands at the waiting texts: each takes phones that nobody else is at, and phones take turns."""

from datetime import timedelta

import pytest

from network.conversations.handling.texts import TEXTS_AT_ONCE, handle_waiting
from network.messaging.models import Contact, Inbound
from tests.beside import at_once, held_by_another


def of(phone):
    return Contact.objects.get(fingerprint=phone.person.fingerprint)


def waiting():
    return Inbound.objects.filter(state="waiting").count()


@pytest.fixture
def families(world):
    return [world.member(f"Rosa {n}") for n in range(TEXTS_AT_ONCE + 4)]


def test_a_few_are_handled_at_a_time_the_longest_waiting_first(world, families):
    for rosa in families:
        world.deliver(rosa.number, "ayuda")
    assert handle_waiting(now=world.now) == TEXTS_AT_ONCE
    assert waiting() == 4
    assert handle_waiting(now=world.now) == 4
    assert handle_waiting(now=world.now) == 0


def test_a_hundred_texts_of_one_phone_hide_nobodys(world, families):
    for n in range(100):
        world.deliver(families[0].number, f"ayuda {n}")
    world.deliver(families[1].number, "ayuda")
    handle_waiting(now=world.now)
    assert waiting() == 101 - TEXTS_AT_ONCE
    assert not Inbound.objects.filter(state="waiting", contact__in=[of(families[1])]).exists()


def test_texts_of_one_phone_are_handled_in_their_order(world, families):
    for word in ("help", "1", "1"):
        world.deliver(families[0].number, word)
    assert at_once([lambda: sum(iter(lambda: handle_waiting(now=world.now), 0)) for _ in range(4)])
    while handle_waiting(now=world.now):
        pass
    assert [text.understood for text in Inbound.objects.order_by("arrival")] == [
        "OpenRequest",
        "AtHome",
        "ChooseKind",
    ]


def test_what_has_to_be_tried_again_holds_back_its_own_phone_only(world, families):
    for rosa in families[:2]:
        world.deliver(rosa.number, "ayuda")
    world.deliver(families[0].number, "1")
    first = Inbound.objects.filter(contact=of(families[0])).order_by("arrival")
    Inbound.objects.filter(pk=first[0].pk).update(next_attempt_at=world.now + timedelta(seconds=5))
    assert handle_waiting(now=world.now) == 1
    assert waiting() == 2
    world.now += timedelta(seconds=5)
    assert handle_waiting(now=world.now) == 2


def test_a_phone_that_somebody_is_at_is_left_to_them(world, families):
    for rosa in families[:2]:
        world.deliver(rosa.number, "ayuda")
    first = Inbound.objects.order_by("arrival")[0].contact_id

    def hold():
        list(Contact.objects.select_for_update(no_key=True).filter(pk=first))

    with held_by_another(hold):
        assert handle_waiting(now=world.now) == 1
    assert waiting() == 1
    assert handle_waiting(now=world.now) == 1


def test_four_at_once_handle_each_text_once(world, families):
    for rosa in families:
        world.deliver(rosa.number, "ayuda")
    handled = at_once([lambda: sum(iter(lambda: handle_waiting(now=world.now), 0)) for _ in range(4)])
    while more := handle_waiting(now=world.now):  # one may have found all that it saw taken
        handled.append(more)
    assert sum(handled) == len(families)
    world.settle()
    assert all(sum("home" in text for text in rosa.texts) == 1 for rosa in families)
