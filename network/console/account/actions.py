"""The only writer of what a member of staff sets up for their own account."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import staff
from network.console.models import SingleKeys


@transaction.atomic
def set_single_keys(on: bool, *, staff_id: UUID, now: datetime) -> None:
    SingleKeys.objects.update_or_create(staff_id=staff_id, defaults={"on": on})
    record("keys.set", f"staff:{staff_id}", by=staff(staff_id), now=now, on=on)
