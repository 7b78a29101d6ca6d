"""A spreadsheet of people as rows, with its mistakes as sentences that name line and column."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.enrollment.rules.entries import EntryProblem, Mistake, ReadEntry
from network.enrollment.rules.forms import KINDS, missing
from network.people.rules.phone_numbers import e164
from network.people.rules.plain_text import plain
from network.privacy.rules.phones import canonical

type Sheet = Literal["organizations", "members", "responders"]


COLUMNS: dict[str, tuple[str, ...]] = {
    "organizations": ("slug", "name", "kind", "phone", "email", "zip"),
    "members": ("phone", "name", "language", "organization", "street", "unit", "city", "state",
                "zip", "duress_word", "consent_on"),
    "responders": ("phone", "name", "languages", "organizations", "kinds", "zip", "max_miles",
                   "hours", "pin", "clearance_until", "bar_number", "bar_state", "wake_at_night",
                   "consent_on"),
}  # fmt: skip


MAY_BE_EMPTY = frozenset({
    "unit", "duress_word", "consent_on", "pin", "clearance_until", "bar_number", "bar_state",
    "wake_at_night", "email",
})  # fmt: skip


SENTENCES: dict[Mistake, Promise] = {
    Mistake.EMPTY: _("is empty"),
    Mistake.NO_TEXT: _("holds signs that are no text; type it anew"),
    Mistake.LONG: _("may have {detail} characters at most"),
    Mistake.PHONE: _("isn't a phone number; write +13125550123 or ten digits"),
    Mistake.DATE: _("isn't a date; write 2026-10-31"),
    Mistake.FUTURE: _("is in the future"),
    Mistake.LANGUAGE: _("isn't one of {languages}"),
    Mistake.LANGUAGES: _("must be two-letter codes joined by ;"),
    Mistake.STATE: _("must be two letters, such as IL"),
    Mistake.ZIP: _("isn't a US ZIP of five digits that we know"),
    Mistake.KIND: _("knows no {detail}; use {kinds}"),
    Mistake.MILES: _("must be a whole number from 1 to 200"),
    Mistake.HOURS: _("must be always, or like mon-fri 08:00-18:00; sat 09:00-13:00"),
    Mistake.YES_OR_NO: _("must be yes or no"),
    Mistake.PIN: _("must be four to eight digits"),
    Mistake.WORD_SHORT: _("must be a word of four letters or more"),
    Mistake.WORD_RESERVED: _("is a word that the carrier keeps for itself"),
    Mistake.WORD_TAKEN: _("is a command or a visit word"),
    Mistake.CLEARANCE: _("childcare needs the date until which they are cleared"),
    Mistake.CLEARANCE_OVER: _("is past: they aren't asked for childcare"),
    Mistake.BAR_NUMBER: _("legal help needs a bar number"),
    Mistake.BAR_STATE: _("legal help needs the state of the bar, such as IL"),
}


def sentence(problem: EntryProblem) -> str:
    return str(SENTENCES[problem.wrong]).format(
        detail=problem.detail, kinds=", ".join(sorted(KINDS)), languages=", ".join(settings.NETWORK_LANGUAGES)
    )


class SheetRefused(Exception):
    """The file isn't accepted; `problems` are sentences, each with its line and column."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(slots=True)
class Report:
    """What an import did, or would do."""

    added: int = 0
    changed: int = 0
    same: int = 0
    warnings: list[str] = field(default_factory=list)


def _at(line: int, column: str, what: str) -> str:
    return gettext("line {line}, column {column}: {what}").format(line=line, column=column, what=what)


@dataclass(slots=True)
class SheetRow:
    """One line of the file. Reading a bad column notes why; `problems` is shared between rows."""

    line: int
    cells: dict[str, str]
    problems: list[str]
    warnings: list[str]

    def get(self, column: str) -> str:
        return plain(self.cells.get(column) or "")

    def bad(self, column: str, why: str) -> None:
        self.problems.append(_at(self.line, column, why))

    def warn(self, column: str, what: str) -> None:
        self.warnings.append(_at(self.line, column, what))

    def take[Entry](self, read: ReadEntry[Entry]) -> Entry:
        """What was read from the row, after noting its problems and warnings."""
        for problem in read.problems:
            self.bad(problem.field, sentence(problem))
        for problem in read.warnings:
            self.warn(problem.field, sentence(problem))
        return read.entry

    def many(self, column: str) -> list[str]:
        return [part.strip().lower() for part in self.get(column).split(";") if part.strip()]


def read_rows(sheet: Sheet, content: bytes, report: Report) -> list[SheetRow]:
    """The rows of a file, with their problems noted. Raises SheetRefused for what isn't such a file."""
    problems: list[str] = []
    rows = list(each_row(sheet, content, problems, report.warnings))
    check_rows(sheet, rows, {})
    return rows


def each_row(
    sheet: Sheet, content: bytes, problems: list[str], warnings: list[str] | None = None
) -> Iterator[SheetRow]:
    """One row after another, each with warnings of its own without `warnings`. Raises SheetRefused."""
    _check_text(content)
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=_delimiter(content), strict=True)
    try:
        header = [plain(name).casefold() for name in next(reader, [])]
        _check_header(sheet, header)
        for cells in reader:
            if any(plain(cell) for cell in cells):
                its = [] if warnings is None else warnings
                yield _row(header, cells, SheetRow(reader.line_num, {}, problems, its))
    except csv.Error as error:
        why = gettext("line {line}: the file isn't CSV ({error})").format(line=reader.line_num, error=error)
        raise SheetRefused([why]) from None


def _check_text(content: bytes) -> None:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetRefused([gettext("the file isn't UTF-8; save it as CSV UTF-8, then try again")]) from None
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise SheetRefused(
            [gettext("line {line}: the file isn't text; save it as CSV UTF-8").format(line=line)]
        )


def _delimiter(content: bytes) -> str:
    """What separates the columns' names: in some countries spreadsheets write ; instead of ,"""
    header = content.split(b"\n", 1)[0].decode("utf-8-sig", errors="ignore")
    return max(",;\t", key=header.count)


def _row(header: Sequence[str], cells: Sequence[str], row: SheetRow) -> SheetRow:
    """Cells beyond the last named column are fine if they are empty: spreadsheets leave commas."""
    row.cells = {name: cell for name, cell in zip(header, cells, strict=False) if name}
    unnamed = [cell for name, cell in zip_longest(header, cells, fillvalue="") if not name]
    if any(plain(cell) for cell in unnamed):
        row.bad("(all)", gettext("has something in a column that the header doesn't name"))
    if len(cells) < len(header):
        counts = {"cells": len(cells), "columns": len(header)}
        row.bad(
            "(all)", gettext("has {cells} cells, and the header names {columns} columns").format(**counts)
        )
    return row


def _check_header(sheet: Sheet, header: Sequence[str]) -> None:
    names, wanted = [name for name in header if name], COLUMNS[sheet]
    if not names:
        columns = ", ".join(wanted)
        raise SheetRefused(
            [gettext("line 1 is empty: it must name the columns: {columns}").format(columns=columns)]
        )
    problems = [_at(1, name, gettext("is unknown; remove it")) for name in names if name not in wanted]
    problems += [
        gettext("line 1: the column {name} is missing").format(name=name)
        for name in wanted
        if name not in names and name not in MAY_BE_EMPTY
    ]
    if len(set(names)) != len(names):
        problems.append(gettext("line 1: a column appears twice"))
    if problems:
        raise SheetRefused(problems)


def check_rows(sheet: Sheet, rows: Iterable[SheetRow], seen: dict[str, int]) -> None:
    """What is missing, and what is there twice. `seen` has the lines of the rows before these."""
    for row in rows:
        for problem in missing(
            row.cells, [column for column in COLUMNS[sheet] if column not in MAY_BE_EMPTY]
        ):
            row.bad(problem.field, sentence(problem))
        name = "slug" if sheet == "organizations" else "phone"
        key = canonical(e164(row.get("phone")) or "") if name == "phone" else row.get(name)
        if key and key in seen:
            row.bad(name, gettext("stands on line {line} too").format(line=seen[key]))
        seen.setdefault(key, row.line)
