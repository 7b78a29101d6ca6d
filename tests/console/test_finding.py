"""Finding: by number, by whole phone, and by name only among open requests; each role what it may see."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE
from network.duty.models import Presence
from network.people.models import Person
from network.staff.rules.access import StaffRole
from network.support.models import SupportRequest
from network.support.rules.requests import Outcome
from network.trust.models import Vouch
from network.visits.actions import closing
from tests.console.signing_in import by_link, get, post, staff_of
from tests.enrollment.test_own_people_only import rows_handed_out


@pytest.fixture
def town(world):
    """Rosa's request with Ana on the way to her, Grace without one, and Luz of the other organization."""
    world.ana = world.responder("Ana Muñoz")
    world.rosa = world.member("Rosa López")
    world.grace = world.member("Grace Hopper")
    world.luz = world.member("Luz Roja")
    member = world.luz.person.member
    member.organization = world.roja
    member.save()
    world.rosa.asks()
    world.ana.accepts()
    return world


@pytest.fixture
def console(town):
    return by_link(town, staff_of(town, "coordinator"))


def shown(answer):
    page = re.sub(r'value="\w{64}"', "", answer.content.decode())  # each form's own token
    return re.search(r'<div id="shown" class="shown">(.*?)</main>', page, re.DOTALL)[1]


def find(client, words):
    return post(client, "/find", q=words)


@pytest.mark.parametrize("typed", ["{}", "#{}", " # {} "])
def test_a_number_opens_the_request(town, console, typed):
    number = town.request().number
    assert find(console, typed.format(number))["Location"] == f"/requests/{number}"


def test_a_closed_request_is_found_by_its_number_and_not_by_a_name(town, console):
    assert "Rosa" in shown(find(console, "rosa lopez"))
    request = town.request()
    closing.close_request(request.pk, outcome=Outcome.HELPED, by=COMMAND_LINE, now=town.now)
    assert find(console, str(request.number))["Location"] == f"/requests/{request.number}"
    assert "Nothing found" in shown(find(console, "rosa lopez"))


@pytest.mark.parametrize("shape", ["{}", "({0:.3}) {1}", "+1 {}"])
def test_a_whole_phone_opens_the_person_whatever_its_punctuation(town, console, shape):
    digits = town.grace.number[2:]
    typed = shape.format(digits, f"{digits[3:6]}-{digits[6:]}")
    assert find(console, typed)["Location"] == f"/people/{town.grace.person.pk}"


def test_a_strangers_whole_phone_opens_their_texts(town, console):
    stranger = town.stranger()
    assert "Nothing found" in shown(find(console, stranger.number))
    stranger.sends("who are you")
    answer = find(console, stranger.number)
    assert answer["Location"].startswith("/texts/")
    assert "who are you" in get(console, answer["Location"]).content.decode()


@pytest.mark.parametrize("typed", ["rosa", "LÓPEZ", "lo ro", "munoz", "ana"])
def test_a_name_finds_who_is_in_an_open_request_without_case_and_accents(town, console, typed):
    page = shown(find(console, typed))
    assert f"#{town.request().number}" in page
    assert ("Rosa López" in page) == (typed in ("rosa", "LÓPEZ", "lo ro"))
    assert ("Ana Muñoz" in page) == (typed in ("munoz", "ana"))
    assert "Sample" not in page


def test_the_last_four_digits_find_the_same(town, console):
    page = shown(find(console, town.ana.number[-4:]))
    assert "Ana Muñoz" in page
    assert "on the way" in page
    assert town.ana.number[-4:] not in page


def test_four_digits_are_a_number_too(town, console):
    SupportRequest.objects.update(number=int("1" + town.ana.number[-3:]))
    number = town.request().number
    assert find(console, str(number))["Location"] == f"/requests/{number}"
    town.rosa.person.phone = f"+1312555{number}"
    town.rosa.person.save()
    assert find(console, str(number))["Location"] == f"/requests/{number}"


@pytest.mark.parametrize("typed", ["grace", "hopper", "Luz", "nobody at all", "555-0101", "r", "99999"])
def test_who_is_in_no_open_request_is_not_found_by_name(town, console, typed):
    page = shown(find(console, typed))
    assert "Nothing found" in page
    assert "In open requests only" in page


def test_a_responder_is_found_only_while_the_visit_goes_on(town, console):
    town.ana.sends("3")
    town.ana.sends("4")
    assert "Nothing found" in shown(find(console, "ana"))


def test_nobody_whom_drills_are_for_is_found(town, console):
    Person.objects.filter(pk=town.grace.person.pk).update(standing="practice")
    assert "Nothing found" in shown(find(console, town.grace.number))


def test_a_verifier_finds_their_own_people_by_whole_phone_and_nothing_else(town):
    Vouch.objects.filter(organization=town.azul).delete()
    client = by_link(town, staff_of(town, "verifier", organization=town.azul))
    assert find(client, town.rosa.number)["Location"] == f"/people/{town.rosa.person.pk}"
    hidden = [town.luz.number, town.ana.number, str(town.request().number), "rosa", town.rosa.number[-4:]]
    absent = shown(find(client, "+13125559999"))
    for typed in hidden:
        answer = find(client, typed)
        assert answer.status_code == 200
        assert shown(answer) == absent
    assert "Nothing found" in absent
    assert "of your organization" in absent


def test_no_row_of_anothers_people_is_read_for_a_verifiers_search(town, monkeypatch):
    Vouch.objects.filter(organization=town.azul).delete()
    client = by_link(town, staff_of(town, "verifier", organization=town.azul))
    with rows_handed_out(monkeypatch) as seen:
        for typed in (town.luz.number, town.ana.number, "luz", town.luz.number[-4:]):
            find(client, typed)
        handed = " ".join(seen)
        find(client, town.rosa.number)
    assert str(town.luz.person.pk) not in handed
    assert str(town.ana.person.pk) not in handed
    assert str(town.rosa.person.pk) in " ".join(seen)  # their own is found by the same search


def test_a_strangers_phone_is_nothing_to_a_verifier(town):
    stranger = town.stranger()
    stranger.sends("hola")
    client = by_link(town, staff_of(town, "verifier", organization=town.azul))
    assert shown(find(client, stranger.number)) == shown(find(client, "+13125559999"))


def test_what_is_hidden_takes_the_same_steps_as_what_is_absent(town):
    client = by_link(town, staff_of(town, "verifier", organization=town.azul))
    asked = []
    for phone in (town.luz.number, "+13125559999"):
        with CaptureQueriesContext(connection) as seen:
            find(client, phone)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_off_shift_a_coordinator_finds_nothing_and_others_have_no_search(town, console):
    Presence.objects.all().delete()
    assert find(console, "rosa")["Location"] == "/"
    for role in (StaffRole.AUDITOR, StaffRole.LAWYER):
        client = by_link(town, staff_of(town, role, organization=town.azul))
        assert find(client, "rosa").status_code == 404
        assert 'id="find"' not in get(client, "/account").content.decode()


def test_each_search_is_on_record_and_its_words_are_not(town, console):
    for typed in ("rosa lopez", town.grace.number, town.ana.number[-4:], str(town.request().number), "zzz"):
        find(console, typed)
    lines = list(Entry.objects.filter(action="find").order_by("pk"))
    assert [line.detail for line in lines] == [
        {"kind": "name", "count": 1},
        {"kind": "phone", "count": 1},
        {"kind": "ending", "count": 1},
        {"kind": "number", "count": 1},
        {"kind": "name", "count": 0},
    ]
    assert {line.about for line in lines} == {line.actor for line in lines}
    assert "rosa" not in str([vars(line) for line in lines]).lower()


def test_the_words_of_a_search_are_never_in_an_address(town, console):
    page = get(console, "/").content.decode()
    form = re.search(r'<form[^>]*class="find">', page)[0]
    assert 'method="post"' in form
    assert "Rosa López" not in shown(get(console, "/find?q=rosa"))
