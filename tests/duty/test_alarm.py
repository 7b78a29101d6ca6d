"""The alarm with a clock and phones: whom it texts, when, and what stops it."""

import threading
from datetime import time, timedelta

import pytest
from django.db import connection

from network.audit import rules as audit
from network.desk import actions as desk
from network.desk.models import Need
from network.duty.actions import shifts
from network.duty.actions.paging import page
from network.duty.models import Page
from network.duty.queries import ringing
from tests.world import Phone


def on_shift(world, staff, hours=8):
    shifts.start_shift(staff.pk, hours=hours, by=audit.staff(staff.pk), now=world.now)


def plan(world, staff, *, starts, ends):
    return shifts.add_shifts(
        staff.pk,
        day=world.now.date(),
        start=starts,
        end=ends,
        weeks=1,
        by=audit.staff(staff.pk),
        now=world.now,
    )[0]


def pages(world, staff, *words):
    return [body for _, to, body in world.carrier.log if to == staff.phone and all(w in body for w in words)]


def steps(staff):
    return list(Page.objects.filter(staff=staff).order_by("pk").values_list("step", flat=True))


@pytest.fixture
def crew(world):
    """Ana is on, Beto comes next, Carla is awake, Dalia sleeps by day."""
    ana, beto, carla, dalia = (world.coordinator() for _ in range(4))
    on_shift(world, ana)
    plan(world, beto, starts=time(18), ends=time(23))
    for sleeper in (beto, dalia):
        shifts.set_hours(
            sleeper.pk, wakes=time(20), sleeps=time(8), by=audit.staff(sleeper.pk), now=world.now
        )
    return ana, beto, carla, dalia


def test_it_climbs_at_one_three_six_and_ten_minutes(world, crew):
    ana, beto, carla, dalia = crew
    rosa = world.member("Rosa")
    rosa.sends("help")
    assert not rosa.got("No one is on duty")
    number = Need.objects.get(reason="new_request").number
    assert not pages(world, ana)
    world.now += timedelta(seconds=59)
    world.settle()
    assert not pages(world, ana)
    world.now += timedelta(seconds=1)
    world.settle()
    assert pages(world, ana, f"no. {number} on the board has waited 1 min")
    world.wait(minutes=2)
    assert len(pages(world, ana)) == 2
    assert not pages(world, beto)
    world.wait(minutes=3)
    assert pages(world, beto, f"no. {number}")
    assert not pages(world, carla)
    world.wait(minutes=4)
    assert pages(world, carla, f"no. {number}")
    world.wait(minutes=20)
    of_it = Page.objects.filter(need_id=Need.objects.get(number=number).pk)
    assert of_it.count() == 5  # and no more: first, second, next, and Ana and Carla with all who are awake
    assert not of_it.filter(staff=dalia).exists()  # she sleeps


def test_taking_it_stops_every_page_and_every_sound(world, crew):
    ana, beto, carla, _ = crew
    world.member("Rosa").sends("help")
    assert ringing(now=world.now)
    world.wait(minutes=3)
    said = len(world.carrier.log)
    for need in Need.objects.filter(closed_at=None):
        desk.claim(need.pk, staff_id=carla.pk, by=audit.staff(carla.pk), now=world.now)
    assert ringing(now=world.now) == []
    for _ in range(15):  # only the alarm's clock goes on: the member's silence is another need
        world.now += timedelta(minutes=1)
        assert page(now=world.now) == 0
    assert len(world.carrier.log) == said
    assert (len(pages(world, ana)), pages(world, beto), pages(world, carla)) == (2, [], [])


def test_settling_it_stops_every_page_too(world, crew):
    world.member("Rosa").sends("help")
    for need in Need.objects.filter(closed_at=None):
        desk.close(need.pk, by=audit.staff(crew[1].pk), now=world.now)
    world.now += timedelta(minutes=2)
    assert page(now=world.now) == 0
    assert not Page.objects.exists()


def test_duress_goes_to_every_coordinator_at_once_and_says_no_word_of_it(world, crew):
    rosa = world.member("Rosa", duress_word="girasol")
    rosa.sends("girasol")
    for staff in crew:
        assert pages(world, staff, "for every coordinator now")
        assert not pages(world, staff, "uress")
        assert not pages(world, staff, "Rosa")
    assert ringing(now=world.now)[0].urgency == "duress"


def test_nobody_is_on_and_all_are_told_at_once_then_everyone(world):
    awake, asleep = world.coordinator(), world.coordinator()
    shifts.set_hours(asleep.pk, wakes=time(20), sleeps=time(8), by=audit.staff(asleep.pk), now=world.now)
    rosa = world.member("Rosa")
    rosa.sends("help")
    assert rosa.got("No one is on duty", "we have alerted the team")
    assert pages(world, awake, "no one is on")
    assert not pages(world, asleep)
    world.wait(minutes=5)
    assert pages(world, asleep, "no one is on")


def test_without_a_phone_of_who_is_on_the_next_one_hears(world, crew):
    ana, beto, _, _ = crew
    world.member("Rosa").sends("help")
    ana.phone = None
    ana.save(update_fields=["phone"])
    world.wait(minutes=1)
    assert pages(world, beto, "has waited 1 min")


def test_a_phone_that_stopped_our_texts_is_passed_over_too(world, crew):
    ana, beto, _, _ = crew
    Phone(world, ana.phone).sends("STOP")
    world.member("Rosa").sends("help")
    world.wait(minutes=1)
    assert pages(world, beto, "has waited 1 min")
    assert not pages(world, ana, "has waited")


def test_what_is_older_than_the_shift_pages_nobody_and_a_promise_that_comes_due_does(world):
    ana = world.coordinator()
    rosa = world.member("Rosa")
    world.responder("Luis")
    rosa.asks()
    world.wait(minutes=11)
    before = len(pages(world, ana))
    on_shift(world, ana)
    assert ringing(now=world.now) == []
    world.wait(minutes=2)
    assert len(pages(world, ana)) == before
    promise = Need.objects.get(promise=True, closed_at=None)
    Need.objects.filter(pk=promise.pk).update(due_at=world.now)
    assert [alert.need.pk for alert in ringing(now=world.now)] == [promise.pk]
    world.wait(minutes=1)
    assert pages(world, ana, f"no. {promise.number}")


def test_what_is_given_back_rings_again(world, crew):
    ana = crew[0]
    world.member("Rosa").sends("help")
    need = Need.objects.get(reason="new_request")
    desk.claim(need.pk, staff_id=ana.pk, by=audit.staff(ana.pk), now=world.now)
    world.now += timedelta(hours=1)
    desk.unclaim(need.pk, staff_id=ana.pk, by=audit.staff(ana.pk), now=world.now)
    assert [alert.need.pk for alert in ringing(now=world.now)] == [need.pk]
    assert page(now=world.now) == 0
    world.now += timedelta(minutes=1)
    page(now=world.now)
    assert list(Page.objects.filter(need_id=need.pk).values_list("step", flat=True)) == ["first"]


def test_many_needs_make_one_text_a_phone_and_each_is_on_record(world, crew):
    ana = crew[0]
    for name in ("Rosa", "Luz", "Sara"):
        world.member(name).sends("help")
    world.wait(minutes=1)
    assert len(pages(world, ana)) == 1
    assert steps(ana) == ["first"] * 3


def test_consoles_are_told_when_a_need_begins_to_ring_by_the_clock_alone(world, crew):
    need = desk.raise_need(desk.Reason.MOVED, about=desk.About("person", "1"), by=audit.ENGINE, now=world.now)
    page(now=world.now)
    need.refresh_from_db()
    assert need.rang_at is None
    assert ringing(now=world.now) == []
    world.now = need.due_at
    page(now=world.now)
    need.refresh_from_db()
    assert need.rang_at == world.now


def at_once(*works):
    """Each in a connection of its own, all let go together; what they answered or raised."""
    start, answers = threading.Barrier(len(works)), []

    def run(work):
        try:
            start.wait()
            answers.append(work())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers


@pytest.mark.server
def test_two_workers_that_page_at_once_text_once(world, crew):
    world.member("Rosa").sends("help")
    world.now += timedelta(minutes=1)
    answers = at_once(*[lambda: page(now=world.now)] * 4)
    assert sorted(answers) == [0, 0, 0, 1]
    assert Page.objects.count() == 1


def test_a_crash_between_the_page_and_its_text_loses_and_repeats_nothing(world, crew, monkeypatch):
    from network.duty.actions import paging

    world.member("Rosa").sends("help")
    world.now += timedelta(minutes=1)
    with monkeypatch.context() as broken:
        broken.setattr(paging, "queue", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            page(now=world.now)
    assert not Page.objects.exists()
    assert page(now=world.now) == 1
    assert page(now=world.now) == 0


def test_with_nobody_on_the_member_is_told_who_reads_it_from_when_and_that_is_a_promise(world):
    ana = world.coordinator()
    ana.name = "Ana Ruiz"
    ana.save()
    shift = plan(world, ana, starts=time(18, 30), ends=time(23))
    rosa = world.member("Rosa")
    rosa.sends("help")
    assert rosa.got("No one is on duty", "Ana starts at 6:30 pm and will read it")
    promise = Need.objects.get(reason="read_promised")
    assert (promise.promise, promise.due_at) == (True, shift.starts_at)
    assert pages(world, ana, "no one is on")


@pytest.mark.parametrize(
    ("name", "starts", "hour"), [("", time(18), 10), ("Ana", time(23), 10), ("Ana", time(9, 55), 9)]
)
def test_no_hour_is_named_without_a_name_too_far_ahead_or_when_it_has_passed(world, name, starts, hour):
    ana = world.coordinator()
    ana.name = name or None
    ana.save()
    at, world.now = world.now, world.now.replace(hour=hour)
    plan(world, ana, starts=starts, ends=time(23, 30))
    world.now = at
    rosa = world.member("Rosa")
    rosa.sends("help")
    assert rosa.got("No one is on duty", "we have alerted the team")
    assert "read_promised" not in world.needs()
