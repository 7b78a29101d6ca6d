"""What strangers leave with us is gone after a day, however it came."""

from datetime import timedelta

import pytest

from network import forgetting
from network.audit.rules import COMMAND_LINE
from network.enrollment.actions.entering import enter_members
from network.enrollment.rules.entries import NewMember, Someone
from network.messaging.contacts import contact_of
from network.messaging.models import Contact, Inbound, Outbound
from network.messaging.retention import forget_strangers
from network.people.rules.homes import Home
from network.privacy.actions import LAST_CHANCE
from network.privacy.models import Key

CALL = {"CallSid": "CA" + "1" * 32, "To": "+13125550100"}


def days_keys():
    return Key.objects.filter(day__isnull=False).count()


def close_needs(world):
    from network.desk.models import Need

    Need.objects.filter(closed_at=None).update(closed_at=world.now)


def forget(world, *, days=3):
    close_needs(world)
    world.now += timedelta(days=days)
    forget_strangers(now=world.now)
    world.now += LAST_CHANCE
    forget_strangers(now=world.now)


def test_an_unknown_caller_is_forgotten(world):
    who = world.stranger()
    assert world.post("/twilio/voice", {**CALL, "From": who.number}) == 200
    forget(world)
    assert not Contact.objects.exists()
    assert days_keys() == 0


def test_an_unknown_caller_who_is_on_the_board_is_kept_and_looked_at_again_in_an_hour(world):
    who = world.stranger()
    world.post("/twilio/voice", {**CALL, "From": who.number})
    world.now += timedelta(days=3)
    forget_strangers(now=world.now)
    assert Contact.objects.exists()
    from network import engine

    assert engine.next_due(world.now)["forget_strangers"] > world.now + timedelta(minutes=50)
    close_needs(world)
    world.now += timedelta(hours=1)
    forget_strangers(now=world.now)
    assert not Contact.objects.exists()
    assert days_keys() == 1
    world.now += LAST_CHANCE
    forget_strangers(now=world.now)
    assert days_keys() == 0


def test_a_stranger_who_wrote_is_forgotten(world):
    world.stranger().sends("hola")
    forget(world)
    assert not Contact.objects.exists()
    assert days_keys() == 0
    assert Inbound.objects.get().body is None


def test_of_a_stranger_who_stopped_our_texts_only_that_is_kept(world):
    who = world.stranger()
    who.sends("STOP")
    forget(world)
    left = Contact.objects.get()
    assert left.opted_out_at is not None
    assert left.phone is None
    assert days_keys() == 0

    who.sends("hola")
    assert not who.texts
    who.sends("START")
    who.sends("hola")
    assert who.got("local group")


def test_what_a_stranger_wrote_before_they_were_enrolled_goes_too(world):
    who = world.stranger()
    who.sends("hola")
    someone = Someone(who.number, "Rosa", ("en",), world.now.date())
    home = Home("1 Sample Street", None, "Chicago", "IL", "60629")
    enter_members([(NewMember(someone, home), world.azul)], may_change=False, by=COMMAND_LINE, now=world.now)
    forget(world)
    assert days_keys() == 0
    assert Inbound.objects.get().body is None
    ours = Outbound.objects.get(
        text="unknown_sender"
    )  # the carrier still has it: its row says to erase it there
    assert (ours.contact, ours.body, ours.key_id) == (None, None, None)
    who.sends("help")
    assert who.got("Are you at home now?")


def test_who_stopped_our_texts_and_is_enrolled_days_later_is_still_silent_and_can_be_shown(world):
    who = world.stranger()
    who.sends("STOP")
    forget(world)
    someone = Someone(who.number, "Rosa", ("en",), world.now.date())
    home = Home("1 Sample Street", None, "Chicago", "IL", "60629")
    enter_members([(NewMember(someone, home), world.azul)], may_change=False, by=COMMAND_LINE, now=world.now)
    assert contact_of(who.number, now=world.now).phone == who.number
    assert contact_of(who.number, now=world.now).opted_out_at is not None


def test_a_stranger_who_goes_on_writing_leaves_a_day_of_texts(world):
    who = world.stranger()
    for _ in range(4):
        who.sends("hola")
        close_needs(world)
        world.now += timedelta(hours=20)
        forget_strangers(now=world.now)
    assert Inbound.objects.filter(body__isnull=False).count() <= 2


@pytest.mark.parametrize("hours", [1, 20])
def test_nothing_goes_before_its_day(world, hours):
    world.stranger().sends("hola")
    forget(world, days=hours / 24)
    assert Inbound.objects.get().body == "hola"


def a_round(world, **after):
    close_needs(world)
    world.now += timedelta(**after)
    forgetting.forget(now=world.now)


def calls(world, who):
    sid = f"CA{next(world.messages):032x}"
    assert world.post("/twilio/voice", {**CALL, "CallSid": sid, "From": who.number}) == 200


def writes(world, who):
    who.sends("hola")


@pytest.mark.parametrize("reaches", [calls, writes])
def test_a_strangers_phone_goes_24_hours_after_it_was_last_heard(world, reaches):
    who = world.stranger()
    reaches(world, who)
    a_round(world, hours=23)
    assert Contact.objects.exists()
    reaches(world, who)
    a_round(world, hours=23)
    assert Contact.objects.exists()
    a_round(world, hours=2)
    assert not Contact.objects.exists()
    assert not Inbound.objects.filter(body__isnull=False).exists()
    assert not Inbound.objects.filter(contact__isnull=False).exists()


@pytest.mark.parametrize("reaches", [calls, writes])
def test_a_strangers_phone_stays_as_long_as_somebody_is_to_look(world, reaches):
    who = world.stranger()
    reaches(world, who)
    world.now += timedelta(days=2)
    forgetting.forget(now=world.now)
    assert Contact.objects.get().phone == who.number
    a_round(world, hours=1)
    assert not Contact.objects.exists()


def test_of_a_stranger_who_goes_on_writing_each_text_has_its_day(world):
    who = world.stranger()
    who.sends("hola")
    a_round(world, hours=20)
    who.sends("otra vez")
    a_round(world, hours=5)
    assert Inbound.objects.get(body__isnull=False).body == "otra vez"


def test_a_stranger_who_stopped_our_texts_stays_stopped_after_a_day(world):
    world.stranger().sends("STOP")
    a_round(world, hours=25)
    left = Contact.objects.get()
    assert left.opted_out_at
    assert (left.phone, left.key_id) == (None, None)


def test_a_phone_that_we_only_wrote_to_waits_for_the_end_of_its_days_key(world):
    """A coordinator's, say: it has neither written nor called."""
    contact_of(world.stranger().number, now=world.now)
    a_round(world, hours=25)
    assert Contact.objects.exists()
    forget(world)
    assert not Contact.objects.exists()


def test_people_of_the_network_are_no_strangers(world):
    rosa = world.member("Rosa")
    rosa.sends("hola")
    calls(world, rosa)
    a_round(world, days=20)
    assert Contact.objects.get().phone == rosa.number
