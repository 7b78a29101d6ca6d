"""People in: what a form and a spreadsheet both write, and what a form adds: consent, vouches, claims."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.messaging.models import Contact
from network.messaging.rules import Channel
from network.people.actions.claims import keep_claim, mind_differences
from network.people.actions.homes import attest_home, freeze_home, has_left, home_on_file
from network.people.actions.vouches import NotVouched, give_vouch, hold_the_graph, introduce_person
from network.people.models import Claim, Consent, Member, Organization, Person, Responder
from network.people.pins import hash_pin
from network.people.queries_claims import open_claim, roles_typed
from network.people.queries_trust import founding_is_open, people_of, roles_of
from network.people.rules_enrolling import Home, NewMember, NewResponder, Someone
from network.people.rules_giving import Refusal
from network.people.rules_trust import Role
from network.privacy.actions import know_phone, make_key
from network.privacy.models import Key
from network.privacy.queries import fingerprint


class Note(StrEnum):
    """What whoever brings a sheet must be told of a member who is here already."""

    MOVED = "moved"
    UNFROZEN = "unfrozen"
    LEFT = "left"  # an old sheet: its home is one that they have left
    WORD_KEPT = "word_kept"


@dataclass(frozen=True, slots=True)
class Entered:
    """Who was entered, and what that did. `new`: the person, or this role of theirs, was not here before."""

    person: Person
    new: bool
    changed: bool
    notes: tuple[Note, ...] = ()


class HereAlready(Exception):
    """This organisation has this person in this role."""

    def __init__(self, person_id: UUID) -> None:
        super().__init__()
        self.person_id = person_id


@dataclass(frozen=True, slots=True)
class Asked:
    """How consent was asked for: the version of the words, and the language they were read in."""

    version: int
    language: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """`claimed`: they were here already, which whoever enrolled them must not learn."""

    person: Person
    claimed: bool


@transaction.atomic
def enrol(
    entry: NewMember | NewResponder, *, organization_id: UUID, asked: Asked | None, met_in_person: bool,
    staff_id: UUID, now: datetime,
) -> Enrolled:  # fmt: skip
    """Enter somebody for an organisation; with a vouch in each role where its verifier has met them, else, a
    member, with a home to which nobody is sent until one has.

    Whoever another organisation has here already is changed in nothing: what was typed is kept as a claim.
    Raises HereAlready, and what `give_vouch` raises.
    """
    hold_the_graph()  # one enrolment at a time, so that a phone is entered once
    organization = Organization.objects.standing().filter(pk=organization_id).first()
    if organization is None:
        raise NotVouched(Refusal.ORGANIZATION)
    before = Person.objects.filter(fingerprint=fingerprint(entry.person.phone)).first()
    claim = open_claim(before.pk, organization_id) if before else None
    ours = before is not None and claim is None and people_of(organization_id).filter(pk=before.pk).exists()
    claimed, roles = before is not None and not ours, _roles(entry)
    if before and (ours or claim):
        _mind_twice(before, claim, roles)
    entered = _enter(entry, organization, by=staff(staff_id), now=now)
    person = entered.person
    if entered.new and isinstance(entry, NewMember) and not met_in_person:
        member = Member.objects.get(person=person)
        freeze_home(member, Member.Frozen.UNMET, by=staff(staff_id), now=now)
    if claimed:
        claim = keep_claim(entry, person, claim, organization, now=now)
    _keep_consent(person, organization, entry, asked, staff_id=staff_id, now=now)
    _vouch_or_ask(person, organization_id, roles, met_in_person, staff_id=staff_id, now=now)
    record(
        "person.enrolled", f"person:{person.pk}", by=staff(staff_id), now=now,
        organization=organization_id, claimed=claimed, role=roles[0],
    )  # fmt: skip
    if claim:
        mind_differences(person, claim, staff_id=staff_id, now=now)
    return Enrolled(person, claimed)


def _mind_twice(person: Person, claim: Claim | None, roles: list[Role]) -> None:
    """Raises HereAlready for a role that this organisation has them in; kinds are not added."""
    has = set(roles_typed(claim)) if claim else set(roles_of(person))
    if has & set(roles) or (Role.MEMBER not in roles and has - {Role.MEMBER}):
        raise HereAlready(person.pk)


def _vouch_or_ask(
    person: Person, organization_id: UUID, roles: list[Role], met: bool, *, staff_id: UUID, now: datetime
) -> None:
    """The verifier's own vouch; without one, a responder is at least seen by the organisation."""
    for role in roles:
        if met:
            give_vouch(person.pk, role=role, met_in_person=True, staff_id=staff_id, now=now)
        elif role != Role.MEMBER:
            introduce_person(
                person.pk, organization_id=organization_id, role=role, by=staff(staff_id), now=now
            )


def _roles(entry: NewMember | NewResponder) -> list[Role]:
    return [Role.MEMBER] if isinstance(entry, NewMember) else [Role(kind) for kind in entry.kinds]


def _enter(
    entry: NewMember | NewResponder, organization: Organization, *, by: Actor, now: datetime
) -> Entered:
    if isinstance(entry, NewMember):
        return enter_member(entry, organization, may_change=False, by=by, now=now)
    return enter_responder(entry, may_change=False, now=now)


def _keep_consent(
    person: Person, organization: Organization, entry: NewMember | NewResponder, asked: Asked | None, *,
    staff_id: UUID, now: datetime,
) -> None:  # fmt: skip
    if asked is None:
        return
    given_as = Consent.As.MEMBER if isinstance(entry, NewMember) else Consent.As.RESPONDER
    Consent.objects.create(
        person=person, organization=organization, given_as=given_as, version=asked.version,
        language=asked.language, taken_by_id=staff_id, taken_at=now,
    )  # fmt: skip


def enter_member(
    entry: NewMember, organization: Organization, *, may_change: bool, by: Actor, now: datetime
) -> Entered:
    """A member with their home. Unless it `may_change` them, whoever is here already stays as they are.

    A home that they have left never comes back this way, and a duress word that is set stays.
    """
    person, new, changed = _enter_person(entry.person, may_change=may_change, now=now)
    known = Member.objects.filter(person=person).first()
    notes: list[Note] = []
    if known is None:
        Member.objects.create(
            person=person, key=person.key, organization=organization, attested_at=now,
            duress_word=entry.duress_word, **asdict(entry.home),
        )  # fmt: skip
    elif may_change:
        notes = _move(known, entry.home, by=by, now=now)
        values: dict[str, object] = {"organization": organization}
        if entry.duress_word and not known.duress_word:
            values["duress_word"] = entry.duress_word
        elif entry.duress_word and entry.duress_word.casefold() != str(known.duress_word).casefold():
            notes.append(Note.WORD_KEPT)
        changed = change(known, values) or Note.MOVED in notes or changed
    return Entered(person, new or known is None, changed, tuple(notes))


def _move(member: Member, home: Home, *, by: Actor, now: datetime) -> list[Note]:
    if home == home_on_file(member):
        return []
    if has_left(member, home):
        return [Note.LEFT]
    frozen = member.frozen_at is not None
    attest_home(member, home, by=by, now=now)
    return [Note.MOVED, Note.UNFROZEN] if frozen and member.frozen_at is None else [Note.MOVED]


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


def _address(contact: Contact, person: Person) -> str:
    """Of a phone of which only was left that it stopped our texts."""
    return f"whatsapp:{person.phone}" if contact.channel == Channel.WHATSAPP else str(person.phone)


def _adopt_contacts(person: Person) -> None:
    """A phone that texted as a stranger's is now this person's, under their key."""
    for contact in Contact.objects.filter(fingerprint=person.fingerprint):
        address = contact.phone or _address(contact, person)  # opened under the key that it had
        contact.key_id, contact.phone = person.key_id, address
        contact.save(update_fields=["key", "phone"])
