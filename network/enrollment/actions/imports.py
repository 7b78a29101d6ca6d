"""Enrolling people by spreadsheet.

Every bad row is named, all rows or none are taken, and the same file a second time changes nothing.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.audit.actions import record
from network.audit.rules import Actor
from network.enrollment.actions.entering import AlreadyHereNote, Entered, enter_members, enter_responders
from network.enrollment.queries.facts import facts_for
from network.enrollment.rules.entries import Mistake, NetworkFacts, NewMember, NewResponder, ReadEntry
from network.enrollment.rules.forms import read_member, read_responder, unfit
from network.enrollment.spreadsheets import (
    SENTENCES,
    Report,
    Sheet,
    SheetRefused,
    SheetRow,
    check_rows,
    each_row,
)
from network.organizations.actions.organizations import update_changed
from network.organizations.models import Organization
from network.people.models import Person
from network.people.rules.phone_numbers import e164
from network.people.rules.secrets import IsEveryday
from network.privacy.actions import make_key
from network.privacy.models import Key
from network.trust.actions.proposals import propose_by_sheet
from network.trust.actions.vouches import SheetOutcome, SheetVouch, vouch_by_sheet
from network.trust.queries import founding_is_open, trust_rules
from network.trust.rules.proposals import ProposalKind

NOTES: dict[AlreadyHereNote, tuple[str, Promise]] = {
    AlreadyHereNote.MOVED: ("street", _("is another home than the one on file: it is changed")),
    AlreadyHereNote.UNFROZEN: (
        "street",
        _("nobody was sent to the home on file; to this new home somebody is sent again"),
    ),
    AlreadyHereNote.LEFT: ("street", _("is a home that they have left: the one on file stays")),
    AlreadyHereNote.WORD_KEPT: ("duress_word", _("they have another word by now: that one stays")),
}


class _DryRun(Exception):
    """Raised to roll everything back after a dry run."""


AT_ONCE = 500  # rows that are read and written together


type Progress = Callable[[str, int], None]  # "read" or "written", and how many rows


def _no_progress(what: str, rows: int) -> None:
    """Report to nobody."""


def load(
    sheet: Sheet,
    content: bytes,
    *,
    dry_run: bool,
    is_everyday: IsEveryday,
    by: Actor,
    now: datetime,
    told: Progress = _no_progress,
) -> Report:
    """Take a whole file, or nothing of it. Raises SheetRefused with every problem.

    The whole file is checked before the first row is written, then read again, some rows at a time, so that
    few rows are in memory. `is_everyday` says which words can't be duress words.
    """
    taking = _Import(sheet, content, is_everyday=is_everyday, by=by, now=now, stays=not dry_run)
    taking.check(told)
    try:
        with transaction.atomic():
            taking.write(told)
            record(
                f"import.{sheet}",
                "network",
                by=by,
                now=now,
                added=taking.report.added,
                changed=taking.report.changed,
            )
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return taking.report


type Vouched = tuple[SheetRow, Entered, str, list[Organization], list[str]]


class _Import:
    """One file: checked as a whole, then written."""

    def __init__(
        self, sheet: Sheet, content: bytes, *, is_everyday: IsEveryday, by: Actor, now: datetime, stays: bool
    ) -> None:
        self.sheet: Sheet = sheet
        self.content, self.is_everyday, self.by, self.now, self.stays = content, is_everyday, by, now, stays
        self.report = Report()
        self.organizations = {org.slug: org for org in Organization.objects.all()}
        self.rules = trust_rules()

    def check(self, told: Progress) -> None:
        """Raises SheetRefused with all that is wrong: the file's form, missing cells, then bad values."""
        form, lacks, wrong = list[str](), list[str](), list[str]()
        seen: dict[str, int] = {}
        for rows in batched(each_row(self.sheet, self.content, form), AT_ONCE):
            for problems, look in ((lacks, self._look), (wrong, self._read)):
                for row in rows:
                    row.problems = problems
                look(rows, seen)
            told("read", len(rows))
        if problems := form + lacks + wrong:
            raise SheetRefused(problems)

    def _look(self, rows: Sequence[SheetRow], seen: dict[str, int]) -> None:
        check_rows(self.sheet, rows, seen)

    def _read(self, rows: Sequence[SheetRow], seen: dict[str, int]) -> None:
        facts = self._facts(rows)
        for row in rows:
            match self.sheet:
                case "organizations":
                    _read_organization(row, facts.zips)
                case "members":
                    self._read_member(row, facts)
                case "responders":
                    self._read_responder(row, facts)

    def write(self, told: Progress) -> None:
        writes = {
            "organizations": self._organizations,
            "members": self._members,
            "responders": self._responders,
        }[self.sheet]
        for rows in batched(each_row(self.sheet, self.content, []), AT_ONCE):
            for outcome in writes(rows, self._facts(rows)):
                self.report.added += outcome is None
                self.report.changed += outcome is True
                self.report.same += outcome is False
            self.report.warnings += [warning for row in rows for warning in row.warnings]
            told("written", len(rows))

    def _facts(self, rows: Sequence[SheetRow]) -> NetworkFacts:
        zips = [row.get("zip") for row in rows]
        return facts_for(zips, is_everyday=self.is_everyday, today=self.now.date())

    def _organizations(self, rows: Sequence[SheetRow], facts: NetworkFacts) -> list[bool | None]:
        return [_organization(row, facts.zips, by=self.by, now=self.now) for row in rows]

    def _read_member(self, row: SheetRow, facts: NetworkFacts) -> tuple[NewMember, Organization | None]:
        entry = row.take(read_member(row.cells, facts))
        organization = self.organizations.get(row.get("organization"))
        if organization is None:
            row.bad("organization", "names no organization that was imported")
        return entry, organization

    def _members(self, rows: Sequence[SheetRow], facts: NetworkFacts) -> list[bool | None]:
        entries = [(entry, its) for entry, its in (self._read_member(row, facts) for row in rows) if its]
        entered = enter_members(entries, may_change=True, by=self.by, now=self.now)
        for row, person in zip(rows, entered, strict=True):
            for note in person.notes:
                column, what = NOTES[note]
                row.warn(column, str(what))
        return self._entered(
            [
                (row, person, "organization", [its], ["member"])
                for row, person, (_, its) in zip(rows, entered, entries, strict=True)
            ]
        )

    def _read_responder(self, row: SheetRow, facts: NetworkFacts) -> tuple[NewResponder, list[Organization]]:
        vouchers = [self.organizations.get(slug) for slug in row.many("organizations")]
        if None in vouchers:
            row.bad("organizations", "names an organization that was not imported")
        entry = row.take(read_responder(row.cells, facts))
        named = {voucher.pk: voucher for voucher in vouchers if voucher}
        if "childcare" in entry.kinds and len(named) < self.rules.childcare_organizations:
            row.bad("organizations", "childcare needs two organizations that vouch")
        return entry, list(named.values())

    def _responders(self, rows: Sequence[SheetRow], facts: NetworkFacts) -> list[bool | None]:
        entries = [self._read_responder(row, facts) for row in rows]
        entered = enter_responders(
            [entry for entry, _ in entries], may_change=True, now=self.now, stays=self.stays
        )
        return self._entered(
            [
                (row, person, "organizations", vouchers, list(entry.kinds))
                for row, person, (entry, vouchers) in zip(rows, entered, entries, strict=True)
            ]
        )

    def _entered(self, entered: Sequence[Vouched]) -> list[bool | None]:
        """Vouch for the people entered. None: added. True: changed. False: as before."""
        outcomes = vouch_by_sheet(
            [
                SheetVouch(organization.pk, person.person.pk, kind)
                for _, person, _, vouchers, kinds in entered
                for organization in vouchers
                for kind in kinds
            ],
            now=self.now,
        )
        return [_outcome(vouched, outcomes) for vouched in entered]


def _outcome(vouched: Vouched, outcomes: dict[SheetVouch, SheetOutcome]) -> bool | None:
    row, entered, column, vouchers, kinds = vouched
    if entered.person.standing == Person.Standing.REFUSED:
        row.warn("phone", "this person said that it isn't them; they stay left alone")
    made = False
    for organization in vouchers:
        for kind in kinds:
            match outcomes[SheetVouch(organization.pk, entered.person.pk, kind)]:
                case SheetOutcome.GIVEN:
                    made = True
                case SheetOutcome.TAKEN_BACK:
                    row.warn(
                        column,
                        f"{organization.slug} took its word for this person back; it gives it "
                        "anew in the console",
                    )
    return None if entered.new else made or entered.changed


def _read_organization(row: SheetRow, zips: Collection[str]) -> dict[str, str | None]:
    row.take(ReadEntry(None, unfit(row.cells, row.cells)))
    kind = row.get("kind").lower()
    if kind not in Organization.Kind.values:
        row.bad("kind", f"isn't one of {', '.join(Organization.Kind.values)}")
    slug = row.get("slug")
    if slug != slug.lower() or not slug.replace("-", "").isalnum() or len(slug) > 40:
        row.bad("slug", "may hold small letters, digits and hyphens, 40 at most")
    if row.get("zip") and row.get("zip") not in zips:
        row.bad("zip", str(SENTENCES[Mistake.ZIP]))
    return {"name": row.get("name"), "kind": kind, "phone": e164(row.get("phone")),
            "email": row.get("email") or None, "zip": row.get("zip")}  # fmt: skip


def _organization(row: SheetRow, zips: Collection[str], *, by: Actor, now: datetime) -> bool | None:
    """Enter one organization. None: added. True: changed. False: as before."""
    slug, values = row.get("slug"), _read_organization(row, zips)
    known = Organization.objects.filter(slug=slug).first()
    if known is not None:
        return update_changed(known, values)
    key, founding = make_key(Key.Holder.ORGANIZATION, now=now), founding_is_open()
    known = Organization.objects.create(
        slug=slug, key_id=key.pk, founding=founding, admitted_at=now if founding else None, **values
    )
    if not founding:
        propose_by_sheet(ProposalKind.ADMIT, known.pk, by=by, now=now)
        row.warn("slug", "waits until other organizations admit it: founding is closed")
    return None
