"""Whether the history is as it was written: each line, each block, whom they name, and the heads outside."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from network.audit.chain import DROPPED, SEALED_WITHIN, block_values_of, chain_key, values_of
from network.audit.marks import NONE_BEFORE, marked, of_names
from network.audit.models import Block, Head, Line, Whom
from network.audit.publishing import PublishedHead
from network.privacy.keep import Keep, kept_for

A_DAY = timedelta(days=1)  # of grace: lines go by whole days, and heads are published a while later


@dataclass(slots=True)
class Verified:
    """What was found. Sentences for whoever typed the command; ids and codes in them only."""

    blocks: int = 0
    lines: int = 0
    first: int = 1  # the number of the first line that is still there
    began_at: datetime | None = None
    unsealed: int = 0
    nameless: int = 0  # whom they named was erased
    heads: int = 0  # published heads that were compared
    older_heads: int = 0  # of what was dropped since
    problems: list[str] = field(default_factory=list)


def verify(*, now: datetime, heads: Collection[PublishedHead] = (), hashes: Collection[str] = ()) -> Verified:
    """All of the history, in one look at the database."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _verify(now=now, heads=heads, hashes=hashes)


def _verify(*, now: datetime, heads: Collection[PublishedHead], hashes: Collection[str]) -> Verified:
    result = Verified()
    by_number = {head.block: head for head in heads}
    wanted = set(hashes)
    lines = _InOrder(Line.objects.order_by("pk").iterator(chunk_size=2000))
    whom = _InOrder(Whom.objects.order_by("pk").iterator(chunk_size=2000))
    last: Block | None = None
    for block in Block.objects.order_by("number").iterator(chunk_size=500):
        if last is None:
            _begin(result, block)
        else:
            _follows(result, last, block)
        _look_at_block(result, block, lines, whom)
        wanted.discard(bytes(block.hash).hex())
        head = by_number.get(block.number)
        if head and head.hash != bytes(block.hash).hex():
            result.problems.append(
                f"Block {block.number} isn't the one whose head was published at {_at(head.at)}: the history "
                "was replaced from there or before."
            )
        result.blocks += 1
        last = block
    _look_at_the_rest(result, lines, whom, now=now)
    _look_at_heads(result, last, heads, wanted, now=now)
    return result


def _begin(result: Verified, block: Block) -> None:
    """The first block that is there: of all, or right after what was dropped, which a later line says."""
    result.first, result.began_at = block.first, block.at
    if block.number == 1:
        if bytes(block.previous) != NONE_BEFORE or block.first != 1:
            result.problems.append("Block 1 doesn't begin the history.")
        return
    dropped = Line.objects.filter(action=DROPPED).order_by("-pk").values_list("detail", flat=True).first()
    if not dropped or dropped.get("block") != block.number - 1:
        result.problems.append(
            f"The history begins at block {block.number} ({_at(block.at)}), and nothing says that what came "
            "before was past its time: the beginning was cut off."
        )


def _follows(result: Verified, last: Block, block: Block) -> None:
    if block.number != last.number + 1:
        result.problems.append(
            f"Blocks {last.number + 1} to {block.number - 1} are gone, between {_at(last.at)} and "
            f"{_at(block.at)}."
        )
    elif bytes(block.previous) != bytes(last.hash) or block.first != last.first + last.lines:
        result.problems.append(f"Block {block.number} ({_at(block.at)}) doesn't follow block {last.number}.")


def _look_at_block(result: Verified, block: Block, lines: "_InOrder[Line]", whom: "_InOrder[Whom]") -> None:
    if block_values_of(block).hash(chain_key()) != bytes(block.hash):
        result.problems.append(f"Block {block.number} ({_at(block.at)}) was changed.")
    marks = dict(marked(bytes(block.marks)))
    if len(marks) != block.lines:
        result.problems.append(f"Block {block.number} ({_at(block.at)}) holds another number of lines.")
    there = {line.pk: line for line in lines.up_to(block.up_to)}
    named = {row.pk: row for row in whom.up_to(block.up_to)}
    where = f"of block {block.number} ({_at(block.at)})"
    for id_, mark in marks.items():
        line = there.pop(id_, None)
        if line is None:
            result.problems.append(f"Line {id_} {where} is gone.")
        elif values_of(line).mark(chain_key()) != mark:
            result.problems.append(f"Line {id_} {where} was changed: it says {line.action} now.")
        else:
            _look_at_names(result, line, named.pop(id_, None))
        result.lines += 1
    result.problems += [f"Line {id_} was put in before the end {where}." for id_ in there]
    result.problems += [f"Whom line {id_} names was put in: there is no such line." for id_ in named]


def _look_at_names(result: Verified, line: Line, row: Whom | None) -> None:
    if row is None:
        result.nameless += line.names is not None
        return
    key = bytes(row.key)
    told = of_names(key, request_id=row.request_id, actor=row.actor, about=row.about, ids=row.ids)
    if line.names is None or told != bytes(line.names):
        result.problems.append(f"Whom line {line.pk} ({_at(line.at)}, {line.action}) names was changed.")


def _look_at_the_rest(
    result: Verified, lines: "_InOrder[Line]", whom: "_InOrder[Whom]", *, now: datetime
) -> None:
    """Lines that are in no block yet."""
    named = {row.pk: row for row in whom.rest()}
    oldest: Line | None = None
    for line in lines.rest():
        oldest = oldest or line
        result.unsealed += 1
        _look_at_names(result, line, named.get(line.pk))
    if oldest and oldest.at < now - SEALED_WITHIN:
        result.problems.append(
            f"{result.unsealed} lines are in no block, the first from {_at(oldest.at)}: no worker seals "
            "them, or blocks were cut off. Run ./run doctor."
        )


def _look_at_heads(
    result: Verified,
    last: Block | None,
    heads: Collection[PublishedHead],
    wanted: Collection[str],
    *,
    now: datetime,
) -> None:
    end = last.number if last else 0
    first = end - result.blocks + 1
    noted = Head.objects.filter(block__gt=end).first()
    cut = [head for head in heads if head.block > end]
    result.heads = sum(1 for head in heads if first <= head.block <= end)
    result.older_heads = sum(1 for head in heads if head.block < first)
    kept_since = now - kept_for()[Keep.LEDGER] + A_DAY
    too_early = [head for head in heads if last and head.block < first and head.at > kept_since]
    if too_early:
        result.problems.append(
            f"The history begins at block {first}, but the head of block {too_early[-1].block} was published "
            f"at {_at(too_early[-1].at)}, which isn't past its time: the beginning was cut off, or "
            "KEEP_HISTORY_DAYS was raised since."
        )
    if cut:
        result.problems.append(
            f"The history ends at block {end}, but the head of block {cut[-1].block} was published at "
            f"{_at(cut[-1].at)}: the end was cut off, or the database was restored from before."
        )
    elif noted:
        result.problems.append(
            f"The history ends at block {end}, but the database notes that the head of block {noted.block} "
            "was published: the end was cut off."
        )
    result.problems += [
        f"No block has the hash {hash_}: the end was cut off, the history was replaced, or that block was "
        "dropped since."
        for hash_ in wanted
    ]


class _InOrder[Row: (Line, Whom)]:
    """Rows by their numbers, read once, as far as is asked each time."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows: Iterator[Row] = rows
        self._next: Row | None = next(rows, None)

    def up_to(self, number: int) -> Iterator[Row]:
        while self._next is not None and self._next.pk <= number:
            yield self._next
            self._next = next(self._rows, None)

    def rest(self) -> Iterator[Row]:
        while self._next is not None:
            yield self._next
            self._next = next(self._rows, None)


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
