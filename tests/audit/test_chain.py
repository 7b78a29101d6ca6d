"""The history is written once: the database refuses changes, and verifying finds those that were made past it."""

import io
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import InternalError, ProgrammingError, connection, transaction

from network.audit import chain, publishing
from network.audit.actions import record
from network.audit.chain import DROPPED, seal_lines
from network.audit.forgetting import forget_whom
from network.audit.models import Block, Entry, Head, Line, Whom
from network.audit.publishing import heads_in, publish_head
from network.audit.rules import ENGINE, person, staff
from network.audit.verifying import verify
from tests.beside import held_by_another
from tests.history import as_superuser, write

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RAISED = (InternalError, ProgrammingError)


@pytest.fixture
def heads(settings, tmp_path):
    settings.AUDIT_HEAD_TO = tmp_path
    return tmp_path / publishing.FILE


@pytest.fixture
def story(world, heads):
    """Four blocks of three lines each, of one request, and a head of the last."""
    world.asked, world.who = uuid4(), uuid4()
    for n in range(4):
        for m in range(3):
            by = staff(uuid4()) if m == 1 else person(world.who)
            offer = f"offer:{uuid4()}"
            write("a.b", offer, by=by, at=world.now, request_id=world.asked, person=world.who, count=n)
        seal_lines(now=world.now)
        publish_head(now=world.now)
        world.now += HOUR
    return world


def found(world, **given):
    if not given and publishing.file().exists():
        given["heads"] = list(heads_in(publishing.file()))
    return verify(now=world.now, **given).problems


# What a line holds


def test_a_line_names_nobody_but_staff_and_what_lies_beside_it_names_all(world):
    asked, who, other, lead = uuid4(), uuid4(), uuid4(), uuid4()
    write("a.b", f"offer:{other}", by=person(who), at=world.now, request_id=asked, person=who, count=2)
    write("a.c", f"staff:{lead}", by=staff(lead), at=world.now, staff=lead, why="late")

    first, second = Line.objects.order_by("-pk")[:2][::-1]
    assert (first.actor, first.about, first.detail) == ("person", "offer", {"count": 2})
    assert (second.actor, second.about) == (f"staff:{lead}", f"staff:{lead}")
    assert (second.detail, second.names) == ({"staff": str(lead), "why": "late"}, None)
    row = Whom.objects.get()
    assert (row.line_id, row.request_id, row.person_id) == (first.pk, asked, who)
    entry = Entry.objects.get(pk=first.pk)
    assert (entry.actor, entry.about, entry.request_id) == (f"person:{who}", f"offer:{other}", asked)
    assert entry.detail == {"count": 2, "person": str(who)}


def test_what_names_a_forgotten_request_is_gone_and_its_lines_are_what_they_were(story):
    before = list(Line.objects.values())
    forget_whom([story.asked], about=[])
    assert list(Line.objects.values()) == before
    assert not Whom.objects.exists()
    kept = str(list(Line.objects.values())) + str(list(Block.objects.values()))
    assert str(story.asked) not in kept
    assert str(story.who) not in kept
    assert not found(story)
    assert verify(now=story.now).nameless == 12


# What the database refuses


@pytest.mark.parametrize("table", ["audit_line", "audit_block"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}", "TRUNCATE {} CASCADE"],
)
def test_lines_and_blocks_are_not_changed_by_the_program(story, table, statement):
    before = list(Line.objects.values()), list(Block.objects.values())
    with pytest.raises(RAISED, match="never changed"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert (list(Line.objects.values()), list(Block.objects.values())) == before


def old_story(world):
    for days in (100, 95, 0):
        write("a.b", f"person:{uuid4()}", at=world.now - days * DAY)
        seal_lines(now=world.now)


def drop(number, before, world):
    with transaction.atomic():
        chain.drop([number], before=before, now=world.now)


def test_whole_days_are_dropped_up_to_a_published_head_and_verifying_begins_there(world, heads):
    old_story(world)
    with pytest.raises(RAISED, match="up to a published head"):
        drop(2, world.now - 90 * DAY, world)
    publish_head(now=world.now)

    with pytest.raises(RAISED, match="over for two weeks"):
        drop(3, world.now - 90 * DAY, world)
    with pytest.raises(RAISED, match="over for two weeks"):
        drop(2, datetime.now(UTC) - 13 * DAY, world)
    drop(2, world.now - 90 * DAY, world)

    assert [block.number for block in Block.objects.order_by("number")] == [3]
    assert Line.objects.count() == 2
    assert Whom.objects.count() == 1
    seal_lines(now=world.now)
    seen = verify(now=world.now, heads=list(heads_in(heads)))
    assert (seen.problems, seen.first, seen.blocks) == ([], 3, 2)
    out = io.StringIO()
    call_command("audit", "verify", stdout=out)
    assert "from line 3" in out.getvalue()
    assert "dropped when its time was over" in out.getvalue()
    with pytest.raises(RAISED, match="never changed"):
        Line.objects.all().delete()


# What verifying finds


def test_nothing_is_found_where_nothing_was_changed(story):
    assert not found(story)
    seen = verify(now=story.now, heads=list(heads_in(publishing.file())))
    assert (seen.blocks, seen.lines, seen.first, seen.heads, seen.unsealed) == (4, 12, 1, 4, 0)


CHANGES = {
    "a line is edited": (
        "UPDATE audit_line SET action = 'a.c' WHERE id = {line}",
        "Line {line} of block 2 .* was changed",
    ),
    "its time is edited": (
        "UPDATE audit_line SET at = at - interval '1 second' WHERE id = {line}",
        "Line {line} of block 2 .* was changed",
    ),
    "its detail is edited": (
        "UPDATE audit_line SET detail = '{{}}' WHERE id = {line}",
        "Line {line} of block 2 .* was changed",
    ),
    "a line is deleted": (
        "DELETE FROM audit_line WHERE id = {line}",
        "Line {line} of block 2 .* is gone",
    ),
    "a line is put in": (
        "INSERT INTO audit_line (id, at, actor, action, about, detail)"
        " OVERRIDING SYSTEM VALUE VALUES (-7, now(), 'engine', 'a.b', 'network', '{{}}')",
        "Line -7 was put in before the end of block 1",
    ),
    "whom it names is edited": (
        "UPDATE audit_whom SET request_id = gen_random_uuid() WHERE line_id = {line}",
        "Whom line {line} .* names was changed",
    ),
    "a name is put in": (
        "INSERT INTO audit_whom (line_id, key, actor, about, ids) VALUES (-7, '', '', '', '{{}}')",
        "Whom line -7 names was put in",
    ),
    "two lines change places": (
        "UPDATE audit_line a SET at = b.at, actor = b.actor, names = b.names FROM audit_line b"
        " WHERE (a.id, b.id) IN (({line}, {line} + 1), ({line} + 1, {line}))",
        "Line {line} of block 2 .* was changed",
    ),
    "a block is edited": (
        "UPDATE audit_block SET at = now() WHERE number = 2",
        "Block 2 .* was changed",
    ),
    "a block is deleted with its lines": (
        "DELETE FROM audit_line USING audit_block WHERE number = 3 AND id <= up_to AND id > up_to - 3;"
        "DELETE FROM audit_block WHERE number = 3",
        "Blocks 3 to 3 are gone",
    ),
    "two blocks change places": (
        "UPDATE audit_block SET number = 99, first = 99 WHERE number = 2;"
        "UPDATE audit_block SET number = 2, first = 4 WHERE number = 3;"
        "UPDATE audit_block SET number = 3, first = 7 WHERE number = 99",
        "Block 2 .* was changed",
    ),
    "the end is cut off": (
        "DELETE FROM audit_line WHERE id > {line} + 4; DELETE FROM audit_block WHERE number > 3",
        "The history ends at block 3, but the head of block 4 was published",
    ),
    "the end is cut off, and that a head was published": (
        "DELETE FROM audit_line WHERE id > {line} + 4; DELETE FROM audit_block WHERE number > 3;"
        "DELETE FROM audit_head",
        "The history ends at block 3, but the head of block 4 was published",
    ),
    "the beginning is cut off": (
        "DELETE FROM audit_line WHERE id < {line} - 1; DELETE FROM audit_block WHERE number < 2;",
        "The history begins at block 2 .* the beginning was cut off",
    ),
    "the beginning is cut off, with a line that says it was time": (
        "DELETE FROM audit_line WHERE id < {line} - 1; DELETE FROM audit_block WHERE number < 2;"
        "INSERT INTO audit_line (at, actor, action, about, detail)"
        " VALUES (now(), 'engine', 'history.dropped', 'history', '{{\"block\": 1, \"lines\": 3}}')",
        "The history begins at block 2, but the head of block 1 was published at .* isn't past its time",
    ),
    "all of it is gone": (
        "DELETE FROM audit_line; DELETE FROM audit_block; DELETE FROM audit_whom; DELETE FROM audit_head",
        "The history ends at block 0, but the head of block 4 was published",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_superuser_changes_is_found_and_named(story, change):
    """The line is the second of block 2."""
    statement, sentence = CHANGES[change]
    line = Line.objects.order_by("pk")[4].pk
    with as_superuser() as cursor:
        cursor.execute(statement.format(line=line))

    problems = found(story)

    assert any(re.match(sentence.format(line=line), said) for said in problems), problems


def test_a_history_that_was_made_anew_is_found_by_the_head_alone(story):
    """By somebody who has FIELD_KEY, too."""
    head = list(heads_in(publishing.file()))[-1]
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM audit_block; UPDATE audit_line SET action = 'a.c'")
    while seal_lines(now=story.now):
        pass
    write("a.b", at=story.now)
    for _ in range(head.block):
        write("a.b", at=story.now)
        seal_lines(now=story.now)
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM audit_head")

    assert not verify(now=story.now).problems
    assert any("isn't the one whose head was published" in said for said in found(story))
    assert any("No block has the hash" in said for said in found(story, hashes=[head.hash]))


def test_the_command_says_what_it_found_and_ends_with_one(story, capsys, tmp_path):
    head = next(heads_in(publishing.file()))
    call_command("audit", "verify")
    assert "verified: 12 lines in 4 blocks; from line 1" in capsys.readouterr().out
    call_command("audit", "verify", "--head", head.hash)
    assert "1 published" not in capsys.readouterr().out.split("no published")[0]
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify", "--head", "0" * 64)
    assert ended.value.code == 1
    assert "No block has the hash" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify", "--head", str(tmp_path / "nothing"))
    assert ended.value.code == 2
    assert "holds no published heads" in capsys.readouterr().err
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM audit_line")
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify")
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert "of block 1" in said.err
    assert said.out.startswith("changed: ")


def test_lines_in_no_block_are_told_of_after_a_while(story):
    write("a.b", at=story.now)
    assert not found(story)
    story.now += timedelta(minutes=6)
    assert any("1 lines are in no block" in said for said in found(story))


# Sealing


def test_lines_are_sealed_in_their_order_without_gaps(world):
    for n in range(3):
        for _ in range(n + 1):
            write("a.b", at=world.now)
        assert seal_lines(now=world.now) == n + 1
    assert seal_lines(now=world.now) == 0
    blocks = list(Block.objects.order_by("number").values_list("number", "first", "lines"))
    assert blocks == [(1, 1, 1), (2, 2, 2), (3, 4, 3)]


def test_a_line_whose_number_was_rolled_back_leaves_no_hole(world, heads):
    write("a.b", at=world.now)
    with transaction.atomic():
        record("a.b", "network", by=ENGINE, now=world.now)
        connection._pay()
        transaction.set_rollback(True)
    write("a.b", at=world.now)
    assert seal_lines(now=world.now) == 2
    assert not found(world)


def test_many_lines_are_sealed_a_block_at_a_time(world, heads, monkeypatch):
    monkeypatch.setattr(chain, "MOST_LINES", 4)
    with transaction.atomic():
        for _ in range(10):
            record("a.b", "network", by=ENGINE, now=world.now)
    assert [seal_lines(now=world.now) for _ in range(4)] == [4, 4, 2, 0]
    assert not found(world)


def test_a_line_that_is_committed_late_is_waited_for(world, heads):
    """Its number is smaller than one that is there already."""

    def late():
        record("late", "network", by=ENGINE, now=world.now)
        connection._pay()

    with held_by_another(late) as end:
        write("a.b", at=world.now)
        assert seal_lines(now=world.now) == 0
        assert not Block.objects.exists()
        end.set()
    assert seal_lines(now=world.now) == 2
    assert list(Line.objects.order_by("pk").values_list("action", flat=True)) == ["late", "a.b"]
    assert not found(world)


def test_a_story_is_sealed_and_published_by_the_engine_and_verifies(world, heads):
    rosa, ana = world.member("Rosa"), world.responder("Ana")
    rosa.asks()
    world.settle()
    assert ana.got()
    assert not chain.unsealed().exists()
    assert heads.read_text().count("\n") == 1
    world.wait(hours=1)
    last = Block.objects.latest("number")
    assert list(heads_in(heads))[-1].hash == bytes(last.hash).hex()
    assert not found(world)


# Heads


def test_a_head_is_published_each_hour_and_only_a_new_one(world, heads):
    write("a.b", at=world.now)
    seal_lines(now=world.now)
    publish_head(now=world.now)
    publish_head(now=world.now + HOUR)
    assert len(list(heads_in(heads))) == 1
    write("a.b", at=world.now)
    seal_lines(now=world.now)
    publish_head(now=world.now + timedelta(minutes=90))
    assert len(list(heads_in(heads))) == 1
    publish_head(now=world.now + 2 * HOUR)
    assert [head.block for head in heads_in(heads)] == [1, 2]


def test_a_head_that_can_not_be_written_is_tried_again_and_told_of(world, settings, tmp_path):
    settings.AUDIT_HEAD_TO = tmp_path / "nowhere"
    world.tolerant = True
    write("a.b", at=world.now)
    seal_lines(now=world.now)
    publish_head(now=world.now)
    row = Head.objects.get()
    assert (row.failed, row.block, row.next_at) == (True, None, world.now + publishing.AGAIN)
    assert not publishing.is_late(now=world.now + HOUR)
    assert publishing.is_late(now=world.now + 4 * HOUR)
    settings.AUDIT_HEAD_TO = tmp_path
    publish_head(now=row.next_at)
    assert Head.objects.get().block == 1
    assert not publishing.is_late(now=world.now + 4 * HOUR)


def test_dropping_is_a_code_of_history_with_words():
    from network.console.requests.timeline_words import SENTENCES

    assert DROPPED in SENTENCES
