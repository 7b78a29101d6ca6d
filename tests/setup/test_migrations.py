"""An empty database, and one of the version before, become today's by the migrations."""

import os
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

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


def test_our_migrations_make_no_circle_and_have_one_newest_each():
    graph = MigrationExecutor(None).loader.graph
    graph.ensure_not_cyclic()
    newest = [app for app, _ in graph.leaf_nodes() if app in OURS]
    assert sorted(newest) == sorted({app for app, _ in graph.nodes if app in OURS})
