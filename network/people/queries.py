"""Reading people."""

from uuid import UUID

from network.database.compiled import Compiled
from network.people.models import Claim, Person

_by_fingerprint = Compiled(
    lambda print_: Person.objects.select_related("member__organization", "responder").filter(
        fingerprint=print_
    )
)


def person_by_fingerprint(print_: bytes) -> Person | None:
    return _by_fingerprint.first(print_)


def open_claim(person_id: UUID, organization_id: UUID | None) -> Claim | None:
    """The claim by which this organization sees this person, if it has one."""
    return Claim.objects.filter(person=person_id, organization=organization_id, settled_at=None).first()
