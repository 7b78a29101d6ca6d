"""The carrier's fields have formats: what doesn't match is refused or set aside, and is never an error."""

import pytest

from network.messaging.models import Inbound, Outbound, Receipt
from network.messaging.rules.fields import is_to_us, misfit

ACCOUNT = "AC" + "0" * 32
ROSA = "+13125550177"
TEXT = {
    "MessageSid": "SM" + "a" * 32,
    "AccountSid": ACCOUNT,
    "From": ROSA,
    "To": "+13125550100",
    "Body": "hola",
}
RECEIPT = {"MessageSid": "SM" + "a" * 32, "AccountSid": ACCOUNT, "MessageStatus": "sent"}
CALL = {"CallSid": "CA" + "a" * 32, "AccountSid": ACCOUNT, "From": ROSA, "To": "+13125550100"}

WRONG = [
    ("/twilio/sms", TEXT, "MessageSid", "SM" + "a" * 498), ("/twilio/sms", TEXT, "MessageSid", "SM\0" + "a" * 31),
    ("/twilio/sms", TEXT, "MessageSid", "SM a"), ("/twilio/sms", TEXT, "MessageSid", ""),
    ("/twilio/sms", TEXT, "MessageSid", "SM" + "\u0661" * 32), ("/twilio/sms", TEXT, "SmsSid", "x" * 65),
    ("/twilio/sms", TEXT, "AccountSid", ACCOUNT + "\0"), ("/twilio/sms", TEXT, "AccountSid", "AC" + "9" * 32),
    ("/twilio/sms", TEXT, "From", ROSA + "\0"), ("/twilio/sms", TEXT, "From", "+1" * 500),
    ("/twilio/sms", TEXT, "To", "\0"), ("/twilio/sms", TEXT, "NumMedia", "1\0"),
    ("/twilio/sms", TEXT, "OptOutType", "STOP\0"),
    ("/twilio/status", RECEIPT, "MessageSid", "SM\0"), ("/twilio/status", RECEIPT, "MessageSid", "S" * 500),
    ("/twilio/status", RECEIPT, "MessageStatus", "sent\0"), ("/twilio/status", RECEIPT, "MessageStatus", "s" * 500),
    ("/twilio/status", RECEIPT, "ErrorCode", "\0"), ("/twilio/status", RECEIPT, "AccountSid", "AC" + "9" * 32),
    ("/twilio/voice", CALL, "From", "\0"), ("/twilio/voice", CALL, "CallSid", "C" * 500),
    ("/twilio/voice", CALL, "AccountSid", "AC" + "9" * 32),
]  # fmt: skip


@pytest.mark.parametrize(("path", "form", "name", "value"), WRONG)
def test_a_field_that_is_not_as_the_carrier_writes_it_is_403_and_writes_nothing(
    world, path, form, name, value
):
    assert world.post(path, {**form, name: value}) == 403
    assert not Inbound.objects.exists()
    assert not Receipt.objects.exists()
    assert world.needs() == []


@pytest.mark.parametrize("name", ["Body", "ProfileName", "FromCity", "Unheard", "Un\0heard"])
def test_a_nul_in_words_is_no_error(world, name):
    assert world.post("/twilio/sms", {**TEXT, name: "a\0b"}) == 200
    world.settle()
    assert Inbound.objects.get().state == "handled"


@pytest.mark.parametrize("query", ["?o=%00", "?o=" + "9" * 500, "?o=", "?x=%00"])
def test_a_query_that_is_none_of_ours_is_no_error(world, query):
    assert world.post(f"/twilio/status{query}", RECEIPT) == 200


@pytest.mark.parametrize("code", ["", "-1", "9" * 30, "\u0663", "many"])
def test_a_code_that_is_no_number_is_kept_without_it(world, code):
    assert world.post("/twilio/status", {**RECEIPT, "ErrorCode": code}) == 200
    assert Receipt.objects.get().error is None


def test_a_text_to_another_number_does_nothing_and_goes_to_a_person(world):
    rosa = world.member("Rosa")
    assert world.deliver(rosa.number, "help", To="+13125550999") == 200
    world.settle()
    assert not rosa.texts
    assert world.request() is None
    assert world.needs() == ["failed_text"]


def test_a_stop_word_to_another_number_stops_nothing_here(world):
    rosa = world.member("Rosa")
    world.deliver(rosa.number, "STOP", To="+13125550999")
    world.settle()
    rosa.sends("help")
    assert rosa.got("Are you at home now?")


def test_fear_in_a_text_to_another_number_reaches_a_person_at_once(world):
    who = world.stranger()
    world.deliver(who.number, "help, they are at the door", To="+13125550999")
    world.settle()
    assert not who.texts
    assert "cry" in world.needs()


def test_a_text_to_our_number_by_whatsapp_is_to_us(world):
    rosa = world.member("Rosa")
    world.deliver(f"whatsapp:{rosa.number}", "help", To="whatsapp:+13125550100")
    world.settle()
    assert Outbound.objects.filter(text__startswith="home").exists()


@pytest.mark.parametrize(
    ("form", "ours"),
    [
        ({}, True), ({"To": "+1555"}, True), ({"To": "+1666"}, True),
        ({"To": "+1666", "MessagingServiceSid": "MGours"}, True),
        ({"To": "+1666", "MessagingServiceSid": "MGother"}, False),
    ],
)  # fmt: skip
def test_a_number_of_our_service_is_ours(form, ours):
    assert is_to_us(form, number="+1555", service="MGours") is ours


def test_without_a_service_only_our_number_is_ours():
    assert not is_to_us({"To": "+1666", "MessagingServiceSid": "MGother"}, number="+1555", service="")
    assert is_to_us({"To": "whatsapp:+1555"}, number="+1555", service="")


def test_another_carriers_ids_are_ids():
    uuid = "d0b4a5c2-0000-4000-8000-000000000000"
    assert misfit({"MessageSid": uuid, "AccountSid": uuid}, account=uuid) is None
