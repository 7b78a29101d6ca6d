"""Setting the number up at the carrier, and trying it; against the simulated one."""

import re
import threading
import time

import pytest
from django.core.management import CommandError, call_command

from network.carrier import twiml
from network.checks.examining import examine
from network.checks.live import examine_live
from network.messaging.gateway import account, chosen
from network.messaging.gateway.account import IncomingSetup, SetupMistake, wrong_with
from network.messaging.gateway.twilio import Twilio
from network.messaging.outbox import sending
from network.messaging.rules.segments import segments
from tests.carrier.conftest import carrier, start_carrier  # noqa: F401  fixtures
from tests.carrier.running import ACCOUNT, NUMBER, ROSA, TOKEN, Ours

OURS, DOWN = "https://red.example.org", "https://handler.twilio.com/twiml/EH1"
RIGHT = {"sms_url": f"{OURS}/twilio/sms#rc=2&rp=ct,rt,5xx", "sms_method": "POST",
         "fallback_url": "https://other.example/sms", "voice_url": f"{OURS}/twilio/voice",
         "voice_fallback_url": DOWN, "status_callback": f"{OURS}/twilio/voice/ended"}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, []),
        ({"sms_url": "https://other.example/twilio/sms#rp=5xx"}, [SetupMistake.INBOUND_ELSEWHERE]),
        ({"sms_url": f"{OURS}/twilio/sms"}, [SetupMistake.NO_RETRIES]),
        ({"sms_method": "GET"}, [SetupMistake.INBOUND_BY_GET]),
        ({"fallback_url": ""}, [SetupMistake.NO_FALLBACK]),
        ({"voice_url": ""}, [SetupMistake.VOICE_ELSEWHERE]),
        ({"voice_fallback_url": ""}, [SetupMistake.NO_VOICE_FALLBACK]),
        ({"voice_fallback_url": f"{OURS}/down"}, [SetupMistake.NO_VOICE_FALLBACK]),  # down as we are
        ({"status_callback": ""}, [SetupMistake.CALLS_END_ELSEWHERE]),
        (
            {"has_service": True, "service_defers": False},
            [SetupMistake.SERVICE_DROPS_TEXTS, SetupMistake.NO_RETRIES],
        ),
        ({"has_service": True, "service_defers": False, "service_inbound": RIGHT["sms_url"]}, []),
        ({"has_service": True, "service_defers": True}, []),
    ],
)
def test_each_wrong_set_up_is_named(change, wrong):
    assert wrong_with(IncomingSetup(**{**RIGHT, **change}), public_url=OURS) == wrong


@pytest.mark.parametrize("local", ["http://localhost:8000", "http://127.0.0.1", "https://my_host.example"])
def test_an_address_that_the_carrier_cant_call_is_named(local):
    assert SetupMistake.LOCAL_CALLBACK in wrong_with(IncomingSetup(**RIGHT), public_url=local)


@pytest.fixture
def ours(start_carrier, settings, monkeypatch):  # noqa: F811
    """The gateway, the account and the sender talk to a carrier of their own."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKENS = ACCOUNT, (TOKEN,)
    settings.TWILIO_NUMBER = NUMBER

    def use(**more):
        running = start_carrier(webhook_url="https://elsewhere.example/sms", **more)
        made = Twilio(f"{running.base}/carrier")
        for module in (account, sending, chosen):
            monkeypatch.setattr(module, "carrier", lambda: made)
        return running

    return use


def test_setting_up_points_the_number_here_with_retries_and_a_fallback(ours, capsys):
    ours()
    assert SetupMistake.INBOUND_ELSEWHERE in wrong_with(account.read(), public_url=OURS)
    with pytest.raises(CommandError):
        call_command("twilio_setup", "--dry-run")
    with pytest.raises(CommandError):  # calls have no fallback yet
        call_command("twilio_setup", "--fallback", "https://other.example/sms")
    call_command("twilio_setup", "--fallback", "https://other.example/sms", "--voice-fallback", DOWN)
    assert account.read() == IncomingSetup(**RIGHT)
    said = capsys.readouterr().out
    assert "The number is set up." in said
    assert "es STOP" in said
    call_command("twilio_setup", "--dry-run")  # and nothing is wrong any more


def test_a_service_that_drops_texts_is_made_to_leave_them_to_the_number(ours, settings):
    service = "MG" + "2" * 32
    running = ours(service_sid=service)
    settings.TWILIO_MESSAGING_SERVICE_SID = service
    running.client.messaging.v1.services(service).update(use_inbound_webhook_on_number=False)
    wrong = wrong_with(account.read(), public_url=OURS)
    assert SetupMistake.SERVICE_DROPS_TEXTS in wrong
    assert wrong_with(account.set_up(voice_fallback=DOWN), public_url=OURS) == []


def test_a_number_of_somebody_else_is_refused_by_name(ours, settings):
    ours()
    settings.TWILIO_NUMBER = "+13125559999"
    with pytest.raises(account.NoAccount, match="TWILIO_NUMBER"):
        account.read()


def test_a_test_text_goes_out_and_its_answer_is_waited_for(ours, world, monkeypatch, capsys):
    running = ours()
    monkeypatch.setattr("network.management.commands.twilio_setup.ANSWER_WITHIN_S", 20)

    def answer():
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            if any("test of our number" in text["body"] for text in running.state()["texts"]):
                from datetime import timedelta

                world.now += timedelta(seconds=1)
                form = {"MessageSid": "SM" + "4" * 32, "AccountSid": ACCOUNT, "From": ROSA, "Body": "fine"}
                assert world.post("/twilio/sms", form, token=TOKEN) == 200
                from django.db import connection

                connection.close()
                return
            time.sleep(0.1)

    answering = threading.Thread(target=answer)
    answering.start()
    call_command("twilio_setup", "--test", ROSA, "--voice-fallback", DOWN)
    answering.join()
    assert "The answer came by webhook." in capsys.readouterr().out


def test_doctor_posts_to_itself_as_the_carrier_does(live_server, settings, now):
    settings.PUBLIC_URL = live_server.url
    verdicts = {check.what: check.verdict for check in examine_live(now=now)}
    assert verdicts == dict.fromkeys(
        ["unsigned post", "signed post", "signed post by a service", "changed post", "hints"], "pass"
    )
    settings.TWILIO_AUTH_TOKENS = ()
    assert any(check.verdict == "fail" for check in examine_live(now=now))


def test_doctor_names_what_is_wrong_with_the_number(ours, transactional_db, now, settings):
    ours()
    settings.DEMO = False
    found = {(check.what, check.verdict) for check in examine(now=now)}
    assert ("number", "fail") in found
    assert ("texts to us", "fail") in found
    assert ("carrier", "pass") in found


def test_doctor_says_that_callers_hear_an_error_while_we_are_down(ours, transactional_db, now, settings):
    ours()
    settings.DEMO, settings.PUBLIC_URL = False, OURS
    account.set_up(fallback="https://other.example/sms")
    found = [check.mend for check in examine(now=now) if check.what == "number"]
    assert found == [account.MENDS[SetupMistake.NO_VOICE_FALLBACK]]
    account.set_up(voice_fallback=DOWN)
    assert [check.verdict for check in examine(now=now) if check.what == "number"] == ["pass"]


def test_what_the_carrier_answers_while_we_are_down_says_the_same_to_everybody(ours, db, capsys):
    running = ours()
    call_command("twilio_setup", "--voice-fallback", DOWN)
    said = capsys.readouterr().out
    text, call = (document for document in re.findall(r"<\?xml.*?</Response>", said, re.DOTALL))
    texts = [twiml.words(verb) for verb in twiml.read(text, "text/xml")]
    assert [segments(words).parts for words in texts] == [1, 1]
    assert ["911" in words for words in texts] == [True, True]
    spoken = twiml.spoken(twiml.read(call, "text/xml"))
    assert "Our system is down right now." in spoken
    assert "Nuestro sistema no funciona ahora." in spoken
    assert "If you are in immediate danger, hang up and call 9 1 1." in spoken
    Ours.answers = {"/down": call.encode()}
    number = running.client.incoming_phone_numbers.list()[0]
    number.update(voice_url=f"{running.origin}/twilio/voice", voice_fallback_url=f"{running.origin}/down")
    Ours.down = True  # but for what isn't ours
    running.tells("call", phone=ROSA)
    running.hears("Our system is down right now.")
