"""Thirty people say yes at once, each over a connection of their own."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from network.audit.rules import person
from network.conversations.handling.texts import handle_waiting
from network.conversations.outreach.opening import open_for_member
from network.dispatch.actions import answering as dispatch_answering
from network.dispatch.actions import searching
from network.dispatch.actions.answering import TooLate, TooOld
from network.dispatch.actions.by_hand import NotFit
from network.dispatch.actions.searching import start
from network.dispatch.models import Offer, Search, Willingness
from network.dispatch.queries.engagements import engaged
from network.dispatch.rules.case import Policy
from network.people.models import Person
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.rules.requests import Kind
from network.visits.actions import acceptance, set_time
from network.visits.models import Visit

pytestmark = pytest.mark.server


def ask_everybody(monkeypatch):
    """A wave that wants to be surer than it can be asks all whom it may."""
    sure = Policy(likely=1.0, sure=1.0, most=10_000)
    monkeypatch.setattr("network.dispatch.actions.searching.policy", lambda *, now: sure)


def request_for(world, kind: Kind) -> SupportRequest:
    rosa = world.member("Rosa")
    by = person(rosa.person.pk)
    opened = support.open_request(
        rosa.person.member, source=SupportRequest.Source.TEXT, by=by, now=world.now, kind=kind
    )
    support.set_children(opened, 2, by=by, now=world.now)
    support.confirm_home(opened, by=by, now=world.now)
    start(opened.pk, by=by, now=world.now)
    return opened


@pytest.mark.parametrize(("kind", "places"), [(Kind.ACCOMPANIMENT, 1), (Kind.CHILDCARE, 2)])
def test_exactly_as_many_as_needed_are_taken(world, monkeypatch, kind, places):
    ask_everybody(monkeypatch)
    for n in range(30):
        world.responder(f"R{n}", kinds=("accompaniment", "childcare"), pin=None)
    opened = request_for(world, kind)
    world.settle()
    offers = list(Offer.objects.filter(search__support_request=opened))
    assert len(offers) == 30
    together, outcomes = threading.Barrier(30), []

    def say_yes(offer):
        together.wait()
        try:
            acceptance.accept(offer.pk, by=person(offer.person_id), now=world.now)
            outcomes.append("yes")
        except (TooLate, NotFit) as no:
            outcomes.append(type(no).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=say_yes, args=(offer,)) for offer in offers]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert outcomes.count("yes") == places
    assert len(outcomes) == 30
    assert engaged().count() == places
    assert Visit.objects.filter(stage="going").count() == places


def test_one_person_cannot_hold_two_acceptances(world):
    ana = world.responder("Ana")
    first, second = request_for(world, Kind.ACCOMPANIMENT), None
    world.settle()
    offer = Offer.objects.get(search__support_request=first)
    acceptance.accept(offer.pk, by=person(ana.person.pk), now=world.now)
    second = request_for(world, Kind.ACCOMPANIMENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(
            search=second.search,
            person=ana.person,
            key_id=ana.person.key_id,
            code=50,
            wave=1,
            state="accepted",
            asked_at=world.now,
            answered_at=world.now,
            open_until=world.now,
        )


def test_a_yes_after_an_hour_with_places_left_goes_to_a_person(world):
    ana = world.responder("Ana")
    request_for(world, Kind.ACCOMPANIMENT)
    world.settle()
    world.wait(minutes=61)
    with pytest.raises(TooOld):
        acceptance.accept(Offer.objects.first().pk, by=person(ana.person.pk), now=world.now)
    ana.accepts()
    assert "late_yes" in world.needs()
    assert ana.last.startswith("Thank you. Please wait")


def test_noes_bring_the_next_wave_at_once(world):
    near = [world.responder(f"Near{n}", zip="60629") for n in range(12)]
    far = world.responder("Far", zip="60647")
    request_for(world, Kind.ACCOMPANIMENT)
    world.settle()
    refused = set()
    while asked := [responder for responder in near if responder.texts and responder.number not in refused]:
        for responder in asked:
            responder.sends("2")
            assert responder.got("not this time")
            refused.add(responder.number)
    assert len(refused) == len(near)
    assert far.got("Can you go now?")


def test_two_searches_that_want_one_person_at_once_ask_them_once(world):
    ana = world.responder("Ana")
    rosa, luz = world.member("Rosa"), world.member("Luz")
    for who in (rosa, luz):
        for body in ("help", "1"):
            world.deliver(who.number, body)
            world.settle()
    for who in (rosa, luz):
        world.deliver(who.number, "1")
    assert handle_waiting(now=world.now) == 2
    failures = []

    def plan(pk, request_id):
        try:
            searching.plan(pk, request_id, now=world.now)
        except Exception as error:
            failures.append(error)
        connection.close()

    searches = list(Search.objects.values_list("pk", "support_request"))
    threads = [threading.Thread(target=plan, args=search) for search in searches]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(searches) == 2
    assert failures == []
    assert Offer.objects.filter(person=ana.person, holding=True).count() == 1


@pytest.mark.slow("a thousand people answer, from 32 threads")
def test_a_thousand_yeses_at_once_fill_every_place_once_and_lose_none(world):
    """Five hundred people, two hundred and fifty requests, two offers to each: all answer at once."""
    requests = [opened_in_bulk(world, n) for n in range(250)]
    people = [world.responder(f"R{n}", pin=None, vouchers=1) for n in range(500)]
    offers = [
        open_offer(world, requests[n % 250 if first else (n + 125) % 250].search, person, code=10 + n % 80)
        for n, person in enumerate(people)
        for first in (True, False)
    ]
    random.Random(7).shuffle(offers)
    outcomes = Counter()

    def say_yes(offer):
        try:
            acceptance.accept(offer.pk, by=person(offer.person_id), now=world.now)
            return "yes"
        except (TooLate, NotFit) as no:
            return type(no).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as pool:
        outcomes.update(pool.map(say_yes, offers))

    assert outcomes.total() == 1000
    assert outcomes["yes"] == engaged().count() == 250
    assert engaged().values("search").distinct().count() == 250
    assert engaged().values("person").distinct().count() == 250
    assert SupportRequest.objects.filter(state="covered").count() == 250
    assert not Offer.objects.filter(state="open", search__support_request__state="covered").exists()


def opened_in_bulk(world, n: int) -> SupportRequest:
    rosa = world.member(f"M{n}")
    opened = SupportRequest.objects.create(
        member=rosa.person.member,
        key_id=rosa.person.key_id,
        source="text",
        state="searching",
        kind="accompaniment",
        at_home=True,
        opened_at=world.now,
    )
    opened.search = Search.objects.create(support_request=opened, started_at=world.now, clock_from=world.now)
    return opened


def open_offer(world, search, phone, *, code: int) -> Offer:
    return Offer.objects.create(
        search=search,
        person=phone.person,
        key_id=phone.person.key_id,
        code=code,
        wave=1,
        asked_at=world.now,
        open_until=world.now + timedelta(hours=1),
    )


def test_a_late_yes_takes_the_person_before_their_counters_as_a_wave_does(world):
    """Else each would wait for the other: a wave holds the person, a late yes the counters."""
    ana = world.responder("Ana", pin=None, zip="60629")
    luis = world.responder("Luis", pin=None)
    covered, other = opened_in_bulk(world, 0), opened_in_bulk(world, 1)
    late = open_offer(world, covered.search, ana, code=20)
    first = open_offer(world, covered.search, luis, code=21)
    acceptance.accept(first.pk, by=person(luis.person.pk), now=world.now)
    count_of = Willingness.objects.create(person=ana.person)
    failures = []

    def late_yes():
        try:
            dispatch_answering.late_yes(late.pk, by=person(ana.person.pk), now=world.now)
        except OperationalError as error:
            failures.append(error)
        finally:
            connection.close()

    with transaction.atomic():  # as a wave does, up to the person
        Person.objects.select_for_update(no_key=True).get(pk=ana.person.pk)
        answering = threading.Thread(target=late_yes)
        answering.start()
        time.sleep(1.0)
        Willingness.objects.filter(pk=count_of.pk).update(asks=1.0)
    answering.join()

    assert failures == []
    assert Offer.objects.filter(search=other.search, person=ana.person, instead=True).exists()


def test_of_two_set_times_that_clash_one_person_takes_one(world):
    ana = world.responder("Ana")
    start_at = world.now + timedelta(days=3)
    asked = []
    for hours in (0, 3):
        rosa = world.member(f"Rosa{hours}")
        opened = open_for_member(
            rosa.person.member.pk,
            kind=Kind.ACCOMPANIMENT,
            children=None,
            starts_at=start_at + timedelta(hours=hours),
            by=person(rosa.person.pk),
            now=world.now,
        )
        asked.append(opened.pk)
    world.settle()
    offers = list(Offer.objects.filter(search__support_request__in=asked, person=ana.person))
    assert len(offers) == 2
    together, outcomes = threading.Barrier(2), []

    def say_yes(offer):
        together.wait()
        try:
            acceptance.accept(offer.pk, by=person(offer.person_id), now=world.now)
            outcomes.append("yes")
        except NotFit as no:
            outcomes.append(no.refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=say_yes, args=(offer,)) for offer in offers]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(outcomes) == ["engaged", "yes"]


def test_a_yes_and_its_silence_at_the_same_moment_leave_one_of_the_two(world):
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    opened = open_for_member(
        rosa.person.member.pk,
        kind=Kind.ACCOMPANIMENT,
        children=None,
        starts_at=world.now + timedelta(days=3),
        by=person(rosa.person.pk),
        now=world.now,
    )
    world.settle()
    ana.accepts()
    visit = Visit.objects.get()
    world.now += timedelta(days=2)
    set_time.ask_to_confirm(now=world.now)
    world.now += timedelta(hours=4)
    together, errors = threading.Barrier(2), []

    def at_once(doing):
        together.wait()
        try:
            doing()
        except Visit.DoesNotExist:
            errors.append("ended")
        finally:
            connection.close()

    yes = lambda: set_time.confirm(visit.pk, by=person(ana.person.pk), now=world.now)  # noqa: E731
    threads = [
        threading.Thread(target=at_once, args=(doing,))
        for doing in (yes, lambda: set_time.flag_unconfirmed(now=world.now))
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    visit.refresh_from_db()
    opened.refresh_from_db()
    assert (visit.stage, opened.state) in (("held", "covered"), ("left", "searching"))
    if visit.stage == "held":
        assert errors == []
        assert visit.confirm_at is not None


def test_who_says_yes_has_the_text_whatever_the_carrier_reported_of_it(world):
    ana = world.responder("Ana")
    world.member("Rosa").asks()
    offer = Offer.objects.get()
    Offer.objects.filter(pk=offer.pk).update(state="undeliverable", holding=False)
    ana.accepts(" 10 min")
    offer.refresh_from_db()
    assert offer.state == "accepted"
    assert Visit.objects.get().person == ana.person
