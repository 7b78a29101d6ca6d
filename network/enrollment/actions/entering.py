"""Entering many people at once: new ones are made, and those already here are changed where that is allowed.

It takes as many statements as one person does, however many there are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from network.audit.rules import Actor
from network.database.copying import copy_in
from network.enrollment.rules.entries import NewMember, NewResponder, Someone
from network.messaging.models import Contact
from network.messaging.rules.channels import Channel
from network.organizations.models import Organization
from network.people.actions.homes import MovedHome, has_left, home_on_file, put_moved_home, tell_moved
from network.people.models import Member, Person, Responder
from network.people.pins import hash_pin
from network.people.rules.homes import Home
from network.privacy.actions import know_phones, make_keys
from network.privacy.keyring import open_keys
from network.privacy.models import Key
from network.privacy.queries import fingerprint
from network.trust.queries import founding_is_open


class AlreadyHereNote(StrEnum):
    """What to tell the person who brings a spreadsheet about a member who is already here."""

    MOVED = "moved"
    UNFROZEN = "unfrozen"
    LEFT = "left"  # an old spreadsheet: they have left this home
    WORD_KEPT = "word_kept"


@dataclass(frozen=True, slots=True)
class Entered:
    """Who was entered, and what that did. `new` if the person, or their role, wasn't here before."""

    person: Person
    new: bool
    changed: bool
    notes: tuple[AlreadyHereNote, ...] = ()


type Values = Mapping[str, object]


def enter_members(
    entries: Sequence[tuple[NewMember, Organization]], *, may_change: bool, by: Actor, now: datetime
) -> list[Entered]:
    """Members with their homes. People already here are only changed if `may_change`.

    A home that they have left never comes back this way, and a duress word that they have set stays.
    """
    people = _enter_people([entry.person for entry, _ in entries], may_change=may_change, now=now)
    known = _of(Member, people)
    asked = {
        entered.person.pk: (entry, organization)
        for entered, (entry, organization) in zip(people, entries, strict=True)
    }
    fresh = [
        _new_member(entered.person, *asked[entered.person.pk], now=now)
        for entered in people
        if entered.person.pk not in known
    ]
    copy_in(fresh)
    changes = _change_members(known.values(), asked, by=by, now=now) if may_change else {}
    return [
        Entered(
            person=entered.person,
            new=entered.new or entered.person.pk not in known,
            changed=entered.changed or changes.get(entered.person.pk, _SAME).is_change,
            notes=changes.get(entered.person.pk, _SAME).notes,
        )
        for entered in people
    ]


def enter_responders(
    entries: Sequence[NewResponder], *, may_change: bool, now: datetime, stays: bool = True
) -> list[Entered]:
    """Responders, on probation once founding is closed. A PIN that is already set isn't replaced.

    Unless it `stays`, no PIN is hashed, since each takes a quarter of a second.
    """
    people = _enter_people([entry.person for entry in entries], may_change=may_change, now=now)
    known = _of(Responder, people)
    asked = {entered.person.pk: entry for entered, entry in zip(people, entries, strict=True)}
    hashes: dict[UUID, str] = {}

    def hashed(row: Responder, pin: str) -> str:
        if row.person_id not in hashes:
            hashes[row.person_id] = hash_pin(row, pin) if stays else "not kept"
        return hashes[row.person_id]

    probation = any(entered.person.pk not in known for entered in people) and not founding_is_open()
    fresh = [
        Responder(
            person=entered.person, key_id=entered.person.key_id, on_probation=probation, **_values(entry)
        )
        for entered, entry in zip(people, entries, strict=True)
        if entered.person.pk not in known
    ]
    for row in fresh:
        if pin := asked[row.person_id].pin:
            row.pin_hash = hashed(row, pin)
    copy_in(fresh)

    def wanted(row: Responder) -> Values:
        entry = asked[row.person_id]
        pin = {"pin_hash": hashed(row, entry.pin)} if entry.pin and not row.pin_hash else {}
        return {**_values(entry), **pin}

    changed = set[UUID]()
    if may_change:
        open_keys(row.key_id for row in known.values())
        changed = {row.person_id for row in _change_many(known.values(), wanted)}
    return [
        Entered(
            person=entered.person,
            new=entered.new or entered.person.pk not in known,
            changed=entered.changed or entered.person.pk in changed,
        )
        for entered in people
    ]


def _of[Role: (Member, Responder)](model: type[Role], people: Iterable[Entered]) -> dict[UUID, Role]:
    """The rows of those who already had this role, by person."""
    here = [entered.person.pk for entered in people if not entered.new]
    rows = model._default_manager.filter(person__in=here) if here else ()
    return {row.person_id: row for row in rows}


def _values(entry: NewResponder) -> dict[str, Any]:
    return {
        "kinds": list(entry.kinds),
        "zip": entry.zip,
        "max_miles": entry.max_miles,
        "hours": entry.hours,
        "clearance_until": entry.clearance_until,
        "bar_number": entry.bar_number,
        "bar_state": entry.bar_state,
        "wake_at_night": entry.wake_at_night,
    }


def _new_member(person: Person, entry: NewMember, organization: Organization, *, now: datetime) -> Member:
    return Member(
        person=person,
        key_id=person.key_id,
        organization=organization,
        attested_at=now,
        duress_word=entry.duress_word,
        **asdict(entry.home),
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """What a spreadsheet changes of a member: a new home, other values, and what to say about it."""

    home: Home | None = None
    values: tuple[tuple[str, object], ...] = ()
    notes: tuple[AlreadyHereNote, ...] = ()

    @property
    def is_change(self) -> bool:
        return self.home is not None or bool(self.values)


_SAME = _Change()


def _change_members(
    known: Iterable[Member], asked: Mapping[UUID, tuple[NewMember, Organization]], *, by: Actor, now: datetime
) -> dict[UUID, _Change]:
    """Change members. Returns what was changed, by person. Differences are computed again under the lock."""
    rows = {row.pk: row for row in known}
    open_keys(row.key_id for row in rows.values())
    changes = {row.person_id: _change_of(row, *asked[row.person_id]) for row in rows.values()}
    held = _lock_rows(Member, [row.pk for row in rows.values() if changes[row.person_id].is_change])
    moved: list[MovedHome] = []
    for row in held:
        change = changes[row.person_id] = _change_of(row, *asked[row.person_id])
        if change.home is not None:
            moved.append(MovedHome(row.person_id, row.organization_id))
            was_frozen = row.frozen_at is not None
            put_moved_home(row, change.home, now=now)
            if was_frozen and row.frozen_at is None:
                notes = (AlreadyHereNote.MOVED, AlreadyHereNote.UNFROZEN, *change.notes[1:])
                changes[row.person_id] = _Change(change.home, change.values, notes)
        for name, value in change.values:
            setattr(row, name, value)
    _save_many(held, [field.name for field in Member._meta.concrete_fields if field.name not in FIXED])
    tell_moved(moved, by=by, now=now)
    return changes


FIXED = ("id", "person", "key_id")  # fields that a spreadsheet never changes


def _change_of(member: Member, entry: NewMember, organization: Organization) -> _Change:
    home, notes, values = None, list[AlreadyHereNote](), list[tuple[str, object]]()
    if entry.home != home_on_file(member):
        if has_left(member, entry.home):
            notes.append(AlreadyHereNote.LEFT)
        else:
            home = entry.home
            notes.append(AlreadyHereNote.MOVED)
    if member.organization_id != organization.pk:
        values.append(("organization", organization))
    if entry.duress_word and not member.duress_word:
        values.append(("duress_word", entry.duress_word))
    elif entry.duress_word and entry.duress_word.casefold() != str(member.duress_word).casefold():
        notes.append(AlreadyHereNote.WORD_KEPT)
    return _Change(home, tuple(values), tuple(notes))


def _change_many[Row: (Person, Responder)](rows: Iterable[Row], wanted: Callable[[Row], Values]) -> list[Row]:
    """Write what differs from the wanted values, compared again under the lock. Returns the changed rows."""
    all_rows = list(rows)
    differ = [row.pk for row in all_rows if _differences(row, wanted(row))]
    held = _lock_rows(type(all_rows[0]), differ) if differ else []
    changed, names = [], set[str]()
    for row in held:
        if different := _differences(row, wanted(row)):
            for name, value in different.items():
                setattr(row, name, value)
            names.update(different)
            changed.append(row)
    _save_many(changed, sorted(names))
    return changed


def _differences(row: Person | Responder, values: Values) -> dict[str, object]:
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def _lock_rows[Row: (Person, Member, Responder)](model: type[Row], ids: Sequence[UUID]) -> list[Row]:
    if not ids:
        return []
    rows = model._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids)
    return list(rows.order_by("pk"))


def _save_many(rows: Sequence[Person | Member | Responder | Contact], fields: Sequence[str]) -> None:
    """Save columns of existing rows, including encrypted ones, which `update` can't write."""
    if rows and fields:
        type(rows[0])._default_manager.bulk_create(
            rows,  # type: ignore[arg-type]  # all of one model
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=fields,
        )


def _enter_people(entries: Sequence[Someone], *, may_change: bool, now: datetime) -> list[Entered]:
    """Create or find the people. The caller has checked that no phone occurs twice."""
    prints = [fingerprint(entry.phone) for entry in entries]
    known = {bytes(row.fingerprint): row for row in Person.objects.filter(fingerprint__in=prints)}
    asked = dict(zip(prints, entries, strict=True))
    fresh = {
        row.pk: row
        for row in _new_people([person_id for person_id in asked if person_id not in known], asked, now=now)
    }
    people = known | {bytes(row.fingerprint): row for row in fresh.values()}

    def wanted(row: Person) -> Values:
        return _new_values(row, asked[bytes(row.fingerprint)], may_change=may_change)

    if may_change:
        open_keys(row.key_id for row in known.values())
    changed = {row.pk: row for row in _change_many(known.values(), wanted)}
    return [
        Entered(changed.get(row.pk, row), row.pk in fresh, row.pk in changed)
        for row in (people[print_] for print_ in prints)
    ]


def _new_values(person: Person, entry: Someone, *, may_change: bool) -> Values:
    # The order stays, since they may have chosen it by text.
    languages = [*person.languages, *(x for x in entry.languages if x not in person.languages)]
    values: dict[str, object] = {"name": entry.name, "languages": languages} if may_change else {}
    if person.standing != Person.Standing.REFUSED and entry.consent_on and not person.consent_on:
        values |= {"consent_on": entry.consent_on, "standing": Person.Standing.ACTIVE}
    return values


def _new_people(prints: Sequence[bytes], asked: Mapping[bytes, Someone], *, now: datetime) -> list[Person]:
    if not prints:
        return []
    keys = make_keys(Key.Holder.PERSON, len(prints), now=now)
    people = [
        _new_person(asked[print_], print_, key.pk, now=now) for print_, key in zip(prints, keys, strict=True)
    ]
    copy_in(people)
    know_phones({bytes(person.fingerprint): person.key_id for person in people})
    _adopt_contacts({bytes(person.fingerprint): person for person in people})
    return people


def _new_person(entry: Someone, print_: bytes, key_id: UUID, *, now: datetime) -> Person:
    return Person(
        key_id=key_id,
        fingerprint=print_,
        phone=entry.phone,
        name=entry.name,
        languages=list(entry.languages),
        consent_on=entry.consent_on,
        enrolled_at=now,
        standing=Person.Standing.ACTIVE if entry.consent_on else Person.Standing.INVITED,
    )


def _address(contact: Contact, person: Person) -> str:
    """The address of a phone of which we only kept that it stopped our texts."""
    return f"whatsapp:{person.phone}" if contact.channel == Channel.WHATSAPP else str(person.phone)


def _adopt_contacts(people: Mapping[bytes, Person]) -> None:
    """Hand over phones that texted us as strangers to their person, encrypted with that person's key."""
    contacts = list(Contact.objects.filter(fingerprint__in=people))
    open_keys(contact.key_id for contact in contacts)
    for contact in contacts:
        person = people[bytes(contact.fingerprint)]
        address = contact.phone or _address(contact, person)  # opened under its former key
        contact.key_id, contact.phone = person.key_id, address
    _save_many(contacts, ["key_id", "phone"])
