"""The only writers of people's rows, but for the spreadsheets (imports.py)."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from network.audit.actions import record, wake
from network.audit.rules import Actor
from network.messaging.texts import LANGUAGES
from network.people.models import (
    Apart,
    Holiday,
    Member,
    Network,
    Organization,
    Person,
    Place,
    Responder,
    SignInLink,
    Staff,
)
from network.people.pins import hash_pin
from network.people.rules import is_pin
from network.privacy.actions import make_key
from network.privacy.models import Key
from network.privacy.queries import fingerprint
from network.privacy.rules import token_digest

PIN_TRIES = 5
LINK_LIVES = timedelta(hours=24)


class NotAPin(ValueError):
    """A PIN has four to eight digits."""


def mark(*, demo: bool, now: datetime) -> None:
    Network.objects.get_or_create(pk=1, defaults={"demo": demo, "marked_at": now})


@transaction.atomic
def practice_member(organization_id: UUID, language: str, *, now: datetime) -> Member:
    """The made-up member whom a drill's request is for: no phone, and no home but the words that say so."""
    nobody = fingerprint(f"practice {organization_id} {language}")
    known = Member.objects.filter(person__fingerprint=nobody).select_related("person", "organization")
    if (found := known.first()) is not None:
        return found
    organization = Organization.objects.get(pk=organization_id)
    key = make_key(Key.Holder.PERSON, now=now)
    person = Person.objects.create(
        key=key, fingerprint=nobody, phone="practice", name=LANGUAGES[language].practice,
        languages=[language], standing=Person.Standing.PRACTICE, safe_to_call=False, enrolled_at=now,
    )  # fmt: skip
    place = Place.objects.filter(zip=organization.zip).first()
    return Member.objects.create(
        person=person, key=key, organization=organization, street=LANGUAGES[language].practice, city="",
        state=place.state if place else "", zip=organization.zip, attested_at=now,
    )  # fmt: skip


def set_pin(person_id: UUID, pin: str, *, by: Actor, now: datetime) -> None:
    """Raises NotAPin. A new PIN also lifts a lock."""
    if not is_pin(pin):
        raise NotAPin
    responder = Responder.objects.get(person=person_id)
    hashed = hash_pin(responder, pin)
    Responder.objects.filter(pk=responder.pk).update(pin_hash=hashed, pin_tries=0, pin_locked_at=None)
    record("person.pin_set", f"person:{person_id}", by=by, now=now)


def count_pin_failure(responder_id: UUID, *, now: datetime) -> int:
    """Count one wrong PIN; the fifth locks. Returns how many there were."""
    mine = Responder.objects.filter(pk=responder_id)
    mine.update(pin_tries=F("pin_tries") + 1)
    tries = mine.values_list("pin_tries", flat=True).get()
    if tries >= PIN_TRIES:
        mine.filter(pin_locked_at=None).update(pin_locked_at=now)
    return tries


def forget_pin_failures(responder_id: UUID) -> None:
    Responder.objects.filter(pk=responder_id, pin_locked_at=None, pin_tries__gt=0).update(pin_tries=0)


def unlock(person_id: UUID, *, by: Actor, now: datetime) -> None:
    Responder.objects.filter(person=person_id).update(pin_tries=0, pin_locked_at=None)
    record("person.unlocked", f"person:{person_id}", by=by, now=now)


@transaction.atomic
def suspend(person_id: UUID, *, why: str, by: Actor, now: datetime) -> None:
    """As a responder: every read respects it at once; the engine releases what hung on it."""
    person = Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person_id)
    if person.suspended_at is None:
        person.suspended_at, person.suspended_why = now, why
        person.save(update_fields=["suspended_at", "suspended_why"])
        record("person.suspended", f"person:{person_id}", by=by, now=now)
        wake("release_suspended", once="release_suspended")


@transaction.atomic
def restore(person_id: UUID, *, why: str, by: Actor, now: datetime) -> None:
    person = Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person_id)
    if person.suspended_at is not None:
        person.suspended_at, person.suspended_why = None, why
        person.save(update_fields=["suspended_at", "suspended_why"])
        record("person.restored", f"person:{person_id}", by=by, now=now)


def set_language(person: Person, language: str, *, by: Actor, now: datetime) -> None:
    person.languages = [language, *(x for x in person.languages if x != language)]
    person.save(update_fields=["languages"])
    record("person.language", f"person:{person.pk}", by=by, now=now, language=language)


def join(person: Person, *, by: Actor, now: datetime) -> None:
    """Consent by text, in the words of the enrolment question."""
    person.standing, person.consent_on = Person.Standing.ACTIVE, now.date()
    person.save(update_fields=["standing", "consent_on"])
    record("person.joined", f"person:{person.pk}", by=by, now=now)


def refuse(person: Person, *, by: Actor, now: datetime) -> None:
    """Not them, or not wanted: never texted again."""
    person.standing = Person.Standing.REFUSED
    person.save(update_fields=["standing"])
    record("person.refused", f"person:{person.pk}", by=by, now=now)


def set_off(person_id: UUID, *, until: datetime | None, by: Actor, now: datetime) -> None:
    """Not to be asked until then; None ends it."""
    Responder.objects.filter(person=person_id).update(off_until=until)
    record("person.off", f"person:{person_id}", by=by, now=now, until=until)


@transaction.atomic
def set_rest(person_id: UUID, *, until: datetime | None, by: Actor, now: datetime) -> None:
    """After a hard visit nobody is asked for a while; None ends it."""
    if Responder.objects.filter(person=person_id).update(rest_until=until):
        record("person.rest", f"person:{person_id}", by=by, now=now, until=until)


@transaction.atomic
def set_probation(person_id: UUID, *, on: bool, by: Actor, now: datetime) -> None:
    """While on probation a responder is asked only by a coordinator, by name."""
    if Responder.objects.filter(person=person_id).update(on_probation=on):
        record("person.probation", f"person:{person_id}", by=by, now=now, on=int(on))


@transaction.atomic
def keep_apart(one: UUID, other: UUID, *, set_by: Apart.SetBy, by: Actor, now: datetime) -> None:
    """Never these two together; a second time changes nothing. Raises ValueError for one and the same."""
    if one == other:
        raise ValueError("one person can't be kept apart from themselves")
    first, second = sorted((one, other))
    _, fresh = Apart.objects.get_or_create(
        first_id=first, second_id=second, defaults={"set_by": set_by, "set_at": now}
    )
    if fresh:
        record("person.apart", f"person:{first}", by=by, now=now, other=second, set_by=set_by)


@transaction.atomic
def let_together(apart_id: UUID, *, by: Actor, now: datetime) -> None:
    """They may meet again; what is no longer kept apart stays as it is."""
    for apart in Apart.objects.filter(pk=apart_id):
        apart.delete()
        record("person.together", f"person:{apart.first_id}", by=by, now=now, other=apart.second_id)


@transaction.atomic
def add_holiday(day: date, *, by: Actor, now: datetime) -> None:
    """On this day everybody's hours are those of a Sunday."""
    if Holiday.objects.get_or_create(day=day)[1]:
        record("holiday.added", f"holiday:{day.isoformat()}", by=by, now=now)


@transaction.atomic
def remove_holiday(day: date, *, by: Actor, now: datetime) -> None:
    """Everybody's own hours again; a day that is no holiday stays as it is."""
    if Holiday.objects.filter(day=day).delete()[0]:
        record("holiday.removed", f"holiday:{day.isoformat()}", by=by, now=now)


@transaction.atomic
def set_childcare_rule(organization_id: UUID, *, on: bool, by: Actor, now: datetime) -> None:
    """While on, only people whom the organisation itself vouches for care for its members' children."""
    other = Organization.objects.filter(pk=organization_id, childcare_own_vouch=not on)
    if other.update(childcare_own_vouch=on):
        record("organization.childcare_rule", f"organization:{organization_id}", by=by, now=now, on=int(on))


def freeze_home(member: Member, *, by: Actor, now: datetime) -> None:
    """They moved, or say so: nobody is sent to the home on file until it is confirmed."""
    member.frozen_at, member.unfreeze_by = now, None
    member.save(update_fields=["frozen_at", "unfreeze_by"])
    record("member.frozen", f"person:{member.person_id}", by=by, now=now)


@transaction.atomic
def unfreeze_home(member_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> bool:
    """Two different people lift a freeze. True once the second has."""
    member = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member_id)
    if member.frozen_at is None:
        return True
    second = member.unfreeze_by not in (None, staff_id)
    member.unfreeze_by = None if second else staff_id
    member.frozen_at = None if second else member.frozen_at
    member.save(update_fields=["frozen_at", "unfreeze_by"])
    record(
        "member.unfrozen" if second else "member.unfreeze_asked",
        f"person:{member.person_id}", by=by, now=now,
    )  # fmt: skip
    return second


@transaction.atomic
def add_staff(
    email: str, *, role: Staff.Role, organization: Organization | None, phone: str | None,
    by: Actor, now: datetime,
) -> Staff:  # fmt: skip
    """Somebody who may sign in, once they have set a factor by their link."""
    staff = Staff(
        email=email.strip().lower(),
        key=make_key(Key.Holder.PERSON, now=now),
        role=role,
        organization=organization,
        phone=phone,
        added_at=now,
    )
    staff.set_unusable_password()
    staff.save()
    record("staff.added", f"staff:{staff.pk}", by=by, now=now, role=role)
    return staff


def make_sign_in_link(staff: Staff, *, opens_board: bool, now: datetime) -> str:
    """The token of a one-time link that lives a day."""
    token = secrets.token_urlsafe(16)
    SignInLink.objects.create(
        staff=staff,
        token_hash=token_digest(token),
        opens_board=opens_board,
        expires_at=now + LINK_LIVES,
    )
    return token


def use_sign_in_link(token: str, *, now: datetime) -> SignInLink | None:
    """Spend a link. None for one that is unknown, spent or over."""
    fresh = SignInLink.objects.filter(
        token_hash=token_digest(token), used_at=None, expires_at__gt=now, staff__is_active=True
    )
    if not fresh.update(used_at=now):
        return None
    return SignInLink.objects.select_related("staff").get(token_hash=token_digest(token))
