"""Accept, look, drop out; and very many addresses: asked about, then not asked by the search. Nobody is refused."""

from datetime import timedelta

import pytest
from django.test import Client

from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE
from network.people.actions.persons import set_probation
from network.people.models import Responder
from network.support.rules.requests import Outcome
from network.visits.actions.closing import close_request
from network.visits.actions.leaving import end_visit
from network.visits.actions.page import open_page, page_step
from network.visits.models import Visit
from network.visits.rules.harvest import Pattern, pattern_of_drops, pattern_of_homes
from tests.reading import words_of
from tests.world import DEVICE, PIN

OURS = {"seen_not_gone", "many_homes", "by_name_only"}


@pytest.mark.parametrize(
    ("drops", "found"),
    [(0, (None, False)), (1, (None, False)), (2, (Pattern.SEEN_NOT_GONE, False)), (3, (Pattern.SEEN_NOT_GONE, True)),
     (9, (Pattern.SEEN_NOT_GONE, True))],
)  # fmt: skip
def test_the_second_drop_is_told_and_the_third_stops(drops, found):
    assert pattern_of_drops(drops) == found


@pytest.mark.parametrize(
    ("homes", "found"),
    [(1, (None, False)), (9, (None, False)), (10, (Pattern.MANY_HOMES, False)), (19, (Pattern.MANY_HOMES, False)),
     (20, (Pattern.MANY_HOMES, True))],
)  # fmt: skip
def test_ten_homes_in_a_week_are_told_and_twenty_stop(homes, found):
    assert pattern_of_homes(homes) == found


def sees(world, ana):
    return open_page(ana.link_token(), PIN, device=DEVICE, now=world.now)


def next_one(world, ana, name):
    """Another family asks, Ana accepts and sees the address."""
    rosa = world.member(name)
    rosa.asks()
    ana.accepts()
    return sees(world, ana)


def drops(world, ana, *, how="text"):
    if how == "text":
        ana.sends("can't go")
    elif how == "page":
        page_step(ana.link_token(), PIN, step="cant_go", device=DEVICE, now=world.now)
    close_request(world.request().pk, outcome=Outcome.HELPED, by=COMMAND_LINE, now=world.now)
    world.now += timedelta(hours=5)


def told(world):
    return OURS & set(world.needs())


@pytest.mark.parametrize("how", ["text", "page"])
def test_who_looks_and_drops_out_three_times_is_asked_by_name_only(world, how):
    ana = world.responder("Ana")
    for n, wanted in enumerate((set(), {"seen_not_gone"}, {"seen_not_gone", "by_name_only"})):
        assert next_one(world, ana, f"Rosa{n}").street  # nobody is refused
        drops(world, ana, how=how)
        assert told(world) == wanted
    assert Responder.objects.get(person=ana.person).on_probation
    assert Entry.objects.filter(action="person.probation", actor="engine").count() == 1
    rosa = world.member("Rosa9")
    before = len(ana.texts)
    rosa.asks()
    assert len(ana.texts) == before  # the search asks others
    assert world.needs().count("by_name_only") == 1


def test_who_never_looked_only_could_not_go(world):
    ana = world.responder("Ana")
    for n in range(3):
        world.member(f"Rosa{n}").asks()
        ana.accepts()
        drops(world, ana)
    assert told(world) == set()


def test_who_was_there_and_had_to_leave_has_gone(world):
    ana = world.responder("Ana")
    for n in range(3):
        next_one(world, ana, f"Rosa{n}")
        page_step(ana.link_token(), PIN, step="there", device=DEVICE, now=world.now)
        drops(world, ana, how="page")
    assert told(world) == set()


def test_whom_a_coordinator_took_off_gave_nothing_up(world):
    ana = world.responder("Ana")
    for n in range(3):
        next_one(world, ana, f"Rosa{n}")
        end_visit(Visit.objects.order_by("-began_at")[0].pk, by=COMMAND_LINE, now=world.now)
        drops(world, ana, how="")
    assert told(world) == set()
    assert not Visit.objects.filter(gave_up=True).exists()


def test_what_is_long_ago_is_forgiven(world):
    ana = world.responder("Ana")
    next_one(world, ana, "Rosa1")
    drops(world, ana)
    Visit.objects.update(ended_at=world.now - timedelta(days=15))
    next_one(world, ana, "Rosa2")
    drops(world, ana)
    assert told(world) == set()


def test_very_many_homes_are_told_when_the_next_is_seen_and_once(world, monkeypatch):
    monkeypatch.setattr("network.visits.rules.harvest.HOMES_TELL", 2)
    monkeypatch.setattr("network.visits.rules.harvest.HOMES_STOP", 3)
    ana = world.responder("Ana")
    for n, wanted in enumerate((set(), {"many_homes"}, {"many_homes", "by_name_only"})):
        next_one(world, ana, f"Rosa{n}")
        sees(world, ana)  # the same home again is the same home
        assert told(world) == wanted
        page_step(ana.link_token(), PIN, step="done", device=DEVICE, now=world.now)
        world.now += timedelta(hours=5)


def test_who_is_asked_by_name_already_is_not_told_of_twice(world):
    ana = world.responder("Ana")
    for n in range(2):
        next_one(world, ana, f"Rosa{n}")
        drops(world, ana)
    next_one(world, ana, "Rosa2")
    set_probation(ana.person.pk, on=True, by=COMMAND_LINE, now=world.now)
    drops(world, ana)
    assert told(world) == {"seen_not_gone"}


def test_the_page_says_to_whom_it_was_shown_and_when(world):
    ana = world.responder("Ana Torres")
    world.member("Rosa").asks()
    ana.accepts()
    phone = Client()
    page = phone.post("/visit/open", {"token": ana.link_token(), "pin": PIN}, secure=True).content.decode()
    assert "Shown to AT, 10/06/2026" in words_of(page)
