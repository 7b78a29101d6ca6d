"""What the engine asks each second is read from small indexes, however many rows there are."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Max

from network import due, engine
from network.audit.models import Entry
from network.console.trust import reads
from network.desk.models import Need
from network.desk.queries import open_needs
from network.dispatch.models import Offer
from network.dispatch.rules.case import OfferState
from network.messaging.models import Contact, Inbound, Outbound
from network.messaging.queries import texts_to_handle
from network.messaging.rules.states import OutState
from network.organizations.models import Organization
from network.people.models import Person
from network.privacy.models import Key, KnownPhone
from network.staff.models import Staff
from network.support.models import SupportRequest
from network.support.queries import open_requests
from network.trust.models import Vouch
from network.visits.models import Visit
from network.visits.rules.stages import LIVE, Stage
from tests.rows import fill


def lost(now):
    return Outbound.objects.filter(state__in=(OutState.REFUSED, OutState.UNDELIVERED), loss_acted_on_at=None)


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


def vouches_lost(now):
    return Person.objects.filter(unvouched_at__isnull=False, suspended_at=None)


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
        (vouches_lost, "persons_unvouched"),
    ],
)
def test_no_table_is_read_from_end_to_end(db, now, ask, index):
    """On empty tables any plan is as good: the planner is told to avoid going through all rows, and to forget
    what an ANALYZE before this test counted."""
    asked = ask(now).model
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"TRUNCATE {asked._meta.db_table}, {Person._meta.db_table} CASCADE")
    plan = json.loads(ask(now).explain(format="json"))[0]["Plan"]
    every = list(nodes(plan))
    assert not [node for node in every if node["Node Type"] == "Seq Scan"]
    assert index in {node.get("Index Name") for node in every}


MANY = 30_000
BIG = {
    "privacy_key", "privacy_knownphone", "people_person", "people_member", "trust_vouch", "messaging_contact",
    "messaging_inbound", "messaging_outbound", "support_supportrequest", "dispatch_search", "dispatch_offer",
    "visits_visit", "desk_need", "audit_line", "audit_whom",
}  # fmt: skip
HOT = {
    "whose phone it is": (lambda now: KnownPhone.objects.filter(fingerprint=b"x" * 32), "privacy_knownphone_pkey"),
    "a phone's contact": (
        lambda now: Contact.objects.filter(fingerprint=b"x" * 32, channel="sms"),
        "a_phone_has_one_contact_a_channel",
    ),
    "a person by their phone": (lambda now: Person.objects.filter(fingerprint=b"x" * 32), "fingerprint"),
    "keys of a page": (
        lambda now: Key.objects.filter(pk__in=Person.objects.order_by("pk").values_list("key_id", flat=True)[:50]),
        "privacy_key_pkey",
    ),
    "a receipt": (lambda now: Outbound.objects.filter(sid="SMo7"), "texts_by_sid"),
    "texts to send": (
        lambda now: Outbound.objects.filter(state=OutState.OWED).order_by("lane", "order")[:50], "texts_owed",
    ),
    "a conversation": (
        lambda now: Inbound.objects.filter(contact=Contact.objects.first()).order_by("-arrival")[:200],
        "texts_of_a_contact",
    ),
    "texts of unknown phones": (
        lambda now: Inbound.objects.filter(ours=False, contact__isnull=False)
        .values("contact").annotate(last=Max("arrival")),
        "texts_of_strangers",
    ),
    "open requests": (lambda now: open_requests(), "open_requests"),
    "requests closed today": (
        lambda now: SupportRequest.objects.filter(closed_at__gte=now - timedelta(hours=10)), "requests_by_closing",
    ),
    "open needs": (lambda now: open_needs(), "open_needs_by"),
    "needs of a request": (
        lambda now: Need.objects.filter(request_id=SupportRequest.objects.values_list("pk")[0][0]),
        "needs_of_a_request",
    ),
    "a page of people": (
        lambda now: Person.objects.exclude(standing="practice").order_by("-enrolled_at", "pk")[:51],
        "persons_last_entered",
    ),
    "a page of history": (lambda now: Entry.objects.order_by("-at", "-pk")[:101], "audit_line_at"),
    "vouches of some": (
        lambda now: Vouch.objects.filter(person__in=list(Person.objects.values_list("pk", flat=True)[:50])),
        "trust_vouch_person_id",
    ),
    "renewals of an organization": (
        lambda now: reads.renewals(
            Person.objects.all(),
            viewer=Staff(role="verifier", organization=Organization.objects.filter(slug="many-1").get()), now=now,
        ),
        "vouches_by_end|trust_vouch_organization_id",
    ),
    "a text to handle among ten thousand strangers'": (
        lambda now: strangers_wait(now) or texts_to_handle(now), "known_peoples_texts_waiting",
    ),
}  # fmt: skip


def strangers_wait(now):
    """Ten thousand texts of unknown phones, and one of somebody known."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_inbound SET state = 'waiting', ours = false WHERE sid < 'SMi3'")
        cursor.execute("UPDATE messaging_inbound SET state = 'waiting' WHERE sid = 'SMi9'")
        cursor.execute("ANALYZE messaging_inbound")


def read_whole(plan):
    """Tables that are read from end to end though there is much in them."""
    return {n["Relation Name"] for n in nodes(plan) if n["Node Type"] == "Seq Scan"} & BIG


def explained(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        (found,) = cursor.fetchone()
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


@pytest.mark.slow("makes a network of very many, so that the planner chooses as it would for one")
def test_among_very_many_what_is_asked_most_is_read_from_an_index(db, now):
    fill(MANY, now=now)
    whole, unused = {}, {}
    for name, owed in engine.BY_ROWS:
        whole[name] = read_whole(explained(due._statement(((name, owed),))))
    for name, (ask, index) in HOT.items():
        plan = json.loads(ask(now).explain(format="json"))[0]["Plan"]
        whole[name] = read_whole(plan)
        used = [str(node.get("Index Name", "")) for node in nodes(plan)]
        if not any(plan.find(wanted) >= 0 for wanted in index.split("|") for plan in used):
            unused[name] = used
    assert {name: tables for name, tables in whole.items() if tables} == {}
    assert unused == {}
