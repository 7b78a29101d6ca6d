"""Reading history."""

from django.db.models import Q, QuerySet

from network.audit.models import Entry, Line, Whom


def last_seq() -> int:
    """The number of the newest line: what a console has seen up to it, it need not fetch again."""
    return Line.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def lines_that_name(whom: Q) -> QuerySet[Entry]:
    """Lines by whom they name: `Whom` has the indexes for it."""
    return Entry.objects.filter(pk__in=Whom.objects.filter(whom).values("pk"))
