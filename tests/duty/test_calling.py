"""Coordinators are called about what nobody has taken: once each, with no name, until somebody has it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from network.audit import rules as audit
from network.audit.rules import ENGINE
from network.carrier import twiml
from network.desk.actions import claim, raise_need
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.duty.actions import calling, shifts
from network.duty.models import AlarmCall
from network.duty.rules.alarm import CallState
from network.messaging.gateway.protocol import CarrierRefused, LostAnswer, NotReached, SlowDown
from tests.callers import ACCOUNT, posted
from tests.world import by_staff


def on_shift(world, *staff):
    for one in staff:
        shifts.start_shift(one.pk, hours=8, by=audit.staff(one.pk), now=world.now)


@pytest.fixture
def two(world):
    """Two on shift, and a member who asks for a person, whom nobody takes."""
    ana, beto = world.coordinator(), world.coordinator()
    on_shift(world, ana, beto)
    rosa = world.member("Rosa").person.pk
    raise_need(
        Reason.PERSON_PLEASE, about=About("person", str(rosa)), by=ENGINE, now=world.now, person_id=rosa
    )
    return ana, beto


def called(world, staff=None):
    return [to for _, to, _ in world.carrier.calls if staff is None or to == staff.phone]


def answers(world, staff, key=None):
    """The coordinator picks up, and presses a key: the sentences they hear."""
    sid, _, url = next(call for call in world.carrier.calls if call[1] == staff.phone)
    world.carrier.rings.discard(sid)
    form = {"CallSid": sid, "AccountSid": ACCOUNT, "From": "+13125550100", "To": staff.phone}
    verbs = twiml.read(*posted(path(url), form))
    said = twiml.spoken(verbs)
    if key is not None and verbs[0].name == "Gather":
        said += twiml.spoken(twiml.read(*posted(path(verbs[0].options["action"]), form | {"Digits": key})))
    return said


def path(url):
    return url.removeprefix("https://red.example.org")


def states():
    return sorted(AlarmCall.objects.values_list("state", flat=True))


def takes(world, staff):
    need = Need.objects.filter(closed_at=None).order_by("number").first()
    claim(need.pk, staff_id=staff.pk, by=by_staff(staff.pk), now=world.now)


def test_it_texts_after_a_minute_and_calls_after_three(world, two):
    world.wait(minutes=2.9)
    assert called(world) == []
    world.wait(minutes=0.2)
    assert sorted(called(world)) == sorted(one.phone for one in two)
    world.wait(minutes=20)
    assert len(called(world)) == 2  # once for each climb


def test_the_call_says_what_it_is_without_a_name_and_a_key_takes_it(world, two):
    ana, _ = two
    world.wait(minutes=3.1)
    said = answers(world, ana, "1")
    number = " ".join(str(Need.objects.get(reason="person_please").number))
    assert said == [
        f"Number {number} on the board has waited 3 minutes and no one has taken it.",
        "Press 1 to take it.",
        "It is yours now.",
        "Please open the console.",
    ]
    assert set(Need.objects.filter(closed_at=None).values_list("claimed_by", flat=True)) == {ana.pk}
    assert "Rosa" not in " ".join(said)


def test_taking_it_by_phone_ends_the_calls_that_still_ring(world, two):
    ana, _ = two
    world.wait(minutes=3.1)
    answers(world, ana, "1")
    world.now += timedelta(seconds=1)
    world.settle()
    assert world.carrier.rings == set()
    assert states() == [CallState.ANSWERED, CallState.OVER]


def test_taking_it_by_a_click_ends_all_calls(world, two):
    world.wait(minutes=3.1)
    takes(world, two[0])
    world.settle()
    assert world.carrier.rings == set()
    assert states() == [CallState.OVER] * 2


def test_a_late_answer_hears_that_somebody_has_it(world, two):
    ana, beto = two
    world.wait(minutes=3.1)
    takes(world, beto)
    assert answers(world, ana, "1")[0] == "Someone has it now."
    assert set(Need.objects.filter(closed_at=None).values_list("claimed_by", flat=True)) == {beto.pk}


def test_two_who_press_at_once_one_has_it(world, two):
    ana, beto = two
    world.wait(minutes=3.1)
    answers(world, ana)  # both hear the question
    answers(world, beto)
    calls = {one.pk: AlarmCall.objects.get(staff=one).pk for one in two}
    assert [calling.take(calls[one.pk], "1", now=world.now) for one in two] == [True, False]


@pytest.mark.parametrize("key", ["2", "0", "", "*"])
def test_another_key_or_none_takes_nothing(world, two, key):
    world.wait(minutes=3.1)
    assert "It is yours now." not in answers(world, two[0], key)
    assert Need.objects.get(reason="person_please").claimed_by is None


def test_what_is_taken_before_the_call_is_made_calls_nobody(world, two):
    world.carrier.call_fails = [NotReached(), NotReached()]
    world.wait(minutes=3)
    assert called(world) == []
    takes(world, two[0])
    world.wait(minutes=5)
    assert called(world) == []
    assert states() == [CallState.OVER] * 2


@pytest.mark.parametrize("error", [NotReached(), SlowDown()])
def test_a_call_that_never_reached_the_carrier_is_made_again(world, two, error):
    world.carrier.call_fails = [error, error]
    world.wait(minutes=3.2)
    assert sorted(called(world)) == sorted(one.phone for one in two)


def test_a_call_that_could_not_be_made_for_two_minutes_is_not_made_any_more(world, two):
    world.carrier.call_fails = [NotReached() for _ in range(500)]
    world.wait(minutes=5.2)
    world.carrier.call_fails = []
    world.wait(minutes=5)
    assert called(world) == []


def test_a_refused_call_is_over(world, two):
    world.carrier.call_fails = [CarrierRefused(21211, 400), CarrierRefused(21211, 400)]
    world.wait(minutes=3.1)
    assert states() == [CallState.OVER] * 2


def test_a_call_whose_answer_was_lost_is_never_made_again(world, two):
    world.carrier.call_takes_and_fails = [LostAnswer(), LostAnswer()]
    world.wait(minutes=3.1)
    assert states() == [CallState.DIALING] * 2
    world.wait(minutes=10)
    assert len(called(world)) == 2
    assert states() == [CallState.OVER] * 2


def test_a_call_whose_answer_was_lost_is_found_and_ended_when_it_is_taken(world, two):
    world.carrier.call_takes_and_fails = [LostAnswer(), LostAnswer()]
    world.wait(minutes=3.1)
    takes(world, two[0])
    world.settle()
    assert world.carrier.rings == set()
    assert states() == [CallState.OVER] * 2


def test_a_worker_killed_after_it_claimed_the_row_leaves_no_second_call(world, two):
    class Killed(BaseException):
        pass

    world.carrier.call_takes_and_fails = [Killed()]
    with pytest.raises(Killed):
        world.wait(minutes=3.1)
    world.wait(minutes=10)
    assert sorted(called(world)) == sorted(one.phone for one in two)
    assert states() == [CallState.OVER] * 2


def test_two_workers_at_once_make_each_call_once(world, two):
    world.carrier.call_fails = [NotReached(), NotReached()]
    world.wait(minutes=3)
    world.now += timedelta(seconds=3)
    world.carrier.call_fails = []

    def work():
        calling.call_coordinators(now=world.now)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(called(world)) == sorted(one.phone for one in two)


def test_who_stopped_our_texts_is_not_called(world, two):
    ana, beto = two
    world.deliver(ana.phone, "STOP")
    world.settle()
    world.wait(minutes=3.1)
    assert called(world) == [beto.phone]


def test_a_carrier_that_says_nothing_of_the_end_holds_nothing(world, two):
    world.wait(minutes=3.1)
    assert states() == [CallState.RINGING] * 2
    world.wait(minutes=2)
    assert states() == [CallState.OVER] * 2


def test_the_carriers_word_ends_a_call(world, two):
    world.wait(minutes=3.1)
    call = AlarmCall.objects.first()
    posted(
        f"/twilio/alarm/over?call={call.pk}",
        {"CallSid": call.sid, "AccountSid": ACCOUNT, "CallStatus": "busy"},
    )
    call.refresh_from_db()
    assert call.state == CallState.OVER
