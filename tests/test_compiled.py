"""Queries put together once: they answer as Django's own, whatever was given, in every thread."""

from datetime import timedelta
from enum import StrEnum
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Count, Q
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from network.audit.rules import ENGINE
from network.database.compiled import Compiled
from network.desk.actions import raise_need
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.people.models import Person
from network.support.models import SupportRequest
from tests.beside import held_by_another

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(world):
    return [world.member(f"Rosa {n}").person for n in range(3)]


def test_a_row_comes_with_its_relations_and_its_sealed_words(people):
    query = Compiled(lambda pk: Person.objects.select_related("member__organization").filter(pk=pk))
    for person in people:
        found = query.get(person.pk)
        with CaptureQueriesContext(connection) as ran:
            told = (found, found.name, found.phone, found.member.organization.name)
        assert told == (person, person.name, person.phone, person.member.organization.name)
        assert not [query for query in ran.captured_queries if "people_" in query["sql"]]


def test_nothing_found_is_none_or_raises_as_the_model_does(people):
    query = Compiled(lambda pk: Person.objects.filter(pk=pk))
    assert query.all(uuid4()) == []
    assert query.first(uuid4()) is None
    with pytest.raises(Person.DoesNotExist):
        query.get(uuid4())


@pytest.mark.parametrize("wanted", [0, 1, 2, 3])
def test_a_list_is_one_value_of_the_same_statement(people, wanted):
    query = Compiled(lambda ids: Person.objects.filter(pk__any=ids).values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as ran:
        found = query.all([person.pk for person in people[:wanted]])
    assert set(found) == {person.pk for person in people[:wanted]}
    assert ran.captured_queries[0]["sql"].endswith("= ANY(%s)") or "ANY" in ran.captured_queries[0]["sql"]


def test_values_go_where_they_belong_however_often_and_in_whatever_order(people):
    a, b, c = (person.pk for person in people)
    query = Compiled(lambda first, other: Person.objects.filter(Q(pk=other) | Q(pk=first)).exclude(pk=other))
    assert [person.pk for person in query.all(a, b)] == [a]
    assert [person.pk for person in query.all(c, a)] == [c]


def test_times_counts_and_annotations_are_as_djangos(world, people):
    for person in people[:2]:
        raise_need(Reason.PERSON_PLEASE, about=About("person", str(person.pk)), now=world.now, by=ENGINE)
    since = world.now - timedelta(hours=1)

    def counted(at):
        return Need.objects.filter(raised_at__gt=at).values_list("reason").annotate(n=Count("pk"))

    assert Compiled(counted).all(since) == list(counted(since)) == [(Reason.PERSON_PLEASE, 2)]
    assert Compiled(counted).all(world.now) == []
    raised = Compiled(lambda at: Need.objects.filter(raised_at__gt=at).values_list("raised_at", flat=True))
    assert raised.all(since) == [world.now, world.now]


class Code(StrEnum):
    ACTIVE = "active"


def test_a_code_of_an_enum_is_given_by_its_value(people):
    query = Compiled(lambda code: Person.objects.filter(standing=code))
    assert set(query.all(Code.ACTIVE)) == set(query.all("active")) == set(people)


def test_a_constant_is_a_word_of_the_statement_even_with_percent_signs(people):
    query = Compiled(lambda pk: Person.objects.filter(pk=pk).exclude(standing__contains="100%s off'"))
    assert query.get(people[0].pk) == people[0]


def test_a_row_is_held_to_the_transactions_end_and_not_without_one(people):
    query = Compiled(lambda pk: Person.objects.select_for_update(no_key=True).filter(pk=pk))
    skipping = Compiled(
        lambda pk: Person.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk)
    )
    with pytest.raises(TransactionManagementError):
        query.all(people[0].pk)
    with held_by_another(lambda: query.all(people[0].pk)), transaction.atomic():
        assert skipping.all(people[0].pk) == []
        assert skipping.all(people[1].pk) == [people[1]]
    with pytest.raises(TransactionManagementError):  # also once it was put together
        query.all(people[0].pk)


def test_every_thread_asks_over_its_own_connection(people):
    query = Compiled(lambda pk: Person.objects.filter(pk=pk))
    found, failed = {}, []

    def ask(person):
        try:
            for _ in range(20):
                found[person.pk] = query.get(person.pk).name
        except Exception as error:  # shown below
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=ask, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert found == {person.pk: person.name for person in people}


def test_a_query_is_put_together_once(people):
    made = []

    def build(pk):
        made.append(pk)
        return Person.objects.filter(pk=pk)

    query = Compiled(build)
    for person in people:
        query.get(person.pk)
    assert len(made) == 1


def test_the_server_plans_it_once_a_connection(people):
    query = Compiled(lambda pk: SupportRequest.objects.filter(pk=pk))
    with transaction.atomic():
        for _ in range(4):
            query.all(uuid4())
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            assert any("support_supportrequest" in statement for (statement,) in cursor.fetchall())
