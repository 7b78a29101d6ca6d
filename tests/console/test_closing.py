"""Closing asks how it ended and says what follows; it is undone for five minutes and reopened for a day."""

import re
from datetime import timedelta

import pytest

from network.audit.rules import staff
from network.support.rules.requests import State
from network.visits.models import Visit
from tests.console.signing_in import by_link, get, post


@pytest.fixture
def ana(world):
    client = by_link(world, world.coordinator())
    get(client, "/")
    return client


@pytest.fixture
def late(world):
    dmitri, rosa = world.responder("Dmitri"), world.member("Rosalind")
    rosa.asks()
    dmitri.accepts()
    world.wait(minutes=75)
    return dmitri, rosa


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def close(client, number, outcome="helped"):
    page = get(client, f"/requests/{number}/close").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    return post(client, f"/requests/{number}/do/close", outcome=outcome, seen=seen)


def test_one_click_closes_nothing_and_the_page_presets_nothing_and_says_what_follows(world, late, ana):
    number = world.request().number
    page = get(ana, f"/requests/{number}").content.decode()
    assert f'action="/requests/{number}/do/close"' not in page
    assert 'name="outcome"' not in page
    for form in (
        {},
        {"outcome": "helped"},
        {"outcome": "helped", "seen": "x"},
        {"outcome": "x"},
    ):
        answer = post(ana, f"/requests/{number}/do/close", **form)
        assert answer.status_code == 422
        assert f'action="/requests/{number}/do/close"' in answer.content.decode()
        assert world.request().state != State.CLOSED
    asked = get(ana, f"/requests/{number}/close")
    assert "checked" not in asked.content.decode()
    assert "Dmitri is told not to go." in text(asked)
    assert "Rosalind is told that the team closed it." in text(asked)


def test_who_comes_may_have_changed_since_the_page_was_read(world, ana):
    dmitri, rosa = world.responder("Dmitri"), world.member("Rosalind")
    rosa.asks()
    number = world.request().number
    page = get(ana, f"/requests/{number}/close").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    dmitri.accepts()
    answer = post(ana, f"/requests/{number}/do/close", outcome="helped", seen=seen)
    assert answer.status_code == 422
    assert "Who comes has changed since" in text(answer)
    assert world.request().state == State.COVERED


def test_a_closing_is_undone_with_what_waited_and_is_theirs_who_undid_it(world, late, ana):
    _, rosa = late
    rosa.sends("xyzzy")
    number = world.request().number
    close(ana, number)
    assert world.request().state == State.CLOSED
    page = get(ana, f"/requests/{number}").content.decode()
    assert f'action="/requests/{number}/do/resume"' in page
    assert "can be undone until" in text(get(ana, f"/requests/{number}/panel/history"))
    sent = len(world.carrier.log)
    post(ana, f"/requests/{number}/do/resume")
    assert world.request().state == State.STOPPED
    assert {"reopened", "further_text"} <= set(world.needs())
    assert "not_there" not in world.needs()  # that visit has ended
    assert "You have it" in text(get(ana, f"/requests/{number}/panel/facts"))
    world.settle()
    assert not [body for _, _, body in world.carrier.log[sent:] if "no longer" in body or "closed" in body]
    world.wait(minutes=30)
    assert not rosa.got("No one has said they can go")  # a person tells them what comes next
    assert Visit.objects.get().stage == "left"  # nobody is put on the way again without being asked


def test_a_request_is_opened_again_for_a_day_and_not_later(world, late, ana):
    number = world.request().number
    close(ana, number)
    world.now += timedelta(hours=23)
    again = by_link(world, world.coordinator())
    get(again, "/")
    assert "Open it again" in text(get(again, f"/requests/{number}"))
    assert "can be undone until" not in text(get(again, f"/requests/{number}/panel/history"))
    world.now += timedelta(hours=1)
    late_one = by_link(world, world.coordinator())
    get(late_one, "/")
    assert "Open it again" not in text(get(late_one, f"/requests/{number}"))
    post(late_one, f"/requests/{number}/do/resume")
    assert world.request().state == State.CLOSED


def test_a_request_is_not_opened_beside_another_of_the_same_member(world, ana):
    rosa = world.member()
    rosa.sends("help")
    first = world.request()
    close(ana, first.number, "mistake")
    rosa.sends("help")
    assert world.request().pk != first.pk
    post(ana, f"/requests/{first.number}/do/resume")
    first.refresh_from_db()
    assert first.state == State.CLOSED


def test_a_visit_ends_only_from_the_page_that_says_what_follows(world, late, ana):
    number, visit = world.request().number, Visit.objects.get()
    panel = get(ana, f"/requests/{number}/panel/people").content.decode()
    assert "do/end-visit" not in panel
    place = f"/requests/{number}/visits/{visit.pk}/end"
    assert f'href="{place}"' in panel
    asked = get(ana, place)
    assert "Dmitri is told not to go." in text(asked)
    assert f'action="/requests/{number}/do/end-visit"' in asked.content.decode()
    assert Visit.objects.get().stage == "going"
    post(ana, f"/requests/{number}/do/end-visit", visit=str(visit.pk))
    assert Visit.objects.get().stage == "left"


@pytest.mark.parametrize("step", ["end-visit", "new-link"])
def test_a_visit_of_another_request_is_not_reached_from_this_one(world, late, ana, step):
    visit = Visit.objects.get()
    world.member("Luz").sends("help")
    other = world.request().number
    sent = len(world.carrier.log)
    post(ana, f"/requests/{other}/do/{step}", visit=str(visit.pk))
    world.settle()
    assert Visit.objects.get().stage == "going"
    assert len(world.carrier.log) == sent
    assert get(ana, f"/requests/{other}/visits/{visit.pk}/end").status_code == 302


def test_done_on_a_promise_says_how_to_take_it_back(world, ana):
    world.responder()
    world.member().asks()
    need = next(
        n
        for n in re.findall(
            r"need-([0-9a-f-]{36})",
            get(ana, f"/requests/{world.request().number}/panel/next").content.decode(),
        )
    )
    before = world.needs()
    post(ana, f"/needs/{need}/done", back="/")
    assert len(world.needs()) == len(before) - 1
    page = get(ana, "/").content.decode()
    assert f'action="/needs/{need}/undone"' in page
    post(ana, f"/needs/{need}/undone", back="/")
    assert sorted(world.needs()) == sorted(before)


def test_a_drill_is_not_opened_again(world):
    from network.visits.actions.closing import CantResume, resume_request

    rosa = world.member()
    rosa.sends("help")
    request = world.request()
    with pytest.raises(CantResume):  # it is open
        resume_request(request.pk, staff_id=request.pk, by=staff(request.pk), now=world.now)


def test_nothing_is_said_to_reach_a_member_whom_no_text_reaches(world, late, ana):
    late[1].sends("STOP")
    asked = text(get(ana, f"/requests/{world.request().number}/close"))
    assert "is told that the team closed it" not in asked
    assert "No text reaches Rosalind, so nobody tells them unless you do." in asked
