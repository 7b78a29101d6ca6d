"""Calls at the simulated carrier: to us and from us, menus, put through, callbacks, faults."""

import time

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from network.carrier.rules import CALL_FINAL, refuse_call, signature, signed_url
from tests.carrier.running import ACCOUNT, NUMBER, ROSA, TOKEN, Ours

ANA = "+13125550111"
MENU = (
    b'<Response><Gather numDigits="1" timeout="5" action="/pressed?l=es" actionOnEmptyResult="true">'
    b"<Say>Press 1</Say></Gather></Response>"
)
THROUGH = (
    b'<Response><Say>Wait</Say><Dial timeout="20" callerId="+13125550100" action="/rang">'
    b'<Number url="/whisper">+13125550111</Number></Dial></Response>'
)
WHISPER = (
    b'<Response><Gather numDigits="1" timeout="8" action="/taken"><Say>Press 1 to take it</Say></Gather>'
    b"<Hangup/></Response>"
)
BYE = b"<Response><Say>Bye</Say><Hangup/></Response>"
TAKEN = b"<Response/>"


@pytest.fixture
def menus(carrier):
    Ours.answers = {
        "/twilio/voice": MENU, "/pressed": THROUGH, "/whisper": WHISPER, "/taken": TAKEN, "/rang": BYE,
    }  # fmt: skip
    return carrier


def posted(carrier, path, count=1):
    return [form for _, form, _ in carrier.waited(path, count)]


def rings_us(carrier):
    sid = carrier.tells("call", phone=ROSA)["sid"]
    carrier.waits(ROSA, "key")
    return sid


def put_through(carrier):
    sid = rings_us(carrier)
    carrier.tells("keys", phone=ROSA, digits="1")
    return sid


def ring_out(carrier, **more):
    return carrier.client.calls.create(
        to=ANA, from_=NUMBER, url=f"{carrier.origin}/whisper", timeout=20, **more
    ).sid


def test_a_key_goes_to_the_menus_action_with_what_the_carrier_says_of_a_call(menus):
    sid = put_through(menus)
    form = posted(menus, "/pressed?l=es")[0]
    assert form["Digits"] == "1"
    assert form["CallSid"] == sid
    assert (form["AccountSid"], form["From"], form["To"]) == (ACCOUNT, ROSA, NUMBER)
    assert (form["CallStatus"], form["Direction"], form["ApiVersion"]) == (
        "in-progress", "inbound", "2010-04-01",
    )  # fmt: skip


def test_silence_goes_to_the_action_too_where_the_menu_asks_for_that(menus):
    rings_us(menus)
    menus.tells("clock", advance=4)
    assert not [path for path, _, _ in Ours.posts if path.startswith("/pressed")]
    menus.tells("clock", advance=2)
    assert posted(menus, "/pressed")[0]["Digits"] == ""


def test_posts_about_a_call_are_signed_as_calls_are(menus):
    rings_us(menus)
    path, form, headers = menus.waited("/twilio/voice", 1)[0]
    url = f"{menus.origin}{path}"
    assert RequestValidator(TOKEN).validate(url, form, headers["X-Twilio-Signature"])
    secure = url.replace("http:", "https:")
    without = signature(TOKEN, signed_url(secure, voice=True), form)
    assert without == RequestValidator(TOKEN).compute_signature(
        secure.replace(f":{secure.rpartition(':')[2].partition('/')[0]}", ""), form
    )


def test_who_takes_the_call_is_put_through_until_one_hangs_up(menus):
    put_through(menus)
    menus.waits(ANA, "answer")
    menus.tells("answer", phone=ANA, how="answers")
    menus.hears("Press 1 to take it", phone=ANA)
    menus.waits(ANA, "key")
    leg = posted(menus, "/whisper")[0]
    assert leg["From"] == NUMBER  # never the caller's own
    assert leg["ParentCallSid"] == posted(menus, "/twilio/voice")[0]["CallSid"]
    menus.tells("keys", phone=ANA, digits="1")
    menus.waits(ANA, "talking")
    menus.tells("hang-up", phone=ANA)
    told = posted(menus, "/rang")[0]
    assert (told["DialCallStatus"], told["DialBridged"]) == ("completed", "true")
    assert menus.hears("Bye")


@pytest.mark.parametrize(
    ("how", "seconds", "status"),
    [("busy", 0, "busy"), ("hangs_up", 0, "completed"), ("machine", 9, "completed"), ("", 21, "no-answer")],
)  # fmt: skip
def test_a_leg_that_nobody_takes_is_never_put_through(menus, how, seconds, status):
    put_through(menus)
    menus.waits(ANA, "answer")
    if how:
        menus.tells("answer", phone=ANA, how=how)
    if how == "machine":
        menus.waits(ANA, "key")  # it never presses one
    menus.tells("clock", advance=seconds)
    told = posted(menus, "/rang")[0]
    assert (told["DialCallStatus"], told["DialBridged"]) == (status, "false")


def test_a_caller_who_hangs_up_ends_the_leg_that_rings(menus):
    sid = put_through(menus)
    menus.waits(ANA, "answer")
    menus.tells("hang-up", phone=ROSA)
    menus.waits(ANA, None)
    assert menus.ended(sid).status == "completed"
    leg = menus.client.calls.list(to=ANA)[0]
    assert leg.status == "canceled"
    assert not [path for path, _, _ in Ours.posts if path.startswith("/rang")]


@pytest.mark.parametrize("preset", ["answers", "machine", "busy", "hangs_up", "no_answer"])
def test_a_handset_may_answer_by_itself(menus, preset):
    menus.tells("answers", phone=ANA, answers=preset)
    sid = ring_out(menus, machine_detection="Enable")
    if preset in ("answers", "machine"):
        menus.waits(ANA, "key")
    menus.tells("clock", advance=21)
    status = {"busy": "busy", "no_answer": "no-answer"}.get(preset, "completed")
    call = menus.ended(sid)
    assert call.status == status
    assert call.answered_by == {"machine": "machine_start", "busy": None, "no_answer": None}.get(
        preset, "human"
    )


def test_a_phone_that_is_off_is_not_rung(menus):
    menus.tells("switch", phone=ANA, state="off")
    assert menus.ended(ring_out(menus)).status == "failed"


def test_callbacks_tell_each_step_that_was_asked_for(menus):
    menus.tells("answers", phone=ANA, answers="hangs_up")
    ring_out(
        menus,
        status_callback=f"{menus.origin}/status?c=7",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    steps = posted(menus, "/status?c=7", 4)
    assert [form["CallStatus"] for form in steps] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in steps] == ["0", "1", "2", "3"]
    assert "CallDuration" in steps[-1]


def test_callbacks_may_be_lost_or_come_twice(menus):
    menus.tells("answers", phone=ANA, answers="busy")
    menus.tells("faults", receipts_doubled=1.0)
    menus.ended(ring_out(menus, status_callback=f"{menus.origin}/status"))
    assert len(posted(menus, "/status", 2)) == 2
    menus.tells("faults", receipts_doubled=0.0, receipts_lost=1.0)
    menus.ended(ring_out(menus, status_callback=f"{menus.origin}/lost"))
    time.sleep(0.1)
    assert not [path for path, _, _ in Ours.posts if path.startswith("/lost")]


def test_a_callback_may_be_late(menus):
    menus.tells("answers", phone=ANA, answers="busy")
    menus.tells("faults", receipts_shuffled=True)
    menus.ended(ring_out(menus, status_callback=f"{menus.origin}/status"))
    assert posted(menus, "/status")[0]["CallStatus"] == "busy"


@pytest.mark.parametrize(("fault", "made"), [("lost", 1), ("error_taken", 1), ("cut", 0), ("error", 0)])
def test_faults_befall_calls_as_they_do_texts(menus, fault, made):
    menus.tells("faults", next=[fault])
    with pytest.raises(Exception):  # noqa: B017, PT011  each fault its own
        ring_out(menus)
    assert len(menus.client.calls.list(to=ANA)) == made


def test_a_call_is_ended_by_rest(menus):
    sid = ring_out(menus)
    menus.waits(ANA, "answer")
    assert menus.client.calls(sid).update(status="completed").status == "canceled"
    menus.waits(ANA, None)
    menus.tells("answers", phone=ANA, answers="answers")
    other = ring_out(menus)
    menus.waits(ANA, "key")
    assert menus.client.calls(other).update(status="completed").status == "completed"
    with pytest.raises(TwilioRestException) as over:
        menus.client.calls(other).update(status="completed")
    assert over.value.code == 21220


def test_an_answer_that_is_no_twiml_asks_the_fallback(start_carrier):
    carrier = start_carrier()
    Ours.answers = {"/twilio/voice": b"<Response>", "/fallback": BYE}
    number = carrier.client.incoming_phone_numbers.list()[0]
    number.update(voice_fallback_url=f"{carrier.origin}/fallback")
    carrier.tells("call", phone=ROSA)
    carrier.hears("Bye")
    assert posted(carrier, "/fallback")[0]["ErrorCode"] == "12100"


def test_without_a_fallback_the_caller_hears_that_it_went_wrong(start_carrier):
    carrier = start_carrier()
    Ours.down = True
    carrier.tells("call", phone=ROSA)
    carrier.hears("We are sorry, an application error has occurred. Goodbye.")


def test_calls_that_a_restart_cut_off_have_failed(menus):
    sid = ring_out(menus)
    menus.waits(ANA, "answer")
    menus.stop()
    menus.start()
    assert menus.ended(sid).status in CALL_FINAL


@pytest.mark.parametrize(
    ("form", "code"),
    [({"To": ""}, 21201), ({"From": ""}, 21213), ({"To": "banana"}, 21211), ({"From": ROSA}, 21210),
     ({"Url": "x"}, 21205), ({"Timeout": "0"}, 20001), ({"StatusCallbackEvent": "sung"}, 20001),
     ({"StatusCallback": "x"}, 21609), ({"To": "+15005550003"}, 21408), ({}, None)],
)  # fmt: skip
def test_a_call_that_can_not_be_made_is_refused(form, code):
    fine = {"To": ANA, "From": NUMBER, "Url": "https://x.example/v", "Timeout": "20"}
    problem = refuse_call(fine | form, number=NUMBER)
    assert (problem and problem.code) == code


def test_the_end_of_a_call_to_us_is_told_where_the_number_says(menus):
    number = menus.client.incoming_phone_numbers.list()[0]
    number.update(status_callback=f"{menus.origin}/ended")
    sid = rings_us(menus)
    menus.tells("hang-up", phone=ROSA)
    told = posted(menus, "/ended")[0]
    assert (told["CallSid"], told["CallStatus"], told["From"]) == (sid, "completed", ROSA)
    assert told["CallDuration"].isdecimal()
