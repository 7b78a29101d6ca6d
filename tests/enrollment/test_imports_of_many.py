"""A sheet of very many: as many statements as there are parts of it, and the same done as for a few."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE
from network.desk.actions import raise_need
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.enrollment.actions import imports
from network.enrollment.actions.imports import load
from network.enrollment.spreadsheets import SheetRefused
from network.messaging.models import Contact
from network.organizations.models import Organization
from network.people.models import Member, Person, Responder
from network.people.pins import check_pin
from network.privacy.actions import make_key
from network.privacy.models import Key, KnownPhone
from network.privacy.queries import fingerprint
from network.trust.models import Vouch
from tests.enrollment.test_imports import MEMBER, NOW, RESPONDER, organizations, sheet, take  # noqa: F401

pytestmark = pytest.mark.django_db


def members(many, **other):
    return [{**MEMBER, "phone": f"312555{n:04}", "name": f"Rosa {n}", **other} for n in range(many)]


def responders(many, **other):
    return [
        {**RESPONDER, "phone": f"312556{n:04}", "name": f"Ana {n}", "pin": "", **other} for n in range(many)
    ]


def statements(sheet, rows):
    with CaptureQueriesContext(connection) as ran:
        report = take(sheet, *rows)
    return len(ran), report


@pytest.mark.parametrize(
    ("sheet", "rows", "again"),
    [
        ("members", members, {"street": "2 B St", "name": "Luz", "consent_on": "2026-02-02"}),
        ("responders", responders, {"max_miles": "9", "languages": "en;es;fr", "bar_number": "A7"}),
    ],
)
def test_statements_grow_with_parts_of_the_sheet_and_not_with_its_rows(sheet, rows, again):
    few, report = statements(sheet, rows(3))
    assert report.added == 3
    Person.objects.all().delete()
    many, report = statements(sheet, rows(60))
    assert report.added == 60
    assert many == few

    same, report = statements(sheet, rows(60))
    assert (report.same, report.changed) == (60, 0)
    assert same <= few + 4
    changed, report = statements(sheet, rows(60, **again))
    assert report.changed == 60
    assert changed <= few + 9


def test_a_part_more_costs_as_much_as_the_first(monkeypatch):
    once, _ = statements("responders", responders(20))
    Person.objects.all().delete()
    monkeypatch.setattr(imports, "AT_ONCE", 5)
    in_four, report = statements("responders", responders(20))
    assert report.added == 20
    assert in_four < 4 * once


def test_what_stands_in_another_part_is_minded_as_if_it_stood_in_this(monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    rows = [*members(5), {**MEMBER, "phone": "3125550000"}, {**MEMBER, "phone": "12", "state": "Illinois"}]
    with pytest.raises(SheetRefused) as refused:
        take("members", *rows)
    assert refused.value.problems == [
        "line 7, column phone: stands on line 2 too",
        "line 8, column phone: isn't a phone number; write +13125550123 or ten digits",
        "line 8, column state: must be two letters, such as IL",
    ]
    assert not Person.objects.exists()


def test_nothing_is_left_of_a_part_when_a_later_one_fails(monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    wrote = imports.vouch_by_sheet
    parts = iter([wrote, wrote])  # the third finds none
    monkeypatch.setattr(imports, "vouch_by_sheet", lambda *given, **more: next(parts)(*given, **more))
    with pytest.raises(StopIteration):
        take("members", *members(6))
    assert not Person.objects.exists()
    assert not Key.objects.filter(holder="person").exists()


def test_each_is_sealed_under_a_key_of_their_own_and_known_by_their_phone():
    take("responders", *responders(12, kinds="legal", bar_number="IL-1", bar_state="IL", wake_at_night="yes"))
    people = list(Person.objects.order_by("enrolled_at"))
    assert sorted(person.name for person in people) == sorted(f"Ana {n}" for n in range(12))
    assert len({person.key_id for person in people}) == 12
    assert all(person.responder.key_id == person.key_id for person in people)
    known = {bytes(known_phone.fingerprint): known_phone.key_id for known_phone in KnownPhone.objects.all()}
    assert known == {bytes(person.fingerprint): person.key_id for person in people}
    responder = Responder.objects.first()
    assert (
        responder.bar_number,
        responder.kinds,
        responder.hours,
        responder.pin_tries,
        responder.on_probation,
    ) == (
        "IL-1",
        ["legal"],
        [],
        0,
        False,
    )
    assert Vouch.objects.filter(founding=True, met_in_person=False, held=False).count() == 24


def test_phones_that_texted_as_strangers_are_theirs_now():
    key = make_key(Key.Holder.DAY, day=NOW.date(), now=NOW)
    for n in (0, 1):
        phone = f"+1312555000{n}"
        Contact.objects.create(fingerprint=fingerprint(phone), key_id=key.pk, phone=phone)
    take("members", *members(3))
    assert not Contact.objects.filter(key_id=key.pk).exists()
    assert {contact.phone for contact in Contact.objects.all()} == {"+13125550000", "+13125550001"}


def test_new_homes_are_on_record_and_settle_what_waited_for_them():
    take("members", *members(3))
    person = Person.objects.first()
    raise_need(
        Reason.MOVED, about=About("person", str(person.pk)), now=NOW, by=COMMAND_LINE, person_id=person.pk
    )
    Member.objects.update(frozen_at=NOW, frozen_for="moved", phone_asked_at=NOW)
    report = take("members", *members(3, street="2 B St"))
    assert (report.changed, len(report.warnings)) == (3, 6)
    assert not Need.objects.filter(closed_at=None).exists()
    assert not Member.objects.exclude(frozen_at=None, phone_asked_at=None, moved_at=NOW).exists()
    told = Entry.objects.filter(action="member.home_changed")
    assert {entry.about for entry in told} == {
        f"person:{person}" for person in Person.objects.values_list("pk", flat=True)
    }


def test_notes_stand_in_the_order_of_the_rows():
    take("members", *members(3))
    rows = members(3, street="2 B St")
    Person.objects.filter(fingerprint=fingerprint("+13125550001")).update(standing="refused")
    lines = [note.split(":")[0] for note in take("members", *rows).warnings]
    assert lines == [
        "line 2, column street",
        "line 3, column street",
        "line 3, column phone",
        "line 4, column street",
    ]


def test_words_that_were_taken_back_or_are_over_are_told_from_those_that_stand():
    take("responders", *responders(3, kinds="accompaniment"))
    casa = Organization.objects.get(slug="casa")
    first, second, _ = Vouch.objects.filter(organization=casa).order_by("person__responder__zip", "pk")
    Vouch.objects.filter(pk=first.pk).update(withdrawn_at=NOW)
    long_ago = NOW - timedelta(days=400)
    Vouch.objects.filter(pk=second.pk).update(
        given_at=long_ago, ends_at=NOW - timedelta(days=1), reminded_at=NOW
    )

    report = take("responders", *responders(3, kinds="accompaniment"))

    assert (report.changed, report.same) == (1, 2)
    assert [("casa took its word" in note) for note in report.warnings] == [True]
    second.refresh_from_db()
    assert (second.ends_at > NOW, second.reminded_at) == (True, None)
    assert Vouch.objects.filter(organization=casa).count() == 3


def test_pins_are_set_once_and_a_look_hashes_none(monkeypatch):
    hashed = []
    monkeypatch.setattr("network.people.pins.hash_pin", lambda row, pin: hashed.append(pin) or "x")
    take("responders", *responders(3, pin="2468"), dry_run=True)
    assert hashed == []
    monkeypatch.undo()
    take("responders", *responders(2))
    take("responders", *responders(3, pin="2468"))
    assert all(check_pin(responder, "2468") for responder in Responder.objects.all())
    take("responders", *responders(3, pin="1111"))
    assert all(check_pin(responder, "2468") for responder in Responder.objects.all())


def test_somebody_who_watches_is_told_how_far_it_is(monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    heard = []
    load(
        "members",
        sheet("members", *members(5)),
        dry_run=False,
        is_everyday=lambda _: False,
        by=COMMAND_LINE,
        now=NOW,
        told=lambda *what: heard.append(what),
    )
    assert heard == [(what, rows) for what in ("read", "written") for rows in (2, 2, 1)]


def test_a_bar_is_drawn_on_a_terminal_only(tmp_path, monkeypatch, capsys):
    file = tmp_path / "members.csv"
    file.write_bytes(sheet("members", *members(3)))
    for is_terminal in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda: is_terminal, raising=False)  # noqa: B023
        call_command("import", "members", str(file), stdout=StringIO())
        assert ("read   0 %" in capsys.readouterr().err) is is_terminal
