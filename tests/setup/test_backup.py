"""Backups: what comes back, for whom it can be read, what a failure leaves, and what goes in time."""

import os
import re
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import count
from pathlib import Path

import pyrage
import pytest
from django.core.management import call_command
from django.db import connection

from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE
from network.backups import archives, making, nightly, programs, rehearsing, restoring
from network.backups.archives import TableSum, contents_of, read_identities
from network.backups.failure import BackupFailed
from network.backups.rules import name_of, next_night, old_backups, old_keys
from network.checks.examining import examine
from network.messaging.models import RestoredCopy
from network.organizations.models import Backups
from network.people.models import Person
from network.privacy import keyring
from network.privacy.actions import set_key_check
from network.privacy.models import Key
from network.privacy.rules.sealing import Unreadable
from tests.databases import _run, _use

pytestmark = pytest.mark.server
ROOT = Path(__file__).resolve().parents[2]
IDENTITY = pyrage.x25519.Identity.generate()
DAY = timedelta(days=1)
numbers = count(1)


@pytest.fixture
def town(world, settings):
    """Rosa and Ana, in a network that was started once, whose backups only IDENTITY opens."""
    settings.BACKUP_RECIPIENTS = (str(IDENTITY.to_public()),)
    set_key_check(now=world.now)
    world.rosa, world.ana = world.member("Rosa"), world.responder("Ana")
    return world


@contextmanager
def another_database():
    """Django is on an empty database of its own."""
    home, name = connection.settings_dict["NAME"], f"porchlight_test_{os.getpid()}_{next(numbers)}_restored"
    _run(f'CREATE DATABASE "{name}" TEMPLATE template0')
    _use(name)
    keyring.forget_all()
    try:
        yield
    finally:
        _use(home)
        keyring.forget_all()
        _run(f'DROP DATABASE "{name}" WITH (FORCE)')


def back_up(path, *, now):
    return making.make(path, by=COMMAND_LINE, now=now)


def restore(path, *, now, keys=None, identity=IDENTITY):
    return restoring.restore(path, keys=keys, identities=[identity], by=COMMAND_LINE, now=now)


def rehearse(path, *, now, keys=None):
    return rehearsing.rehearse(path, keys=keys, identities=[IDENTITY], by=COMMAND_LINE, now=now)


def nothing_is_there():
    with programs.ours().connect() as line:
        return restoring.is_empty(line)


def scratch_is_left():
    """Of this database; other tests beside this one have theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_database d, pg_database o WHERE o.datname = current_database()"
            " AND d.datname = 'porchlight_rehearsal_' || o.oid)"
        )
        return cursor.fetchone()[0]


def test_a_backup_comes_back_whole_and_people_are_read_with_their_keys(town, tmp_path):
    path, ids = tmp_path / "x", {person.pk: person.name for person in Person.objects.all()}
    made = back_up(path, now=town.now)

    assert {file.name for file in tmp_path.iterdir()} == {"x", "x.keys"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.iterdir())
    assert made.rows > len(ids)
    with another_database():
        done = restore(path, now=town.now + DAY)

        assert (done.people, done.unreadable, done.field_key_fits) == (2, 0, True)
        assert {person.pk: person.name for person in Person.objects.all()} == ids
        assert RestoredCopy.objects.get().made_at == Backups.objects.get().made_at == town.now
        assert Entry.objects.filter(action="backup.restored").exists()
    assert Backups.objects.get().made_at == town.now
    assert not RestoredCopy.objects.exists()


def test_without_the_archive_of_keys_nobody_can_be_read(town, tmp_path):
    back_up(tmp_path / "x", now=town.now)
    with another_database():
        restoring.load([tmp_path / "x"], [IDENTITY], programs.ours(), server=version())

        assert Person.objects.count() == 2
        assert not Key.objects.exists()
        with pytest.raises(Unreadable):
            assert Person.objects.first().name


def test_whoever_was_erased_since_the_backup_does_not_come_back(town, tmp_path):
    """The newest keys are taken, and it is said how many can't be read."""
    back_up(tmp_path / "monday", now=town.now)
    Key.objects.filter(pk=town.ana.person.key_id).delete()
    back_up(tmp_path / "tuesday", now=town.now + DAY)
    with another_database():
        done = restore(tmp_path / "monday", now=town.now + 2 * DAY)

        assert done.keys.name == "tuesday.keys"
        assert (done.people, done.unreadable) == (2, 1)
        assert Person.objects.get(pk=town.rosa.person.pk).name == "Rosa"
        with pytest.raises(Unreadable):
            assert Person.objects.get(pk=town.ana.person.pk).name
    with another_database():
        older = restore(tmp_path / "monday", keys=tmp_path / "monday.keys", now=town.now + 2 * DAY)
        assert older.unreadable == 0  # as long as the old keys are kept, which is seven days


def test_the_keys_of_another_network_are_not_taken(town, tmp_path):
    back_up(tmp_path / "x", now=town.now)
    Key.objects.filter(holder="check").delete()
    set_key_check(now=town.now)  # as another network's
    back_up(tmp_path / "other", now=town.now + DAY)
    (tmp_path / "junk.keys").write_bytes(b"something else")
    contents = contents_of(tmp_path / "x", [IDENTITY])

    assert restoring.newest_keys(tmp_path / "x", contents, [IDENTITY]).name == "x.keys"
    (tmp_path / "x.keys").unlink()
    with another_database():
        with pytest.raises(BackupFailed, match="no keys beside"):
            restore(tmp_path / "x", now=town.now)
        with pytest.raises(BackupFailed, match="another network"):
            restore(tmp_path / "x", keys=tmp_path / "other.keys", now=town.now)
        with pytest.raises(BackupFailed, match="isn't an archive of keys"):
            restore(tmp_path / "x", keys=tmp_path / "other", now=town.now)


def test_a_wrong_identity_opens_nothing_and_leaves_the_database_empty(town, tmp_path):
    back_up(tmp_path / "x", now=town.now)
    with another_database():
        with pytest.raises(BackupFailed, match="identity doesn't open"):
            restore(tmp_path / "x", now=town.now, identity=pyrage.x25519.Identity.generate())
        assert nothing_is_there()


@pytest.mark.parametrize("harm", ["cut", "flipped"])
def test_a_damaged_backup_is_refused_and_leaves_the_database_empty(town, tmp_path, harm):
    path = tmp_path / "x"
    back_up(path, now=town.now)
    sealed = bytearray(path.read_bytes())
    if harm == "cut":
        del sealed[-100:]
    else:
        sealed[-100] ^= 1
    path.write_bytes(sealed)
    with another_database():
        with pytest.raises(BackupFailed, match="damaged or cut off"):
            restore(path, now=town.now)
        assert nothing_is_there()


def test_what_can_not_be_loaded_to_its_end_is_not_loaded_at_all(town, tmp_path, monkeypatch):
    back_up(tmp_path / "x", now=town.now)
    monkeypatch.setattr(restoring, "_mark", lambda contents, *, now: "SELECT 1 / 0;")
    with another_database():
        with pytest.raises(BackupFailed, match="division by zero"):
            restore(tmp_path / "x", now=town.now)
        assert nothing_is_there()


def test_what_psql_refuses_in_the_middle_is_told_without_any_row(town, tmp_path):
    back_up(tmp_path / "x", now=town.now)
    with another_database():
        _run("CREATE TABLE audit_entry (id int)")
        with pytest.raises(BackupFailed, match='relation "audit_entry" already exists'):
            restoring.load([tmp_path / "x"], [IDENTITY], programs.ours(), server=version())
        assert tables_here() == {"audit_entry"}


def test_a_dump_that_pg_restore_can_not_read_is_told(town, tmp_path):
    back_up(tmp_path / "x", now=town.now)
    sealed_anew(tmp_path / "x", dump=lambda dump: dump[: len(dump) // 2])
    with another_database():
        with pytest.raises(BackupFailed, match="could not be read"):
            restore(tmp_path / "x", now=town.now)
        assert nothing_is_there()


def version():
    with programs.ours().connect() as line:
        return line.info.server_version


def tables_here():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in cursor.fetchall()}


def test_a_database_that_holds_anything_is_refused(town, tmp_path):
    back_up(tmp_path / "x", now=town.now)
    with pytest.raises(BackupFailed, match="isn't empty"):
        restore(tmp_path / "x", now=town.now)
    with another_database():
        _run("CREATE SEQUENCE somebodys")
        with pytest.raises(BackupFailed, match="isn't empty"):
            restore(tmp_path / "x", now=town.now)


def sealed_anew(path, *, dump=lambda whole: whole, **changes):
    """The same dump, or what is made of it, under a line that says something else."""
    line, _, whole = pyrage.decrypt(path.read_bytes(), [IDENTITY]).partition(b"\n")
    contents = replace(archives._contents(line, path), **changes)
    path.write_bytes(pyrage.encrypt(contents.line() + dump(whole), [IDENTITY.to_public()]))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"migrations": ("people.9999_of_a_later_version",)}, "later version"),
        ({"server": 990000}, "PostgreSQL 99"),
        ({"kind": "keys"}, "isn't a backup"),
    ],
)
def test_a_backup_that_does_not_fit_here_is_refused(town, tmp_path, changes, why):
    back_up(tmp_path / "x", now=town.now)
    sealed_anew(tmp_path / "x", **changes)
    with another_database():
        with pytest.raises(BackupFailed, match=why):
            restore(tmp_path / "x", now=town.now)
        assert nothing_is_there()


def test_a_file_that_is_no_backup_is_named(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"no age")
    with pytest.raises(BackupFailed, match="no sealed backup"):
        contents_of(path, [IDENTITY])
    for other in (b"a letter\nwith lines", b"a letter without any", b"{}\n"):
        path.write_bytes(pyrage.encrypt(other, [IDENTITY.to_public()]))
        with pytest.raises(BackupFailed, match="no backup of Porchlight"):
            contents_of(path, [IDENTITY])
    with pytest.raises(BackupFailed, match="not there"):
        contents_of(tmp_path / "y", [IDENTITY])


def test_an_identity_is_read_from_a_file_or_standard_input_and_never_repeated(tmp_path, monkeypatch):
    (tmp_path / "id").write_text(f"# public key: {IDENTITY.to_public()}\n{IDENTITY}\n")
    monkeypatch.setattr("sys.stdin", StringIO(f"{IDENTITY}\n"))
    assert [str(key) for name in (str(tmp_path / "id"), "-") for key in read_identities(name)] == [
        str(IDENTITY)
    ] * 2
    (tmp_path / "id").write_text("AGE-SECRET-KEY-1WRONG")
    with pytest.raises(BackupFailed) as refused:
        read_identities(str(tmp_path / "id"))
    assert "WRONG" not in str(refused.value)
    with pytest.raises(BackupFailed, match="can't be read"):
        read_identities(str(tmp_path / "nothing"))


@pytest.mark.parametrize(
    ("recipients", "why"), [((), "not set"), (("age1wrong",), "wrong at number 1"), (("ssh-rsa",), "age1")]
)
def test_nothing_is_made_without_somebody_to_seal_it_to(town, settings, tmp_path, recipients, why):
    settings.BACKUP_RECIPIENTS = recipients
    with pytest.raises(BackupFailed, match=why):
        back_up(tmp_path / "x", now=town.now)
    assert list(tmp_path.iterdir()) == []


# What a failure leaves


@pytest.fixture
def fake_programs(tmp_path, monkeypatch):
    """Programs of a version that is newer than any, whose pg_dump begins and then does as it is told."""
    folder = tmp_path / "programs"
    folder.mkdir()

    def make(then):
        for name in programs.NEEDED:
            (folder / name).write_text(
                f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} (PostgreSQL) 99.0" && exit\n'
                f"head -c 300000 /dev/zero\n{then}\n"
            )
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        return folder

    return make


def test_a_dump_that_ends_early_leaves_nothing(town, tmp_path, fake_programs, settings):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, database_url="postgresql:///own")
    fake_programs("echo 'pg_dump: error: the connection was lost' >&2; exit 1")
    (tmp_path / "out").mkdir()
    with pytest.raises(BackupFailed, match="the connection was lost"):
        back_up(tmp_path / "out" / "x", now=town.now)
    assert list((tmp_path / "out").iterdir()) == []
    assert not Backups.objects.exists()


def test_a_full_disk_leaves_nothing(town, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(BackupFailed, match="make room"):
            back_up(tmp_path / "x", now=town.now)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow("starts processes of their own")
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_backup_leaves_no_file(town, tmp_path, fake_programs, kind):
    fake_programs("exec sleep 60")
    out = tmp_path / "out"
    out.mkdir()
    process = started(str(out / "x"))
    wait_until(lambda: any(file.stat().st_size > 100_000 for file in out.iterdir()))
    process.send_signal(kind)
    assert process.wait(60) != 0

    left = [file.name for file in out.iterdir()]
    assert left == [] if kind == signal.SIGTERM else all(name.startswith(".") for name in left)
    archives.sweep(out)  # as the next one does
    assert list(out.iterdir()) == []
    assert not Backups.objects.exists()


def environment(**more):
    """For a process that shares this test's database."""
    given = programs.ours().given
    host, name, user = given["host"], given["dbname"], given["user"]
    return {
        **os.environ,
        "DATABASE_URL": f"postgresql://{user}@/{name}?host={host}",
        "BACKUP_RECIPIENTS": str(IDENTITY.to_public()),
        **more,
    }


def started(*words, **more):
    return subprocess.Popen(
        [sys.executable, "manage.py", "backup", *words], cwd=ROOT, env=environment(**more),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def wait_until(true, within=90.0):
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def test_whoever_is_at_work_keeps_their_unfinished_file(tmp_path):
    with archives.unfinished(tmp_path / "x") as made:
        archives.sweep(tmp_path)
        assert made.path.exists()
        with pytest.raises(BackupFailed, match="another process"), archives.unfinished(tmp_path / "x"):
            pass
        assert made.path.exists()
    with pytest.raises(BackupFailed, match="can't be written"), archives.unfinished(tmp_path / "no" / "x"):
        pass
    assert list(tmp_path.iterdir()) == []


# Whose programs


@pytest.mark.parametrize(("known", "server", "chosen"), [((15, 18), 180006, 18), ((15, 18), 150018, 18)])
def test_the_newest_programs_are_taken(monkeypatch, settings, known, server, chosen):
    have(monkeypatch, settings, known)
    assert programs.fitting(server).major == chosen


@pytest.mark.parametrize("known", [(15,), ()])
def test_programs_older_than_the_server_are_refused_in_a_sentence(monkeypatch, settings, known):
    """As Debian's pg_dump 15 is beside a server of version 18: it left a file of 0 bytes."""
    have(monkeypatch, settings, known)
    with pytest.raises(BackupFailed, match="install postgresql-client-18"):
        programs.fitting(180006)


def have(monkeypatch, settings, versions):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, database_url="postgresql:///own")
    folders = {Path(f"/{version}"): programs.Programs(Path(f"/{version}"), version) for version in versions}
    monkeypatch.setattr(programs, "_folders", lambda: folders)
    monkeypatch.setattr(programs, "_in", folders.get)


def test_the_embedded_server_has_programs_of_its_own(settings):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, database_url=None)
    chosen = programs.fitting(180006)
    assert all((chosen.folder / name).exists() for name in programs.NEEDED)
    assert programs._in(chosen.folder) == chosen


# Rehearsals


def test_a_rehearsal_compares_each_table_is_noted_and_leaves_no_database(town, tmp_path):
    back_up(tmp_path / "x", now=town.now)
    world_goes_on = town.member("Luz")

    done = rehearse(tmp_path / "x", now=town.now + DAY)

    assert (done.differing, done.keys_compared, done.field_key_fits) == ([], True, True)
    assert done.contents.tables["public.people_person"].rows == 2
    assert Backups.objects.get().rehearsed_at == town.now + DAY
    assert Entry.objects.filter(action="backup.rehearsed").exists()
    assert not scratch_is_left()
    assert world_goes_on.person.name == "Luz"


@pytest.mark.parametrize(
    ("planted", "table"),
    [
        ("UPDATE people_person SET standing = 'refused' WHERE id = (SELECT min(id::text)::uuid FROM people_person)",
         "public.people_person"),
        ("DELETE FROM privacy_key WHERE holder = 'check'", "public.privacy_key"),
        ("CREATE TABLE more (id int)", "public.more"),
        ("DROP TABLE cache", "public.cache"),
    ],
)  # fmt: skip
def test_a_rehearsal_finds_what_is_not_the_same(town, tmp_path, monkeypatch, planted, table):
    back_up(tmp_path / "x", now=town.now)

    def load(paths, identities, database, *, server):
        restoring.load(paths, identities, database, server=server)
        with database.connect() as line:
            line.execute(planted)

    monkeypatch.setattr(rehearsing, "load", load)
    assert rehearse(tmp_path / "x", now=town.now).differing == [table]
    assert Backups.objects.get().rehearsed_at is None
    assert not scratch_is_left()


def test_a_rehearsal_with_later_keys_leaves_their_table_out(town, tmp_path):
    back_up(tmp_path / "old", now=town.now)
    town.member("Luz")
    back_up(tmp_path / "new", now=town.now + DAY)
    (tmp_path / "old.keys").unlink()

    done = rehearse(tmp_path / "old", now=town.now + DAY)

    assert (done.differing, done.keys_compared) == ([], False)
    sealed_anew(tmp_path / "old", tables={"public.people_person": TableSum(0, "0")})
    assert "public.people_person" in rehearse(tmp_path / "old", now=town.now).differing


def test_a_rehearsal_says_that_field_key_is_another(town, tmp_path, settings):
    back_up(tmp_path / "x", now=town.now)
    settings.FIELD_KEY = b"g" * 32
    assert not rehearse(tmp_path / "x", now=town.now).field_key_fits


def test_what_a_killed_rehearsal_left_is_dropped_by_the_next(town, tmp_path):
    back_up(tmp_path / "x", now=town.now)
    with programs.ours().connect(autocommit=True) as line:
        oid = line.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()[0]
        line.execute(f"CREATE DATABASE porchlight_rehearsal_{oid}")
        line.execute("SELECT pg_advisory_lock(7207)")
        with pytest.raises(BackupFailed, match="Another rehearsal"):
            rehearse(tmp_path / "x", now=town.now)
    assert rehearse(tmp_path / "x", now=town.now).differing == []
    assert not scratch_is_left()


def test_a_role_that_may_make_no_databases_is_told_what_to_do(town, tmp_path, monkeypatch):
    back_up(tmp_path / "x", now=town.now)
    connect = programs.Database.connect

    def as_small_role(database, **more):
        line = connect(database, **more)
        line.execute("CREATE ROLE porchlight_small; SET ROLE porchlight_small")
        return line

    monkeypatch.setattr(programs.Database, "connect", as_small_role)
    try:
        with pytest.raises(BackupFailed, match="CREATEDB"):
            rehearse(tmp_path / "x", now=town.now)
    finally:
        _run("DROP ROLE porchlight_small")


# Nights, and what goes


AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)


def names(*days):
    return [name_of(AT - timedelta(days=days_ago)) for days_ago in days]


def test_keys_go_after_seven_days_and_backups_when_the_network_says():
    backups = names(1, 6.9, 7.1, 29, 31)
    keys = [f"{name}.keys" for name in backups]
    foreign = ["porchlight-99999999T999999Z.backup", "notes.keys", "porchlight.backup", "x.backup.keys"]
    there = [*backups, *keys, *foreign]

    assert old_keys(there, now=AT) == set(keys[2:])
    assert old_backups(there, keep_days=30, now=AT) == {backups[-1]}


@pytest.mark.parametrize(
    ("after", "night"),
    [
        ("2026-10-20T02:00-05:00", "2026-10-20T08:00+00:00"),
        ("2026-10-20T03:00-05:00", "2026-10-21T08:00+00:00"),
        ("2026-10-31T12:00-05:00", "2026-11-01T09:00+00:00"),  # the clocks went back at two
    ],
)
def test_the_night_is_at_three_by_the_networks_clock(after, night):
    assert next_night(datetime.fromisoformat(after), zone="America/Chicago") == datetime.fromisoformat(night)


@pytest.fixture
def nights(town, settings, tmp_path, monkeypatch):
    """A folder for nightly backups; processes are counted, not begun."""
    settings.BACKUP_TO = tmp_path / "nights"
    settings.BACKUP_TO.mkdir()
    begun = []
    monkeypatch.setattr(nightly, "begin", lambda: begun.append(town.now))
    return begun


def test_one_of_two_workers_begins_the_nights_backup_and_another_follows_in_an_hour(town, nights):
    nightly.make_nightly_backup(now=town.now)
    row = Backups.objects.get()
    assert (nights, row.next_at) == ([], next_night(town.now, zone="America/Chicago"))

    town.now = row.next_at
    for _worker in range(2):
        nightly.make_nightly_backup(now=town.now)
    assert len(nights) == 1
    town.now += timedelta(minutes=59)
    nightly.make_nightly_backup(now=town.now)
    assert len(nights) == 1
    town.now += timedelta(minutes=1)
    nightly.make_nightly_backup(now=town.now)
    assert len(nights) == 2


def test_no_night_is_set_without_a_folder(town, nights, settings):
    nightly.make_nightly_backup(now=town.now)
    settings.BACKUP_TO = None
    nightly.make_nightly_backup(now=town.now + 2 * DAY)
    assert nights == []
    assert Backups.objects.get().next_at is None


def test_a_night_makes_one_and_takes_away_what_is_too_old(town, nights, settings):
    folder = settings.BACKUP_TO
    for days in (8, 29, 31):
        name = name_of(town.now - days * DAY)
        (folder / name).touch()
        (folder / f"{name}.keys").touch()
    (folder / "letter.txt").touch()

    made = nightly.make_tonights(now=town.now)

    new = name_of(town.now)
    assert made.path == folder / new
    kept = {new, f"{new}.keys", name_of(town.now - 8 * DAY), name_of(town.now - 29 * DAY), "letter.txt"}
    assert {file.name for file in folder.iterdir()} == kept
    assert Backups.objects.get().next_at > town.now


def test_old_keys_go_even_if_no_backup_can_be_made_but_old_backups_stay(town, nights, settings):
    folder, name = settings.BACKUP_TO, name_of(town.now - 31 * DAY)
    (folder / name).touch()
    (folder / f"{name}.keys").touch()
    settings.BACKUP_RECIPIENTS = ()

    with pytest.raises(BackupFailed):
        nightly.make_tonights(now=town.now)
    assert [file.name for file in folder.iterdir()] == [name]


def test_a_disk_that_is_not_mounted_is_named(town, nights, settings):
    settings.BACKUP_TO.rmdir()
    with pytest.raises(BackupFailed, match="mount"):
        nightly.make_tonights(now=town.now)


def test_two_processes_of_one_night_make_one_backup(town, nights, settings):
    with programs.ours().connect(autocommit=True) as line:
        line.execute("SELECT pg_advisory_lock(7206)")
        assert nightly.make_tonights(now=town.now) is None
    assert list(settings.BACKUP_TO.iterdir()) == []


@pytest.mark.slow("starts a process of its own")
def test_the_process_that_is_begun_makes_a_backup(town, tmp_path, monkeypatch):
    for name, value in environment(BACKUP_TO=str(tmp_path), PORCHLIGHT_CHILD="1").items():
        monkeypatch.setenv(name, value)
    nightly.begin()
    assert nightly._at_work.pop().wait(60) == 0
    assert len(list(tmp_path.glob("porchlight-*.backup"))) == 1
    assert contents_of(next(tmp_path.glob("*.backup")), [IDENTITY]).tables["public.people_person"].rows == 2


# What is said


def test_the_commands_say_in_counts_what_they_did_and_end_with_their_codes(town, tmp_path, capsys):
    path, identity = str(tmp_path / "x"), tmp_path / "id"
    identity.write_text(f"{IDENTITY}\n")
    call_command("backup", path)
    assert re.search(r"\d+ tables, \d+ rows", capsys.readouterr().out)
    call_command("backup", "--verify", path, "--identity", str(identity))
    assert capsys.readouterr().out.startswith("verified: ")
    for words, code in ((["backup"], 2), (["backup", path, "--nightly"], 2), (["restore-backup", path], 1)):
        more = ["--identity", str(identity)] if words[0] == "restore-backup" else []
        with pytest.raises(SystemExit) as ended:
            call_command(*words, *more)
        assert ended.value.code == code
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
    with another_database():
        call_command("restore-backup", path, "--identity", str(identity))
        assert "2 people, of whom 0 can't be read any more." in capsys.readouterr().out


def test_doctor_warns_until_backups_are_made_and_tried_out(town, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("network.checks.line.chosen.carrier", lambda: town.carrier)
    monkeypatch.setattr(town.carrier, "account_is_right", lambda: False, raising=False)

    def told():
        checks = {check.what: check for check in examine(now=town.now)}
        return [checks[what].verdict for what in ("backup folder", "backup", "rehearsal")]

    settings.BACKUP_TO = None
    assert told() == ["warn", "warn", "warn"]
    settings.BACKUP_TO = tmp_path / "nothing"
    assert told()[0] == "warn"
    settings.BACKUP_TO = tmp_path
    back_up(tmp_path / "x", now=town.now)
    assert told() == ["pass", "pass", "warn"]
    rehearse(tmp_path / "x", now=town.now)
    assert told() == ["pass", "pass", "pass"]
    town.now += timedelta(hours=49)
    settings.BACKUP_RECIPIENTS = ()
    assert told() == ["warn", "warn", "pass"]
