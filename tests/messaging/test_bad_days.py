"""The carrier's bad days: errors, lost receipts, lost webhooks, floods, and what each leads to."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from network.conversations.handling.texts import handle_waiting
from network.messaging.contacts import contact_of, opt_out
from network.messaging.gateway.protocol import Attachment, LostAnswer, NotReached, Received, SlowDown
from network.messaging.inbox import backfill
from network.messaging.models import Contact, Inbound, Media, Outbound, Pace, Receipt
from network.messaging.outbox import pace, sending
from network.messaging.outbox.queueing import Purpose, queue, queue_free
from network.messaging.receipts import asking
from network.messaging.rules.limits import is_quiet_too_long
from network.messaging.rules.opt_out import asks_to_start, asks_to_stop
from network.messaging.rules.refusals import POLICIES, Meaning, policy
from network.messaging.rules.states import CARRIER_WORDS, RANK, Lane, OutState, after_receipt
from network.messaging.texts.keys import Text
from tests.woken import listening

PHONE = "+13125550188"


def owe(world, **purpose):
    return queue(PHONE, Text.KIND, "en", purpose=Purpose(**({"lane": Lane.ANSWER} | purpose)), now=world.now)


def receipt(world, text, word, code=None):
    form = {"MessageSid": text.sid or "SM" + "9" * 32, "MessageStatus": word}
    if code:
        form["ErrorCode"] = str(code)
    return world.post(f"/twilio/status?o={text.pk}", form)


# Every code has a policy


@pytest.mark.parametrize("code", sorted(POLICIES))
def test_a_refusal_at_once_is_acted_on_as_its_code_says(world, code):
    rosa = world.member("Rosa")
    text = queue(rosa.number, Text.KIND, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    world.carrier.refuses[rosa.number] = code
    sending.drain()
    text.refresh_from_db()
    contact = Contact.objects.get()
    meaning, ours = policy(code).meaning, "carrier_refuses" in world.needs()

    assert text.state == (OutState.OWED if policy(code).holds else OutState.REFUSED)
    assert ours == (meaning in (Meaning.CONFIGURATION, Meaning.BUG))
    assert (contact.opted_out_at is not None) == (meaning is Meaning.OPTED_OUT)
    assert (contact.unreachable_at is not None) == (meaning is Meaning.NUMBER)


@pytest.mark.parametrize("code", [*sorted(POLICIES), 12345])
def test_a_failure_told_later_is_acted_on_as_its_code_says(world, code):
    rosa = world.member("Rosa")
    text = queue(rosa.number, Text.KIND, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    world.settle()
    text.refresh_from_db()
    receipt(world, text, "undelivered", code)
    world.settle()

    again = Outbound.objects.filter(again_of=text.pk)
    assert again.exists() == policy(code).again
    assert ("refused_send" in world.needs()) != policy(code).again


def test_a_text_sent_again_and_lost_again_goes_to_a_person(world):
    rosa = world.member("Rosa")
    text = queue(rosa.number, Text.KIND, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    world.settle()
    text.refresh_from_db()
    receipt(world, text, "undelivered", 30008)
    world.settle()
    world.carrier.knows = "sent"  # the repeat isn't there yet
    world.wait(minutes=1)
    assert len(rosa.texts) == 2
    receipt(world, Outbound.objects.get(again_of=text.pk), "undelivered", 30008)
    world.wait(minutes=1)
    assert len(rosa.texts) == 2
    assert "refused_send" in world.needs()


def test_a_wrong_account_holds_all_texts_and_loses_none(world):
    rosa = world.member("Rosa")
    text = queue(rosa.number, Text.KIND, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    world.carrier.refuses[rosa.number] = 20003
    sending.drain()
    assert sending.claim(6, now=world.now + timedelta(seconds=29)) == []
    del world.carrier.refuses[rosa.number]
    world.wait(minutes=1)
    text.refresh_from_db()
    assert text.state == OutState.SENT
    assert len(rosa.texts) == 1


@pytest.mark.parametrize("code", [30003, 30005, 30006])
def test_offers_that_do_not_arrive_ask_the_next_at_once(world, code):
    near = [world.responder(f"N{n}", zip="60629") for n in range(10)]
    rosa = world.member("Rosa")
    rosa.asks()
    asked = [responder for responder in near if responder.texts]
    assert len(asked) < len(near)
    for responder in asked:
        offer = Outbound.objects.get(
            contact__fingerprint=responder.person.fingerprint,
            offer_id__isnull=False,
            text__startswith="offer",
        )
        receipt(world, offer, "undelivered", code)
    world.settle()

    others = [responder for responder in near if responder not in asked]
    assert any(other.got("Can you go now?") for other in others)


def test_a_number_that_cant_be_texted_is_not_asked_and_is_tried_again_when_it_writes(world):
    ana = world.responder("Ana")
    ana.sends("hello")
    from network.messaging.contacts import mark_unreachable

    mark_unreachable(contact_of(ana.number, now=world.now).pk, code=30006, now=world.now)
    before = len(ana.texts)
    rosa = world.member("Rosa")
    rosa.asks()
    assert len(ana.texts) == before
    assert "nobody_found" in world.needs()
    ana.sends("hello")
    assert len(ana.texts) > before
    assert contact_of(ana.number, now=world.now).unreachable_at is None


def test_a_member_who_cant_be_texted_is_called(world):
    from network.messaging.contacts import mark_unreachable

    rosa, ana = world.member("Rosa"), world.responder("Ana")
    rosa.asks()
    mark_unreachable(contact_of(rosa.number, now=world.now).pk, code=30006, now=world.now)
    ana.accepts()
    assert "cant_text" in world.needs()


# The outbox


def test_a_connection_that_was_never_made_needs_no_look(world):
    text = owe(world)
    world.carrier.fails, world.carrier.answers = [NotReached()], False
    sending.drain()
    text.refresh_from_db()
    assert text.state == OutState.OWED


def test_an_unknown_text_is_not_sent_while_the_carriers_list_is_silent(world):
    text = owe(world)
    world.carrier.takes_and_fails, world.carrier.answers = [LostAnswer()], False
    world.wait(minutes=30)
    assert len(world.carrier.log) == 1
    world.carrier.answers = True
    world.wait(minutes=1)
    text.refresh_from_db()
    assert len(world.carrier.log) == 1
    assert RANK[OutState(text.state)] >= RANK[OutState.SENT]


def test_an_unknown_text_that_the_carrier_does_not_have_goes_within_15_seconds(world):
    owe(world)
    world.carrier.fails = [LostAnswer()]
    world.settle()
    for _ in range(15):
        world.now += timedelta(seconds=1)
        world.settle()
    assert len(world.carrier.log) == 1


def test_an_early_receipt_settles_an_unknown_text_without_a_look(world):
    text = owe(world)
    world.carrier.takes_and_fails, world.carrier.answers = [LostAnswer()], False
    world.settle()
    form = {"MessageSid": world.carrier.log[0][0], "MessageStatus": "sent"}
    world.post(f"/twilio/status?o={text.pk}", form)
    text.refresh_from_db()
    assert (text.state, text.sid) == (OutState.SENT, world.carrier.log[0][0])
    world.wait(minutes=2)
    assert len(world.carrier.log) == 1


def test_an_unknown_text_is_not_sent_again_after_an_opt_out(world):
    text = owe(world)
    world.carrier.fails = [LostAnswer()]
    world.settle()
    opt_out(contact_of(PHONE, now=world.now).pk, now=world.now)
    world.wait(minutes=1)
    text.refresh_from_db()
    assert text.state == OutState.WITHDRAWN
    assert world.carrier.log == []


def test_an_unknown_offer_is_not_sent_late(world):
    text = owe(world, expires_at=world.now + timedelta(seconds=3))
    world.carrier.fails = [LostAnswer()]
    world.settle()
    world.wait(minutes=1)
    text.refresh_from_db()
    assert text.state == OutState.EXPIRED
    assert world.carrier.log == []


def test_two_equal_texts_with_lost_answers_are_two_texts(world):
    first, second = owe(world), owe(world)
    world.carrier.takes_and_fails = [LostAnswer(), LostAnswer()]
    world.settle()
    world.wait(minutes=2)
    first.refresh_from_db()
    second.refresh_from_db()
    assert len(world.carrier.log) == 2
    assert {first.sid, second.sid} == {sid for sid, _, _ in world.carrier.log}


def test_a_lost_answer_holds_back_later_texts_to_that_phone_for_a_minute_at_most(world):
    for words in ("first", "second"):
        queue_free(PHONE, words, purpose=Purpose(Lane.ANSWER), now=world.now)
    world.carrier.fails, world.carrier.answers = [LostAnswer()], False
    world.settle()
    assert world.carrier.log == []
    world.wait(minutes=2)
    assert [body for *_, body in world.carrier.log] == ["second"]
    world.carrier.answers = True
    world.wait(minutes=1)
    assert sorted(body for *_, body in world.carrier.log) == ["first", "second"]


def test_after_a_429_everyone_waits_and_the_urgent_go_first(world):
    queue(PHONE, Text.JOINED, "en", purpose=Purpose(Lane.REMINDER), now=world.now)
    world.carrier.fails = [SlowDown()]
    assert sending.send(sending.claim(1, now=world.now)) == []
    assert sending.claim(6, now=world.now) == []
    queue("+13125550189", Text.KIND, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    world.now += timedelta(seconds=1)
    assert [letter.phone for letter in sending.claim(6, now=world.now)] == ["+13125550189", PHONE]


def test_pauses_double_and_begin_small_again(world):
    def pauses():
        return Pace.objects.get().wait_until - world.now

    for n in range(12):
        pace.slow_down(now=world.now)
        longest = min(0.25 * 2**n, 30)
        assert longest / 2 <= pauses().total_seconds() <= longest
    pace.keep_going()
    pace.slow_down(now=world.now)
    assert pauses().total_seconds() <= 0.25


def test_a_text_whose_key_is_gone_does_not_stop_the_others(world):
    from network.privacy import keyring
    from network.privacy.models import Key

    owe(world)
    Outbound.objects.update(body=None)
    bad = Outbound.objects.get()
    Key.objects.filter(pk=bad.key_id).update(wrapped=b"broken" * 12)
    keyring.forget_all()
    other = world.member("Rosa")
    queue(other.number, Text.KIND, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    world.settle()
    bad.refresh_from_db()
    assert bad.state == OutState.REFUSED
    assert other.texts


# Receipts


@given(words=st.permutations(["queued", "sending", "sent", "delivered", "failed"]))
def test_receipts_in_any_order_end_right(words):
    state = OutState.SENDING
    for word in words:
        state = after_receipt(state, word)
    assert state == OutState.DELIVERED


@given(words=st.lists(st.sampled_from([*CARRIER_WORDS, "unheard-of", ""])))
def test_a_status_never_moves_back(words):
    state = OutState.SENT
    for word in words:
        after = after_receipt(state, word)
        assert RANK[after] >= RANK[state]
        state = after


def test_a_receipt_is_taken_by_the_carriers_id_where_ours_is_missing(world):
    text = owe(world)
    world.settle()
    text.refresh_from_db()
    world.post("/twilio/status", {"MessageSid": text.sid, "MessageStatus": "delivered"})
    text.refresh_from_db()
    assert text.state == OutState.DELIVERED


def test_a_receipt_of_another_message_changes_nothing(world):
    text = owe(world)
    world.settle()
    world.post(f"/twilio/status?o={text.pk}", {"MessageSid": "SM" + "9" * 32, "MessageStatus": "failed"})
    text.refresh_from_db()
    assert text.state == OutState.SENT


def test_when_all_receipts_are_lost_the_carrier_is_asked(world):
    text = owe(world)
    world.settle()
    text.refresh_from_db()
    world.carrier.statuses[text.sid] = ("undelivered", 30003)
    world.wait(minutes=1)
    text.refresh_from_db()
    assert (text.state, text.error) == (OutState.UNDELIVERED, 30003)
    assert Receipt.objects.get().asked


def test_asking_slows_down_and_ends(world):
    text = owe(world)
    world.settle()
    text.refresh_from_db()
    world.carrier.statuses[text.sid] = ("sent", None)
    asked = []
    for _ in range(24 * 4 * 4):
        world.now += timedelta(minutes=15)
        asking.ask_for_receipts(now=world.now)
        text.refresh_from_db()
        asked.append(text.asked)
    assert text.ask_at is None
    assert 10 < asked[-1] < 40


# Backfill


def missed(world, who, body, n, minutes_ago=5.0):
    form = {"MessageSid": f"SM{n:031x}e", "AccountSid": django_settings.TWILIO_ACCOUNT_SID, "From": who.number,
            "To": "+13125550100", "Body": body, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received"}  # fmt: skip
    world.carrier.inbound.append(Received(form, world.now - timedelta(minutes=minutes_ago)))
    return form


def test_what_came_while_we_were_down_is_handled_once_and_in_order(world):
    rosa, luz = world.member("Rosa"), world.member("Luz")
    forms = [missed(world, rosa, "help", 1, 30), missed(world, luz, "help", 2, 20),
             missed(world, rosa, "1", 3, 10), missed(world, rosa, "1", 4, 5)]  # fmt: skip
    backfill.want(now=world.now)
    world.settle()
    understood = Inbound.objects.filter(contact__fingerprint=rosa.person.fingerprint).order_by("arrival")
    assert [text.understood for text in understood] == ["OpenRequest", "AtHome", "ChooseKind"]
    assert luz.got("Are you at home now?")

    for form in forms:  # and the webhooks come after all
        world.post("/twilio/sms", form)
    backfill.backfill(now=world.now)
    world.settle()
    assert Inbound.objects.count() == 4


def test_a_newer_text_waits_for_older_ones_that_may_be_missing(world):
    rosa = world.member("Rosa")
    backfill.want(now=world.now)
    world.deliver(rosa.number, "1")
    assert handle_waiting(now=world.now) == 0
    missed(world, rosa, "help", 1, 1)
    world.settle()
    assert [t.understood for t in Inbound.objects.order_by("came_at")] == ["OpenRequest", "AtHome"]


def test_texts_wait_ten_seconds_at_most_for_a_list_that_does_not_come(world):
    rosa = world.member("Rosa")
    backfill.want(now=world.now)
    world.carrier.answers = False
    world.deliver(rosa.number, "help")
    backfill.backfill(now=world.now)
    world.settle()
    assert rosa.got("Are you at home now?")


def test_the_list_is_read_again_after_it_was_silent(world):
    rosa = world.member("Rosa")
    backfill.want(now=world.now)
    world.carrier.answers = False
    missed(world, rosa, "help", 1, 1)
    world.wait(minutes=6)
    assert "carrier_silent" in world.needs()
    world.carrier.answers = True
    world.wait(minutes=1)
    assert rosa.got("Are you at home now?")
    assert "carrier_silent" not in world.needs()


def test_webhooks_that_stopped_coming_are_noticed(world):
    rosa = world.member("Rosa")
    backfill.want(now=world.now)
    world.wait(minutes=3)
    missed(world, rosa, "help", 1, 2)
    world.wait(minutes=3)
    assert rosa.got("Are you at home now?")
    assert "carrier_silent" in world.needs()


@pytest.mark.parametrize(
    ("by_day", "hours", "quiet"),
    [(0.0, 48, False), (2.0, 2, False), (2.0, 4, True), (0.2, 20, False), (0.2, 40, True)],
)
def test_silence_is_measured_by_what_would_have_come(now, by_day, hours, quiet):
    rates = dict.fromkeys(range(24), by_day)
    assert is_quiet_too_long(now, now + timedelta(hours=hours), texts_an_hour=rates) is quiet


def test_at_three_in_the_morning_silence_is_nothing(now):
    day_only = {hour: 5.0 if 14 <= hour <= 23 else 0.0 for hour in range(24)}
    night = now.replace(hour=1)
    assert not is_quiet_too_long(night, night + timedelta(hours=6), texts_an_hour=day_only)
    assert is_quiet_too_long(night, night + timedelta(hours=12), texts_an_hour=day_only)


# Fair sending


def test_the_last_fifth_of_the_day_is_for_open_requests(world, settings):
    settings.DAILY_TEXT_BUDGET = 10
    rosa = world.member("Rosa")
    for n in range(12):
        queue(f"+1312555{n:04d}", Text.JOINED, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    world.settle()
    assert len(world.carrier.log) == 8
    rosa.sends("help")
    assert rosa.got("Are you at home now?")
    world.settle()
    assert len(world.carrier.log) == 10
    assert world.needs().count("budget") == 2
    world.wait(hours=15)
    assert len(world.carrier.log) > 14


def test_strangers_answers_never_use_up_the_day(world, settings):
    settings.DAILY_TEXT_BUDGET = 10
    for _ in range(8):
        world.stranger().sends("hola")
    assert len(world.carrier.log) == 4


def test_the_board_says_when_the_last_text_leaves(world, settings):
    settings.TWILIO_RATE = 1
    for n in range(200):
        queue(f"+1312555{n:04d}", Text.JOINED, "en", purpose=Purpose(Lane.OFFER), now=world.now)
    segments = sum(Outbound.objects.values_list("segments", flat=True))
    assert pace.leaves_in(now=world.now) == timedelta(seconds=segments)


def test_two_systems_that_answer_each_other_fall_silent(world):
    robot = world.member("Robot")
    for _ in range(30):
        robot.sends("Thank you for your message, we will get back to you")
    unasked = [body for body in robot.texts if "did not understand" in body or "We have it" in body]
    assert len(unasked) <= 5
    assert "too_many_texts" in world.needs()


def test_a_flood_of_strangers_is_one_line_on_the_board(world):
    for n in range(103):
        world.deliver(f"+1312556{n:04d}", "hola")
    for _ in range(12):
        world.settle()
    assert world.needs().count("unknown_sender") == 100
    assert world.needs().count("flood") == 1


def test_known_people_are_not_behind_a_flood(world):
    rosa = world.member("Rosa")
    with listening() as woken:
        for n in range(60):
            world.deliver(f"+1312556{n:04d}", "hola")
        of_strangers = woken()
        world.deliver(rosa.number, "help")
        assert woken() == ["handle_texts"]
    assert set(of_strangers) == {"handle_strangers"}
    handle_waiting(now=world.now)
    sending.drain()
    assert rosa.got("Are you at home now?")
    assert Inbound.objects.filter(state="waiting").count() == 60


# Opt-out


STOPS = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")


@pytest.mark.parametrize("word", STOPS)
@pytest.mark.parametrize(("shape", "kind"), [("{}", "STOP"), (" {} \n", "")])
def test_a_stop_word_stops_everything_at_once_and_is_not_confirmed(world, word, shape, kind):
    rosa = world.member("Rosa")
    rosa.sends("help")
    queue(rosa.number, Text.KIND, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    before = len(rosa.texts)
    extra = {"OptOutType": kind} if kind else {}
    world.deliver(rosa.number, shape.format(word.lower()), **extra)
    sending.drain()  # before anybody has handled the text
    world.wait(minutes=4)

    assert len(rosa.texts) == before
    assert "opted_out" in world.needs()
    assert world.request().state != "closed"


@pytest.mark.parametrize("word", ["stop please", "cancel 12", "the end", "alto", "opt out"])
def test_other_words_are_no_opt_out_at_the_carrier(word):
    assert not asks_to_stop(word, "")


def test_the_carriers_own_word_counts_whatever_the_text_says(world):
    rosa = world.member("Rosa")
    world.deliver(rosa.number, "ALTO", OptOutType="STOP")
    world.settle()
    assert not rosa.texts
    world.deliver(rosa.number, "VOLVER", OptOutType="START")
    world.settle()
    rosa.sends("help")
    assert rosa.got("Are you at home now?")


def test_help_from_a_member_opens_a_request_even_when_the_carrier_answered_it(world):
    rosa = world.member("Rosa")
    world.deliver(rosa.number, "HELP", OptOutType="HELP")
    world.settle()
    assert rosa.got("Are you at home now?")
    assert "new_request" in world.needs()


@pytest.mark.parametrize(
    ("sender", "word", "restores"),
    [("+18335550100", "YES", False), ("+18335550100", "UNSTOP", True), ("+13125550100", "yes", True),
     ("+13125550100", "start", True), ("+13125550100", "start now", False)],
)  # fmt: skip
def test_yes_restores_nothing_on_a_toll_free_number(sender, word, restores):
    assert asks_to_start(word, "", sender=sender) is restores


# Bodies and pictures


def test_bodies_leave_the_carrier_when_a_texts_end_is_known(world):
    rosa = world.member("Rosa")
    rosa.sends("help")
    sids = {text.sid for text in Inbound.objects.all()} | {sid for sid, *_ in world.carrier.log}
    assert not world.carrier.erased
    world.wait(minutes=3)
    assert set(world.carrier.erased) >= sids
    assert len(world.carrier.erased) == len(set(world.carrier.erased))


def test_erasing_is_tried_again_until_it_is_done(world):
    rosa = world.member("Rosa")
    rosa.sends("help")
    world.carrier.answers = False
    world.wait(minutes=10)
    assert not world.carrier.erased
    from network.messaging.gateway.erasing import overdue

    assert overdue(now=world.now + timedelta(hours=3)) > 0
    world.carrier.answers = True
    world.wait(minutes=30)
    assert overdue(now=world.now + timedelta(hours=3)) == 0


def test_a_picture_is_fetched_sealed_and_only_then_erased_there(world):
    rosa = world.member("Rosa")
    sid = "MM" + "7" * 32
    world.carrier.media[sid] = [Attachment("ME1", "image/jpeg", b"jpeg bytes")]
    world.carrier.answers = False
    world.deliver(rosa.number, "", sid=sid, NumMedia="1")
    world.settle()
    assert "further_text" in world.needs()
    assert not Media.objects.exists()
    world.carrier.answers = True
    world.wait(minutes=3)
    kept = Media.objects.get()
    assert kept.content == "anBlZyBieXRlcw=="
    assert sid in world.carrier.erased


def test_a_picture_that_never_comes_calls_a_person(world):
    rosa = world.member("Rosa")
    world.carrier.answers = False
    world.deliver(rosa.number, "", sid="MM" + "7" * 32, NumMedia="1")
    world.wait(minutes=30)
    assert "media_lost" in world.needs()


# WhatsApp


def test_whoever_writes_by_whatsapp_is_known_and_answered_by_it(world):
    rosa = world.member("Rosa")
    world.deliver(f"whatsapp:{rosa.number}", "help", To="whatsapp:+13125550100")
    world.settle()
    to = [to for _, to, body in world.carrier.log if "Are you at home now?" in body]
    assert to == [f"whatsapp:{rosa.number}"]


def test_24_hours_after_their_last_word_whatsapp_is_not_used(world):
    rosa = world.member("Rosa")
    world.deliver(f"whatsapp:{rosa.number}", "help", To="whatsapp:+13125550100")
    world.settle()
    world.now += timedelta(hours=24)
    queue(rosa.number, Text.KIND, "en", purpose=Purpose(Lane.ANSWER), now=world.now)
    sending.drain()
    assert world.carrier.log[-1][1] == rosa.number


def test_a_stop_by_one_way_stops_the_other(world):
    rosa = world.member("Rosa")
    world.deliver(f"whatsapp:{rosa.number}", "stop", To="whatsapp:+13125550100")
    assert queue(rosa.number, Text.KIND, "en", purpose=Purpose(Lane.ANSWER), now=world.now) is None


def test_a_line_that_fell_silent_is_noticed_by_the_hours_own_habit(world):
    rosa = world.member("Rosa")
    for n in range(280):  # in two weeks, twenty texts a day in this hour
        assert world.deliver(rosa.number, f"hello {n}") == 200
    Inbound.objects.update(received_at=world.now - timedelta(minutes=20), state="handled")
    assert not backfill.is_quiet(now=world.now)
    Inbound.objects.update(received_at=world.now - timedelta(hours=24))
    backfill.backfill(now=world.now)
    assert "carrier_silent" in world.needs()
