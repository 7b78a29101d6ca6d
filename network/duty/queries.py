"""Who is on."""

from datetime import datetime
from uuid import UUID

from network.duty.models import Presence
from network.duty.rules import LIVE_FOR, SHIFT_MOST
from network.people.models import Staff


def who_is_on(*, now: datetime) -> Staff | None:
    """A coordinator whose console is live, the one seen last; None when nobody is on."""
    live = Presence.objects.filter(
        seen_at__gt=now - LIVE_FOR,
        staff__is_active=True,
        staff__role__in=(Staff.Role.COORDINATOR, Staff.Role.STEWARD),
    )
    latest = live.select_related("staff").order_by("-seen_at").first()
    return latest.staff if latest else None


def somebody_on(*, now: datetime) -> bool:
    """Whether a coordinator's console was live within the last two minutes."""
    return who_is_on(now=now) is not None


def came_on(staff_id: UUID, *, now: datetime) -> bool:
    """Whether this one opened the board within a shift's length: what counts as on shift for access."""
    return Presence.objects.filter(staff=staff_id, seen_at__gt=now - SHIFT_MOST).exists()
