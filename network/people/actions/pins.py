"""Responders' PINs: set, missed, locked."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from network.audit.actions import record
from network.audit.rules import Actor
from network.people.models import Responder
from network.people.pins import hash_pin
from network.people.rules import is_pin

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


@transaction.atomic
def unlock(person_id: UUID, *, by: Actor, now: datetime) -> None:
    Responder.objects.filter(person=person_id).update(pin_tries=0, pin_locked_at=None)
    record("person.unlocked", f"person:{person_id}", by=by, now=now)
