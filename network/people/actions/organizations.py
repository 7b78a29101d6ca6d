"""What organisations are, and ask for."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.people.models import Organization


@transaction.atomic
def set_childcare_rule(organization_id: UUID, *, on: bool, by: Actor, now: datetime) -> None:
    """While on, only people whom the organisation itself vouches for care for its members' children."""
    other = Organization.objects.filter(pk=organization_id, childcare_own_vouch=not on)
    if other.update(childcare_own_vouch=on):
        record("organization.childcare_rule", f"organization:{organization_id}", by=by, now=now, on=int(on))
