"""Reading support requests."""

from uuid import UUID

from django.db.models import QuerySet

from network.support.models import SupportRequest
from network.support.rules import State


def open_requests() -> QuerySet[SupportRequest]:
    return SupportRequest.objects.exclude(state=State.CLOSED)


def open_of_person(person_id: UUID) -> SupportRequest | None:
    """The one open request of this member, if they have one."""
    return (
        open_requests()
        .select_related("member__person", "member__organization")
        .filter(member__person_id=person_id)
        .first()
    )
