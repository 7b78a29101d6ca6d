"""Each phone, forged or not, has its share of answers, budget, turns and patience; nobody else pays for it."""

from collections import Counter
from datetime import timedelta

import pytest

from network import engine
from network.conversations.handling.texts import handle_waiting
from network.messaging.models import Inbound, Outbound
from network.messaging.outbox import pace, sending
from network.messaging.outbox.queueing import Purpose, queue, queue_free
from network.messaging.rules.limits import ANSWERS_AN_HOUR, SAME_ANSWER_AN_HOUR, TURNS
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.support.models import SupportRequest


def flood(world, phone, bodies):
    for body in bodies:
        world.deliver(phone.number, body)
    world.settle()


def same(phone):
    return max(Counter(phone.texts).values())


@pytest.mark.parametrize(
    ("words", "standing"),
    [("9", "active"), ("hola", "active"), ("I moved", "active"), ("hola", "invited")],
)
def test_eighty_texts_of_one_phone_get_a_bounded_few_answers(world, words, standing):
    rosa = world.member("Rosa", standing=standing)
    flood(world, rosa, [words + " " * n for n in range(80)])
    assert len(rosa.texts) <= ANSWERS_AN_HOUR + 2
    assert same(rosa) <= SAME_ANSWER_AN_HOUR
    assert len(world.needs()) <= 4
    assert world.needs().count("too_many_texts") == 1


def test_a_responder_who_goes_off_and_on_all_the_time_gets_a_bounded_few(world):
    ana = world.responder("Ana")
    flood(world, ana, [("off" if n % 2 else "on") + " " * n for n in range(40)])
    assert len(ana.texts) <= 2 * SAME_ANSWER_AN_HOUR + 1
    assert "too_many_texts" in world.needs()
    ana.person.responder.refresh_from_db()
    assert ana.person.responder.off_until is not None  # what was asked was done


def test_answers_come_again_after_the_hour(world):
    ana = world.responder("Ana")
    flood(world, ana, [("off" if n % 2 else "on") + " " * n for n in range(20)])
    got = len(ana.texts)
    world.now += timedelta(minutes=61)
    ana.sends("off")
    assert len(ana.texts) == got + 1


def test_fear_beyond_the_share_still_reaches_a_person_at_once(world):
    from network.desk.models import Need

    rosa = world.member("Rosa")
    flood(world, rosa, [f"hola {n}" for n in range(40)])
    Need.objects.filter(closed_at=None).update(closed_at=world.now)
    rosa.sends("they are breaking the door, help")
    due = Need.objects.filter(closed_at=None).values_list("due_at", flat=True)
    assert min(due) <= world.now


def test_one_phone_does_not_use_up_the_days_budget(world, settings):
    settings.DAILY_TEXT_BUDGET = 100
    rosa, grace = world.member("Rosa"), world.member("Grace")
    flood(world, rosa, [f"hola {n} 9" if n % 2 else "9" + " " * n for n in range(100)])
    world.wait(minutes=5)
    grace.sends("help")
    assert grace.got("Are you at home now?")


def test_answers_to_one_phone_take_turns_with_others_offers(world, settings):
    settings.TWILIO_RATE = 1
    for n in range(61):
        queue_free("+13125550188", f"answer {n}", purpose=Purpose(Lane.ANSWER), now=world.now)
    for n in range(3):
        phone = f"+1312555019{n}"
        queue(phone, Text.THERE, "en", purpose=Purpose(Lane.OFFER), now=world.now)
    order = list(Outbound.objects.order_by("lane", "order").values_list("contact", "text"))
    first_offer = next(n for n, (_, text) in enumerate(order) if text == Text.THERE)
    assert first_offer <= TURNS
    assert sending.claim(2, now=world.now)
    assert pace.leaves_in(now=world.now) > timedelta(seconds=60)


def test_a_coordinators_own_words_always_have_their_turn(world):
    staff = world.coordinator()
    for n in range(20):
        queue_free("+13125550188", f"answer {n}", purpose=Purpose(Lane.ANSWER), now=world.now)
    own = queue_free("+13125550188", "own", purpose=Purpose(Lane.ANSWER), now=world.now, by=staff.pk)
    assert own.lane == Lane.ANSWER


def call_off(rosa):
    """Ask, and call it off by text."""
    rosa.sends("I need someone to come")
    for answer in ("1", "1", "I do not need it any more", "2"):
        rosa.sends(answer)


def test_after_a_few_requests_called_off_a_person_decides_before_volunteers_are_asked(world):
    rosa, ana = world.member("Rosa"), world.responder("Ana")
    for _ in range(5):
        call_off(rosa)
        world.now += timedelta(minutes=40)
    assert sum("Can you go now?" in text for text in ana.texts) <= 3
    assert SupportRequest.objects.count() <= 4
    assert world.needs().count("called_off_often") == 1

    grace = world.member("Grace")
    grace.asks()
    assert sum("Can you go now?" in text for text in ana.texts) == 4


def test_opening_the_same_again_counts_as_well(world):
    """Within half an hour it opens as it was, with those who went."""
    rosa, ana = world.member("Rosa"), world.responder("Ana")
    call_off(rosa)
    for _ in range(5):
        for words in ("help", "I do not need it any more", "2"):
            rosa.sends(words)
            world.now += timedelta(seconds=130)
    assert sum("Can you go now?" in text for text in ana.texts) <= 3
    assert "called_off_often" in world.needs()


def test_fear_after_many_that_were_called_off_reaches_a_person_at_once(world):
    from network.desk.models import Need

    rosa = world.member("Rosa")
    for _ in range(3):
        call_off(rosa)
        world.now += timedelta(minutes=40)
    rosa.sends("they are at my door, help")
    need = Need.objects.get(reason="called_off_often", closed_at=None)
    assert need.due_at <= world.now


def test_the_next_day_it_is_the_machine_again(world):
    rosa, ana = world.member("Rosa"), world.responder("Ana")
    for _ in range(3):
        call_off(rosa)
        world.now += timedelta(minutes=40)
    world.now += timedelta(hours=24)
    rosa.asks()
    assert sum("Can you go now?" in text for text in ana.texts) == 4


def test_texts_of_one_phone_hide_nobody_elses_from_the_engine(world, monkeypatch):
    rosa, grace = world.member("Rosa"), world.member("Grace")
    for n in range(60):
        world.deliver(rosa.number, f"hola {n}")
    world.deliver(grace.number, "help")
    woken = []
    monkeypatch.setattr(engine, "wake_for", woken.append)
    engine.handle_waiting_texts(now=world.now)
    assert len(woken) == 1  # whoever it wakes takes phone after phone
    handle_waiting(now=world.now)
    assert Inbound.objects.get(contact__fingerprint=grace.person.fingerprint).state == "handled"
