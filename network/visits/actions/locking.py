"""One visit under its lock, and its line of history."""

from datetime import datetime
from uuid import UUID

from network.audit.actions import record
from network.audit.rules import Actor
from network.support import actions as support
from network.support.models import SupportRequest
from network.visits import queries
from network.visits.models import Visit


def lock_visit(visit_id: UUID) -> tuple[Visit, SupportRequest]:
    """The visit and its request, locked. Raises Visit.DoesNotExist once the visit has ended."""
    request_id = Visit.objects.values_list("support_request", flat=True).get(pk=visit_id)
    support_request = support.lock(request_id)
    return queries.live().get(pk=visit_id), support_request


def recorded(action: str, visit: Visit, *, by: Actor, now: datetime) -> None:
    """One line of history about a visit."""
    record(
        action,
        f"visit:{visit.pk}",
        by=by,
        now=now,
        request_id=visit.support_request_id,
        person=visit.person_id,
    )
