"""An empty database, and one of the version before, become today's by the migrations."""

import os
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from network.audit.actions import record
from network.audit.chain import seal_lines
from network.audit.forgetting import forget_whom
from network.audit.models import Entry, Line, Whom
from network.audit.rules import ENGINE
from network.audit.verifying import verify
from network.organizations.models import Place
from tests.databases import _run, _use

OURS = {app.label for app in apps.get_app_configs() if app.name.startswith("network.")}
SEQUENCES = {"desk_need_number", "messaging_arrival", "messaging_order", "support_request_number"}


@pytest.fixture
def empty_database(django_db_setup, django_db_blocker) -> Iterator[None]:
    home, name = connection.settings_dict["NAME"], f"porchlight_test_{os.getpid()}_migrating"
    with django_db_blocker.unblock():
        _run(f'CREATE DATABASE "{name}"')
        _use(name)
        try:
            yield
        finally:
            _use(home)
            _run(f'DROP DATABASE "{name}" WITH (FORCE)')


def version_before() -> list[tuple[str, str]]:
    """Each app of ours without its newest migration and what needs one of those; an app that has nothing else
    isn't there yet.
    """
    graph = MigrationExecutor(connection).loader.graph
    gone = {leaf for leaf in graph.leaf_nodes() if leaf[0] in OURS}
    gone |= {key for leaf in gone for key in graph.backwards_plan(leaf)}
    left = [key for key in graph.nodes if key[0] in OURS and key not in gone]
    return [max(key for key in left if key[0] == app) for app in sorted({app for app, _ in left})]


def columns_of(model: type[models.Model]) -> set[str]:
    with connection.cursor() as cursor:
        return {
            column.name
            for column in connection.introspection.get_table_description(cursor, model._meta.db_table)
        }


def constraints_of(model: type[models.Model]) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, model._meta.db_table))


def named(model: type[models.Model]) -> set[str]:
    """The constraints and indexes that the model names."""
    return {constraint.name for constraint in (*model._meta.constraints, *model._meta.indexes)}


def sequences() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.slow("every migration runs once")
def test_an_empty_database_and_one_of_the_version_before_become_todays(empty_database):
    if before := version_before():
        MigrationExecutor(connection).migrate(before)
    call_command("migrate", verbosity=0, interactive=False)
    executor = MigrationExecutor(connection)
    assert not executor.migration_plan(executor.loader.graph.leaf_nodes())
    assert sequences() >= SEQUENCES
    assert Place.objects.count() > 40_000
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            assert columns_of(model) == {field.column for field in model._meta.concrete_fields}, model
            assert constraints_of(model) >= named(model), model


OLD_LINES = """
    INSERT INTO audit_entry (at, actor, action, about, request_id, detail) VALUES
    ('2026-10-06 15:00Z', 'person:0a000000-0000-4000-8000-000000000001', 'request.opened',
        'request:0a000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000002',
        '{"kind": "legal", "person": "0a000000-0000-4000-8000-000000000001"}'),
    ('2026-10-06 15:01Z', 'engine', 'surge.ended', 'surge', NULL, '{"hours": 12}')
"""


@pytest.mark.slow("every migration runs once")
def test_the_history_of_the_version_before_goes_on_with_whom_it_names(empty_database):
    MigrationExecutor(connection).migrate(
        [("audit", "0001_initial"), ("organizations", "0001_initial"), ("privacy", "0001_initial")]
    )
    with connection.cursor() as cursor:
        cursor.execute(OLD_LINES)
    call_command("migrate", verbosity=0, interactive=False)
    first, second = Entry.objects.order_by("pk")
    person, request = (UUID(f"0a000000-0000-4000-8000-00000000000{n}") for n in (1, 2))
    assert (first.actor, first.about, first.request_id) == (f"person:{person}", f"request:{request}", request)
    assert first.detail == {"kind": "legal", "person": str(person)}
    assert (second.actor, second.about, second.request_id) == ("engine", "surge", None)
    assert Line.objects.get(pk=first.pk).actor == "person"
    assert Whom.objects.get().person_id == person
    at = first.at + timedelta(minutes=2)
    assert seal_lines(now=at) == 2
    assert verify(now=at).problems == []
    forget_whom([request], about=[])
    assert verify(now=at).problems == []
    with transaction.atomic():
        record("surge.ended", "surge", by=ENGINE, now=at)
    assert Line.objects.order_by("-pk")[0].pk > second.pk


def test_our_migrations_make_no_circle_and_have_one_newest_each():
    graph = MigrationExecutor(None).loader.graph
    graph.ensure_not_cyclic()
    newest = [app for app, _ in graph.leaf_nodes() if app in OURS]
    assert sorted(newest) == sorted({app for app, _ in graph.nodes if app in OURS})
