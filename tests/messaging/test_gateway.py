"""The gateways themselves: Twilio's library against the simulated carrier over HTTP, and the drills'."""

import socket
import socketserver
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from twilio.request_validator import RequestValidator

from network.messaging.gateway import chosen as messaging_chosen
from network.messaging.gateway import twilio as of_twilio
from network.messaging.gateway.drill import ByMail, OnConsole
from network.messaging.gateway.protocol import (
    CarrierRefused,
    LostAnswer,
    MessageGone,
    NotDoneYet,
    NotReached,
    SlowDown,
)
from network.messaging.gateway.twilio import Twilio
from network.messaging.models import Inbound, Outbound
from network.messaging.outbox import sending
from network.messaging.outbox.queueing import Purpose, queue, queue_free
from network.messaging.rules.states import Lane, OutState
from network.messaging.texts.keys import Text
from tests.carrier.conftest import carrier, start_carrier  # noqa: F401  fixtures
from tests.carrier.running import ACCOUNT, NUMBER, ROSA, TOKEN

SEND = {
    "to": ROSA,
    "body": "Hola",
    "callback": "https://red.example.org/twilio/status?o=1",
    "valid_for_s": 60,
}


@pytest.fixture
def twilio(carrier, settings):  # noqa: F811
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKENS = ACCOUNT, (TOKEN,)
    settings.TWILIO_NUMBER = NUMBER
    return Twilio(f"{carrier.base}/carrier")


@pytest.mark.parametrize(
    ("fault", "error"),
    [("lost", LostAnswer), ("cut", LostAnswer), ("error", LostAnswer), ("error_taken", LostAnswer),
     ("slow_down", SlowDown)],
)  # fmt: skip
def test_what_may_have_left_is_told_from_what_did_not(carrier, twilio, fault, error):  # noqa: F811
    carrier.tells("faults", next=[fault])
    with pytest.raises(error):
        twilio.send(**SEND)


def test_a_refusal_carries_its_code(twilio):
    with pytest.raises(CarrierRefused) as refused:
        twilio.send(**{**SEND, "to": "+15005550004"})
    assert refused.value.code == 21610


def test_a_carrier_that_is_not_there_has_taken_nothing(twilio):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gone = Twilio(f"http://127.0.0.1:{port}")
    with pytest.raises(NotReached):
        gone.send(**SEND)
    with pytest.raises(NotReached):
        gone.received(since=datetime.now(UTC))


def test_a_carrier_that_hangs_frees_the_worker_and_is_called_once(settings, monkeypatch):
    calls = []

    class Hangs(socketserver.BaseRequestHandler):
        def handle(self):
            calls.append(self.request.recv(65536))
            time.sleep(3)

    monkeypatch.setattr(of_twilio, "TIMEOUT_S", 0.5)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Hangs)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    began = time.monotonic()
    with pytest.raises(LostAnswer):
        Twilio(f"http://127.0.0.1:{server.server_address[1]}").send(**SEND)
    server.shutdown()
    server.server_close()
    assert time.monotonic() - began < 2
    assert len([call for call in calls if call.startswith(b"POST")]) == 1


def test_what_the_carrier_has_is_listed_newest_first_queued_ones_too(start_carrier, settings):  # noqa: F811
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKENS = ACCOUNT, (TOKEN,)
    settings.TWILIO_NUMBER = NUMBER
    slow = start_carrier(rate=0.01)
    twilio = Twilio(f"{slow.base}/carrier")
    for body in ("one", "two"):
        twilio.send(**{**SEND, "body": body})
    assert [held.body for held in twilio.sent_to(ROSA)] == ["two", "one"]
    sid = next(iter(twilio.sent_to(ROSA))).sent.sid
    assert twilio.status_of(sid).status == "queued"
    with pytest.raises(NotDoneYet):
        twilio.erase(sid)


def test_texts_to_us_are_listed_over_pages_oldest_first_in_utc(carrier, twilio, monkeypatch):  # noqa: F811
    monkeypatch.setattr(of_twilio, "PAGE", 2)
    for n in range(5):
        carrier.types(str(n))
    twilio.send(**SEND)
    since = datetime.now(UTC).astimezone(tz=None) - timedelta(minutes=1)
    assert [text.form["Body"] for text in twilio.received(since=since)] == list("01234")
    assert twilio.received(since=datetime.now(UTC) + timedelta(hours=1)) == []


def test_a_body_is_erased_and_erasing_again_is_fine(carrier, twilio):  # noqa: F811
    sid = carrier.types("hola")
    twilio.erase(sid)
    twilio.erase(sid)
    with pytest.raises(MessageGone):
        twilio.status_of(sid)


def test_a_picture_is_fetched_no_larger_than_asked_and_from_the_carrier_only(carrier, twilio, monkeypatch):  # noqa: F811
    sid = carrier.types("", media="data:image/png;base64,aGVsbG8=")
    assert [attachment.content for attachment in twilio.attachments(sid, most_bytes=10)] == [b"hello"]
    assert [attachment.content for attachment in twilio.attachments(sid, most_bytes=4)] == [b""]

    class Elsewhere:
        is_redirect = True
        headers = {"Location": "https://evil.example/x"}

    monkeypatch.setattr(Twilio, "_get", lambda self, address, auth: Elsewhere())
    with pytest.raises(NotReached):
        twilio.attachments(sid, most_bytes=10)


def test_whatsapp_goes_from_our_whatsapp_address(carrier, twilio):  # noqa: F811
    carrier.types("hola", app=True)
    twilio.send(**{**SEND, "to": f"whatsapp:{ROSA}"})
    assert carrier.client.messages.list(to=f"whatsapp:{ROSA}")[0].from_ == f"whatsapp:{NUMBER}"


def test_another_carrier_is_a_setting_only(carrier, settings):  # noqa: F811
    """Anyone who speaks the same REST under another base, SignalWire for one."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKENS = ACCOUNT, (TOKEN,)
    settings.TWILIO_NUMBER, settings.TWILIO_API_URL = NUMBER, f"{carrier.base}/carrier"
    assert messaging_chosen.carrier().send(**SEND).sid.startswith("SM")
    assert messaging_chosen.carrier().account_is_right()


def test_a_drill_on_the_console_shows_each_text(settings, capsys):
    settings.TWILIO_API_URL = "console:"
    chosen = messaging_chosen.carrier()
    assert isinstance(chosen, OnConsole)
    assert chosen.send(**SEND).status == "delivered"
    assert "Hola" in capsys.readouterr().out
    assert list(chosen.sent_to(ROSA)) == chosen.received(since=datetime.now(UTC)) == []


def test_a_drill_by_mail_sends_each_text_to_one_mailbox(settings, monkeypatch):
    letters = []

    class Server:
        def __init__(self, host, port, timeout):
            assert (host, port) == ("127.0.0.1", 2525)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def send_message(self, letter):
            letters.append(letter)

    monkeypatch.setattr("smtplib.SMTP", Server)
    settings.TWILIO_API_URL = "mail:drill@example.org?host=127.0.0.1&port=2525"
    chosen = messaging_chosen.carrier()
    assert isinstance(chosen, ByMail)
    chosen.send(**SEND)
    assert letters[0]["To"] == "drill@example.org"
    assert letters[0].get_content().strip() == "Hola"


# What the webhooks and the outbox owe the carrier's contract


@pytest.mark.parametrize(
    "url", ["https://red.example.org", "https://red.example.org:8443", "http://red.example.org:8080"]
)
@pytest.mark.parametrize("query", ["", "?a=1&b=%C3%B1", "?o=1%2F2"])
@pytest.mark.parametrize("body", ["", " edges ", "ñ á 😀 مرحبا", "a&b=c+d%20"])
def test_a_signature_holds_for_every_address_and_body_and_for_no_changed_byte(
    world, settings, url, query, body
):
    settings.PUBLIC_URL = url
    form = {
        "MessageSid": "SM" + "a" * 32,
        "AccountSid": "AC" + "0" * 32,
        "From": ROSA,
        "Body": body,
        "New": "",
    }
    good = RequestValidator("token-now").compute_signature(f"{url}/twilio/sms{query}", form)

    def post(form):
        return Client().post(f"/twilio/sms{query}", form, headers={"X-Twilio-Signature": good}).status_code

    assert post({**form, "Body": body + "."}) == 403
    assert Inbound.objects.count() == 0
    assert post(form) == 200


def test_a_webhook_calls_nobody(world, monkeypatch):
    def call(*_):
        raise AssertionError("the carrier was called in a request")

    monkeypatch.setattr(messaging_chosen, "carrier", call)
    world.carrier.answers = False
    assert world.deliver(ROSA, "hola") == 200


def test_the_carrier_is_never_called_inside_a_transaction(world, monkeypatch):
    open_ = []
    for name in ("send", "sent_to", "status_of", "received", "erase", "attachments"):
        real = getattr(world.carrier, name)

        def looked(*args, real=real, **kwargs):
            open_.append(connection.in_atomic_block)
            return real(*args, **kwargs)

        monkeypatch.setattr(world.carrier, name, looked)
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    rosa.asks()
    ana.accepts()
    world.wait(minutes=3)
    assert len(open_) > 10
    assert not any(open_)


def test_a_text_over_1600_characters_never_reaches_the_carrier(world):
    queue_free(ROSA, "x" * 1601, purpose=Purpose(Lane.ANSWER), now=world.now)
    world.settle()
    assert world.carrier.log == []
    assert Outbound.objects.get().state == OutState.REFUSED


def test_200_volunteers_at_one_segment_a_second_take_as_long_as_was_said(world, settings):
    from network.messaging.outbox import pace

    settings.TWILIO_RATE = 1
    for n in range(40):
        queue(f"+1312555{n:04d}", Text.KIND, "en", purpose=Purpose(Lane.OFFER), now=world.now)
    said, began = pace.leaves_in(now=world.now), world.now
    while Outbound.objects.filter(state=OutState.OWED).exists():
        sending.drain()
        world.now += timedelta(seconds=1)
    assert abs((world.now - began) - said) <= timedelta(seconds=2)


def test_nobody_is_texted_first_without_consent(world):
    invited = world.responder("Invited")
    invited.person.standing = "invited"
    invited.person.save()
    world.member("Rosa").asks()
    assert invited.texts == []
    assert "nobody_found" in world.needs()


def test_the_first_message_names_the_organization_and_how_to_stop(world):
    ana = world.responder("Ana")
    world.member("Rosa").asks()
    assert ana.got("Casa", "STOP")


@pytest.mark.parametrize(("hour", "asked"), [(3, False), (12, True), (20, True), (22, False)])
def test_at_night_only_those_who_chose_it_are_woken(world, hour, asked):
    world.now = world.now.replace(hour=hour)
    sleeper, waker = world.responder("Sleeper", wake_at_night=False), world.responder("Waker")
    world.member("Rosa").asks()
    assert waker.got("Can you go now?")
    assert sleeper.got("Can you go now?") is asked
