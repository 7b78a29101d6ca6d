"""Spreadsheets: every bad row named, all or nothing, twice is once."""

from datetime import UTC, datetime

import pytest

from network.audit.rules import COMMAND_LINE
from network.enrollment.actions.homes import set_home
from network.enrollment.actions.imports import load
from network.enrollment.spreadsheets import COLUMNS, SheetRefused
from network.organizations.models import Organization, Place
from network.people.models import Member, Person, Responder
from network.people.pins import check_pin
from network.people.rules.homes import Home
from network.trust.models import Vouch

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db
MEMBER = {"phone": "3125550101", "name": "Rosa", "language": "es", "organization": "casa", "street": "1 A St",
          "city": "Chicago", "state": "IL", "zip": "60629", "consent_on": "2026-01-01"}  # fmt: skip
RESPONDER = {"phone": "(312) 555-0111", "name": "Ana", "languages": "en;es", "organizations": "casa;roja",
             "kinds": "accompaniment;childcare", "zip": "60608", "max_miles": "8", "hours": "always",
             "pin": "2468", "clearance_until": "2027-01-01", "consent_on": "2026-01-01"}  # fmt: skip


def sheet(name, *rows):
    columns = COLUMNS[name]
    return "\n".join(
        [",".join(columns), *(",".join(row.get(c, "") for c in columns) for row in rows)]
    ).encode()


def take(name, *rows, dry_run=False):
    return load(
        name,
        sheet(name, *rows),
        dry_run=dry_run,
        is_everyday=lambda word: word.upper() == "MANGO",
        by=COMMAND_LINE,
        now=NOW,
    )


def problems(name, *rows):
    with pytest.raises(SheetRefused) as refused:
        take(name, *rows)
    return refused.value.problems


@pytest.fixture(autouse=True)
def organizations():
    if not Place.objects.filter(zip="60629").exists():
        Place.objects.create(zip="60629", state="IL", latitude=41.77, longitude=-87.70)
        Place.objects.create(zip="60608", state="IL", latitude=41.85, longitude=-87.67)
    rows = [
        {"slug": s, "name": s, "kind": "faith", "phone": "3125550190", "zip": "60608"}
        for s in ("casa", "roja")
    ]
    take("organizations", *rows)


def test_a_file_is_taken_once_and_a_second_time_changes_nothing():
    first, second = take("members", MEMBER), take("members", MEMBER)
    assert (first.added, second.added, second.changed, second.same) == (1, 0, 0, 1)
    assert Member.objects.get().street == "1 A St"
    assert Person.objects.get().phone == "+13125550101"
    assert take("responders", RESPONDER).added == 1
    assert take("responders", RESPONDER).same == 1
    assert Vouch.objects.count() == 5


def test_a_dry_run_keeps_nothing():
    assert take("members", MEMBER, dry_run=True).added == 1
    assert not Person.objects.exists()


def test_half_an_import_is_no_import():
    told = problems("members", MEMBER, {**MEMBER, "phone": "12", "zip": "00000", "language": "fr"})
    assert {p.split(":")[0] for p in told} >= {
        "line 3, column phone",
        "line 3, column zip",
        "line 3, column language",
    }
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"organizations": "casa"}, "organizations"),
        ({"clearance_until": ""}, "clearance_until"),
        ({"clearance_until": "soon"}, "clearance_until"),
        ({"kinds": "legal"}, "bar_number"),
        ({"kinds": "legal", "bar_number": "1"}, "bar_state"),
        ({"kinds": "sightings"}, "kinds"),
        ({"organizations": "casa;nowhere"}, "organizations"),
        ({"max_miles": "far"}, "max_miles"),
        ({"hours": "mostly"}, "hours"),
        ({"pin": "12a4"}, "pin"),
        ({"consent_on": "2030-01-01"}, "consent_on"),
        ({"name": ""}, "name"),
        ({"wake_at_night": "maybe"}, "wake_at_night"),
    ],
)
def test_a_responder_is_refused_with_the_reason(change, column):
    assert any(
        f"line 2, column {column}:" in problem for problem in problems("responders", {**RESPONDER, **change})
    )


def test_a_clearance_in_the_past_is_a_warning():
    report = take("responders", {**RESPONDER, "clearance_until": "2026-01-01"})
    assert report.added == 1
    assert "clearance_until" in report.warnings[0]


def test_an_unknown_column_and_a_repeated_phone_are_named():
    with pytest.raises(SheetRefused) as refused:
        load(
            "members", b"phone,plate\n", dry_run=False, is_everyday=lambda _: False, by=COMMAND_LINE, now=NOW
        )
    assert any("plate" in problem for problem in refused.value.problems)
    assert any("line 2 too" in problem for problem in problems("members", MEMBER, MEMBER))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00p", b"phone\xe9"])
def test_a_file_that_is_not_utf8_is_one_clear_sentence(content):
    with pytest.raises(SheetRefused, match="1 problems"):
        load("members", content, dry_run=False, is_everyday=lambda _: False, by=COMMAND_LINE, now=NOW)


def test_a_reimport_resets_no_pin_and_a_new_home_lifts_a_freeze():
    take("responders", RESPONDER)
    take("responders", {**RESPONDER, "pin": "9999"})
    assert check_pin(Responder.objects.get(), "2468")
    take("members", MEMBER)
    Member.objects.update(frozen_at=NOW)
    take("members", MEMBER)
    assert Member.objects.get().frozen_at
    report = take("members", {**MEMBER, "street": "2 B St"})
    assert Member.objects.get().frozen_at is None
    assert [warning.split(": ")[0] for warning in report.warnings] == ["line 2, column street"] * 2


def test_an_old_sheet_brings_no_home_back_and_lifts_no_freeze():
    take("members", MEMBER)
    take("members", {**MEMBER, "street": "2 B St"})
    Member.objects.update(frozen_at=NOW, frozen_for="moved")
    report = take("members", {**MEMBER, "street": "1 a st."})
    member = Member.objects.get()
    assert (member.street, member.frozen_at, report.changed) == ("2 B St", NOW, 0)
    assert "have left" in report.warnings[0]


def test_whoever_moves_back_by_word_of_their_organization_is_there_again():
    take("members", MEMBER)
    take("members", {**MEMBER, "street": "2 B St"})
    person, casa = Person.objects.get(), Organization.objects.get(slug="casa")
    set_home(
        person.pk,
        Home("1 A St", None, "Chicago", "IL", "60629"),
        organization_id=casa.pk,
        by=COMMAND_LINE,
        now=NOW,
    )
    assert take("members", MEMBER).same == 1
    assert "have left" in take("members", {**MEMBER, "street": "2 B St"}).warnings[0]


def test_a_new_home_kills_what_led_to_the_old_one_and_nobody_unmet_is_met_by_a_sheet():
    take("members", MEMBER)
    Member.objects.update(frozen_at=NOW, frozen_for="unmet")
    report = take("members", {**MEMBER, "street": "2 B St"})
    member = Member.objects.get()
    assert (member.moved_at, member.frozen_for) == (NOW, "unmet")
    assert len(report.warnings) == 1


def test_an_old_sheet_changes_no_duress_word():
    take("members", {**MEMBER, "duress_word": "girasol"})
    member = Member.objects.get()
    member.duress_word = "berenjena"
    member.save()
    report = take("members", {**MEMBER, "duress_word": "girasol"})
    assert Member.objects.get().duress_word == "berenjena"
    assert "duress_word" in report.warnings[0]
    assert not any("girasol" in warning or "berenjena" in warning for warning in report.warnings)


def refused(content):
    with pytest.raises(SheetRefused) as why:
        load("members", content, dry_run=False, is_everyday=lambda _: False, by=COMMAND_LINE, now=NOW)
    assert not Person.objects.exists()
    return why.value.problems


HEADER = ",".join(COLUMNS["members"])
ROW = ",".join(MEMBER.get(column, "") for column in COLUMNS["members"])


def taken(text):
    return load(
        "members", text.encode(), dry_run=False, is_everyday=lambda _: False, by=COMMAND_LINE, now=NOW
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\n{ROW}".replace(",", ";"),
        f"{HEADER}\n{ROW}".replace(",", "\t"),
        f"{HEADER},,\n{ROW},,\n,,,,,\n\n",
        f"{HEADER}\n{ROW},,,",
        f" {HEADER.replace(',', ' , ').upper()} \r\n{ROW}\r\n",
        f"\ufeff{HEADER.replace('name', 'name\u200b')}\n{ROW}",
    ],
)
def test_how_a_spreadsheet_writes_its_file_changes_nothing(text):
    assert taken(text).added == 1
    assert Member.objects.get().street == "1 A St"


def test_languages_and_kinds_are_read_where_semicolons_part_the_columns():
    text = sheet("responders", RESPONDER).decode().replace(";", "|").replace(",", ";")
    text = text.replace("en|es", '"en;es"').replace("casa|roja", '"casa;roja"')
    text = text.replace("accompaniment|childcare", '"accompaniment;childcare"')
    report = load(
        "responders", text.encode(), dry_run=False, is_everyday=lambda _: False, by=COMMAND_LINE, now=NOW
    )
    assert report.added == 1
    assert Responder.objects.get().kinds == ["accompaniment", "childcare"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"{HEADER}\n3125550101,Rosa", "line 2, column (all): has 2 cells"),
        (f"{HEADER}\n\n3125550101", "line 3, column (all): has 1 cells"),
        (f"{HEADER},\n{ROW},x", "line 2, column (all): has something in a column"),
        (f"{HEADER}\n{ROW},x", "line 2, column (all): has something in a column"),
        ('"', "isn't CSV"),
        (f'{HEADER}\n{ROW}\n"', "isn't CSV"),
        ("", "line 1 is empty"),
        (",,,\n1,2,3", "line 1 is empty"),
        ("\0\0\0", "line 1: the file isn't text"),
        (f"{HEADER}\n{ROW.replace('Rosa', 'Ro' + chr(0) + 'sa')}", "line 2: the file isn't text"),
        (f"{HEADER}\n{ROW.replace('Rosa', 'Ro' + chr(7) + 'sa')}", "line 2, column name: holds signs"),
        (f"{HEADER}\n{ROW.replace('Rosa', 'R' * 5000)}", "line 2, column name: may have 80"),
        (f"{HEADER}\n{ROW.replace('1 A St', 'S' * 5000)}", "line 2, column street: may have 100"),
        (f"{HEADER}\n{ROW.replace('Rosa', 'R' * 200000)}", "isn't CSV"),
        (f"{HEADER}\n{ROW.replace('Rosa', chr(0x200B) * 3)}", "line 2, column name: is empty"),
    ],
)
def test_a_bad_file_gets_a_sentence_that_says_where(content, words):
    assert any(words in problem for problem in refused(content.encode())), refused(content.encode())


def test_a_name_is_kept_as_one_plain_line():
    row = ROW.replace("Rosa", '"\u202eRosa\u202c\nBCC: x"')
    assert taken(f"{HEADER}\n{row}").added == 1
    assert Person.objects.get().name == "Rosa BCC: x"


def test_without_consent_a_person_is_only_invited():
    take("members", {**MEMBER, "consent_on": ""})
    assert Person.objects.get().standing == "invited"


def test_an_organization_can_be_changed():
    row = {"slug": "casa", "name": "Casa Nueva", "kind": "faith", "phone": "3125550190", "zip": "60608"}
    assert take("organizations", row).changed == 1
    assert Organization.objects.get(slug="casa").name == "Casa Nueva"


def test_a_suspended_member_is_still_helped_and_a_person_is_told(world):
    from network.visits.actions.clocks import suspend

    both = world.responder("Ana")
    from network.people.models import Member as Home

    Home.objects.create(
        person=both.person,
        key_id=both.person.key_id,
        organization=world.azul,
        street="1 A St",
        city="Chicago",
        state="IL",
        zip="60629",
        attested_at=world.now,
    )
    both.sends("help")
    suspend(both.person.pk, why="x", by=COMMAND_LINE, now=world.now)
    assert "suspended" in world.needs()
    both.sends("1")
    assert both.got("What do you need?")


def test_a_member_has_a_language_that_the_network_writes(settings):
    creole = {**MEMBER, "language": "ht"}
    assert "language" in str(problems("members", creole))
    settings.NETWORK_LANGUAGES = ("en", "es", "ht")
    take("members", creole)
    assert Person.objects.get().language == "ht"
