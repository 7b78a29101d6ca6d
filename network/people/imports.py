"""People in by spreadsheet: every bad row named, all or nothing, the same file twice changes nothing."""

import csv
import io
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.audit.actions import record
from network.audit.rules import Actor
from network.people.actions.agreeing import propose_by_sheet
from network.people.actions.enrolling import Entered, Note, change, enter_member, enter_responder
from network.people.actions.vouches import TakenBack, vouch_by_sheet
from network.people.models import Organization, Person
from network.people.queries import facts_for
from network.people.queries_trust import founding_is_open, trust_rules
from network.people.rules import IsEveryday
from network.people.rules_agreeing import What
from network.people.rules_enrolling import (
    KINDS,
    Facts,
    Problem,
    Read,
    Wrong,
    e164,
    missing,
    read_member,
    read_responder,
    unfit,
)
from network.people.rules_plain_text import plain
from network.privacy.actions import make_key
from network.privacy.models import Key
from network.privacy.rules_phone import canonical

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
SENTENCES: dict[Wrong, Promise] = {
    Wrong.EMPTY: _("is empty"),
    Wrong.NO_TEXT: _("holds signs that are no text; type it anew"),
    Wrong.LONG: _("may have {detail} characters at most"),
    Wrong.PHONE: _("isn't a phone number; write +13125550123 or ten digits"),
    Wrong.DATE: _("isn't a date; write 2026-10-31"),
    Wrong.FUTURE: _("lies in the future"),
    Wrong.LANGUAGE: _("isn't one of {languages}"),
    Wrong.LANGUAGES: _("must be two-letter codes joined by ;"),
    Wrong.STATE: _("must be two letters, such as IL"),
    Wrong.ZIP: _("isn't a US ZIP of five digits that we know"),
    Wrong.KIND: _("knows no {detail}; use {kinds}"),
    Wrong.MILES: _("must be a whole number from 1 to 200"),
    Wrong.HOURS: _("must be always, or like mon-fri 08:00-18:00; sat 09:00-13:00"),
    Wrong.YES_OR_NO: _("must be yes or no"),
    Wrong.PIN: _("must be four to eight digits"),
    Wrong.WORD_SHORT: _("must be a word of four letters or more"),
    Wrong.WORD_RESERVED: _("is a word that the carrier keeps for itself"),
    Wrong.WORD_TAKEN: _("is a command or a visit word"),
    Wrong.CLEARANCE: _("childcare needs the date until which they are cleared"),
    Wrong.CLEARANCE_OVER: _("is past: they aren't asked for childcare"),
    Wrong.BAR_NUMBER: _("legal help needs a bar number"),
    Wrong.BAR_STATE: _("legal help needs the state of the bar, such as IL"),
}


NOTES: dict[Note, tuple[str, Promise]] = {
    Note.MOVED: ("street", _("is another home than the one on file: it is changed")),
    Note.UNFROZEN: (
        "street",
        _("nobody was sent to the home on file; to this new home somebody is sent again"),
    ),
    Note.LEFT: ("street", _("is a home that they have left: the one on file stays")),
    Note.WORD_KEPT: ("duress_word", _("they have another word by now: that one stays")),
}


def sentence(problem: Problem) -> str:
    return str(SENTENCES[problem.wrong]).format(
        detail=problem.detail, kinds=", ".join(sorted(KINDS)), languages=", ".join(settings.NETWORK_LANGUAGES)
    )


class Refused(Exception):
    """The file was not taken; `problems` are sentences, each with its line and column."""

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


class _DryRun(Exception):
    """Roll everything back: this was only a look."""


def _at(line: int, column: str, what: str) -> str:
    return gettext("line {line}, column {column}: {what}").format(line=line, column=column, what=what)


@dataclass(slots=True)
class Row:
    """One line of the file. Reading a column that is wrong notes why; `problems` is shared."""

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

    def take[Entry](self, read: Read[Entry]) -> Entry:
        """What was read, with what stands against it noted."""
        for problem in read.problems:
            self.bad(problem.field, sentence(problem))
        for problem in read.warnings:
            self.warn(problem.field, sentence(problem))
        return read.entry

    def many(self, column: str) -> list[str]:
        return [part.strip().lower() for part in self.get(column).split(";") if part.strip()]


def load(
    sheet: Sheet, content: bytes, *, dry_run: bool, is_everyday: IsEveryday, by: Actor,
    now: datetime,
) -> Report:  # fmt: skip
    """Take a whole file, or nothing of it. Raises Refused with every problem.

    `is_everyday`: of words that can't be duress words.
    """
    report = Report()
    rows = read_rows(sheet, content, report)
    try:
        with transaction.atomic():
            _take(sheet, rows, report, is_everyday=is_everyday, by=by, now=now)
            problems = rows[0].problems if rows else []
            if problems:
                raise Refused(problems)
            record(
                f"import.{sheet}", "network", by=by, now=now,
                added=report.added, changed=report.changed,
            )  # fmt: skip
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def read_rows(sheet: Sheet, content: bytes, report: Report) -> list[Row]:
    """The lines of a file, with what is wrong in them noted. Raises Refused for what is no such file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused([gettext("the file isn't UTF-8; save it as CSV UTF-8, then try again")]) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise Refused([gettext("line {line}: the file isn't text; save it as CSV UTF-8").format(line=line)])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    problems: list[str] = []
    try:
        header = [plain(name).casefold() for name in next(reader, [])]
        _check_header(sheet, header)
        rows = [
            _row(header, cells, Row(reader.line_num, {}, problems, report.warnings))
            for cells in reader
            if any(plain(cell) for cell in cells)
        ]
    except csv.Error as error:
        why = gettext("line {line}: the file isn't CSV ({error})").format(line=reader.line_num, error=error)
        raise Refused([why]) from None
    _check_rows(sheet, rows)
    return rows


def _delimiter(text: str) -> str:
    """What is between the columns' names: in some countries a spreadsheet writes ; where others write ,"""
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _row(header: Sequence[str], cells: Sequence[str], row: Row) -> Row:
    """Cells beyond the last named column may be there as long as they're empty: spreadsheets leave commas."""
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
        raise Refused(
            [gettext("line 1 is empty: it must name the columns: {columns}").format(columns=columns)]
        )
    problems = [_at(1, name, gettext("is unknown; remove it")) for name in names if name not in wanted]
    problems += [
        gettext("line 1: the column {name} is missing").format(name=name)
        for name in wanted
        if name not in names and name not in MAY_BE_EMPTY
    ]
    if len(set(names)) != len(names):
        problems.append(gettext("line 1: a column stands there twice"))
    if problems:
        raise Refused(problems)


def _check_rows(sheet: Sheet, rows: list[Row]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        for problem in missing(row.cells, [one for one in COLUMNS[sheet] if one not in MAY_BE_EMPTY]):
            row.bad(problem.field, sentence(problem))
        name = "slug" if sheet == "organizations" else "phone"
        key = canonical(e164(row.get("phone")) or "") if name == "phone" else row.get(name)
        if key and key in seen:
            row.bad(name, gettext("stands on line {line} too").format(line=seen[key]))
        seen.setdefault(key, row.line)


def _take(
    sheet: Sheet, rows: list[Row], report: Report, *, is_everyday: IsEveryday, by: Actor, now: datetime
) -> None:
    facts = facts_for([row.get("zip") for row in rows], is_everyday=is_everyday, today=now.date())
    organizations = {org.slug: org for org in Organization.objects.all()}
    takers: dict[str, Callable[[Row], bool | None]] = {
        "organizations": lambda row: _organization(row, facts.zips, by=by, now=now),
        "members": lambda row: _member(row, facts, organizations, by=by, now=now),
        "responders": lambda row: _responder(row, facts, organizations, now=now),
    }
    for row in rows:
        before = len(row.problems)
        outcome = takers[sheet](row)
        if len(row.problems) > before:
            continue
        report.added += outcome is None
        report.changed += outcome is True
        report.same += outcome is False


def _organization(row: Row, zips: Collection[str], *, by: Actor, now: datetime) -> bool | None:
    """None: added. True: changed. False: as it was. (So for the other sheets.)"""
    row.take(Read(None, unfit(row.cells, row.cells)))
    kind = row.get("kind").lower()
    if kind not in Organization.Kind.values:
        row.bad("kind", f"isn't one of {', '.join(Organization.Kind.values)}")
    slug = row.get("slug")
    if slug != slug.lower() or not slug.replace("-", "").isalnum() or len(slug) > 40:
        row.bad("slug", "may hold small letters, digits and hyphens, 40 at most")
    if row.get("zip") and row.get("zip") not in zips:
        row.bad("zip", str(SENTENCES[Wrong.ZIP]))
    values = {"name": row.get("name"), "kind": kind, "phone": e164(row.get("phone")),
              "email": row.get("email") or None, "zip": row.get("zip")}  # fmt: skip
    if row.problems:
        return False
    known = Organization.objects.filter(slug=slug).first()
    if known is None:
        key, founding = make_key(Key.Holder.ORGANIZATION, now=now), founding_is_open()
        known = Organization.objects.create(
            slug=slug, key=key, founding=founding, admitted_at=now if founding else None, **values
        )
        if not founding:
            propose_by_sheet(What.ADMIT, known.pk, by=by, now=now)
            row.warn("slug", "waits until other organisations admit it: founding is closed")
        return None
    return change(known, values)


def _member(
    row: Row, facts: Facts, organizations: dict[str, Organization], *, by: Actor, now: datetime
) -> bool | None:  # fmt: skip
    entry = row.take(read_member(row.cells, facts))
    organization = organizations.get(row.get("organization"))
    if organization is None:
        row.bad("organization", "names no organisation that was imported")
    if row.problems or organization is None:
        return False
    entered = enter_member(entry, organization, may_change=True, by=by, now=now)
    for note in entered.notes:
        column, what = NOTES[note]
        row.warn(column, str(what))
    return _entered(row, entered, "organization", [organization], ["member"], now=now)


def _responder(
    row: Row, facts: Facts, organizations: dict[str, Organization], *, now: datetime
) -> bool | None:
    vouchers = [organizations.get(slug) for slug in row.many("organizations")]
    if None in vouchers:
        row.bad("organizations", "names an organisation that was not imported")
    entry = row.take(read_responder(row.cells, facts))
    named = {one.pk: one for one in vouchers if one}
    if "childcare" in entry.kinds and len(named) < trust_rules().childcare_organizations:
        row.bad("organizations", "childcare needs two organisations that vouch")
    if row.problems:
        return False
    entered = enter_responder(entry, may_change=True, now=now)
    return _entered(row, entered, "organizations", list(named.values()), list(entry.kinds), now=now)


def _entered(
    row: Row, entered: Entered, column: str, vouchers: list[Organization], kinds: list[str], *, now: datetime
) -> bool | None:
    if entered.person.standing == Person.Standing.REFUSED:
        row.warn("phone", "this person said that it isn't them; they stay left alone")
    vouched = _vouch(row, column, entered.person, vouchers, kinds, now=now)
    return None if entered.new else vouched or entered.changed


def _vouch(
    row: Row, column: str, person: Person, vouchers: list[Organization], kinds: list[str], *, now: datetime
) -> bool:
    made = False
    for organization in vouchers:
        for kind in kinds:
            try:
                made |= vouch_by_sheet(organization, person, kind, now=now)
            except TakenBack:
                row.warn(column, f"{organization.slug} took its word for this person back; it gives it anew "
                         "in the console")  # fmt: skip
    return made
