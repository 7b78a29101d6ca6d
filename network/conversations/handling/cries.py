"""A cry for help from a phone that we don't serve yet: a coordinator is told at once."""

from datetime import datetime, timedelta
from uuid import UUID

from network.audit.rules import ENGINE
from network.desk.actions import raise_need
from network.desk.models import Need
from network.desk.rules import About, Reason

TOLD_AGAIN_AFTER = timedelta(days=1)
MANY = 20  # open cries: more are likely somebody's mischief, and stand for one line


def tell_of_cry(about: About, *, person_id: UUID | None = None, now: datetime) -> None:
    """Tell of one cry per phone and day, whatever became of the first."""
    cries = Need.objects.filter(reason=Reason.CRY)
    if cries.filter(about=str(about), raised_at__gt=now - TOLD_AGAIN_AFTER).exists():
        return
    if cries.filter(closed_at=None).count() >= MANY:
        raise_need(Reason.FLOOD, about=About("strangers", "all"), due_at=now, now=now, by=ENGINE)
        return
    raise_need(Reason.CRY, about=about, now=now, by=ENGINE, person_id=person_id)
