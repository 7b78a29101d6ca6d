"""Each answer teaches once, when it has had its time, and what it taught fades slowly."""

from datetime import timedelta

import pytest

from network.dispatch.actions import learning
from network.dispatch.models import (
    Calibration,
    Cell,
    Delay,
    DelayFifth,
    ForecastBand,
    Learning,
    Offer,
    Search,
    Willingness,
)
from network.dispatch.queries.learned import calibration, learned
from network.dispatch.queries.reliability import reliability, week_of
from network.dispatch.queries.situations import situation
from network.dispatch.rules.case import OfferState
from network.dispatch.rules.chance import Delays
from network.messaging.models import Outbound


def count_of(phone) -> Willingness:
    return Willingness.objects.get(person=phone.person)


def test_a_yes_is_counted_at_once_and_only_once(world):
    ana = world.responder("Ana")
    world.member("Rosa").asks()
    ana.accepts()
    world.wait(minutes=3)

    assert (count_of(ana).asked, count_of(ana).said_yes, count_of(ana).accepts) == (1, 1, 1.0)
    assert count_of(ana).expected == pytest.approx(Offer.objects.get().rate)
    assert Cell.objects.get(name="g").accepts == 1
    assert Delay.objects.get(part="day").count == 31
    world.wait(minutes=70)
    assert count_of(ana).asked == 1
    assert calibration(world.now.date()).came == 1


def test_silence_is_a_no_only_after_an_hour_and_not_when_the_request_is_covered(world):
    ana, luis = world.responder("Ana"), world.responder("Luis")
    world.member("Rosa").asks()
    ana.accepts()
    world.wait(minutes=58)
    assert Willingness.objects.get(person=luis.person).asked == 0

    world.wait(minutes=3)
    assert (count_of(luis).asked, count_of(luis).said_yes) == (1, 0)
    assert Learning.objects.get().silences == pytest.approx(1)


def test_a_yes_that_comes_too_late_counts_as_a_yes(world):
    ana, luis = world.responder("Ana"), world.responder("Luis")
    world.member("Rosa").asks()
    code = luis.code()
    ana.accepts()
    world.wait(minutes=20)
    luis.sends(code)
    world.wait(minutes=50)

    assert luis.last == "Apoyo: Thank you. Someone else is going, so you can relax."
    assert (count_of(luis).asked, count_of(luis).said_yes) == (1, 1)
    assert Delay.objects.get(part="day").count == 32


def test_time_in_our_own_queue_is_nobodys_silence_and_nobodys_slowness(world):
    ana, luis = world.responder("Ana"), world.responder("Luis")
    rosa = world.member("Rosa")
    rosa.asks()
    search, asked_at = Search.objects.get(), world.now
    of_ana, of_luis = (Outbound.objects.filter(offer_id=offer_of(phone).pk) for phone in (ana, luis))
    of_ana.update(sent_at=asked_at + timedelta(minutes=10))
    of_luis.update(sent_at=None)  # still waits to leave
    world.now += timedelta(minutes=12)

    silent_since = sorted(
        ask.asked_at for ask in situation(world.request(), search, now=world.now).outstanding
    )
    assert silent_since == [asked_at + timedelta(minutes=10), world.now]

    of_luis.update(sent_at=asked_at)
    ana.accepts()
    world.wait(minutes=1)
    seen = Delay.objects.get(part="day")
    assert seen.mean == pytest.approx(Delays().also(2).mean)


def offer_of(phone) -> Offer:
    return Offer.objects.get(person=phone.person)


def test_a_no_is_counted_as_said(world):
    ana = world.responder("Ana")
    world.member("Rosa").asks()
    ana.sends("2")

    assert (count_of(ana).asked, count_of(ana).said_yes) == (1, 0)
    assert Learning.objects.get().noes == 1
    ana.sends(f"{ana.code()}")  # taken back, and accepted, but the question was settled
    world.wait(minutes=1)
    assert count_of(ana).asked == 1


def test_a_question_that_never_arrived_teaches_nothing(world):
    ana = world.responder("Ana")
    world.carrier.refuses[ana.number] = 30006
    world.member("Rosa").asks()
    world.wait(minutes=1)

    offer = Offer.objects.get()
    assert offer.state == OfferState.UNDELIVERABLE
    assert offer.settled_at is not None
    assert count_of(ana).asked == 0
    assert not Calibration.objects.filter(foretold__gt=0).exists()


def test_an_ask_weighs_less_with_every_hour_and_a_yes_forgives_the_silence(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")
    rosa.asks()
    assert count_of(ana).asks == pytest.approx(1)
    assert count_of(ana).missed == pytest.approx(Offer.objects.get().chance)

    ana.accepts()
    assert count_of(ana).missed == 0


def test_a_night_takes_a_hundredth_of_what_was_learned(world):
    ana = world.responder("Ana")
    world.member("Rosa").asks()
    ana.accepts()
    world.settle()
    world.now += timedelta(hours=24)
    world.settle()

    assert count_of(ana).accepts == pytest.approx(0.99)
    assert Cell.objects.get(name="g").accepts == pytest.approx(0.99)
    assert (count_of(ana).asked, count_of(ana).said_yes) == (1, 1)  # what happened stays what happened
    assert learning.forget_slowly(now=world.now) == 0


def test_nights_that_were_missed_are_made_up_for(world):
    world.settle()
    Cell.objects.create(name="g", accepts=10.0, expected=100.0)
    Learning.objects.update(decayed_on=world.now.date().replace(day=1))
    assert learning.forget_slowly(now=world.now) == 5
    assert Cell.objects.get().accepts == pytest.approx(10 * 0.99**5)


def test_what_was_learned_changes_the_next_forecast(world):
    Cell.objects.create(name="g", accepts=300.0, expected=1000.0)
    assert learned().factor("g") == pytest.approx(330 / 1300)


def test_the_board_is_rung_when_foretold_and_seen_have_parted_and_no_longer_after(world):
    Calibration.objects.create(day=world.now.date(), offers=400, foretold=40.0, came=10)
    ana = world.responder("Ana")
    world.member("Rosa").asks()
    ana.sends("2")
    assert "policy_off" in world.needs()

    Calibration.objects.update(came=40)
    world.wait(minutes=1)
    luis = world.responder("Luis")
    world.member("Luz").asks()
    luis.sends("2")
    assert "policy_off" not in world.needs()


def test_few_answers_ring_nobody(world):
    Calibration.objects.create(day=world.now.date(), offers=40, foretold=4.0, came=0)
    assert calibration(world.now.date()).ratio is None
    assert not calibration(world.now.date()).is_off


def test_what_was_foretold_is_noted_beside_what_came_by_week_and_names_nobody(world):
    ana, luis = world.responder("Ana"), world.responder("Luis")
    world.member("Rosa").asks()
    chances = dict(Offer.objects.values_list("person", "chance"))
    world.wait(minutes=4)
    ana.accepts()
    world.wait(minutes=70)
    assert sum(ForecastBand.objects.values_list("offers", flat=True)) == 2
    assert sum(ForecastBand.objects.values_list("foretold", flat=True)) == pytest.approx(
        sum(chances.values())
    )
    assert sum(ForecastBand.objects.values_list("came", flat=True)) == 1
    assert {row.week for row in ForecastBand.objects.all()} == {week_of(world.now.date())}
    assert DelayFifth.objects.get().came == 1
    found = reliability(now=world.now, today=world.now.date())
    assert (found.silent.waves, found.silent.seen) == (1, 0)
    assert found.silent.foretold == pytest.approx(
        (1 - chances[ana.person.pk]) * (1 - chances[luis.person.pk])
    )
    world.wait(minutes=70)
    assert sum(ForecastBand.objects.values_list("offers", flat=True)) == 2  # each once
    assert not [
        field for model in (ForecastBand, DelayFifth) for field in model._meta.fields if field.is_relation
    ]


def test_a_wave_that_still_may_be_answered_is_not_judged(world):
    world.responder("Ana")
    world.member("Rosa").asks()
    assert reliability(now=world.now, today=world.now.date()).silent.waves == 0


def test_weeks_add_up_and_old_ones_are_left_out(db, now):
    today = now.date()
    for weeks, came in ((0, 1), (11, 2), (12, 50)):
        week = week_of(today) - timedelta(weeks=weeks)
        ForecastBand.objects.create(week=week, band=2, offers=10, foretold=1.5, came=came)
        DelayFifth.objects.create(week=week, fifth=3, came=came)
    found = reliability(now=now, today=today)
    assert (found.bands[2].offers, found.bands[2].foretold, found.bands[2].came) == (20, 3.0, 3)
    assert found.fifths == {3: 3}
