"""What strangers leave with us is gone after a day, however it came."""

from datetime import timedelta

import pytest

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
    assert not Outbound.objects.filter(text="unknown_sender").exists()
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
