"""What a request's page costs the database: each panel what stands in it, and as much whoever was asked."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.console.requests.reads import asking
from network.dispatch.models import Offer
from network.dispatch.queries import reasons
from network.privacy import keyring
from tests.console.signing_in import by_link, get, staff_of
from tests.reading import words_of

# What it takes today, signing in and permission included; the aim for the page is 25. One of a whole page asks
# whether this is a restored copy.
BUDGET = {"": 62, "facts": 13, "next": 13, "talk": 15, "readers": 7, "people": 28, "history": 13}


@pytest.fixture
def asked(world):
    """A request for which so many were asked, and what a part of its page takes with no key open."""
    client = by_link(world, staff_of(world, "coordinator"))

    def begun(responders):
        for n in range(responders):
            world.responder(f"Ana {n}")
        rosa = world.member("Rosa")
        rosa.asks()
        for _ in range(responders // 3):
            world.wait(minutes=2)
        number = world.request().number

        def cost(panel):
            path = f"/requests/{number}/panel/{panel}" if panel else f"/requests/{number}"
            get(client, path)
            keyring.forget_all()
            with CaptureQueriesContext(connection) as ran:
                assert get(client, path).status_code == 200
            return len(ran)

        return cost

    return begun


def test_no_part_of_the_page_takes_more_than_it_may(asked):
    cost = asked(4)
    took = {panel: cost(panel) for panel in BUDGET}
    assert not {panel: (n, BUDGET[panel]) for panel, n in took.items() if n > BUDGET[panel]}
    assert not {panel: (n, BUDGET[panel]) for panel, n in took.items() if n < BUDGET[panel] - 4}


def test_many_who_were_asked_take_no_more_than_few(asked):
    cost = asked(15)
    assert Offer.objects.count() >= 8
    assert cost("") <= BUDGET[""]


def test_candidates_are_weighed_once_and_only_where_they_are_shown(asked, monkeypatch):
    weighed = []
    monkeypatch.setattr(
        asking, "weighed", lambda *given, **more: weighed.append(1) or reasons.weighed(*given, **more)
    )
    cost = asked(3)
    took = {panel: (weighed.clear(), cost(panel), len(weighed) // 2)[2] for panel in BUDGET}
    assert took == {panel: int(panel in ("", "people")) for panel in BUDGET}


def test_what_happened_stands_between_the_texts_where_it_happened(world):
    client = by_link(world, staff_of(world, "coordinator"))
    rosa, ana, beto = world.member("Rosa"), world.responder("Ana"), world.responder("Beto")
    world.responder("Luis")
    rosa.asks()
    world.wait(minutes=1)
    ana.accepts()
    ana.sends("5")
    world.wait(minutes=1)
    beto.accepts()
    beto.sends("3")
    world.wait(minutes=1)
    rosa.sends("thank you")
    beto.sends("4")
    rosa.sends("1")
    page = get(client, f"/requests/{world.request().number}/panel/talk").content.decode()
    talk = re.findall(r'<li class="(event|ours|theirs)[^"]*">(.*?)</li>', page, flags=re.S)
    told = [words_of(said).split(" ", 1)[1] for kind, said in talk if kind == "event"]
    assert told == [
        "3 people were asked",
        "Ana said yes",
        "Ana is no longer on it",
        "2 people were asked",
        "Beto said yes",
        "Beto is there",
        "Beto is done",
        "Closed: helped",
    ]
    kinds = [kind for kind, _ in talk]
    assert kinds[0] == "theirs"
    there = next(n for n, (_, said) in enumerate(talk) if "Beto is there" in said)
    assert any("thank you" in said for _, said in talk[there:])
