"""People as a viewer may see them, and whether they can be texted."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from network.console.shell import words
from network.enrollment.queries.claims import as_typed
from network.messaging.queries import Silence, silenced
from network.people.models import Person
from network.staff.models import Staff


def silence_in_words(person: Person | None, silent: dict[bytes, Silence]) -> str | Promise:
    why = silent.get(bytes(person.fingerprint)) if person else None
    return words.SILENCES[why] if why else ""


def silence_of_person(person: Person) -> str | Promise:
    """Why this person can't be texted, in words; empty when they can."""
    return silence_in_words(person, silenced([bytes(person.fingerprint)]))


def as_seen(people: Iterable[Person], *, viewer: Staff) -> dict[UUID, datetime]:
    """A verifier is shown whom others had here already as their own organization typed them. Since when."""
    return as_typed(people, viewer.organization_id) if viewer.role == Staff.Role.VERIFIER else {}
