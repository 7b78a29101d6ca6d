"""After a whole story, no sentinel stands in any sink."""

import base64
import logging

import pytest
from django.db import connection

from network.audit.models import Entry
from network.audit.rules import NotACode, codes
from network.dispatch.models import Offer
from network.visits.actions.page import open_page
from tests.world import DEVICE, PIN

NAME, STREET, BODY = "Sentinelrosa", "98765 Sentinelstreet", "sentinelbody"


def encodings(text):
    raw = text.encode()
    return [
        raw,
        text[::-1].encode(),
        text.encode("utf-16-le"),
        base64.b64encode(raw)[:-3],
        raw.hex().encode(),
    ]


@pytest.fixture
def story(world, caplog):
    caplog.set_level(logging.DEBUG)
    ana = world.responder("Sentinelana")
    rosa = world.member(NAME)
    rosa.person.member.street = STREET
    rosa.person.member.save()
    rosa.sends(f"help {BODY}")
    rosa.sends("1")
    rosa.sends("1")
    ana.accepts(" in 20 min")
    ana.sends("sentinelsaid")
    open_page(ana.link_token(), PIN, device=DEVICE, now=world.now)
    ana.sends("3")
    ana.sends("4")
    world.stranger().sends(f"{BODY} from nowhere")
    world.carrier.fails = [RuntimeError(BODY)]
    return [NAME, STREET, BODY, "Sentinelana", "sentinelsaid", rosa.number, rosa.number[2:], ana.number]


def test_no_table_holds_a_sentinel_in_the_clear(world, story):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        dump = b""
        for table in tables:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            dump += "\n".join(row for (row,) in cursor.fetchall()).encode()
    assert len(dump) > 1000
    for sentinel in story:
        for form in encodings(sentinel):
            assert form not in dump
            assert form.hex().encode() not in dump  # bytea is shown as hex


def test_no_log_line_holds_a_sentinel(world, story, caplog):
    for sentinel in story:
        assert sentinel not in caplog.text


def test_no_str_or_repr_holds_a_sentinel(world, story):
    from tests.test_house import OURS

    shown = " ".join(f"{row} {row!r}" for model in OURS for row in model.objects.all()[:50])
    assert "offer" in shown
    for sentinel in story:
        assert sentinel not in shown


def test_history_takes_codes_and_nothing_else(world, story):
    assert Entry.objects.filter(action="visit.shown").exists()
    for private in ("Rosa Lopez", "+13125550101", "13125550101", "tocan la puerta"):
        with pytest.raises(NotACode):
            codes({"x": private})
    assert codes({"x": 3, "y": None, "z": Offer.objects.first().pk})
