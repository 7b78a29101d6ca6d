"""People in: what a form and a spreadsheet both write."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from network.messaging.models import Contact
from network.people.models import Member, Organization, Person, Responder
from network.people.pins import hash_pin
from network.people.queries_trust import founding_is_open
from network.people.rules_enrolling import NewMember, NewResponder, Someone
from network.privacy.actions import know_phone, make_key
from network.privacy.models import Key
from network.privacy.queries import fingerprint


@dataclass(frozen=True, slots=True)
class Entered:
    """Who was entered, and what that did. `new`: the person, or this role of theirs, was not here before."""

    person: Person
    new: bool
    changed: bool


def enter_member(entry: NewMember, organization: Organization, *, may_change: bool, now: datetime) -> Entered:
    """A member with their home. Unless it `may_change` them, whoever is here already stays as they are."""
    person, new, changed = _enter_person(entry.person, may_change=may_change, now=now)
    known = Member.objects.filter(person=person).first()
    home = asdict(entry.home)
    if known is None:
        Member.objects.create(
            person=person, key=person.key, organization=organization, attested_at=now,
            duress_word=entry.duress_word, **home,
        )  # fmt: skip
    elif may_change:
        moved = change(known, home)
        values: dict[str, object] = {"organization": organization}
        values |= {"duress_word": entry.duress_word} if entry.duress_word else {}
        values |= {"attested_at": now, "frozen_at": None, "unfreeze_by": None} if moved else {}
        changed = change(known, values) or moved or changed
    return Entered(person, new or known is None, changed)


def enter_responder(entry: NewResponder, *, may_change: bool, now: datetime) -> Entered:
    """A responder, on probation once founding is closed. A PIN that is set is never set anew here."""
    person, new, changed = _enter_person(entry.person, may_change=may_change, now=now)
    known = Responder.objects.filter(person=person).first()
    values: dict[str, object] = {
        "kinds": list(entry.kinds),
        "zip": entry.zip,
        "max_miles": entry.max_miles,
        "hours": entry.hours,
        "clearance_until": entry.clearance_until,
        "bar_number": entry.bar_number,
        "bar_state": entry.bar_state,
        "wake_at_night": entry.wake_at_night,
    }
    if known is None:
        responder = Responder(person=person, key=person.key, on_probation=not founding_is_open(), **values)
        if entry.pin:
            responder.pin_hash = hash_pin(responder, entry.pin)
        responder.save()
    elif may_change:
        changed = change(known, values) or changed
        if entry.pin and not known.pin_hash:
            known.pin_hash = hash_pin(known, entry.pin)
            known.save(update_fields=["pin_hash"])
            changed = True
    return Entered(person, new or known is None, changed)


def change(row: Organization | Person | Member | Responder, values: Mapping[str, object]) -> bool:
    """Write what differs; whether anything did."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


def _enter_person(entry: Someone, *, may_change: bool, now: datetime) -> tuple[Person, bool, bool]:
    print_ = fingerprint(entry.phone)
    person = Person.objects.filter(fingerprint=print_).first()
    if person is None:
        return _new_person(entry, print_, now=now), True, False
    # The order stays: somebody may have chosen it by text.
    languages = [*person.languages, *(x for x in entry.languages if x not in person.languages)]
    values: dict[str, object] = {"name": entry.name, "languages": languages} if may_change else {}
    if person.standing != Person.Standing.REFUSED and entry.consent_on and not person.consent_on:
        values |= {"consent_on": entry.consent_on, "standing": Person.Standing.ACTIVE}
    return person, False, change(person, values)


def _new_person(entry: Someone, print_: bytes, *, now: datetime) -> Person:
    person = Person.objects.create(
        key=make_key(Key.Holder.PERSON, now=now), fingerprint=print_, phone=entry.phone, name=entry.name,
        languages=list(entry.languages), consent_on=entry.consent_on, enrolled_at=now,
        standing=Person.Standing.ACTIVE if entry.consent_on else Person.Standing.INVITED,
    )  # fmt: skip
    know_phone(print_, key_id=person.key_id)
    _adopt_contacts(person)
    return person


def _adopt_contacts(person: Person) -> None:
    """A phone that texted as a stranger's is now this person's, under their key."""
    for contact in Contact.objects.filter(fingerprint=person.fingerprint):
        address = contact.phone  # opened under the key that it had
        contact.key_id, contact.phone = person.key_id, address
        contact.save(update_fields=["key", "phone"])
