"""The keys that are open: many by one statement, never more than are held, and not the held ones for new ones."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.privacy import keyring
from network.privacy.actions import make_key, make_keys
from network.privacy.models import Key
from network.privacy.rules import sealing

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(now):
    keyring.forget_all()
    yield [make_key(Key.Holder.PERSON, now=now) for _ in range(12)]
    keyring.forget_all()


def test_many_keys_are_opened_by_one_statement_and_then_read_without_any(keys):
    with CaptureQueriesContext(connection) as ran:
        keyring.open_keys([*(key.pk for key in keys), None, keys[0].pk])
        opened = [keyring.key(key.pk) for key in keys]

    assert len(ran) == 1
    assert len(set(opened)) == len(keys)
    with CaptureQueriesContext(connection) as again:
        keyring.open_keys(key.pk for key in keys)
    assert len(again) == 0


def test_nothing_to_open_asks_nobody(keys):
    with CaptureQueriesContext(connection) as ran:
        keyring.open_keys([None])
    assert len(ran) == 0


def test_a_key_that_was_erased_is_left_out_and_its_rows_say_so(keys):
    gone = keys[0].pk
    keys[0].delete()
    keyring.open_keys([gone, keys[1].pk])
    with pytest.raises(sealing.Unreadable):
        keyring.key(gone)


def test_a_key_of_another_field_key_spoils_no_other(keys, settings):
    Key.objects.filter(pk=keys[0].pk).update(wrapped=b"x" * 60)
    keyring.open_keys(key.pk for key in keys)
    assert keyring.key(keys[1].pk)
    with pytest.raises(sealing.Unreadable):
        keyring.key(keys[0].pk)


def test_a_full_ring_lets_go_of_what_was_opened_longest_ago(keys, monkeypatch):
    monkeypatch.setattr(keyring, "HOLDS", 4)
    for key in keys[:5]:
        keyring.key(key.pk)
    assert list(keyring._open) == [key.pk for key in keys[1:5]]
    keyring.open_keys(key.pk for key in keys)
    assert len(keyring._open) == 4
    assert keys[4].pk in keyring._open  # what is opened ahead never empties the ring


def test_keys_are_made_together_and_open_at_once(now):
    with CaptureQueriesContext(connection) as ran:
        made = make_keys(Key.Holder.PERSON, 30, now=now)
        opened = {keyring.key(key.pk) for key in made}
    assert len(ran) == 1
    assert len(opened) == 30
    keyring.forget_all()
    assert {keyring.key(key.pk) for key in made} == opened
