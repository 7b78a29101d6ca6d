"""What an organization sets for itself, and what a spreadsheet changes of it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.organizations.models import Organization


@transaction.atomic
def set_childcare_rule(organization_id: UUID, *, on: bool, by: Actor, now: datetime) -> None:
    """While on, only people whom the organization itself vouches for care for its members' children."""
    other = Organization.objects.filter(pk=organization_id, childcare_own_vouch=not on)
    if other.update(childcare_own_vouch=on):
        record("organization.childcare_rule", f"organization:{organization_id}", by=by, now=now, on=int(on))


def update_changed(row: Organization, values: Mapping[str, object]) -> bool:
    """Write what differs; whether anything did."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)
