"""A member's home: frozen, and by two people freed again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.people.models import Member


def freeze_home(member: Member, *, by: Actor, now: datetime) -> None:
    """They moved, or say so: nobody is sent to the home on file until it is confirmed."""
    member.frozen_at, member.unfreeze_by = now, None
    member.save(update_fields=["frozen_at", "unfreeze_by"])
    record("member.frozen", f"person:{member.person_id}", by=by, now=now)


@transaction.atomic
def unfreeze_home(member_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> bool:
    """Two different people lift a freeze. True once the second has."""
    member = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member_id)
    if member.frozen_at is None:
        return True
    second = member.unfreeze_by not in (None, staff_id)
    member.unfreeze_by = None if second else staff_id
    member.frozen_at = None if second else member.frozen_at
    member.save(update_fields=["frozen_at", "unfreeze_by"])
    record(
        "member.unfrozen" if second else "member.unfreeze_asked",
        f"person:{member.person_id}", by=by, now=now,
    )  # fmt: skip
    return second
