"""Rows written by statements put together once: as Django writes them, and as strictly."""

import pytest
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from network.database.writing import insert_all, insert_once, save_columns
from network.dispatch.models import Offer, Willingness
from network.messaging.contacts import contact_of
from network.messaging.models import Outbound
from network.messaging.rules.states import Lane, OutState
from network.support.models import SupportRequest

pytestmark = pytest.mark.django_db(transaction=True)


def text(contact, now, **more):
    values = {
        "body": "words", "text": "free", "lane": Lane.ANSWER, "segments": 1, "owed_at": now, "not_before": now,
    }  # fmt: skip
    return Outbound(contact=contact, key_id=contact.key_id, **values | more)


@pytest.fixture
def contact(world):
    return contact_of("+13125550188", now=world.now)


@pytest.fixture
def asked(world):
    world.member("Rosa").asks()
    return world.request()


def test_many_rows_are_one_statement_and_come_back_as_they_were_in_their_order(world, contact):
    with CaptureQueriesContext(connection) as ran:
        insert_all([text(contact, world.now, segments=n, body=f"words {n}") for n in (1, 2, 3)])
    assert sum("messaging_outbound" in query["sql"] for query in ran.captured_queries) == 1
    rows = list(Outbound.objects.order_by("order"))
    assert [(row.segments, row.body) for row in rows] == [(1, "words 1"), (2, "words 2"), (3, "words 3")]
    assert {row.state for row in rows} == {OutState.OWED}
    assert {row.owed_at for row in rows} == {world.now}
    insert_all([])


def test_a_row_that_was_inserted_is_saved_as_one_that_is_there(world, contact):
    row = text(contact, world.now)
    insert_all([row])
    row.segments = 4
    row.save(update_fields=["segments"])
    assert Outbound.objects.get().segments == 4


def test_what_is_there_is_left_out_where_that_is_wished_and_refused_where_it_is_not(world):
    person = world.responder("Ana").person
    Willingness.objects.filter(person=person).delete()
    insert_all([Willingness(person=person, accepts=2)])
    insert_all([Willingness(person=person, accepts=5)], unless_there=True)
    with pytest.raises(IntegrityError):
        insert_all([Willingness(person=person, accepts=7)])
    assert insert_once(Willingness(person=person, accepts=9)) is False
    assert Willingness.objects.get(person=person).accepts == 2


def test_the_columns_named_are_saved_and_no_others(asked):
    asked.children, asked.kind = 3, "legal"
    save_columns(asked, "children")
    there = SupportRequest.objects.get(pk=asked.pk)
    assert (there.children, there.kind) == (3, "accompaniment")


def test_sealed_words_are_sealed(world, contact):
    row = text(contact, world.now)
    insert_all([row])
    row.body = "other words"
    save_columns(row, "body")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM messaging_outbound")
        (blob,) = cursor.fetchone()
    assert b"words" not in bytes(blob)
    assert Outbound.objects.get().body == "other words"


def test_a_row_that_is_gone_is_not_saved(asked):
    gone = SupportRequest(pk="00000000-0000-4000-8000-000000000000", children=1)
    with pytest.raises(DatabaseError):
        save_columns(gone, "children")


@pytest.mark.parametrize("number", [32768, 58367, 10**10])
def test_a_number_that_does_not_fit_is_refused_and_never_cut(world, asked, contact, number):
    """58,367 cut to two bytes is minus 7,169."""
    asked.children = number
    with pytest.raises(DataError):
        save_columns(asked, "children")
    with pytest.raises(DataError), transaction.atomic():
        insert_once(text(contact, world.now, segments=number))
    with pytest.raises(DataError), transaction.atomic():
        insert_all([text(contact, world.now, segments=number)])
    assert SupportRequest.objects.get(pk=asked.pk).children is None
    assert not Outbound.objects.filter(contact=contact).exists()


def test_an_offer_of_every_kind_of_column(world):
    ana = world.responder("Ana")
    world.member("Rosa").asks()
    offer = Offer.objects.get(person=ana.person)
    Offer.objects.all().delete()
    insert_all([offer])
    there = Offer.objects.get()
    for field in Offer._meta.concrete_fields:
        assert getattr(there, field.attname) == getattr(offer, field.attname), field.name
