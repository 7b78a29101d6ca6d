"""Reading support requests."""

from uuid import UUID

from django.db.models import QuerySet

from network.people.rules_access import Action, Who, scope_of
from network.support.models import SupportRequest
from network.support.rules import Kind, State


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


def visible_to(one: Who) -> QuerySet[SupportRequest]:
    """The requests that this member of staff may see at all; the rest is unknown to them."""
    if scope_of(one, Action.SEE_REQUESTS) is not None:
        return SupportRequest.objects.all()
    if scope_of(one, Action.READ_LEGAL) is not None and one.organization is not None:
        return SupportRequest.objects.filter(kind=Kind.LEGAL, member__organization=one.organization)
    return SupportRequest.objects.none()
