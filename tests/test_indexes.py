"""What the engine asks each second is read from small indexes, however many rows there are."""

import json

import pytest
from django.db import connection

from network.dispatch.models import Offer
from network.dispatch.rules_case import OfferState
from network.messaging.models import Outbound
from network.messaging.rules import OutState
from network.people.models import Person
from network.visits.models import Visit
from network.visits.rules import LIVE, Stage


def lost(now):
    return Outbound.objects.filter(state__in=(OutState.REFUSED, OutState.UNDELIVERED), minded_at=None)


def late(now):
    return Outbound.objects.filter(state=OutState.OWED, expires_at__lte=now)


def over(now):
    return Offer.objects.filter(state=OfferState.OPEN, open_until__lte=now)


def held(now):
    return Offer.objects.filter(holding=True, holds_until__lte=now)


def open_of_suspended(now):
    return Offer.objects.filter(state=OfferState.OPEN, person__suspended_at__isnull=False)


def visits_of_suspended(now):
    return Visit.objects.filter(stage__in=LIVE, person__suspended_at__isnull=False)


def not_there(now):
    return Visit.objects.filter(stage=Stage.GOING, asked_at=None)


def fallen(now):
    return Person.objects.filter(fallen_at__isnull=False, suspended_at=None)


def nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lost, "texts_lost_and_not_acted_on"),
        (late, "texts_owed"),
        (over, "open_offers_by_end"),
        (held, "one_offer_holds_a_person_at_a_time"),
        (open_of_suspended, "open_offers_by_end"),
        (visits_of_suspended, "persons_suspended"),
        (not_there, "visits_under_way"),
        (fallen, "persons_fallen"),
    ],
)
def test_no_table_is_read_from_end_to_end(db, now, ask, index):
    """On empty tables any plan is as good: the planner is told to avoid going through all rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = json.loads(ask(now).explain(format="json"))[0]["Plan"]
    every = list(nodes(plan))
    assert not [node for node in every if node["Node Type"] == "Seq Scan"]
    assert index in {node.get("Index Name") for node in every}
