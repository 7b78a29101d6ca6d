"""Responders' PINs: set, missed, locked."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.people.models import Responder
from network.people.pins import hash_pin
from network.people.rules.secrets import is_pin

PIN_TRIES = 5


class NotAPin(ValueError):
    """A PIN has four to eight digits."""


@transaction.atomic
def set_pin(person_id: UUID, pin: str, *, by: Actor, now: datetime) -> None:
    """Raises NotAPin. A new PIN also lifts a lock."""
    if not is_pin(pin):
        raise NotAPin
    responder = Responder.objects.get(person=person_id)
    hashed = hash_pin(responder, pin)
    Responder.objects.filter(pk=responder.pk).update(pin_hash=hashed, pin_tries=0, pin_locked_at=None)
    record("person.pin_set", f"person:{person_id}", by=by, now=now)


def take_pin_try(responder_id: UUID) -> int | None:
    """Count one try before the PIN is checked, in one statement. None if no try is left.

    If tries were counted afterwards, any number of them at once would all be checked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_responder SET pin_tries = pin_tries + 1"
            " WHERE id = %s AND pin_locked_at IS NULL AND pin_tries < %s RETURNING pin_tries",
            [responder_id, PIN_TRIES],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def lock_pin(responder_id: UUID, *, now: datetime) -> bool:
    """If no tries are left. A coordinator or a new PIN lifts the lock. False if it was already locked."""
    spent = Responder.objects.filter(pk=responder_id, pin_locked_at=None, pin_tries__gte=PIN_TRIES)
    return bool(spent.update(pin_locked_at=now))


def forget_pin_failures(responder_id: UUID) -> None:
    Responder.objects.filter(pk=responder_id, pin_locked_at=None, pin_tries__gt=0).update(pin_tries=0)


@transaction.atomic
def unlock(person_id: UUID, *, by: Actor, now: datetime) -> None:
    Responder.objects.filter(person=person_id).update(pin_tries=0, pin_locked_at=None)
    record("person.unlocked", f"person:{person_id}", by=by, now=now)
