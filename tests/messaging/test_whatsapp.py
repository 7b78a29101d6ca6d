"""WhatsApp lets us write for a while after their last word; where it says no, what follows goes by SMS."""

from datetime import timedelta

import pytest

from network.messaging.contacts import contact_of, mark_unreachable, opt_out
from network.messaging.models import Outbound
from network.messaging.outbox import sending
from network.messaging.outbox.queueing import Purpose, queue
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text

OURS = "whatsapp:+13125550100"


@pytest.fixture
def rosa(world):
    """A member who has just written by WhatsApp, and was asked where she is."""
    rosa = world.member("Rosa")
    world.deliver(f"whatsapp:{rosa.number}", "help", To=OURS)
    world.settle()
    return rosa


def say(world, rosa, text=Text.KIND, **purpose):
    return queue(rosa.number, text, "en", purpose=Purpose(**({"lane": Lane.ANSWER} | purpose)), now=world.now)


def fails(world, text, code):
    text.refresh_from_db()
    form = {"MessageSid": text.sid, "MessageStatus": "failed", "ErrorCode": str(code)}
    assert world.post(f"/twilio/status?o={text.pk}", form) == 200


def ways(world, words):
    return [to for _, to, body in world.carrier.log if words in body]


@pytest.mark.parametrize("code", [63016, 63024, 63049, 12345])
def test_a_text_that_whatsapp_did_not_bring_goes_by_sms_and_so_does_what_follows(world, rosa, code):
    text = say(world, rosa)
    sending.drain()
    fails(world, text, code)
    world.settle()
    say(world, rosa, Text.SEARCHING)
    world.settle()

    assert ways(world, "What do you need?") == [f"whatsapp:{rosa.number}", rosa.number]
    assert ways(world, "We are looking") == [rosa.number]
    assert "refused_send" not in world.needs()
    fails(world, text, code)  # its receipt may come twice
    world.settle()
    assert len(ways(world, "What do you need?")) == 2


def test_a_text_that_whatsapp_refuses_at_once_goes_by_sms(world, rosa):
    world.carrier.refuses[f"whatsapp:{rosa.number}"] = 63016
    say(world, rosa)
    world.settle()
    assert ways(world, "What do you need?") == [rosa.number]


def test_texts_owed_already_go_by_sms_too(world, rosa):
    first = say(world, rosa)
    sending.drain()
    for text in (Text.SEARCHING, Text.FURTHER):
        say(world, rosa, text)
    fails(world, first, 63016)
    world.settle()
    assert ways(world, "We are looking") == ways(world, "We have it.") == [rosa.number]


def test_a_text_that_waits_past_the_window_goes_by_sms(world, rosa):
    say(world, rosa, not_before=world.now + timedelta(hours=24))
    world.now += timedelta(hours=25)
    sending.drain()
    assert ways(world, "What do you need?") == [rosa.number]


def test_once_they_write_by_whatsapp_again_it_is_used_again(world, rosa):
    text = say(world, rosa)
    sending.drain()
    fails(world, text, 63016)
    world.wait(minutes=5)
    world.deliver(f"whatsapp:{rosa.number}", "1", To=OURS)
    world.settle()
    assert ways(world, "What do you need?")[-1] == f"whatsapp:{rosa.number}"


def test_an_offer_that_whatsapp_did_not_bring_is_still_their_offer(world):
    ana = world.responder("Ana")
    world.deliver(f"whatsapp:{ana.number}", "hello", To=OURS)
    world.settle()
    world.now += timedelta(seconds=10)
    world.member("Rosa").asks()
    offer = Outbound.objects.get(offer_id__isnull=False)
    fails(world, offer, 63016)
    world.settle()
    assert ways(world, "Can you go now?") == [f"whatsapp:{ana.number}", ana.number]
    ana.accepts()
    assert ana.got("You are going")


def test_who_stopped_our_texts_gets_none_by_the_other_way(world, rosa):
    text = say(world, rosa)
    sending.drain()
    opt_out(contact_of(rosa.number, now=world.now).pk, now=world.now)
    fails(world, text, 63016)
    world.settle()
    assert ways(world, "What do you need?") == [f"whatsapp:{rosa.number}"]


def test_where_no_text_can_go_by_sms_either_a_person_is_told(world, rosa):
    mark_unreachable(contact_of(rosa.number, now=world.now).pk, code=30006, now=world.now)
    text = say(world, rosa)
    sending.drain()
    fails(world, text, 63016)
    world.settle()
    assert "refused_send" in world.needs()


def test_a_stop_said_by_whatsapp_s_carrier_is_a_stop(world, rosa):
    text = say(world, rosa)
    sending.drain()
    fails(world, text, 21610)
    world.settle()
    assert say(world, rosa) is None
