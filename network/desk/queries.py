"""Reading the board's needs."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from network.desk.models import Need, Tick
from network.desk.rules import PARTS, Sign, silent_parts


def open_needs() -> QuerySet[Need]:
    """Open needs, the one due next first."""
    return Need.objects.filter(closed_at=None).order_by("due_at", "number")


def of_request(request_id: UUID) -> QuerySet[Need]:
    return open_needs().filter(request_id=request_id)


def next_promise(request_id: UUID) -> datetime | None:
    """When the earliest open promise to this request's member falls due."""
    promised = open_needs().filter(request_id=request_id, promise=True)
    return promised.values_list("due_at", flat=True).first()


def next_promises(request_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """The same of many requests; those without an open promise are left out."""
    promised = open_needs().filter(request_id__in=request_ids, promise=True).order_by("-due_at")
    return {one: due for one, due in promised.values_list("request_id", "due_at") if one}


def signs_of_life() -> list[Sign]:
    """The last of each part of each worker that has not left."""
    rows = Tick.objects.order_by("worker").values_list("worker", "at")
    found = []
    for name, at in rows:
        worker, _, part = name.rpartition(":")
        found.append(Sign(worker, part, at))
    return found


def quiet_parts(*, now: datetime) -> list[str]:
    """The parts of the workers' work that somebody must look at."""
    silent = silent_parts(signs_of_life(), now=now)
    return [part for part in PARTS if part in silent]
