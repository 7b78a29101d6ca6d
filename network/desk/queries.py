"""Reading the board's needs."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from network.desk.models import Claim, Need, Tick
from network.desk.rules import PARTS, Group, Reason, Sign, grouped, in_order, silent_parts


def open_needs() -> QuerySet[Need]:
    """Open needs by when they are due. How they come first is for `waiting` and `rows` to say."""
    return Need.objects.filter(closed_at=None).order_by("due_at", "number")


def of_request(request_id: UUID, *, now: datetime) -> list[Need]:
    """Open needs about a request, the worst first."""
    return in_order(open_needs().filter(request_id=request_id), now=now)


def rows(needs: QuerySet[Need] | None = None, *, now: datetime) -> list[Group[Need]]:
    """All that waits, or these: one row for each request, else each person, the worst first."""
    return grouped(open_needs() if needs is None else needs, now=now)


def owner_of(request_id: UUID) -> UUID | None:
    """Who is at work on a request, by their claim."""
    owners = Claim.objects.filter(subject=f"request:{request_id}").values_list("staff_id", flat=True)
    return owners.first()


def strays() -> QuerySet[Need]:
    """Needs that nobody has although their request is taken, but duress, which everybody hears."""
    taken = Exists(Claim.objects.filter(subject=OuterRef("subject")))
    return open_needs().filter(taken, claimed_by=None).exclude(reason=Reason.DURESS)


def next_promise(request_id: UUID) -> datetime | None:
    """When the earliest open promise to this request's member falls due."""
    promised = open_needs().filter(request_id=request_id, promise=True)
    return promised.values_list("due_at", flat=True).first()


def next_promises(request_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """The same of many requests; those without an open promise are left out."""
    promised = open_needs().filter(request_id__in=request_ids, promise=True).order_by("-due_at")
    return {request_id: due for request_id, due in promised.values_list("request_id", "due_at") if request_id}


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
