"""People in by spreadsheet: every bad row named, all or nothing, the same file twice changes nothing."""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import phonenumbers
from django.conf import settings
from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.messaging.models import Contact
from network.people.actions.agreeing import propose_by_sheet
from network.people.actions.vouches import TakenBack, vouch_by_sheet
from network.people.models import Member, Organization, Person, Place, Responder
from network.people.pins import hash_pin
from network.people.queries_trust import founding_is_open, trust_rules
from network.people.rules import BadHours, duress_word_problem, is_pin, parse_hours
from network.people.rules_agreeing import What
from network.privacy.actions import know_phone, make_key
from network.privacy.models import Key
from network.privacy.queries import fingerprint

type Sheet = Literal["organizations", "members", "responders"]
KINDS = frozenset({"accompaniment", "legal", "childcare"})
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


def e164(text: str) -> str | None:
    """A phone as +13125550123; ten digits are a US number. None for anything else."""
    try:
        parsed = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


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


@dataclass(slots=True)
class Row:
    """One line of the file. Reading a column that is wrong notes why; `problems` is shared."""

    line: int
    cells: dict[str, str]
    problems: list[str]
    warnings: list[str]

    def get(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    def bad(self, column: str, why: str) -> None:
        self.problems.append(f"line {self.line}, column {column}: {why}")

    def warn(self, column: str, what: str) -> None:
        self.warnings.append(f"line {self.line}, column {column}: {what}")

    def phone(self) -> str:
        """In E.164; ten digits are a US number."""
        phone = e164(self.get("phone"))
        if phone is None:
            self.bad("phone", "isn't a phone number; write +13125550123 or ten digits")
        return phone or ""

    def day(self, column: str) -> date | None:
        text = self.get(column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.bad(column, "isn't a date; write 2026-10-31")
            return None

    def many(self, column: str) -> list[str]:
        return [part.strip().lower() for part in self.get(column).split(";") if part.strip()]

    def zip(self, places: Collection[str]) -> str:
        code = self.get("zip")
        if code and code not in places:
            self.bad("zip", "isn't a US ZIP of five digits that we know")
        return code


def load(
    sheet: Sheet, content: bytes, *, dry_run: bool, taken_words: Collection[str], by: Actor,
    now: datetime,
) -> Report:  # fmt: skip
    """Take a whole file, or nothing of it. Raises Refused with every problem.

    `taken_words`: commands and visit words, which can't be duress words.
    """
    report = Report()
    rows = _rows(sheet, content, report)
    try:
        with transaction.atomic():
            _take(sheet, rows, report, taken_words=taken_words, by=by, now=now)
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


def _rows(sheet: Sheet, content: bytes, report: Report) -> list[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(["the file isn't UTF-8; save it as CSV UTF-8, then try again"]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    problems: list[str] = []
    try:
        _check_header(sheet, reader.fieldnames or ())
        found = []
        for cells in reader:
            row = Row(reader.line_num, {k: v for k, v in cells.items() if k}, problems,
                      report.warnings)  # fmt: skip
            if None in cells or any(v is None for v in cells.values()):
                row.bad("(all)", "has more or fewer cells than the header")
            if any(row.cells.values()):
                found.append(row)
    except csv.Error as error:
        raise Refused([f"line {reader.line_num}: the file isn't CSV ({error})"]) from None
    _check_rows(sheet, found)
    return found


def _check_header(sheet: Sheet, header: Iterable[str]) -> None:
    names, wanted = list(header), COLUMNS[sheet]
    problems = [f"line 1, column {name}: is unknown; remove it" for name in names
                if name not in wanted]  # fmt: skip
    problems += [
        f"line 1: the column {name} is missing"
        for name in wanted
        if name not in names and name not in MAY_BE_EMPTY
    ]
    if len(set(names)) != len(names):
        problems.append("line 1: a column stands there twice")
    if problems:
        raise Refused(problems)


def _check_rows(sheet: Sheet, rows: list[Row]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        for column in COLUMNS[sheet]:
            if column not in MAY_BE_EMPTY and not row.get(column):
                row.bad(column, "is empty")
        name = "slug" if sheet == "organizations" else "phone"
        key = row.phone() if name == "phone" and row.get("phone") else row.get(name)
        if key and key in seen:
            row.bad(name, f"stands on line {seen[key]} too")
        seen.setdefault(key, row.line)


def _take(
    sheet: Sheet, rows: list[Row], report: Report, *, taken_words: Collection[str], by: Actor, now: datetime
) -> None:
    zips = set(Place.objects.filter(zip__in=[r.get("zip") for r in rows]).values_list("pk", flat=True))
    organizations = {org.slug: org for org in Organization.objects.all()}
    takers: dict[str, Callable[[Row], bool | None]] = {
        "organizations": lambda row: _organization(row, zips, by=by, now=now),
        "members": lambda row: _member(row, zips, organizations, taken_words, now=now),
        "responders": lambda row: _responder(row, zips, organizations, now=now),
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
    kind, phone = row.get("kind").lower(), row.phone()
    if kind not in Organization.Kind.values:
        row.bad("kind", f"isn't one of {', '.join(Organization.Kind.values)}")
    slug = row.get("slug")
    if slug != slug.lower() or not slug.replace("-", "").isalnum() or len(slug) > 40:
        row.bad("slug", "may hold small letters, digits and hyphens, 40 at most")
    values = {"name": row.get("name"), "kind": kind, "phone": phone,
              "email": row.get("email") or None, "zip": row.zip(zips)}  # fmt: skip
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
    return _update(known, values)


def _update(row: "Organization | Person | Member | Responder", values: Mapping[str, object]) -> bool:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


def _member(
    row: Row, zips: Collection[str], organizations: dict[str, Organization],
    taken: Collection[str], *, now: datetime,
) -> bool | None:  # fmt: skip
    language, organization = row.get("language").lower(), organizations.get(row.get("organization"))
    if language not in settings.NETWORK_LANGUAGES:
        row.bad("language", f"isn't one of {', '.join(settings.NETWORK_LANGUAGES)}")
    if organization is None:
        row.bad("organization", "names no organisation that was imported")
    word = row.get("duress_word")
    if word and (why := duress_word_problem(word, taken=taken)):
        row.bad("duress_word", why)
    if len(row.get("state")) != 2:
        row.bad("state", "must be two letters, such as IL")
    home = {"street": row.get("street"), "unit": row.get("unit") or None, "city": row.get("city"),
            "state": row.get("state").upper(), "zip": row.zip(zips)}  # fmt: skip
    consent = _consent(row, now=now)
    if row.problems or organization is None:
        return False
    person, new, changed = _person(row, [language], consent, now=now)
    known = Member.objects.filter(person=person).first()
    if known is None:
        Member.objects.create(
            person=person, key=person.key, organization=organization, attested_at=now,
            duress_word=word or None, **home,
        )  # fmt: skip
    else:
        moved = _update(known, home)
        values: dict[str, object] = {"organization": organization}
        values |= {"duress_word": word} if word else {}
        values |= {"attested_at": now, "frozen_at": None, "unfreeze_by": None} if moved else {}
        changed = _update(known, values) or moved or changed
    changed = _vouch(row, "organization", person, [organization], ["member"], now=now) or changed
    return None if new or known is None else changed


def _consent(row: Row, *, now: datetime) -> date | None:
    consent = row.day("consent_on")
    if consent and consent > now.date():
        row.bad("consent_on", "lies in the future")
    return consent


def _person(
    row: Row, languages: list[str], consent: date | None, *, now: datetime
) -> tuple[Person, bool, bool]:
    phone = row.phone()
    print_ = fingerprint(phone)
    person = Person.objects.filter(fingerprint=print_).first()
    if person is None:
        person = Person.objects.create(
            key=make_key(Key.Holder.PERSON, now=now), fingerprint=print_, phone=phone,
            name=row.get("name"), languages=languages, consent_on=consent, enrolled_at=now,
            standing=Person.Standing.ACTIVE if consent else Person.Standing.INVITED,
        )  # fmt: skip
        know_phone(print_, key_id=person.key_id)
        _adopt_contact(person)
        return person, True, False
    values: dict[str, object] = {"name": row.get("name")}
    # The order stays: somebody may have chosen it by text.
    values["languages"] = [
        *person.languages, *(x for x in languages if x not in person.languages)
    ]  # fmt: skip
    if person.standing == Person.Standing.REFUSED:
        row.warn("phone", "this person said that it isn't them; they stay left alone")
    elif consent and not person.consent_on:
        values |= {"consent_on": consent, "standing": Person.Standing.ACTIVE}
    return person, False, _update(person, values)


def _adopt_contact(person: Person) -> None:
    """A phone that texted as a stranger's is now this person's, under their key."""
    contact = Contact.objects.filter(fingerprint=person.fingerprint).first()
    if contact:
        contact.key_id, contact.phone = person.key_id, person.phone
        contact.save(update_fields=["key", "phone"])


def _responder(
    row: Row, zips: Collection[str], organizations: dict[str, Organization], *, now: datetime
) -> bool | None:
    kinds, languages = row.many("kinds"), row.many("languages")
    vouchers = [organizations.get(slug) for slug in row.many("organizations")]
    if None in vouchers:
        row.bad("organizations", "names an organisation that was not imported")
    values = _responder_values(row, kinds, zips)
    _check_credentials(row, kinds, len({v.pk for v in vouchers if v}), values, now=now)
    if any(len(language) != 2 for language in languages):
        row.bad("languages", "must be two-letter codes joined by ;")
    if row.get("pin") and not is_pin(row.get("pin")):
        row.bad("pin", "must be four to eight digits")
    consent = _consent(row, now=now)
    if row.problems:
        return False
    person, new, changed = _person(row, languages, consent, now=now)
    known = Responder.objects.filter(person=person).first()
    if known is None:
        probation = not founding_is_open()
        responder = Responder(person=person, key=person.key, on_probation=probation, **values)
        if row.get("pin"):
            responder.pin_hash = hash_pin(responder, row.get("pin"))
        responder.save()
    else:
        changed = _update(known, values) or changed
        if row.get("pin") and not known.pin_hash:  # a re-import never resets a PIN
            known.pin_hash = hash_pin(known, row.get("pin"))
            known.save(update_fields=["pin_hash"])
            changed = True
    changed = _vouch(row, "organizations", person, [v for v in vouchers if v], kinds, now=now) or changed
    return None if new or known is None else changed


def _responder_values(row: Row, kinds: list[str], zips: Collection[str]) -> dict[str, object]:
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        row.bad("kinds", f"knows no {unknown[0]}; use {', '.join(sorted(KINDS))}")
    miles = row.get("max_miles")
    if not miles.isdigit() or not 1 <= int(miles) <= 200:
        row.bad("max_miles", "must be a whole number from 1 to 200")
    try:
        hours = parse_hours(row.get("hours"))
    except BadHours:
        row.bad("hours", "must be always, or like mon-fri 08:00-18:00; sat 09:00-13:00")
        hours = []
    wake = row.get("wake_at_night").lower()
    if wake not in ("", "yes", "no", "true", "false", "1", "0", "y", "n"):
        row.bad("wake_at_night", "must be yes or no")
    return {
        "kinds": sorted(set(kinds)),
        "zip": row.zip(zips),
        "max_miles": int(miles) if miles.isdigit() else 0,
        "hours": hours,
        "clearance_until": row.day("clearance_until"),
        "bar_number": row.get("bar_number") or None,
        "bar_state": row.get("bar_state").upper(),
        "wake_at_night": wake in ("yes", "true", "1", "y"),
    }


def _check_credentials(
    row: Row, kinds: list[str], vouchers: int, values: dict[str, object], *, now: datetime
) -> None:
    until = values["clearance_until"]
    if "childcare" in kinds:
        if vouchers < trust_rules().childcare_organizations:
            row.bad("organizations", "childcare needs two organisations that vouch")
        if until is None:
            row.bad("clearance_until", "childcare needs the date until which they are cleared")
        elif isinstance(until, date) and until < now.date():
            row.warn("clearance_until", "is past: they aren't asked for childcare")
    if "legal" in kinds:
        if not values["bar_number"]:
            row.bad("bar_number", "legal help needs a bar number")
        if len(str(values["bar_state"])) != 2:
            row.bad("bar_state", "legal help needs the state of the bar, such as IL")


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
