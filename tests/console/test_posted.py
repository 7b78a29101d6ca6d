"""What a page posts is about what it shows, and a fault of ours is never told as a person's mistake."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.http import QueryDict

from network.audit.rules import ENGINE
from network.console.shell.forms import Form, NotAChoice, cleaned, many, number
from network.dispatch.actions import searching
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.rules.requests import Kind, State
from network.visits.models import Visit
from tests.beside import held_by_another
from tests.console.signing_in import by_link, post, staff_of


@pytest.fixture
def console(world):
    return by_link(world, staff_of(world, "coordinator"))


@pytest.mark.parametrize("step", ["end-visit", "new-link"])
def test_a_visit_is_ended_or_sent_a_link_only_from_its_own_requests_page(world, console, step):
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    rosa.asks()
    ana.accepts()
    its = world.request()
    world.member("Luz").sends("help")
    other, visit, texts = world.request(), Visit.objects.get(), len(ana.texts)
    post(console, f"/requests/{other.number}/do/{step}", visit=str(visit.pk))
    world.settle()
    assert Visit.objects.get().stage == "going"
    assert len(ana.texts) == texts
    post(console, f"/requests/{its.number}/do/{step}", visit=str(visit.pk))
    world.settle()
    assert len(ana.texts) > texts


@pytest.mark.parametrize(
    ("path", "broken"),
    [
        ("/requests/{number}/do/stop", "network.dispatch.actions.answering.stop"),
        ("/requests/{number}/do/start", "network.dispatch.actions.searching.start"),
        ("/people/{person}/do/restore", "network.people.actions.persons.restore"),
    ],
)
def test_a_fault_of_ours_is_not_told_as_what_is_no_longer_possible(world, console, path, broken, monkeypatch):
    rosa = world.member("Rosa")
    rosa.sends("help")

    def fault(*_, **__):
        raise ValueError("a mistake in our code")

    monkeypatch.setattr(broken, fault)
    with pytest.raises(ValueError, match="a mistake in our code"):
        post(console, path.format(number=world.request().number, person=rosa.person.pk), why="asked for")


@pytest.mark.parametrize(
    ("step", "form", "why"),
    [
        ("end-visit", {"visit": "no id"}, "That is no longer possible"),
        ("kind", {"kind": "taxi"}, "Choose what they need."),
        ("offer", {}, "That is no longer possible"),
        ("promise", {"minutes": "soon", "how": "call"}, "in minutes from now"),
    ],
)
def test_what_no_page_offered_is_refused_in_a_sentence(world, console, step, form, why):
    world.member("Rosa").sends("help")
    path = f"/requests/{world.request().number}/do/{step}"
    page = console.post(path, form, secure=True, follow=True).content.decode()
    assert why in page


def test_closing_without_saying_how_it_ended_is_asked_again(world, console):
    world.member("Rosa").sends("help")
    path = f"/requests/{world.request().number}/do/close"
    page = console.post(path, {"outcome": "never offered"}, secure=True, follow=True).content.decode()
    assert "Say how it ended" in page
    assert world.request().state == State.ASKING


class Trial(Form):
    n = number()
    kind = many(Kind)


def test_a_form_is_read_or_refused_by_the_name_of_a_field():
    assert cleaned(Trial(QueryDict("n=7&kind=legal&kind=childcare"))) == {
        "n": 7,
        "kind": [Kind.LEGAL, Kind.CHILDCARE],
    }
    for wrong, field in (("kind=legal", "n"), ("n=seven", "n"), ("n=7&kind=taxi", "kind")):
        with pytest.raises(NotAChoice, match=field):
            cleaned(Trial(QueryDict(wrong)))


@pytest.mark.server
def test_a_start_that_confirms_the_home_waits_for_the_request_and_is_one_transaction(world):
    world.member("Rosa").sends("help")
    request_id = world.request().pk
    SupportRequest.objects.update(kind=Kind.ACCOMPANIMENT)

    def begin():
        try:
            searching.start(request_id, at_home=True, by=ENGINE, now=world.now)
        finally:
            connection.close()

    def close():
        held = support.lock(request_id)
        SupportRequest.objects.filter(pk=held.pk).update(kind="")

    with ThreadPoolExecutor(1) as threads:
        with held_by_another(close) as end:
            started = threads.submit(begin)
            assert not started.done()
            end.set()
        with pytest.raises(searching.NotReady):
            started.result(10)
    assert not SupportRequest.objects.get().at_home  # nothing of a start that failed stays
