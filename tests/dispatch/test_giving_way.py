"""Who is answered first when texts and waves are due at the same time."""

from datetime import timedelta

from network.conversations.handling.texts import handle_waiting
from network.dispatch.actions.searching import plan_due_searches


def test_a_wave_gives_way_for_a_few_seconds_to_families_who_wait_for_an_answer(world):
    world.responder("Ana")
    rosa, eva = world.member("Rosa"), world.member("Eva")
    rosa.sends("I need help")
    rosa.sends("1")
    world.deliver(rosa.number, "1")
    handle_waiting(now=world.now)
    world.deliver(eva.number, "help")
    for seconds, made in ((0, 0), (2, 0), (1, 1)):
        world.now += timedelta(seconds=seconds)
        assert plan_due_searches(now=world.now) == made


def test_a_strangers_text_holds_no_wave_back(world):
    world.responder("Ana")
    rosa = world.member("Rosa")
    rosa.sends("I need help")
    rosa.sends("1")
    world.deliver(rosa.number, "1")
    handle_waiting(now=world.now)
    world.deliver(world.stranger().number, "hola")
    assert plan_due_searches(now=world.now) == 1
