"""Signed posts in: who is let in, what is stored, how often it has an effect."""

import itertools
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from twilio.request_validator import RequestValidator

from network.messaging import webhooks
from network.messaging.models import Inbound, Outbound, Receipt
from network.messaging.retention import forget_strangers
from network.messaging.rules.states import CARRIER_WORDS, OutState, after_receipt
from network.support.models import SupportRequest

FORM = {"MessageSid": "SM" + "a" * 32, "AccountSid": "AC" + "0" * 32, "From": "+13125550177", "Body": "hola"}


@pytest.mark.parametrize("token", ["token-now", "token-next"])
def test_both_tokens_are_accepted_while_they_rotate(world, token):
    assert world.post("/twilio/sms", FORM, token=token) == 200
    assert Inbound.objects.count() == 1


@pytest.mark.parametrize("signature", ["", "x", "AAAA", RequestValidator("other").compute_signature("x", {})])
def test_a_bad_signature_is_403_and_writes_nothing(world, signature):
    answer = Client().post("/twilio/sms", FORM, headers={"X-Twilio-Signature": signature}, secure=True)
    assert answer.status_code == 403
    assert not Inbound.objects.exists()


def test_a_forged_host_does_not_change_the_verdict(world):
    good = RequestValidator("token-now").compute_signature("https://red.example.org/twilio/sms", FORM)
    answer = Client().post(
        "/twilio/sms",
        FORM,
        headers={"X-Twilio-Signature": good, "X-Forwarded-Host": "evil.example"},
        secure=True,
    )
    assert answer.status_code == 200
    bad = RequestValidator("token-now").compute_signature("https://evil.example/twilio/sms", FORM)
    assert (
        Client().post("/twilio/sms", FORM, headers={"X-Twilio-Signature": bad}, secure=True).status_code
        == 403
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"From": "384387", "To": "12345"}, {"MessageSid": "MM" + "b" * 32}, {"Body": ""},
        {"Body": "\u0000 😀 مرحبا ‮ \u200d " * 20}, {"NumMedia": "2", "MediaUrl0": "https://x"},
        {"Unheard": "of", "FromCity": ""}, {"From": "whatsapp:+13125550177"}, {"NumMedia": "many"},
        {"Body": "  edges  "}, {"From": ""},
    ],
)  # fmt: skip
def test_odd_but_real_posts_are_fine(world, odd):
    form = {**FORM, **odd}
    assert world.post("/twilio/sms", form) == 200
    world.settle()
    text = Inbound.objects.get()
    assert text.state == "handled"
    assert text.body == form["Body"]


def test_an_answer_is_empty_twiml(world):
    signature = RequestValidator("token-now").compute_signature("https://red.example.org/twilio/sms", FORM)
    answer = Client().post("/twilio/sms", FORM, headers={"X-Twilio-Signature": signature}, secure=True)
    assert answer["Content-Type"].startswith("text/xml")
    assert answer.content.endswith(b"<Response/>")


@pytest.mark.server
def test_twenty_copies_at_once_have_one_effect(world):
    rosa = world.member("Rosa")
    seen = []

    def deliver():
        seen.append(world.deliver(rosa.number, "help", sid="SM" + "c" * 32))
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(20)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    world.settle()

    assert seen == [200] * 20
    assert Inbound.objects.count() == 1
    assert len([text for text in rosa.texts if "Are you at home" in text]) == 1


def test_a_text_by_the_fallback_and_again_a_year_later_has_had_its_effect(world):
    rosa, who = world.member("Rosa"), world.stranger()
    for phone, sid in ((rosa, "SM" + "d" * 32), (who, "SM" + "e" * 32)):
        world.deliver(phone.number, "help", sid=sid)
        world.deliver(phone.number, "help", sid=sid, ErrorCode="11200", ErrorUrl="https://red.example.org/")
    world.settle()
    answered = [len(rosa.texts), len(who.texts)]

    world.now += timedelta(days=365)
    world.settle()
    forget_strangers(now=world.now)
    answered_since = len(rosa.texts)
    for phone, sid in ((rosa, "SM" + "d" * 32), (who, "SM" + "e" * 32)):
        assert world.deliver(phone.number, "help", sid=sid) == 200
    world.settle()

    assert answered[1] == 1
    assert [len(rosa.texts), len(who.texts)] == [answered_since, 1]
    assert Inbound.objects.count() == 2


def test_without_a_database_the_carrier_hears_that_it_must_come_again(world, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(webhooks, "receive", gone)
    monkeypatch.setattr(webhooks, "take_receipt", gone)
    door = Client(raise_request_exception=False)
    for path in ("/twilio/sms", "/twilio/status"):
        sign = RequestValidator("token-now").compute_signature(f"https://red.example.org{path}", FORM)
        assert door.post(path, FORM, headers={"X-Twilio-Signature": sign}, secure=True).status_code == 500


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_texts_that_arrive_in_any_order_lead_to_the_same(world, order):
    """Each opens, or is added to, the one request; none is lost; the phone is asked one question."""
    rosa = world.member("Rosa")
    bodies = ("help", "please hurry", "they knock")
    for n in order:
        world.deliver(rosa.number, bodies[n], sid=f"SM{n:032d}")
    world.settle()

    assert world.request().state == "asking"
    assert SupportRequest.objects.count() == 1
    assert sorted(t.body for t in Inbound.objects.all()) == sorted(bodies)
    assert {t.state for t in Inbound.objects.all()} == {"handled"}


def test_texts_of_one_phone_are_handled_in_order(world):
    rosa = world.member("Rosa")
    for body in ("help", "1", "1"):
        world.deliver(rosa.number, body)
    world.settle()
    assert [t.understood for t in Inbound.objects.order_by("arrival")] == [
        "OpenRequest",
        "AtHome",
        "ChooseKind",
    ]


def test_after_three_failures_a_text_goes_to_a_person_and_holds_nothing_back(world, monkeypatch):
    from network.conversations.handling import texts
    from network.conversations.rules import understanding

    world.tolerant = True
    rosa = world.member("Rosa")
    decide = understanding.decide

    def breaks(text, context):
        if text == "boom":
            raise RuntimeError("a private word")
        return decide(text, context)

    monkeypatch.setattr(texts, "decide", breaks)
    world.deliver(rosa.number, "boom")
    world.deliver(rosa.number, "help")
    world.settle()
    assert not rosa.texts
    world.wait(minutes=3)

    assert [t.state for t in Inbound.objects.order_by("arrival")] == ["person", "handled"]
    assert "failed_text" in world.needs()
    assert rosa.got("Are you at home now?")


@pytest.mark.parametrize("first", CARRIER_WORDS)
@pytest.mark.parametrize("second", CARRIER_WORDS)
def test_receipts_only_ever_move_a_text_forward(first, second):
    from network.messaging.rules.states import RANK

    once = after_receipt(OutState.SENT, first)
    assert RANK[after_receipt(once, second)] >= RANK[once] >= RANK[OutState.SENT]


def test_a_receipt_may_come_early_twice_and_for_nothing_we_know(world):
    who = world.stranger()
    who.sends("hola")
    text = Outbound.objects.get()
    for word in ("delivered", "sent", "queued", "delivered", "unheard-of"):
        form = {"MessageSid": text.sid, "MessageStatus": word}
        assert world.post(f"/twilio/status?o={text.pk}", form) == 200
    assert world.post("/twilio/status?o=nothing", {"MessageSid": "SMx", "MessageStatus": "sent"}) == 200
    text.refresh_from_db()
    assert text.state == OutState.DELIVERED
    assert Receipt.objects.count() == 6


def test_a_call_is_answered_in_two_languages_and_flagged(world):
    form = {"CallSid": "CA1", "From": "+13125550177", "To": "+13125550100"}
    signature = RequestValidator("token-now").compute_signature("https://red.example.org/twilio/voice", form)
    answer = Client().post("/twilio/voice", form, headers={"X-Twilio-Signature": signature}, secure=True)
    said = answer.content.decode()
    assert "es-MX" in said
    assert "en-US" in said
    assert "call_came" in world.needs()
