"""One phone, however it is written, has one fingerprint: on file, in texts, on WhatsApp, in the carrier's list."""

import pytest

from network.carrier import rules as simulated
from network.messaging.contacts import contact_of
from network.messaging.gateway.protocol import Received
from network.messaging.gateway.twilio import _addresses
from network.messaging.inbox import backfill
from network.messaging.models import Contact
from network.messaging.outbox import sending
from network.messaging.outbox.queueing import Purpose, queue_free
from network.messaging.rules.states import Lane
from network.people.rules.phone_numbers import e164
from network.people.rules.search import search_terms
from network.privacy.actions import day_key
from network.privacy.models import KnownPhone
from network.privacy.queries import fingerprint
from network.privacy.rules import sealing
from network.privacy.rules.phones import canonical, dialed, forms
from tests.carrier.conftest import carrier, start_carrier  # noqa: F401  fixtures

ONE_PHONE = [
    ("+525512345678", "+5215512345678"),
    ("+541123456789", "+5491123456789"),
    ("+5511987654321", "+551187654321"),
]
OTHERS = [
    "+13125550123", "+52551234567", "+551132345678", "+5511876543", "+54112345678", "+34912345678", "384387", "",
    "+521551234567", "+55119876543210", "+5491123456", "anonymous", "+52155123456789",
]  # fmt: skip


@pytest.mark.parametrize(("on_file", "other"), ONE_PHONE)
def test_both_forms_are_one_phone(on_file, other):
    key = b"k" * 32
    assert canonical(on_file) == canonical(other)
    assert sealing.fingerprint(on_file, field_key=key) == sealing.fingerprint(other, field_key=key)
    assert set(forms(on_file)) == set(forms(other)) == {on_file, other}
    assert canonical(canonical(other)) == canonical(other)


@pytest.mark.parametrize("phone", OTHERS)
def test_other_numbers_stay_as_they_are(phone):
    assert canonical(phone) == dialed(phone) == phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+52 1 55 1234 5678", "+525512345678"), ("+52 55 1234 5678", "+525512345678"),
        ("+5215512345678", "+525512345678"), ("+55 11 8765-4321", "+5511987654321"),
        ("+55 11 3234-5678", "+551132345678"), ("+54 9 11 2345-6789", "+5491123456789"),
        ("+54 11 15 2345-6789", "+5491123456789"), ("(312) 555-0123", "+13125550123"),
    ],
)  # fmt: skip
def test_a_phone_is_entered_in_either_form(typed, kept):
    assert e164(typed) == kept
    assert search_terms(typed).phone == kept


def abroad(world, number):
    """A member whose phone is on file as this number."""
    rosa = world.member("Rosa")
    person = rosa.person
    KnownPhone.objects.filter(fingerprint=person.fingerprint).delete()
    person.phone, person.fingerprint = number, fingerprint(number)
    person.save()
    KnownPhone.objects.create(fingerprint=person.fingerprint, key_id=person.key_id)
    rosa.number = number
    return rosa


@pytest.mark.parametrize(("on_file", "other"), ONE_PHONE)
@pytest.mark.parametrize("turned", [False, True])
def test_who_writes_in_another_form_is_known_and_answered_in_it(world, on_file, other, turned):
    filed, wrote = (other, on_file) if turned else (on_file, other)
    abroad(world, filed)
    world.deliver(f"whatsapp:{wrote}", "help", To="whatsapp:+13125550100")
    world.settle()
    asked = [to for _, to, body in world.carrier.log if "Are you at home now?" in body]
    assert [canonical(to.removeprefix("whatsapp:")) for to in asked] == [canonical(wrote)]
    assert asked[0].startswith("whatsapp:")
    assert "unknown_sender" not in world.needs()


def test_a_text_in_the_carriers_list_is_known_in_either_form(world):
    abroad(world, "+525512345678")
    form = {"MessageSid": "SM" + "a" * 32, "AccountSid": "AC" + "0" * 32, "From": "+5215512345678",
            "To": "+13125550100", "Body": "help"}  # fmt: skip
    world.carrier.inbound = [Received(form, world.now)]
    backfill.backfill(now=world.now)
    world.settle()
    assert any("Are you at home now?" in body for *_, body in world.carrier.log)


def test_a_text_goes_to_the_form_that_is_dialed(world):
    contact_of("+5215512345678", now=world.now)
    queue_free("+525512345678", "hola", purpose=Purpose(Lane.ANSWER), now=world.now)
    sending.drain()
    assert [to for _, to, _ in world.carrier.log] == ["+525512345678"]


@pytest.mark.parametrize("known", [True, False])
def test_a_phone_that_we_never_wrote_to_is_dialed_too(world, known):
    """However its row writes it: the first text of ours makes its contact."""
    if known:
        KnownPhone.objects.create(fingerprint=fingerprint("+5215512345678"), key_id=day_key(now=world.now))
    queue_free("+5215512345678", "hola", purpose=Purpose(Lane.ANSWER), now=world.now)
    sending.drain()
    assert [to for _, to, _ in world.carrier.log] == ["+525512345678"]
    assert Contact.objects.get().key_id is not None


def test_the_carriers_list_is_asked_for_each_form():
    assert set(_addresses("whatsapp:+5215512345678")) == {"whatsapp:+5215512345678", "whatsapp:+525512345678"}
    assert _addresses("+13125550123") == ["+13125550123"]


# The simulated carrier


@pytest.mark.parametrize(("on_file", "other"), ONE_PHONE)
def test_the_simulated_carrier_writes_as_whatsapp_does_and_knows_its_handsets(on_file, other):
    assert simulated.handset(f"whatsapp:{other}") == simulated.handset(on_file)
    assert simulated.by_app(on_file) == simulated.by_app(other)
    assert canonical(simulated.by_app(on_file).removeprefix("whatsapp:")) == canonical(on_file)
    assert simulated.by_app("+13125550123") == "whatsapp:+13125550123"


def test_a_handset_abroad_writes_by_whatsapp_and_gets_the_answer(carrier):  # noqa: F811
    from tests.carrier.running import NUMBER

    carrier.tells("phones", phone="+525512345678", name="Rosa")
    carrier.types("hola", phone="+525512345678", app=True)
    _, form, _ = carrier.waited("/twilio/sms", 1)[0]
    assert form["From"] == "whatsapp:+5215512345678"
    sent = carrier.client.messages.create(to="whatsapp:+525512345678", from_=f"whatsapp:{NUMBER}", body="x")
    carrier.status(sent.sid, "delivered")
    assert {text["phone"] for text in carrier.state()["texts"]} == {"+525512345678"}
