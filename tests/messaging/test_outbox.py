"""Sending: what was lost is looked for before it is repeated."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.messaging.contacts import contact_of, opt_out
from network.messaging.gateway import protocol
from network.messaging.models import Outbound
from network.messaging.outbox import sending
from network.messaging.outbox.queueing import Purpose, queue, queue_free
from network.messaging.rules.states import LEASE, Lane, OutState
from network.messaging.texts.keys import Text
from tests.beside import waits_for

PHONE = "+13125550188"


def owe(world, phone=PHONE, **purpose):
    return queue(phone, Text.KIND, "en", purpose=Purpose(**({"lane": Lane.ANSWER} | purpose)), now=world.now)


def state():
    return Outbound.objects.get().state


def test_a_lost_answer_is_looked_for_and_not_sent_twice(world):
    owe(world)
    world.carrier.knows = "sent"
    world.carrier.takes_and_fails = [protocol.LostAnswer()]
    world.settle()
    assert state() == OutState.UNKNOWN
    world.wait(minutes=1)
    assert state() == OutState.SENT
    assert len(world.carrier.log) == 1


def test_a_text_that_the_carrier_never_had_is_sent_again(world):
    owe(world)
    world.carrier.knows = "sent"
    world.carrier.fails = [protocol.LostAnswer()]
    world.settle()
    assert world.carrier.log == []
    world.wait(minutes=1)
    assert state() == OutState.SENT
    assert len(world.carrier.log) == 1


def test_a_worker_killed_in_the_middle_leaves_a_lease_that_runs_out(world):
    owe(world)
    sending.claim(1, now=world.now)
    world.settle()
    assert state() == OutState.SENDING
    world.now += LEASE + timedelta(seconds=1)
    world.settle()
    assert state() == OutState.UNKNOWN  # its call may still be open: the carrier is only asked
    assert world.carrier.log == []
    world.wait(minutes=2)
    assert state() == OutState.DELIVERED
    assert len(world.carrier.log) == 1


def test_what_would_have_followed_it_to_the_same_phone_goes_when_the_lease_is_over(world):
    """Its call had not begun, and its row says so."""
    owe(world)
    owe(world)
    letters = sending.claim(2, now=world.now)
    assert [letter.begun for letter in letters] == [True, False]
    held = Outbound.objects.in_bulk([letter.id for letter in letters])
    assert [held[letter.id].in_flight_until is not None for letter in letters] == [True, False]


def test_the_first_of_two_to_a_phone_is_written_down_before_the_second_is_called(world, monkeypatch):
    owe(world)
    owe(world)
    seen, send = [], world.carrier.send

    def look(**given):
        seen.append(list(Outbound.objects.order_by("order").values_list("state", flat=True)))
        return send(**given)

    monkeypatch.setattr(world.carrier, "send", look)
    sending.settle_taken(sending.send(sending.claim(2, now=world.now)))
    assert seen == [["sending", "sending"], ["sent", "sending"]]
    assert set(Outbound.objects.values_list("state", flat=True)) == {"sent"}


def test_a_text_that_waited_behind_a_slow_call_is_looked_at_once_more_before_its_own(world):
    owe(world)
    letters = sending.claim(1, now=world.now)
    world.now += sending.BEGINS_WITHIN * 2
    opt_out(Outbound.objects.get().contact_id, now=world.now)
    assert sending.send(letters) == []
    assert state() == OutState.WITHDRAWN
    assert world.carrier.log == []


def test_what_the_carrier_took_is_written_down_in_the_same_statements_however_many(world):
    took = {}
    for many in (1, 6):
        for n in range(many):
            owe(world, f"+1312555{many}0{n}0")
        letters = sending.claim(6, now=world.now)
        assert len(letters) == many
        taken = [sent for letter in letters for sent in sending.send([letter])]
        with CaptureQueriesContext(connection) as ran:
            sending.settle_taken(taken)
        took[many] = len(ran.captured_queries)
        assert Outbound.objects.filter(state=OutState.SENT, sid="").count() == 0
    assert took[1] == took[6]


def test_a_row_that_a_receipt_holds_is_waited_for_and_the_others_are_not(world):
    for n in range(3):
        owe(world, f"+1312555010{n}")
    taken = [sent for letter in sending.claim(3, now=world.now) for sent in sending.send([letter])]
    held = taken[1][0].id

    def hold():
        list(Outbound.objects.select_for_update().filter(pk=held))

    waits_for(hold, lambda: sending.settle_taken(taken))
    assert Outbound.objects.filter(state=OutState.SENT).count() == 3


def test_a_slow_down_is_waited_out(world):
    owe(world)
    world.carrier.knows = "sent"
    world.carrier.fails = [protocol.NotReached()]
    world.settle()
    assert state() == OutState.OWED
    world.wait(minutes=1)
    assert state() == OutState.SENT


def test_nothing_is_sent_after_an_opt_out(world):
    owe(world)
    opt_out(contact_of(PHONE, now=world.now).pk, now=world.now)
    world.settle()
    assert owe(world) is None
    assert world.carrier.log == []
    assert state() == OutState.WITHDRAWN


def test_an_offer_is_never_sent_late(world):
    owe(world, expires_at=world.now + timedelta(minutes=1))
    world.now += timedelta(minutes=2)
    world.settle()
    assert state() == OutState.EXPIRED


def test_21610_marks_the_phone_opted_out(world):
    owe(world)
    world.carrier.refuses[PHONE] = 21610
    world.settle()
    assert state() == OutState.REFUSED
    assert contact_of(PHONE, now=world.now).opted_out_at is not None


def test_responders_who_cant_be_reached_are_skipped_at_once(world):
    near = [world.responder(f"Near{n}", zip="60629", pin=None) for n in range(10)]
    for responder in near:
        world.carrier.refuses[responder.number] = 21610
    far = world.responder("Far", zip="60647", pin=None)
    world.member("Rosa").asks()
    for _ in range(4):  # wave upon wave, and no time passes
        world.settle()

    assert far.got("Can you go now?")
    assert not any(responder.texts for responder in near)


def test_answers_to_members_go_before_offers(world):
    queue(PHONE, Text.KIND, "en", purpose=Purpose(Lane.REMINDER), now=world.now)
    queue(PHONE, Text.JOINED, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    assert sending.claim(1, now=world.now)[0].body.startswith("You are signed up")


def test_texts_to_one_phone_keep_their_order(world, monkeypatch):
    import time

    send = world.carrier.send

    def slow_first(*, body, **rest):
        time.sleep(0.1 if body.startswith("first") else 0)
        return send(body=body, **rest)

    monkeypatch.setattr(world.carrier, "send", slow_first)
    for words in ("first", "second", "third"):
        queue_free(PHONE, words, purpose=Purpose(Lane.ANSWER), now=world.now)
    sending.drain()
    assert [body for _, _, body in world.carrier.log] == ["first", "second", "third"]


def test_a_phone_that_another_worker_is_texting_waits_for_it(world):
    owe(world)
    assert len(sending.claim(1, now=world.now)) == 1
    owe(world)
    assert sending.claim(1, now=world.now) == []
    world.now += LEASE + timedelta(seconds=1)
    assert len(sending.claim(2, now=world.now)) == 2


def test_the_rate_is_kept(world, settings):
    settings.TWILIO_RATE = 1
    for _ in range(5):
        owe(world)
    assert len(sending.claim(10, now=world.now)) == 2  # one segment, and a second ahead at most
    world.now += timedelta(seconds=2)
    assert len(sending.claim(10, now=world.now)) <= 3


@pytest.mark.server
def test_two_workers_never_claim_the_same_text(world):
    for n in range(20):
        queue(f"+1312555{n:04d}", Text.KIND, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    claimed = []

    def work():
        while letters := sending.claim(3, now=world.now):
            claimed.extend(letter.id for letter in letters)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(claimed) == len(set(claimed)) == 20
