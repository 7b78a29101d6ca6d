"""One offer holds a person; caps, rest and what people have decided hold too."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from network.dispatch.actions import answering, by_hand, surge
from network.dispatch.models import Exemption, Offer, Search, Surge
from network.dispatch.queries.learned import daily_cap
from network.dispatch.queries.reasons import search_of, weighed
from network.organizations.models import Holiday, Organization
from network.people.models import Apart, Responder
from network.staff.rules import approvers
from tests.world import by_staff


def asked(phone) -> int:
    return Offer.objects.filter(person=phone.person).count()


def why_not(world, phone) -> str | None:
    request = world.request()
    rows = weighed(request, search_of(request), now=world.now)
    return next(row.refusal for row in rows if row.person == phone.person)


def test_an_offer_holds_for_half_an_hour_and_can_be_accepted_for_an_hour(world):
    ana = world.responder("Ana")
    rosa, luz = world.member("Rosa"), world.member("Luz")
    rosa.asks()
    luz.asks()
    assert asked(ana) == 1

    first = ana.code()
    world.wait(minutes=31)
    assert asked(ana) == 2
    world.wait(minutes=20)
    ana.sends(first)
    assert rosa.got("Ana is on the way")
    assert not luz.got("Ana is on the way")


def test_the_database_lets_no_two_offers_hold_one_person(world):
    ana = world.responder("Ana")
    world.member("Rosa").asks()
    held = Offer.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(
            search=held.search,
            person=ana.person,
            key_id=ana.person.key_id,
            code=50,
            wave=1,
            asked_at=world.now,
            open_until=world.now,
            holding=True,
            holds_until=world.now,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=held.pk).update(state="withdrawn")


def ask_often(world, phone, times: int) -> None:
    """So many offers of today, all answered with a no."""
    member = world.member("Before")
    member.asks()
    Offer.objects.all().delete()
    search = Search.objects.get(support_request=world.request())
    for n in range(times):
        Offer.objects.create(
            search=search,
            person=phone.person,
            key_id=phone.person.key_id,
            code=10 + n,
            wave=1,
            state="declined",
            asked_at=world.now,
            answered_at=world.now,
            open_until=world.now,
        )
    answering.stop(world.request().pk, by=by_staff(world.coordinator().pk), now=world.now)


def test_nobody_is_asked_more_than_six_times_in_a_day_or_twelve_in_a_surge(world):
    ana = world.responder("Ana")
    ask_often(world, ana, 6)
    world.member("Rosa").asks()
    assert asked(ana) == 6
    assert why_not(world, ana) == "cap"

    surge.declare_surge(staff_id=world.coordinator().pk, now=world.now)
    world.wait(minutes=1)
    assert asked(ana) == 7


def test_a_surge_ends_by_itself_and_only_one_is_declared(world):
    staff = world.coordinator()
    surge.declare_surge(staff_id=staff.pk, now=world.now)
    with pytest.raises(surge.AlreadyDeclared):
        surge.declare_surge(staff_id=staff.pk, now=world.now)
    assert daily_cap(now=world.now) == 12

    world.now += timedelta(hours=12.1)
    world.settle()
    assert daily_cap(now=world.now) == 6
    assert Surge.objects.get().ended_at is not None
    surge.declare_surge(staff_id=staff.pk, now=world.now)
    surge.end_surge(by=by_staff(staff.pk), now=world.now)
    assert daily_cap(now=world.now) == 6


def test_two_who_were_kept_apart_never_meet(world):
    ana, luis = world.responder("Ana"), world.responder("Luis")
    rosa = world.member("Rosa")
    first, second = sorted((ana.person, rosa.person), key=lambda person: person.pk)
    Apart.objects.create(first=first, second=second, set_by="person", set_at=world.now)
    rosa.asks()

    assert asked(luis) == 1
    assert asked(ana) == 0
    assert why_not(world, ana) == "never_together"
    with pytest.raises(by_hand.NotFit):
        by_hand.offer_by_hand(
            world.request().pk, person_id=ana.person.pk, by=by_staff(world.coordinator().pk), now=world.now
        )


def test_two_adults_who_were_kept_apart_are_not_a_pair(world):
    ana, beto, carla = (world.responder(name, kinds=("childcare",)) for name in ("Ana", "Beto", "Carla"))
    first, second = sorted((ana.person, beto.person), key=lambda person: person.pk)
    Apart.objects.create(first=first, second=second, set_by="organization", set_at=world.now)
    rosa = world.member("Rosa")
    rosa.asks(kind="3")
    rosa.sends("2")
    ana.accepts()
    beto.accepts()
    assert beto.last.startswith("Thank you. Please wait")
    carla.accepts()
    assert rosa.got("Ana and Carla are on the way")


def test_an_organization_may_want_its_own_people_for_its_children(world):
    Organization.objects.filter(pk=world.roja.pk).update(childcare_own_vouch=True)
    ana = world.responder("Ana", kinds=("childcare",), vouchers=2)
    rosa = world.member("Rosa")
    rosa.person.member.organization = world.roja
    rosa.person.member.save()
    rosa.asks(kind="3")
    rosa.sends("1")
    assert asked(ana) == 1

    Organization.objects.update(childcare_own_vouch=True)
    other = world.organization("tercera", "Tercera")
    Organization.objects.filter(pk=other.pk).update(childcare_own_vouch=True)
    luz = world.member("Luz")
    luz.person.member.organization = other
    luz.person.member.save()
    luz.asks(kind="3")
    luz.sends("1")
    assert why_not(world, ana) == "own_vouch"


def test_who_rests_or_is_new_is_not_asked_by_the_search(world):
    tired = world.responder("Tired", rest_until=world.now + timedelta(hours=5))
    fresh = world.responder("Fresh", on_probation=True)
    world.member("Rosa").asks()
    assert (asked(tired), asked(fresh)) == (0, 0)
    assert (why_not(world, tired), why_not(world, fresh)) == ("resting", "probation")

    staff = world.coordinator()
    by_hand.offer_by_hand(world.request().pk, person_id=fresh.person.pk, by=by_staff(staff.pk), now=world.now)
    assert asked(fresh) == 1


def test_a_rule_that_two_people_may_excuse_needs_a_reason_and_both(world):
    tired = world.responder("Tired", rest_until=world.now + timedelta(hours=5))
    barred = world.responder("Barred", vouchers=0)
    world.member("Rosa").asks()
    first, two, request = world.coordinator(), world.coordinator(), world.request().pk

    with pytest.raises(by_hand.NeedsReason):
        by_hand.propose_exemption(
            request, person_id=tired.person.pk, reason=" ", staff_id=first.pk, now=world.now
        )
    with pytest.raises(by_hand.NotFit):
        by_hand.propose_exemption(
            request, person_id=barred.person.pk, reason="they called", staff_id=first.pk, now=world.now
        )
    proposed = by_hand.propose_exemption(
        request, person_id=tired.person.pk, reason="they called and want to", staff_id=first.pk, now=world.now
    )
    with pytest.raises(approvers.NotEligible):
        by_hand.agree_exemption(proposed.pk, staff_id=first.pk, now=world.now)
    assert asked(tired) == 0

    by_hand.agree_exemption(proposed.pk, staff_id=two.pk, now=world.now)
    assert asked(tired) == 1
    with pytest.raises(Exemption.DoesNotExist):  # an agreement is spent
        by_hand.agree_exemption(proposed.pk, staff_id=two.pk, now=world.now)


def test_an_exemption_is_for_one_rule_can_be_taken_back_and_is_needless_when_the_rest_is_over(world):
    tired = world.responder("Tired", rest_until=world.now + timedelta(hours=1))
    world.member("Rosa").asks()
    first, two, request = world.coordinator(), world.coordinator(), world.request().pk
    asks = {"person_id": tired.person.pk, "reason": "they called", "staff_id": first.pk}
    proposed = by_hand.propose_exemption(request, now=world.now, **asks)
    by_hand.withdraw_exemption(proposed.pk, by=by_staff(first.pk), now=world.now)
    with pytest.raises(Exemption.DoesNotExist):
        by_hand.agree_exemption(proposed.pk, staff_id=two.pk, now=world.now)
    assert asked(tired) == 0

    Responder.objects.filter(person=tired.person).update(off_until=world.now + timedelta(hours=1))
    with pytest.raises(by_hand.NotFit):  # two rules say no
        by_hand.propose_exemption(request, now=world.now, **asks)
    Responder.objects.filter(person=tired.person).update(off_until=None, rest_until=None)
    with pytest.raises(by_hand.NothingToExcuse):
        by_hand.propose_exemption(request, now=world.now, **asks)


def test_on_a_holiday_everybody_keeps_their_sunday(world):
    weekdays = world.responder("Weekdays", hours=[[24 * 60 + 9 * 60, 8 * 60]])  # Tuesday 9 to 17
    sundays = world.responder("Sundays", hours=[[6 * 24 * 60 + 9 * 60, 8 * 60]])
    Holiday.objects.create(day=date(2026, 10, 6))
    world.member("Rosa").asks()
    assert (asked(sundays), asked(weekdays)) == (1, 0)

    world.wait(minutes=2)  # nobody else is left: now those, too, whose hour it is not
    assert Offer.objects.get(person=weekdays.person).width == 2


def test_a_late_yes_is_asked_for_another_family_that_waits(world):
    ana, luis = world.responder("Ana"), world.responder("Luis")
    rosa = world.member("Rosa")
    rosa.asks()
    code = luis.code()
    ana.accepts()
    luz = world.member("Luz", zip="60608")
    luis.sends("off")
    luz.asks()
    luis.sends("on")
    assert not luz.got("on the way")
    assert asked(luis) == 1

    luis.sends(code)
    assert luis.got("Another family is waiting")
    assert (
        not luis.got("you can relax")
        or luis.texts.count("Apoyo: Thank you. Someone else is going, so you can relax.") == 1
    )
    luis.accepts()
    assert luz.got("Luis is on the way")


def test_nobody_who_does_not_speak_the_language_is_asked_in_the_first_five_minutes(world):
    only_english = world.responder("Ed", language="en")
    rosa = world.member("Rosa", language="es")
    rosa.asks()
    world.wait(minutes=4)
    assert asked(only_english) == 0

    world.wait(minutes=2)
    assert asked(only_english) == 1
    assert Search.objects.get().width == 3


def test_nobody_is_ever_asked_beyond_their_own_miles(world):
    homebody = world.responder("Home", zip="46320", max_miles=5)
    world.member("Rosa").asks()
    world.wait(minutes=70)
    assert asked(homebody) == 0
    assert why_not(world, homebody) == "distance"


def test_when_the_target_is_over_a_person_is_told_once(world):
    world.responder("Ana")
    world.member("Rosa").asks()
    world.wait(minutes=29)
    assert "search_late" not in world.needs()
    world.wait(minutes=2)
    assert world.needs().count("search_late") == 1


def test_many_open_requests_are_planned_as_one_and_nobody_is_asked_twice(world, monkeypatch):
    monkeypatch.setattr("network.dispatch.actions.searching.SURGE", 3)
    people = [world.responder(f"R{n}", zip="60629", pin=None) for n in range(30)]
    members = [world.member(f"M{n}") for n in range(3)]
    for member in members:
        member.sends("help")
        member.sends("1")
    for member in members:
        world.deliver(member.number, "1")
    world.settle()

    assert Offer.objects.values("search").distinct().count() == 3
    assert all(asked(person) <= 1 for person in people)
    assert Offer.objects.filter(holding=True).count() == Offer.objects.count()


def test_after_a_hard_visit_a_responder_rests(world):
    ana = world.responder("Ana")
    rosa = world.member("Rosa")
    rosa.asks()
    ana.accepts()
    ana.sends("3")
    ana.sends("4")
    ana.sends("2")  # please call me
    rosa.sends("1")
    world.member("Luz").asks()
    assert asked(ana) == 1
    assert why_not(world, ana) == "resting"

    world.now += timedelta(hours=24.1)
    world.settle()
    assert why_not(world, ana) != "resting"
