"""What may differ between database servers: run on the embedded one, and on the distribution's."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from network.staff.models import Staff

pytestmark = pytest.mark.server


def of_server(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_the_server_is_new_enough_and_speaks_unicode(db):
    assert int(of_server("SHOW server_version_num")) >= 150000
    assert of_server("SHOW server_encoding") == "UTF8"


def test_no_extension_is_needed_that_a_server_may_lack(db):
    assert of_server("SELECT array_agg(extname::text) FROM pg_extension") == ["plpgsql"]


def test_accents_are_capital_and_small_letters_whatever_the_collation(db):
    assert of_server("SELECT lower('ÁÉÍÑÒ')") == "áéíñò"
    assert of_server("SELECT upper('áéíñò')") == "ÁÉÍÑÒ"


def test_an_email_is_the_same_in_capitals_and_stands_once(world):
    account = world.coordinator()
    assert Staff.objects.filter(email__iexact=account.email.upper()).get() == account


def test_a_set_of_tables_made_from_nothing_lacks_no_migration(db):
    said = StringIO()
    call_command("showmigrations", plan=True, stdout=said)
    assert "[ ]" not in said.getvalue()
