"""A phone that may be somebody else's now: asked, and then nobody is sent by machine."""

from datetime import timedelta

import pytest

from network.audit.rules import ENGINE
from network.enrollment.actions.homes import change_home
from network.messaging.models import Contact, Outbound
from network.messaging.receipts.taking import take_receipt
from network.people.actions import homes
from network.people.models import Member

CHECK = "Is this still your number?"


@pytest.fixture
def rosa(world):
    return world.member("Rosa")


def days(world, number, *, hours=0):
    world.now += timedelta(days=number, hours=hours)
    world.settle()


def needs(world):
    """But for the line's own silence: months pass here without a text."""
    return [reason for reason in world.needs() if reason != "carrier_silent"]


def frozen():
    return Member.objects.get().frozen_for


def test_after_ninety_silent_days_they_are_asked_once_and_an_answer_is_enough(world, rosa):
    days(world, 89)
    assert not rosa.got(CHECK)
    days(world, 1)
    days(world, 1)
    assert len([text for text in rosa.texts if CHECK in text]) == 1
    rosa.sends("1")
    assert rosa.got("We are glad")
    days(world, 10)
    assert frozen() == ""
    assert needs(world) == []
    days(world, 81)
    assert len([text for text in rosa.texts if CHECK in text]) == 2


def test_any_text_of_theirs_is_a_sign_of_life_and_is_heard(world, rosa):
    world.coordinator()
    days(world, 90)
    world.wait(minutes=1)
    rosa.sends("please help")
    assert rosa.got("Are you at home now?")
    assert Member.objects.get().phone_asked_at is None
    days(world, 5)
    assert frozen() == ""


def test_not_me_ends_it(world, rosa):
    days(world, 90)
    rosa.sends("2")
    assert rosa.got("We will not text this number again")
    assert needs(world) == ["wrong_number"]
    rosa.person.refresh_from_db()
    assert rosa.person.standing == "refused"


def test_without_an_answer_in_three_days_the_home_is_frozen_and_the_organization_needed(world, rosa):
    days(world, 90)
    days(world, 2, hours=23)
    assert frozen() == ""
    days(world, 0, hours=1)
    assert frozen() == "phone"
    assert needs(world) == ["phone_unsure"]


def test_a_frozen_members_request_is_never_lost_and_sends_nobody(world, hire, rosa):
    world.coordinator()
    ana = world.responder("Ana")
    days(world, 90)
    days(world, 3)
    rosa.asks()
    assert world.request() is not None
    assert ana.texts == []
    assert {"new_request", "phone_unsure"} <= set(needs(world))
    proposal = change_home(
        rosa.person.pk,
        None,
        in_person=True,
        why="I met her",
        staff_id=hire("verifier", world.azul).pk,
        now=world.now,
    )
    assert proposal is not None  # she waits for help: not by one alone


def test_the_organization_lifts_it_on_record_and_the_phone_is_tried_again(world, hire, rosa):
    days(world, 90)
    days(world, 3)
    change_home(
        rosa.person.pk, None, in_person=True, why="", staff_id=hire("verifier", world.azul).pk, now=world.now
    )
    assert frozen() == ""
    assert needs(world) == []
    days(world, 89)
    assert frozen() == ""


def test_at_night_nobody_is_asked(world, rosa):
    world.now += timedelta(hours=12)  # 10 pm
    days(world, 90)
    assert not rosa.got(CHECK)
    days(world, 0, hours=11)
    assert rosa.got(CHECK)


def test_who_is_being_asked_something_is_not_asked_this_beside(world, rosa):
    world.coordinator()
    rosa.sends("help")
    days(world, 90)
    assert not rosa.got(CHECK)


def undelivered(text, code, *, now):
    take_receipt(outbound_id=text.pk, sid=text.sid, word="undelivered", error=code, now=now)


def test_a_check_that_does_not_arrive_freezes_at_once_and_calls_nobody_out_of_bed(world, rosa):
    days(world, 90)
    undelivered(Outbound.objects.get(), 30003, now=world.now)
    world.settle()
    assert frozen() == "phone"
    assert needs(world) == ["phone_unsure"]


def test_a_number_that_the_carrier_says_is_gone(world, rosa):
    contact = people_contact(world, rosa)
    Contact.objects.filter(pk=contact).update(
        unreachable_at=world.now + timedelta(minutes=1), unreachable_code=30005
    )
    world.wait(minutes=2)
    assert frozen() == "phone"


def people_contact(world, phone):
    from network.messaging.contacts import contact_of

    return contact_of(phone.number, now=world.now).pk


def test_three_texts_in_a_row_out_of_reach(world, rosa):
    from network.conversations.outreach.coordinators import write_to

    staff = world.coordinator()
    # Only this test says what becomes of a text: a repeat that is asked about has not arrived by itself.
    world.carrier.knows = "sent"
    for number in range(3):
        world.wait(minutes=1)
        write_to(rosa.person.pk, words="Hello", request_id=None, staff_id=staff.pk, now=world.now)
        world.wait(minutes=1)
        assert frozen() == ""
        undelivered(Outbound.objects.order_by("-order").first(), 30003, now=world.now)
        assert number < 3
    world.settle()
    assert frozen() == "phone"


def test_nobody_is_left_waiting_at_a_home_that_is_frozen_meanwhile(world, rosa):
    """A request is open: the phone may be off for now, and its people are on the way."""
    world.coordinator()
    ana = world.responder("Ana")
    rosa.asks()
    ana.accepts()
    contact = people_contact(world, rosa)
    Contact.objects.filter(pk=contact).update(
        unreachable_at=world.now + timedelta(seconds=1), unreachable_code=30006
    )
    world.wait(minutes=2)
    assert frozen() == ""


def test_a_freeze_by_two_people_is_lifted_for_either_reason(world, hire, rosa):
    days(world, 90)
    days(world, 3)
    member = Member.objects.get()
    for account in (hire("coordinator"), hire("coordinator")):
        homes.unfreeze_home(member.pk, staff_id=account.pk, by=ENGINE, now=world.now)
    world.wait(minutes=2)
    assert frozen() == ""


def test_a_network_that_was_long_silent_is_not_asked_all_at_once(world, monkeypatch):
    from network.conversations.outreach import phone_recheck

    monkeypatch.setattr(phone_recheck, "ASKED_AN_HOUR", 2)
    people = [world.member(name) for name in ("Rosa", "Luz", "Sol")]
    days(world, 90)
    assert sum(CHECK in person.last for person in people) == 2
    days(world, 0, hours=1)
    assert sum(CHECK in person.last for person in people) == 3
