"""Who is on."""

from datetime import datetime

from network.duty.models import Presence
from network.duty.rules import LIVE_FOR
from network.people.models import Staff


def somebody_on(*, now: datetime) -> bool:
    """Whether a coordinator's console was live within the last two minutes."""
    return Presence.objects.filter(
        seen_at__gt=now - LIVE_FOR,
        staff__is_active=True,
        staff__role__in=(Staff.Role.COORDINATOR, Staff.Role.STEWARD),
    ).exists()
