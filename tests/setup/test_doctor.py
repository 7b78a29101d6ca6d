"""What `doctor` says of a network that is not quite well, and what it mends by itself."""

import json
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from network.checks import database, live
from network.checks.configuration import configuration, disk
from network.checks.database import database_log, next_change
from network.checks.examining import examine
from network.checks.fixing import fix
from network.desk.actions import show_life
from network.desk.models import Heartbeat
from network.desk.rules import PARTS
from network.dispatch.models import ForecastBand
from network.messaging.inbox import backfill
from network.messaging.models import Canary, Outbound, Receipt, Watch, Wording
from network.people.models import Member

Disk = namedtuple("Disk", "total used free")


def told(now):
    return {check.what: check for check in examine(now=now)}


def test_clocks_that_differ_are_red(world, monkeypatch):
    assert told(world.now)["clock"].verdict == "pass"
    monkeypatch.setattr(database, "CLOCKS_APART", -timedelta(seconds=1))  # as if they were further apart
    assert told(world.now)["clock"].verdict == "fail"


@pytest.mark.parametrize(
    ("zone", "day", "said"),
    [
        ("America/Chicago", (2026, 10, 6), "2026-11-01"),
        ("America/Chicago", (2026, 11, 2), "2027-03-14"),
        ("America/Phoenix", (2026, 10, 6), ""),
        ("America/Puerto_Rico", (2026, 10, 6), ""),
    ],
)
def test_the_next_move_of_the_clocks_is_named(zone, day, said):
    sentence = next_change(datetime(*day, 17, tzinfo=UTC), zone=zone)
    assert said in sentence
    assert bool(sentence) == bool(said)


@pytest.mark.parametrize(
    ("free", "verdict"), [(50_000_000_000, "pass"), (1_900_000_000, "warn"), (9_000_000, "fail")]
)
def test_a_disk_that_fills_is_said_before_it_is_full(monkeypatch, settings, tmp_path, free, verdict):
    settings.DATA_DIR, settings.BACKUP_TO = tmp_path, tmp_path
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Disk(0, 0, free))
    assert [check.verdict for check in disk()] == [verdict, verdict]


def test_a_short_secret_is_said_and_not_shown(monkeypatch, settings):
    settings.SECRET_KEY = "swordfish"
    check = next(check for check in configuration() if check.what == "secret key")
    assert check.verdict == "warn"
    assert "swordfish" not in str(check)


def test_receipts_that_never_come_by_themselves_are_red(world):
    world.member("Rosa").asks()
    assert told(world.now)["receipts"].verdict == "pass"  # too early to say
    at = world.now + timedelta(hours=1)
    Receipt.objects.all().delete()
    assert Outbound.objects.filter(sent_at__isnull=False).exists()
    assert told(at)["receipts"].verdict == "fail"
    Receipt.objects.create(sid="SM1", word="delivered", received_at=at, asked=True)
    assert told(at)["receipts"].verdict == "fail"  # we had to ask for it
    Receipt.objects.create(sid="SM2", word="delivered", received_at=at, asked=False)
    assert told(at)["receipts"].verdict == "pass"
    assert told(at + timedelta(days=2))["receipts"].verdict == "pass"  # nothing was sent


def test_homes_that_nobody_confirmed_for_half_a_year_are_counted(world):
    rosa = world.member("Rosa")
    assert told(world.now)["confirmed homes"].verdict == "pass"
    Member.objects.filter(person=rosa.person).update(attested_at=world.now - timedelta(days=181))
    check = told(world.now)["confirmed homes"]
    assert check.verdict == "warn"
    assert check.mend.startswith("1 members' homes")
    rosa.person.suspended_at = world.now
    rosa.person.save()
    assert told(world.now)["confirmed homes"].verdict == "pass"


def test_a_wording_that_ours_has_outgrown_is_named(world):
    assert told(world.now)["wording"].verdict == "pass"
    Wording.objects.create(
        text="home",
        language="en",
        words="Are you {where}?",
        version=1,
        changed_at=world.now,
        changed_by=uuid4(),
    )
    check = told(world.now)["wording"]
    assert check.verdict == "warn"
    assert "home (en)" in check.mend


def test_canary_and_heartbeat_are_skipped_until_they_are_set_then_judged(world, settings):
    assert {told(world.now)[what].verdict for what in ("canary", "heartbeat")} == {"skip"}
    settings.CANARY_NUMBER, settings.HEARTBEAT_URL = "+13125550177", "https://watch.example.org/secret"
    assert {told(world.now)[what].verdict for what in ("canary", "heartbeat")} == {"warn"}
    Canary.objects.create(next_at=world.now, seen_at=world.now)
    Heartbeat.objects.create(next_at=world.now, told_at=world.now)
    assert {told(world.now)[what].verdict for what in ("canary", "heartbeat")} == {"pass"}
    found = told(world.now + timedelta(hours=2))
    assert (found["canary"].verdict, found["heartbeat"].verdict) == ("fail", "warn")
    assert "secret" not in str(found["heartbeat"])


def test_what_the_carrier_has_no_api_for_is_to_be_looked_at_by_hand(world, settings):
    found = told(world.now)
    for what in ("opt-out words", "registration", "balance"):
        assert found[what].verdict == "skip"
        assert found[what].mend.startswith("By hand")


def test_a_hint_comes_through_the_database(transactional_db):
    assert live._hints().verdict == "pass"


def test_a_hint_that_does_not_come_is_red(transactional_db, monkeypatch):
    monkeypatch.setattr(live, "announce", lambda about: None)
    assert live._hints().verdict == "fail"


@pytest.fixture
def open_files(monkeypatch, settings, tmp_path):
    """A key's file that others may read, and a list that was not read for long."""
    from dataclasses import replace

    file = tmp_path / "field-key"
    file.write_text("x")
    file.chmod(0o644)
    monkeypatch.setenv("FIELD_KEY_FILE", str(file))
    settings.CONFIGURATION = replace(settings.CONFIGURATION, open_key_files=("FIELD_KEY",))
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o755)
    return file


def test_fixing_closes_key_files_and_wakes_what_reads_the_list(world, open_files):
    Watch.objects.update_or_create(
        pk=1, defaults={"read_at": world.now - timedelta(hours=1), "tried_at": world.now}
    )
    done = fix(now=world.now)
    assert open_files.stat().st_mode & 0o777 == 0o600
    assert open_files.parent.stat().st_mode & 0o777 == 0o711
    assert backfill.watch().wanted_at == world.now
    assert len(done) == 3


def test_where_nothing_is_wrong_nothing_is_done(world):
    Watch.objects.update_or_create(pk=1, defaults={"read_at": world.now})
    assert fix(now=world.now) == []


def test_the_command_says_what_it_fixed_and_json_stays_json(world, open_files, capsys, monkeypatch):
    show_life("one:1", dict.fromkeys(PARTS, world.now))
    with pytest.raises(SystemExit):
        call_command("doctor", "--fix", "--json")
    said = capsys.readouterr()
    assert {"what", "verdict", "mend"} == set(json.loads(said.out)[0])
    assert "fixed The file of FIELD_KEY" in said.err


def test_every_check_that_is_not_green_says_what_to_do(world):
    found = told(world.now).values()
    assert all(
        check.mend.endswith((".", ".)")) or "first" in check.mend
        for check in found
        if check.verdict != "pass"
    )


def test_a_search_that_is_not_at_home_here_is_said(world):
    assert told(world.now)["forecast"].verdict == "pass"
    week = world.now.date() - timedelta(days=world.now.weekday())
    ForecastBand.objects.create(week=week, band=5, offers=100, foretold=35.0, came=5)
    check = told(world.now)["forecast"]
    assert check.verdict == "warn"
    assert "Who says yes isn’t who is expected to" in check.mend


def test_a_database_whose_log_may_quote_people_is_named(db, now):
    assert database_log(now).verdict == "pass"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL log_min_error_statement = 'error'")
    check = database_log(now)
    assert check.verdict == "warn"
    assert "log_min_error_statement" in check.mend
