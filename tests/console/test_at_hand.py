"""What is at the thumb: the next of what waits, all of one request, and whom to call."""

import re
import threading

import pytest
from django.db import connection

from network.audit.models import Entry
from network.audit.rules import staff as by_staff
from network.desk import actions as desk
from network.desk.models import Need
from network.support.models import SupportRequest
from tests.console.signing_in import by_link, get, post, staff_of


@pytest.fixture
def console(world):
    staff = staff_of(world, "coordinator")
    client = by_link(world, staff)
    client.staff = staff
    return client


def test_the_next_is_what_is_due_first_and_its_page_opens(world, console):
    stranger = world.stranger()
    stranger.sends("who are you")
    world.member("Rosa").sends("help")
    assert post(console, "/needs/next")["Location"] == f"/requests/{world.request().number}"
    taken = Need.objects.get(claimed_by=console.staff.pk)
    assert taken.reason == "new_request"
    assert Entry.objects.filter(action="need.claimed", about=f"need:{taken.pk}").count() == 1
    post(console, f"/needs/{taken.pk}/done")
    while Need.objects.filter(closed_at=None, claimed_by=None).exists():
        where = post(console, "/needs/next")["Location"]
    assert where.startswith("/texts/")
    page = console.post("/needs/next", secure=True, follow=True).content.decode()
    assert "Nothing unclaimed. You&#x27;re caught up." in page


def test_the_next_opens_at_the_part_where_it_is_done_as_its_row_does(world, console):
    world.responder("Dmitri").sends("is anybody there")
    assert post(console, "/needs/next")["Location"].endswith("#words")


@pytest.mark.server
def test_two_who_take_the_next_at_once_get_two_needs(world):
    for name in ("Rosa", "Luz"):
        world.member(name).sends("help")
    first = Need.objects.filter(closed_at=None, claimed_by=None).count()
    people = [staff_of(world, "coordinator") for _ in range(2)]
    together, taken = threading.Barrier(2), []

    def take(part):
        together.wait()
        try:
            taken.append(desk.claim_next(staff_id=part.pk, by=by_staff(part.pk), now=world.now).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 2
    assert Need.objects.filter(closed_at=None, claimed_by=None).count() == first - 2


def test_all_of_one_request_is_taken_and_nothing_of_another(world, console):
    world.member("Rosa").sends("help")
    world.member("Luz").sends("help")
    first, other = SupportRequest.objects.order_by("number")
    page = console.post(f"/requests/{first.number}/do/claim", secure=True, follow=True).content.decode()
    assert "You have it" in page or "Nothing unclaimed on this request" in page
    assert not Need.objects.filter(request_id=first.pk, closed_at=None, claimed_by=None).exists()
    assert not Need.objects.filter(request_id=other.pk, claimed_by=console.staff.pk).exists()
    again = console.post(f"/requests/{first.number}/do/claim", secure=True, follow=True).content.decode()
    assert "Nothing unclaimed on this request" in again


def bar(page):
    return re.search(r'<nav class="thumb".*?</nav>', page, re.DOTALL)[0]


def test_under_duress_nobody_is_one_tap_from_a_call(world, console):
    rosa = world.member("Rosa", duress_word="mango")
    rosa.sends("help")
    number = world.request().number
    page = get(console, f"/requests/{number}").content.decode()
    assert f'action="/people/{rosa.person.pk}/call"' in page
    assert 'id="words"' in page
    SupportRequest.objects.update(duress=True)
    page = get(console, f"/requests/{number}").content.decode()
    assert "/call" not in page
    assert 'id="words"' not in page
    assert "I've got it" in page


def test_other_roles_have_their_own_places_in_the_bar_and_nothing_to_take(world):
    for role in ("verifier", "auditor", "lawyer"):
        client = by_link(world, staff_of(world, role, organization=world.azul))
        page = get(client, "/account").content.decode()
        assert "/needs/next" not in page
        assert 'href="/"' not in bar(page)
        assert "Shifts" not in bar(page)
