"""The carrier's bad weather: faults on demand and by chance, its clock, its retries, its handsets."""

import time

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from network.carrier import twiml
from network.carrier.faults import Fault, Faults
from network.carrier.rules import retries
from tests.carrier.running import ACCOUNT, NUMBER, ROSA, TOKEN, Ours


def create(carrier, body="x", **more):
    return carrier.client.messages.create(to=ROSA, from_=NUMBER, body=body, **more)


def bodies(carrier):
    return [message.body for message in carrier.client.messages.list(to=ROSA)]


@pytest.mark.parametrize(
    ("fault", "taken", "error"),
    [
        ("lost", True, requests.RequestException), ("cut", False, requests.RequestException),
        ("error", False, TwilioRestException), ("error_taken", True, TwilioRestException),
        ("slow_down", False, TwilioRestException),
    ],
)  # fmt: skip
def test_a_fault_befalls_the_next_call_and_no_other(carrier, fault, taken, error):
    carrier.tells("faults", next=[fault])
    with pytest.raises(error):
        create(carrier, "first")
    create(carrier, "second")
    assert bodies(carrier) == (["second", "first"] if taken else ["second"])


def test_faults_come_as_often_as_their_chance_says():
    faults = Faults(lost=0.1, slow_down=0.2)
    faults.chance.seed(7)
    fell = [faults.of_call(creates=True) for _ in range(5000)]
    assert 400 < fell.count(Fault.LOST) < 600
    assert 850 < fell.count(Fault.SLOW_DOWN) < 1150
    assert fell.count(Fault.CUT) == 0
    assert faults.of_call(creates=False) is None


def test_an_unknown_fault_is_refused_by_name(carrier):
    answer = requests.post(f"{carrier.base}/phones/api/faults", json={"storm": 1}, timeout=5)
    assert answer.status_code == 400
    assert "storm" in answer.json()["error"]


def test_receipts_may_be_lost_doubled_and_early(carrier):
    callback = f"{carrier.origin}/twilio/status?o=7"
    carrier.tells("faults", receipts_lost=1)
    carrier.status(create(carrier, status_callback=callback).sid, "delivered")
    assert not Ours.posts
    carrier.tells("faults", receipts_lost=0, receipts_doubled=1, receipts_early=1)
    create(carrier, status_callback=callback)
    assert len(Ours.posts) >= 2  # before our answer came
    words = [form["MessageStatus"] for _, form, _ in carrier.waited("/twilio/status", 4)]
    assert words == ["sent", "sent", "delivered", "delivered"]


def test_a_sender_sends_no_faster_than_its_rate_by_the_carriers_clock(start_carrier):
    carrier = start_carrier(rate=1.0)
    sids = [create(carrier, "x" * 161).sid for _ in range(5)]  # ten segments
    carrier.status(sids[0], "delivered")
    assert carrier.client.messages(sids[-1]).fetch().status == "queued"
    assert carrier.client.messages(sids[-1]).fetch().date_sent is None
    carrier.tells("clock", advance=9)
    carrier.status(sids[-1], "delivered")


def test_a_text_past_its_validity_is_not_sent(start_carrier):
    carrier = start_carrier(rate=1.0)
    create(carrier, "x" * 1600)
    late = create(carrier, validity_period=5).sid
    carrier.tells("clock", advance=60)
    assert carrier.status(late, "undelivered").error_code == 30036


def test_a_queue_of_ten_hours_is_full(start_carrier):
    carrier = start_carrier(rate=0.0001)
    for _ in range(4):
        create(carrier)
    with pytest.raises(TwilioRestException) as full:
        create(carrier)
    assert full.value.code == 21611


@pytest.mark.parametrize(
    ("state", "code"), [("off", 30003), ("blocked", 30004), ("unknown", 30005), ("landline", 30006),
                        ("filtered", 30007), ("lost", 30008)],
)  # fmt: skip
def test_a_handset_may_not_be_reached(carrier, state, code):
    carrier.tells("switch", phone=ROSA, state=state)
    sid = create(carrier, status_callback=f"{carrier.origin}/twilio/status").sid
    assert carrier.status(sid, "undelivered").error_code == code
    _, form, _ = carrier.waited("/twilio/status", 2)[-1]
    assert form["ErrorCode"] == str(code)


def test_a_service_answers_at_once_and_fails_the_opted_out_later(start_carrier):
    carrier = start_carrier(service_sid="MG" + "2" * 32)
    carrier.types("STOP")
    made = carrier.client.messages.create(to=ROSA, messaging_service_sid="MG" + "2" * 32, body="x")
    assert (made.status, made.num_segments, made.from_) == ("accepted", "0", None)
    assert carrier.status(made.sid, "failed").error_code == 21610
    _, form, _ = carrier.waited("/twilio/sms", 1)[0]
    assert (form["OptOutType"], form["MessagingServiceSid"]) == ("STOP", "MG" + "2" * 32)


def test_yes_restores_nothing_on_a_toll_free_number(start_carrier):
    carrier = start_carrier(number="+18335550100")
    carrier.types("stopall")
    carrier.client.messages.create(to=ROSA, from_="+18335550100", body="x")
    carrier.types("stop")
    carrier.types("yes")
    with pytest.raises(TwilioRestException):
        carrier.client.messages.create(to=ROSA, from_="+18335550100", body="x")
    carrier.types("unstop")
    carrier.client.messages.create(to=ROSA, from_="+18335550100", body="x")


def test_by_default_a_500_is_not_tried_again(carrier):
    Ours.down = True
    carrier.types("one")
    time.sleep(0.5)
    assert len(Ours.tries) == 1
    assert carrier.state()["problems"][0]["code"] == 11200


def test_the_fragment_asks_for_more_tries_and_then_comes_the_fallback(start_carrier):
    carrier = start_carrier(
        webhook_url="{origin}/twilio/sms#rc=2&rp=ct,rt,5xx", fallback_url="{origin}/fallback"
    )
    Ours.down = True
    sid = carrier.types("one")
    path, form, _ = carrier.waited("/fallback", 1)[0]
    assert path == "/fallback"
    assert (form["MessageSid"], form["ErrorCode"]) == (sid, "11200")
    assert form["ErrorUrl"] == f"{carrier.origin}/twilio/sms"
    tries = [
        headers["I-Twilio-Idempotency-Token"] for path, _, headers in Ours.tries if path == "/twilio/sms"
    ]
    assert len(tries) == len(set(tries)) == 3


def test_what_a_fragment_may_ask_for():
    assert retries("").more == 1
    assert retries("").again_after("ct")
    assert not retries("").again_after("5xx")
    asked = retries("rc=9&rp=all&tt=90000&rt=2000")
    assert (asked.more, asked.total_s, asked.read_s) == (5, 15.0, 2.0)
    assert asked.again_after("4xx")


def test_texts_may_come_twice_or_not_at_all_and_stay_in_the_list(carrier):
    carrier.tells("faults", texts_doubled=1)
    carrier.types("twice")
    assert len({form["MessageSid"] for _, form, _ in carrier.waited("/twilio/sms", 2)}) == 1
    carrier.tells("faults", texts_doubled=0, texts_lost=1)
    carrier.types("never")
    assert [m.body for m in carrier.client.messages.list(to=NUMBER)] == ["never", "twice"]


def test_a_picture_is_listed_and_fetched_with_credentials_only(carrier):
    sid = carrier.types("", media="data:image/png;base64,aGk=")
    _, form, _ = carrier.waited("/twilio/sms", 1)[0]
    assert (form["NumMedia"], form["MediaContentType0"], form["MessageSid"]) == ("1", "image/png", sid)
    url = f"{carrier.base}/carrier" + form["MediaUrl0"].removeprefix("https://api.twilio.com")
    assert requests.get(url, timeout=5).status_code == 401
    assert requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5).content == b"hi"


def test_whatsapp_is_free_for_24_hours_after_their_last_word(carrier):
    to, ours = f"whatsapp:{ROSA}", f"whatsapp:{NUMBER}"
    first = carrier.client.messages.create(to=to, from_=ours, body="x").sid
    assert carrier.status(first, "failed").error_code == 63016
    carrier.types("hola", app=True)
    carrier.status(carrier.client.messages.create(to=to, from_=ours, body="x").sid, "delivered")
    carrier.tells("clock", advance=24 * 3600 + 1)
    late = carrier.client.messages.create(to=to, from_=ours, body="x").sid
    assert carrier.status(late, "failed").error_code == 63016


def test_a_text_is_not_erased_before_its_end(start_carrier):
    carrier = start_carrier(rate=0.01)
    create(carrier)
    sid = create(carrier).sid
    with pytest.raises(TwilioRestException) as early:
        carrier.client.messages(sid).delete()
    assert early.value.code == 20009


def test_what_was_under_way_goes_on_after_a_restart(start_carrier):
    carrier = start_carrier(rate=1.0)
    create(carrier, "x" * 1600)
    sid = create(carrier).sid
    carrier.stop()
    carrier.start()
    carrier.tells("clock", advance=60)
    carrier.status(sid, "delivered")


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [("<Response><Nope/></Response>", "text/xml", 12100), ("<Response>", "text/xml", 12100),
     ("<html/>", "text/xml", 12100), ("{}", "application/json", 12300),
     ("<Response><Dial><Say>x</Say></Dial></Response>", "text/xml", 12200),
     ('<Response><Say shout="yes">x</Say></Response>', "text/xml", 12200)],
)  # fmt: skip
def test_an_answer_that_is_no_twiml_is_a_line_in_the_debugger(carrier, body, kind, code):
    with pytest.raises(twiml.NotTwiml) as wrong:
        twiml.read(body, kind)
    assert wrong.value.code == code
    Ours.answer, Ours.kind = body.encode(), kind
    carrier.types("hola")
    carrier.waited("/twilio/sms", 1)
    time.sleep(0.2)
    assert carrier.state()["problems"][0]["code"] == code


def test_twiml_texts_reach_the_handset_and_menus_are_spoken(carrier):
    Ours.answer = b"<Response><Message>Hola</Message></Response>"
    carrier.types("x")
    carrier.waited("/twilio/sms", 1)
    Ours.answer = (b'<Response><Gather numDigits="1" action="/twilio/voice/next"><Say>Press 1</Say></Gather>'
                   b"<Say>never</Say></Response>")  # fmt: skip
    carrier.tells("call", phone=ROSA)
    carrier.hears("Press 1")
    Ours.answer = b"<Response><Dial><Number>+13125550111</Number></Dial></Response>"
    carrier.tells("keys", phone=ROSA, digits="1")
    carrier.hears("\u2192 another phone rings")
    said = [text["body"] for text in carrier.state()["texts"]]
    assert said == ["x", "Hola", "\u260e Press 1", "\u260e \u2192 another phone rings"]
