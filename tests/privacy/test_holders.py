"""A key that a row is sealed under outlives the clean-up, whichever model the row is of."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from network.privacy.actions import LAST_CHANCE, day_key, erase_day_keys
from network.privacy.fields import SealedTextField
from network.privacy.models import Key, KnownPhone

MODELS = [model for model in apps.get_models() if model._meta.app_config.name.startswith("network.")]
SEALED = [
    model
    for model in MODELS
    if any(isinstance(field, SealedTextField) for field in model._meta.concrete_fields)
]
WITH_KEYS = [
    model
    for model in MODELS
    if model is not KnownPhone and any(field.column == "key_id" for field in model._meta.concrete_fields)
]


@pytest.fixture
def ended(db, now):
    """The key of a day that is over."""
    key_id = day_key(now=now - timedelta(days=5))
    yield key_id
    from network.privacy import actions

    actions._days.clear()


def erase(now):
    return erase_day_keys(before=(now - timedelta(days=1)).date(), now=now)


@pytest.mark.parametrize("model", WITH_KEYS, ids=lambda model: model._meta.label)
def test_a_key_in_use_is_kept_and_tried_again_an_hour_on(model, ended, now):
    stands_for(model, ended)
    assert erase(now) == 0
    assert Key.objects.get(pk=ended).kept_until == now + timedelta(hours=1)
    assert erase(now + timedelta(minutes=59)) == 0


def test_a_key_that_is_needed_again_before_it_is_erased_is_kept(ended, now):
    assert erase(now) == 0
    stands_for(WITH_KEYS[0], ended)
    assert erase(now + LAST_CHANCE) == 0
    assert Key.objects.get(pk=ended).unused_at is None


def stands_for(model, key_id):
    """A row of this model, of which nothing is there but its key: a temporary table hides the real one."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE "{table}" (key_id uuid) ON COMMIT DROP')
        cursor.execute(f'INSERT INTO "{table}" VALUES (%s)', [key_id])


def test_a_key_that_no_row_needs_is_erased_with_the_phones_that_it_was_known_by(ended, now):
    KnownPhone.objects.create(fingerprint=b"x" * 32, key_id=ended)
    assert erase(now) == 0  # a row may be on its way
    assert erase(now + LAST_CHANCE - timedelta(seconds=1)) == 0
    assert erase(now + LAST_CHANCE) == 1
    assert not Key.objects.filter(pk=ended).exists()
    assert not KnownPhone.objects.exists()


def test_every_sealed_row_names_its_key_and_none_by_a_foreign_key():
    assert len(WITH_KEYS) >= 18
    assert set(SEALED) <= set(WITH_KEYS)
    relations = [
        f"{model._meta.label}.{field.name}"
        for model in MODELS
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Key
    ]
    assert relations == []
