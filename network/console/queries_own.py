"""What somebody set up for themselves."""

from uuid import UUID

from network.console.models import SavedView, SingleKeys


def saved_views(staff_id: UUID) -> list[SavedView]:
    """The oldest first."""
    return list(SavedView.objects.filter(staff=staff_id).order_by("saved_at", "pk"))


def single_keys_on(staff_id: UUID) -> bool:
    """They are, until somebody switches theirs off."""
    return not SingleKeys.objects.filter(staff=staff_id, on=False).exists()
