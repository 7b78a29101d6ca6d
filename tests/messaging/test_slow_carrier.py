"""A slow answer is not a lost one: the text may still be on its way into the carrier's books."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from network.messaging.gateway import chosen, protocol
from network.messaging.gateway import twilio as of_twilio
from network.messaging.gateway.protocol import HeldMessage, LostAnswer, Sent, SlowAnswer
from network.messaging.models import Outbound
from network.messaging.outbox import sending
from network.messaging.outbox.queueing import Purpose, queue, queue_free, withdraw
from network.messaging.rules.states import LEASE, Lane, OutState
from network.messaging.texts.keys import Text
from tests.carrier.conftest import carrier, start_carrier  # noqa: F401  fixtures
from tests.carrier.running import ACCOUNT, NUMBER, ROSA, TOKEN

PHONE = "+13125550188"


def owe(world, **purpose):
    return queue(PHONE, Text.KIND, "en", purpose=Purpose(**({"lane": Lane.ANSWER} | purpose)), now=world.now)


@pytest.fixture
def slow(world, monkeypatch):
    """A carrier whose next answers come too late; what it takes is in its books so many seconds after."""
    delays: list[float] = []
    coming: list[tuple[datetime, str, str]] = []
    send, sent_to = world.carrier.send, world.carrier.sent_to

    def slow_send(*, to: str, body: str, **rest: object) -> Sent:
        if not delays:
            return send(to=to, body=body, **rest)
        coming.append((world.now + timedelta(seconds=delays.pop(0)), to, body))
        raise SlowAnswer

    def slow_list(phone: str) -> Iterator[HeldMessage]:
        for arrival in [arrival for arrival in coming if arrival[0] <= world.now]:
            coming.remove(arrival)
            send(to=arrival[1], body=arrival[2], callback="", valid_for_s=None)
        return sent_to(phone)

    monkeypatch.setattr(world.carrier, "send", slow_send)
    monkeypatch.setattr(world.carrier, "sent_to", slow_list)
    return delays


def pass_seconds(world, seconds):
    for _ in range(seconds):
        world.now += timedelta(seconds=1)
        world.settle()


@pytest.mark.parametrize("taken_after", [0, 3, 5, 9, 16, 20, 59])
def test_a_text_that_is_taken_late_goes_out_once(world, slow, taken_after):
    text = owe(world)
    slow.append(taken_after)
    world.settle()
    pass_seconds(world, 80)

    text.refresh_from_db()
    assert len(world.carrier.log) == 1
    assert text.state in (OutState.SENT, OutState.DELIVERED)


def test_a_text_that_was_never_taken_goes_when_the_carrier_can_take_it_no_more(world, slow):
    owe(world)
    slow.append(3600)
    world.settle()
    pass_seconds(world, 59)
    assert world.carrier.log == []
    pass_seconds(world, 16)
    assert len(world.carrier.log) == 1


def test_a_cut_line_is_no_slow_answer_and_goes_again_within_15_seconds(world):
    owe(world)
    world.carrier.fails = [LostAnswer()]
    world.settle()
    pass_seconds(world, 15)
    assert len(world.carrier.log) == 1


def test_an_offer_that_was_answered_slowly_is_not_sent_late(world, slow):
    text = owe(world, expires_at=world.now + timedelta(seconds=30))
    slow.append(3600)
    world.settle()
    pass_seconds(world, 80)
    text.refresh_from_db()
    assert text.state == OutState.EXPIRED
    assert world.carrier.log == []


def test_an_offer_taken_back_while_its_answer_is_awaited_is_not_sent_after_all(world, slow):
    text = owe(world, offer_id="00000000-0000-0000-0000-000000000001")
    slow.append(3600)
    world.settle()
    withdraw(now=world.now, offer_id=text.offer_id)
    pass_seconds(world, 80)
    text.refresh_from_db()
    assert text.state in (OutState.EXPIRED, OutState.WITHDRAWN)
    assert world.carrier.log == []


def test_an_offer_taken_back_that_the_carrier_has_after_all_counts_as_sent(world, slow):
    text = owe(world, offer_id="00000000-0000-0000-0000-000000000001")
    slow.append(10)
    world.settle()
    withdraw(now=world.now, offer_id=text.offer_id)
    pass_seconds(world, 80)
    text.refresh_from_db()
    assert text.state in (OutState.SENT, OutState.DELIVERED)
    assert len(world.carrier.log) == 1


def test_a_worker_killed_in_the_middle_of_a_call_leaves_it_to_be_looked_for_as_long(world, slow, monkeypatch):
    """Its line is gone, and the carrier may be at work on what it was told."""
    owe(world)
    slow.append(16)

    def killed(letter, **rest):
        raise SystemExit

    monkeypatch.setattr(sending, "_later", killed)
    with pytest.raises(SystemExit):
        sending.settle_taken(sending.send(sending.claim(1, now=world.now)))
    monkeypatch.undo()
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    monkeypatch.setattr(sending, "carrier", lambda: world.carrier)
    pass_seconds(world, int(LEASE.total_seconds()) + 80)
    assert len(world.carrier.log) <= 1


def test_later_texts_to_that_phone_keep_their_order_and_others_do_not_wait(world, slow):
    for words in ("first", "second"):
        queue_free(PHONE, words, purpose=Purpose(Lane.ANSWER), now=world.now)
    queue_free("+13125550189", "other", purpose=Purpose(Lane.REMINDER), now=world.now)
    slow.append(16)
    world.settle()
    assert [body for *_, body in world.carrier.log] == ["other"]
    pass_seconds(world, 30)
    assert [body for *_, body in world.carrier.log] == ["other", "first", "second"]


# The gateway, and the simulated carrier


@pytest.fixture
def near(carrier, settings, monkeypatch):  # noqa: F811
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKENS = ACCOUNT, (TOKEN,)
    settings.TWILIO_NUMBER, settings.TWILIO_API_URL = NUMBER, f"{carrier.base}/carrier"
    monkeypatch.setattr(of_twilio, "TIMEOUT_S", 0.2)
    chosen._chosen.cache_clear()
    yield carrier
    chosen._chosen.cache_clear()


def test_an_open_line_is_told_from_one_that_was_cut(near):
    told = {"to": ROSA, "body": "x", "callback": "https://red.example.org/x", "valid_for_s": None}
    near.tells("faults", slow_answers=1, slow_upto_s=20)
    near.carrier.faults.chance.seed(4)
    with pytest.raises(SlowAnswer):
        chosen.carrier().send(**told)
    near.tells("faults", slow_answers=0, next=["cut"])
    with pytest.raises(LostAnswer) as cut:
        chosen.carrier().send(**told)
    assert not isinstance(cut.value, SlowAnswer)


def test_what_was_sent_whole_is_taken_though_nobody_waits_for_the_answer_any_more(near):
    near.tells("faults", slow_s=1.0)
    with pytest.raises(SlowAnswer):
        chosen.carrier().send(to=ROSA, body="x", callback="https://red.example.org/x", valid_for_s=None)
    deadline = time.monotonic() + 10
    while not (taken := near.carrier.store.db.execute("SELECT receiver FROM messages").fetchall()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert [row["receiver"] for row in taken] == [ROSA]


def test_a_proxy_that_gave_up_waiting_has_not_said_that_the_text_was_not_taken(near, monkeypatch):
    from twilio.base.exceptions import TwilioRestException

    waited = TwilioRestException(504, "/Messages", code=504)
    assert isinstance(of_twilio._meaning(waited), SlowAnswer)
    assert not isinstance(of_twilio._meaning(TwilioRestException(500, "/Messages")), SlowAnswer)


def test_answers_that_take_their_time_lead_to_no_text_sent_twice(transactional_db, near, monkeypatch):
    """The 0 to 16 seconds of a bad day, played ten times as fast."""
    monkeypatch.setattr(sending, "SETTLES_IN", timedelta(seconds=0.2))
    monkeypatch.setattr(sending, "TAKES_FOR", timedelta(seconds=2.2))
    near.tells("faults", slow_answers=1, slow_upto_s=1.6)
    phones = [f"+1312555{n:04d}" for n in range(12)]
    for phone in phones:
        queue_free(phone, "hola", purpose=Purpose(Lane.ANSWER), now=timezone.now())
    deadline = time.monotonic() + 20
    while Outbound.objects.filter(sid="").exists() and time.monotonic() < deadline:
        sending.drain()
        time.sleep(0.1)

    taken = near.carrier.store.db.execute("SELECT receiver FROM messages").fetchall()
    assert sorted(row["receiver"] for row in taken) == phones
    assert not Outbound.objects.filter(sid="").exists()


def test_a_picture_that_drips_is_given_up(near, monkeypatch):
    sid = near.types("", media="data:image/png;base64,aGVsbG8=")
    monkeypatch.setattr(of_twilio, "MEDIA_WHOLE_S", -1.0)
    with pytest.raises(protocol.NotReached):
        chosen.carrier().attachments(sid, most_bytes=100)
