"""What a board costs the database: as much with many requests on it as with few."""

import re
from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.dispatch.models import Offer
from tests.console.signing_in import by_link, get, staff_of

MOST = 33


@pytest.fixture
def ana(world):
    client = by_link(world, staff_of(world, "coordinator"))
    get(client, "/")
    return client


def asks(world, name):
    member = world.member(name)
    for body in ("help", "1", "1"):
        member.sends(body)


def cost(client):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = get(client, "/board/all")
    assert answer.status_code == 200
    return len(seen), answer.content.decode()


def shown(page):
    """The numbers of the requests on it."""
    return set(re.findall(r"/requests/(\d+)", page))


def test_a_fetch_of_the_board_asks_as_often_for_many_requests_as_for_one(world, ana):
    for name in ("Near", "Close", "Next", "Beside"):
        world.responder(name)
    asks(world, "First")
    world.settle()
    cost(ana)
    few, page = cost(ana)
    assert len(shown(page)) == 1
    for n in range(5):
        asks(world, f"Member{n}")
    world.settle()
    many, page = cost(ana)
    assert len(shown(page)) == 6
    assert Offer.objects.exists()
    print(f"a board's fetch: {few} queries with one request, {many} with six")
    assert many == few <= MOST


def test_the_clock_beside_who_is_on_the_way_counts_to_what_the_member_was_told(world, ana):
    rosa, dmitri = world.member("Rosa"), world.responder("Dmitri")
    rosa.asks()
    dmitri.accepts(" in 15 min")
    assert any("15 min" in text for text in rosa.texts), rosa.texts
    number = world.request().number
    there = (world.now + timedelta(minutes=15)).astimezone(UTC).isoformat()
    for path in ("/board/visits", f"/requests/{number}/panel/people"):
        assert there in get(ana, path).content.decode(), path
    dmitri.sends("3")
    assert there not in get(ana, "/board/visits").content.decode()
