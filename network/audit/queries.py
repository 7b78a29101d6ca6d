"""Reading history."""

from network.audit.models import Entry


def last_seq() -> int:
    """The number of the newest line: what a console has seen up to it, it need not fetch again."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
