"""The hourly text to our own second number: out, back within a minute, or on the board."""

from datetime import timedelta

import pytest

from network import engine
from network.configuration import Misconfigured, read
from network.messaging.canary import AGAIN, BACK_IN, EVERY
from network.messaging.models import Canary, Contact, Inbound

SECOND = "+13125550177"
OURS = "+13125550100"


@pytest.fixture
def town(world, settings):
    settings.CANARY_NUMBER = SECOND
    engine.send_canary(now=world.now)
    world.settle()
    return world


def sent(world):
    return [body for _, to, body in world.carrier.log if to == SECOND]


def test_it_goes_out_comes_back_and_is_due_again_in_an_hour(town):
    (words,) = sent(town)
    town.now += timedelta(seconds=4)
    assert town.deliver(OURS, words, To=SECOND) == 200
    town.settle()
    bird = Canary.objects.get()
    assert (bird.code, bird.lost_at, bird.took) == ("", None, timedelta(seconds=4))
    assert Inbound.objects.get().understood == "Canary"
    town.wait(minutes=59)
    assert len(sent(town)) == 1
    town.wait(minutes=1)
    first, second = sent(town)
    assert first != second
    assert town.needs() == []


def test_one_that_does_not_come_back_in_a_minute_rings_once_and_is_still_when_the_next_is_back(town):
    town.now += BACK_IN - timedelta(seconds=1)
    town.settle()
    assert "canary_lost" not in town.needs()
    town.now += timedelta(seconds=1)
    town.settle()
    town.settle()
    assert town.needs().count("canary_lost") == 1
    town.now += AGAIN  # sooner than in an hour
    town.settle()
    assert len(sent(town)) == 2
    assert town.needs().count("canary_lost") == 1
    town.deliver(OURS, sent(town)[-1], To=SECOND)
    town.settle()
    assert "canary_lost" not in town.needs()


def test_one_that_comes_back_late_ends_the_alarm_too(town):
    town.now += BACK_IN
    town.settle()
    town.deliver(OURS, sent(town)[0], To=SECOND)
    town.settle()
    assert "canary_lost" not in town.needs()


def test_an_older_one_does_not_pass_for_this_hours(town):
    town.deliver(OURS, sent(town)[0], To=SECOND)
    town.settle()
    old = sent(town)[0]
    town.now += EVERY
    town.settle()
    town.deliver(OURS, old, To=SECOND)
    town.now += BACK_IN
    town.settle()
    assert "canary_lost" in town.needs()


def test_strangers_by_the_hundred_do_not_hold_it_up(town):
    for n in range(120):
        town.deliver(f"+1773555{n:04}", "hola", sid=f"SM{n:031x}e")
    town.deliver(OURS, sent(town)[0], To=SECOND)
    assert Inbound.objects.filter(ours=True).count() == 1
    engine.handle_waiting_texts(now=town.now)
    from network.conversations.handling.texts import handle_waiting

    handle_waiting(now=town.now)
    assert Canary.objects.get().seen_at == town.now


def test_what_somebody_else_sends_to_that_number_is_read_by_a_person_and_answered_by_nobody(town):
    rosa = town.member("Rosa")
    before = len(rosa.texts)
    rosa.sends("ayuda", To=SECOND)
    assert "failed_text" in town.needs()
    assert len(rosa.texts) == before
    assert Canary.objects.get().seen_at is None


def test_our_number_is_never_answered_even_if_the_second_is_forgotten(town, settings):
    settings.CANARY_NUMBER = ""
    (words,) = sent(town)
    town.deliver(OURS, words, To=SECOND)
    town.settle()
    assert [to for _, to, _ in town.carrier.log if to == OURS] == []


def test_without_the_number_nothing_is_sent_and_an_old_alarm_ends(town, settings):
    town.now += BACK_IN
    town.settle()
    assert "canary_lost" in town.needs()
    settings.CANARY_NUMBER = ""
    engine.send_canary(now=town.now)
    assert "canary_lost" not in town.needs()
    assert not Canary.objects.exists()
    town.wait(hours=2)
    assert len(sent(town)) == 1


def test_the_second_numbers_contact_is_forgotten_like_a_strangers(town):
    town.deliver(OURS, sent(town)[0], To=SECOND)
    town.settle()
    assert Contact.objects.count() == 2
    assert not any(contact.key_id is None for contact in Contact.objects.all())


@pytest.mark.parametrize("number", ["3125550199", "+1 312 555 0199", "+0123456789", "+13125550100"])
def test_what_is_no_second_number_is_refused_with_a_sentence(number, tmp_path):
    env = {"DATA_DIR": str(tmp_path), "CANARY_NUMBER": number, "TWILIO_NUMBER": OURS}
    with pytest.raises(Misconfigured, match="CANARY_NUMBER must be a"):
        read(env, demo=False, port=None)
