"""Responders are called and texted from the need, the request and the visit; who may not be called isn't."""

import re
from datetime import timedelta

import pytest

from network.audit.models import Entry
from network.people.models import Person
from network.staff.models import StaffSession
from tests.console.signing_in import by_link, get, post, press, staff_of


@pytest.fixture
def ana(world):
    client = by_link(world, world.coordinator())
    get(client, "/")
    StaffSession.objects.update(reauthenticated_at=world.now)  # the key was touched just now
    return client


@pytest.fixture
def silent(world):
    """Dmitri has said yes, is late, and doesn't answer."""
    dmitri, rosa = world.responder("Dmitri"), world.member("Rosalind")
    rosa.asks()
    dmitri.accepts()
    world.wait(minutes=75)
    assert "not_there" in world.needs()
    return dmitri, rosa


def fresh(world):
    StaffSession.objects.update(reauthenticated_at=world.now, acted_at=world.now)


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_need_the_request_and_the_visit_lead_to_the_responder_not_the_member(world, silent, ana):
    dmitri, rosa = silent
    number = world.request().number
    for path in (
        "/board/needs",
        "/board/visits",
        f"/requests/{number}/panel/people",
        f"/requests/{number}/panel/next",
    ):
        page = get(ana, path)
        assert f'formaction="/people/{dmitri.person.pk}/call"' in page.content.decode(), path
        assert "Call Dmitri" in text(page), path
    for path in ("/board/visits", f"/requests/{number}/panel/people"):
        assert f'href="/people/{dmitri.person.pk}#words"' in get(ana, path).content.decode()
    fresh(world)
    page = press(ana, f"/people/{dmitri.person.pk}/call", request=str(number))
    assert f'href="tel:{dmitri.number}"' in page.content.decode()
    assert rosa.number not in page.content.decode()
    line = Entry.objects.get(action="phone.viewed")
    assert (line.about, line.request_id) == (f"person:{dmitri.person.pk}", world.request().pk)
    told = text(get(ana, f"/requests/{number}/panel/history"))
    assert "looked at the phone of Dmitri, to call." in told


def test_calling_takes_the_request_and_speaking_settles_what_asked_for_a_call(world, silent, ana):
    dmitri, _ = silent
    dmitri.sends("9")
    number = world.request().number
    need = re.search(r'id="need-([0-9a-f-]{36})"', get(ana, "/board/needs").content.decode())[1]
    fresh(world)
    press(ana, f"/people/{dmitri.person.pk}/call", request=str(number), need=need)
    assert "You have it" in text(get(ana, f"/requests/{number}/panel/facts"))
    assert {"visitor_needs_person", "not_there"} <= set(world.needs())
    post(ana, f"/people/{dmitri.person.pk}/do/called", request=str(number))
    assert "visitor_needs_person" not in world.needs()
    assert "not_there" in world.needs()  # that they are there, they say themselves, or a person does
    assert Entry.objects.filter(action="person.called", about=f"person:{dmitri.person.pk}").exists()


def test_who_it_is_not_safe_to_call_is_written_to(world, silent, ana):
    dmitri, _ = silent
    Person.objects.filter(pk=dmitri.person.pk).update(safe_to_call=False)
    page = text(get(ana, "/board/needs"))
    assert "Call Dmitri" not in page
    assert "Text Dmitri" in page
    assert "Not there in time, and silent" in page
    assert "silent: call" not in page
    fresh(world)
    answer = post(ana, f"/people/{dmitri.person.pk}/call")
    assert answer.status_code == 302
    assert answer["Location"].endswith("#words")
    assert not Entry.objects.filter(action="phone.viewed").exists()


def test_a_number_is_shown_after_a_touch_of_the_key_and_to_no_verifier(world, silent, ana):
    dmitri, _ = silent
    StaffSession.objects.update(reauthenticated_at=None)
    assert press(ana, f"/people/{dmitri.person.pk}/call").status_code == 423
    other = by_link(world, staff_of(world, "verifier", organization=world.azul))
    assert post(other, f"/people/{dmitri.person.pk}/call").status_code == 404


def test_a_press_waits_for_the_key_and_a_reload_asks_and_records_nothing_again(world, silent, ana):
    dmitri, _ = silent
    path = f"/people/{dmitri.person.pk}/call"
    number = str(world.request().number)
    StaffSession.objects.update(reauthenticated_at=None)
    asked = post(ana, path, request=number)
    assert asked.status_code == 423
    assert f"?next={path.replace('/', '%2F')}" in asked.content.decode()
    assert get(ana, path).status_code == 423  # the key was not touched
    fresh(world)
    shown = ana.get(path, secure=True, follow=True).content.decode()
    assert f'href="tel:{dmitri.number}"' in shown
    assert f"/requests/{number}" in shown
    assert get(ana, path).content.decode().count("tel:") == 1
    assert Entry.objects.filter(action="phone.viewed").count() == 1

    world.now += timedelta(minutes=10)
    fresh(world)
    assert get(ana, path)["Location"] == f"/people/{dmitri.person.pk}"
    other = by_link(world, staff_of(world, "coordinator"))
    assert get(other, path)["Location"] == f"/people/{dmitri.person.pk}"
    assert Entry.objects.filter(action="phone.viewed").count() == 1


def test_a_press_waits_two_minutes_and_at_a_locked_desk_not_at_all(world, silent, ana):
    dmitri, _ = silent
    path = f"/people/{dmitri.person.pk}/call"
    for asleep, touched_after in ((0, 2), (21, 0)):
        StaffSession.objects.update(reauthenticated_at=None)
        world.now += timedelta(minutes=asleep)
        assert post(ana, path).status_code == 423
        world.now += timedelta(minutes=touched_after)
        StaffSession.objects.update(reauthenticated_at=world.now, acted_at=world.now)
        assert get(ana, path)["Location"] == f"/people/{dmitri.person.pk}"
    assert not Entry.objects.filter(action="phone.viewed").exists()


@pytest.mark.parametrize("number", ["", "x", "9" * 40, "٣", "999999"])
def test_a_call_about_no_request_is_recorded_as_such(world, silent, ana, number):
    dmitri, _ = silent
    fresh(world)
    assert press(ana, f"/people/{dmitri.person.pk}/call", request=number, need="x").status_code == 200
    assert Entry.objects.get(action="phone.viewed").request_id is None


def test_no_list_that_shows_nobody_says_call_of_somebody_whom_no_call_is_safe_for(world):
    from network.audit.rules import ENGINE
    from network.console.duty.shift_printout import sheet
    from network.console.shell.reads.needs import reasons
    from network.desk.actions import raise_need
    from network.desk.queries import open_needs
    from network.desk.rules import About, Reason

    safe, unsafe = world.member("Ana"), world.member("Rosa")
    unsafe.person.safe_to_call = False
    unsafe.person.save()
    for phone in (safe, unsafe):
        about = About("person", str(phone.person.pk))
        raise_need(Reason.REFUSED_SEND, about=about, now=world.now, by=ENGINE, person_id=phone.person.pk)
    said = {need.person_id: reasons([need])[need.pk] for need in open_needs()}
    assert "call" in said[safe.person.pk]
    assert "call" not in said[unsafe.person.pk]
    assert sorted("call" in str(row.what) for row in sheet(now=world.now).waiting) == [False, True]
