"""Suspension, consent, language, rest, and who is kept apart."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record, wake
from network.audit.rules import Actor, Task
from network.desk.actions import settle
from network.desk.rules import About, Reason
from network.people.models import Apart, Member, Person, Responder
from network.privacy.actions import forget_phone


@transaction.atomic
def suspend(person_id: UUID, *, why: str, by: Actor, now: datetime) -> None:
    """Suspended as a responder. Every read respects it at once; the engine ends their offers and visits."""
    person = Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person_id)
    if person.suspended_at is None:
        person.suspended_at, person.suspended_why, person.unvouched_at = now, why, None
        person.save(update_fields=["suspended_at", "suspended_why", "unvouched_at"])
        record("person.suspended", f"person:{person_id}", by=by, now=now)
        settle(Reason.VOUCHES_LOST_ON_VISIT, about=About("person", str(person_id)), by=by, now=now)
        wake(Task.RELEASE_SUSPENDED)


@transaction.atomic
def restore(person_id: UUID, *, why: str, by: Actor, now: datetime) -> None:
    person = Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person_id)
    if person.suspended_at is not None or person.unvouched_at is not None:
        person.suspended_at, person.suspended_why, person.unvouched_at = None, why, None
        person.save(update_fields=["suspended_at", "suspended_why", "unvouched_at"])
        record("person.restored", f"person:{person_id}", by=by, now=now)
        about = About("person", str(person_id))
        settle(Reason.VOUCHES_LOST, Reason.VOUCHES_LOST_ON_VISIT, about=about, by=by, now=now)


@transaction.atomic
def lose_vouches(person_id: UUID, *, by: Actor, now: datetime) -> None:
    """They lost their vouches during a visit: no new offers, and suspended when the visit ends."""
    Person.objects.filter(pk=person_id, unvouched_at=None).update(unvouched_at=now)
    Responder.objects.filter(person=person_id).update(on_probation=True)
    record("person.unvouched", f"person:{person_id}", by=by, now=now)


@transaction.atomic
def set_language(person: Person, language: str, *, by: Actor, now: datetime) -> None:
    person.languages = [language, *(x for x in person.languages if x != language)]
    person.save(update_fields=["languages"])
    record("person.language", f"person:{person.pk}", by=by, now=now, language=language)


@transaction.atomic
def join(person: Person, *, by: Actor, now: datetime) -> None:
    """They consented by text, in the words of the enrollment question."""
    person.standing, person.consent_on = Person.Standing.ACTIVE, now.date()
    person.save(update_fields=["standing", "consent_on"])
    record("person.joined", f"person:{person.pk}", by=by, now=now)


@transaction.atomic
def confirm_phone(person_id: UUID, *, by: Actor, now: datetime) -> None:
    """The phone is still theirs."""
    Member.objects.filter(person=person_id).update(phone_asked_at=None)
    record("person.confirmed", f"person:{person_id}", by=by, now=now)


@transaction.atomic
def refuse(person: Person, *, by: Actor, now: datetime) -> None:
    """It isn't them, or they don't want it: never texted first again. Their phone is unknown from now on."""
    person.standing = Person.Standing.REFUSED
    person.save(update_fields=["standing"])
    forget_phone(bytes(person.fingerprint))
    record("person.refused", f"person:{person.pk}", by=by, now=now)


@transaction.atomic
def set_off(person_id: UUID, *, until: datetime | None, by: Actor, now: datetime) -> None:
    """They aren't asked until then. None ends it."""
    Responder.objects.filter(person=person_id).update(off_until=until)
    record("person.off", f"person:{person_id}", by=by, now=now, until=until)


@transaction.atomic
def set_rest(person_id: UUID, *, until: datetime | None, by: Actor, now: datetime) -> None:
    """After a hard visit they aren't asked for a while. None ends it."""
    if Responder.objects.filter(person=person_id).update(rest_until=until):
        record("person.rest", f"person:{person_id}", by=by, now=now, until=until)


@transaction.atomic
def set_probation(person_id: UUID, *, on: bool, by: Actor, now: datetime) -> None:
    """During probation a responder is asked only by a coordinator, by name."""
    if Responder.objects.filter(person=person_id).update(on_probation=on):
        record("person.probation", f"person:{person_id}", by=by, now=now, on=int(on))


class OnePerson(ValueError):
    """Nobody is kept apart from themselves."""


@transaction.atomic
def keep_apart(person_id: UUID, other_id: UUID, *, set_by: Apart.SetBy, by: Actor, now: datetime) -> None:
    """These two must not meet. A second time changes nothing. Raises OnePerson."""
    if person_id == other_id:
        raise OnePerson
    lower_id, higher_id = sorted((person_id, other_id))
    _, fresh = Apart.objects.get_or_create(
        first_id=lower_id, second_id=higher_id, defaults={"set_by": set_by, "set_at": now}
    )
    if fresh:
        record("person.apart", f"person:{lower_id}", by=by, now=now, other=higher_id, set_by=set_by)


@transaction.atomic
def let_together(apart_id: UUID, *, by: Actor, now: datetime) -> None:
    """They may meet again. Nothing happens if they aren't kept apart."""
    for apart in Apart.objects.filter(pk=apart_id):
        apart.delete()
        record("person.together", f"person:{apart.first_id}", by=by, now=now, other=apart.second_id)
