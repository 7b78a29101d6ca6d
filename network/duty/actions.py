"""Being at the console, and paging phones when nobody is."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from network.desk.models import Need
from network.desk.queries import open_needs
from network.duty.models import Page, Presence
from network.duty.queries import somebody_on
from network.duty.rules import PAGE_EVERY
from network.messaging.actions import Purpose, queue
from network.messaging.rules import Lane
from network.messaging.texts import Text
from network.people.models import Staff

PAGES_AHEAD = timedelta(days=1)  # what is due later rings nobody out of bed
PAGING_LOCK = 7202  # an advisory lock's number: one process pages at a time


def be_present(staff_id: UUID, *, now: datetime) -> None:
    Presence.objects.update_or_create(staff_id=staff_id, defaults={"seen_at": now})


@transaction.atomic
def page(*, now: datetime) -> int:
    """With nobody on, text a need's number to every coordinator's phone. Returns the texts owed.

    At most one round in five minutes, about the need due next that nobody was paged for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PAGING_LOCK])
    need = open_needs().filter(paged_at=None, claimed_by=None, due_at__lte=now + PAGES_AHEAD).first()
    if need is None or somebody_on(now=now) or _paged_lately(now=now):
        return 0
    Need.objects.filter(pk=need.pk).update(paged_at=now)
    Page.objects.create(at=now, need_id=need.pk)
    return sum(_text(staff, need, now=now) for staff in _with_phones())


def _paged_lately(*, now: datetime) -> bool:
    return Page.objects.filter(at__gt=now - PAGE_EVERY).exists()


def _with_phones() -> list[Staff]:
    roles = (Staff.Role.COORDINATOR, Staff.Role.STEWARD)
    return list(Staff.objects.filter(is_active=True, role__in=roles, phone__isnull=False))


def _text(staff: Staff, need: Need, *, now: datetime) -> bool:
    owed = queue(
        staff.phone, Text.STAFF_PAGE, staff.language,
        prefix=settings.NETWORK_PREFIX, number=need.number,
        purpose=Purpose(Lane.STAFF, need.request_id), now=now,
    )  # fmt: skip
    return owed is not None
