"""A test that is rolled back never commits: what is owed is paid all the same where a commit would pay it."""

import pytest
from django.db import connection, transaction

from network.audit.models import Entry
from tests.test_owed import said, say


@pytest.mark.django_db
@pytest.mark.parametrize("savepoint", [True, False])
def test_a_block_pays_at_its_end_and_no_later_failure_takes_it_back(savepoint):
    with transaction.atomic(savepoint=savepoint):
        say("first")
        with transaction.atomic(savepoint=savepoint):
            say("second")
        assert said() == []
    assert said() == ["test.first", "test.second"]
    with pytest.raises(ValueError, match="lost"):
        _says_and_fails()
    assert said() == ["test.first", "test.second"]
    assert not connection._owed


@pytest.mark.django_db
def test_a_block_without_a_savepoint_that_fails_pays_nothing():
    with pytest.raises(ValueError, match="lost"), transaction.atomic():
        _says_and_fails(savepoint=False)
    assert Entry.objects.count() == 0


def _says_and_fails(*, savepoint=True):
    with transaction.atomic(savepoint=savepoint):
        say("lost")
        raise ValueError("lost")
