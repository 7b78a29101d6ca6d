"""Raising, claiming and closing needs."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest, Least

from network.audit.actions import announce, record, wake
from network.audit.rules import ENGINE, Actor, Detail
from network.desk.models import Need, Tick
from network.desk.queries import signs_of_life
from network.desk.rules import (
    CLAIM_LASTS,
    PARTS,
    About,
    Reason,
    due_in,
    gone_workers,
    silent_parts,
)


class AlreadyTaken(Exception):
    """Somebody else claimed this need first."""


@transaction.atomic
def raise_need(
    reason: Reason,
    *,
    about: About,
    now: datetime,
    by: Actor,
    due_at: datetime | None = None,
    promise: bool = False,
    request_id: UUID | None = None,
    person_id: UUID | None = None,
) -> Need:
    """Put it on the board, or flag the one that is open for the same reason and subject.

    The due time is the one given, else the reason's own; an open need only ever becomes due sooner.
    """
    due = due_at or now + due_in(reason)
    fresh = Need(
        reason=reason,
        about=str(about),
        due_at=due,
        promise=promise,
        raised_at=now,
        request_id=request_id,
        person_id=person_id,
    )
    Need.objects.bulk_create([fresh], ignore_conflicts=True)
    need = Need.objects.select_for_update(no_key=True).get(reason=reason, about=str(about), closed_at=None)
    if need.pk != fresh.pk:
        Need.objects.filter(pk=need.pk).update(raised_again_at=now, due_at=Least("due_at", due))
        need.refresh_from_db(fields=["due_at"])
        announce(f"need:{need.pk}", shows=_row(need))
        return need
    record(
        "need.raised", f"need:{need.pk}", by=by, now=now, request_id=request_id, shows=_row(need),
        reason=reason,
    )  # fmt: skip
    wake("page_duty", once="page_duty")
    return need


@transaction.atomic
def claim(need_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> None:
    """Raises AlreadyTaken when another has it; claiming one's own again changes nothing."""
    free = Need.objects.filter(pk=need_id, closed_at=None, claimed_by=None)
    if free.update(claimed_by=staff_id, claimed_at=now, claim_seen_at=now):
        record("need.claimed", f"need:{need_id}", by=by, now=now, shows=_shows(need_id, "taken"))
    elif not Need.objects.filter(pk=need_id, closed_at=None, claimed_by=staff_id).exists():
        raise AlreadyTaken


def claim_next(*, staff_id: UUID, by: Actor, now: datetime) -> Need | None:
    """Take what is due first of all that nobody has; None where there is nothing to take."""
    return next(_taken(Need.objects.filter(claimed_by=None), staff_id=staff_id, by=by, now=now), None)


def claim_request(request_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> int:
    """Take all that nobody has about one request. Returns how much that was."""
    free = Need.objects.filter(request_id=request_id, claimed_by=None)
    return len(list(_taken(free, staff_id=staff_id, by=by, now=now)))


def _taken(needs: QuerySet[Need], *, staff_id: UUID, by: Actor, now: datetime) -> Iterator[Need]:
    """One by one, and past those that somebody else takes meanwhile."""
    for need in needs.filter(closed_at=None).order_by("due_at", "number"):
        try:
            with transaction.atomic():
                claim(need.pk, staff_id=staff_id, by=by, now=now)
        except AlreadyTaken:
            continue
        yield need


@transaction.atomic
def unclaim(need_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> None:
    mine = Need.objects.filter(pk=need_id, closed_at=None, claimed_by=staff_id)
    if mine.update(claimed_by=None, claimed_at=None, claim_seen_at=None, freed_at=now):
        record("need.unclaimed", f"need:{need_id}", by=by, now=now, shows=_shows(need_id, "free"))


def keep_claims(staff_id: UUID, *, request_id: UUID | None = None, now: datetime) -> None:
    """Whoever has taken something is at work on it: on this request, or on all that they have."""
    mine = Need.objects.filter(closed_at=None, claimed_by=staff_id)
    if request_id:
        mine = mine.filter(request_id=request_id)
    mine.update(claim_seen_at=now)


def lapse_claims(*, now: datetime) -> int:
    """What somebody took and did not touch for ten minutes is free again. Returns how many."""
    idle = Need.objects.filter(closed_at=None, claimed_by__isnull=False, claim_seen_at__lte=now - CLAIM_LASTS)
    lapsed = 0
    for need_id, request_id in idle.values_list("pk", "request_id"):
        with transaction.atomic():
            still = Need.objects.filter(pk=need_id, closed_at=None, claim_seen_at__lte=now - CLAIM_LASTS)
            if still.update(claimed_by=None, claimed_at=None, claim_seen_at=None, freed_at=now):
                record(
                    "need.lapsed", f"need:{need_id}", by=ENGINE, now=now,
                    request_id=request_id, shows=_shows(need_id, "free"),
                )  # fmt: skip
                lapsed += 1
    return lapsed


@transaction.atomic
def free_claims(staff_id: UUID, *, by: Actor, now: datetime) -> int:
    """Everything that somebody had taken is free again: they have left. Returns how many."""
    mine = list(Need.objects.filter(closed_at=None, claimed_by=staff_id).values_list("pk", flat=True))
    for need_id in mine:
        unclaim(need_id, staff_id=staff_id, by=by, now=now)
    return len(mine)


def close(need_id: UUID, *, by: Actor, now: datetime, how: str = "done") -> None:
    """Closing what is closed changes nothing."""
    _close(Need.objects.filter(pk=need_id), by=by, now=now, how=how)


def settle(*reasons: Reason, about: About, by: Actor, now: datetime, how: str = "settled") -> None:
    """Close the open needs of these reasons for this subject: what they asked for has happened."""
    _close(Need.objects.filter(reason__in=reasons, about=str(about)), by=by, now=now, how=how)


def settle_request(request_id: UUID, *, by: Actor, now: datetime, how: str) -> None:
    """Close every open need of a request that has ended."""
    _close(Need.objects.filter(request_id=request_id), by=by, now=now, how=how)


def _close(needs: QuerySet[Need], *, by: Actor, now: datetime, how: str) -> None:
    for need in needs.filter(closed_at=None):
        with transaction.atomic():
            closed = Need.objects.filter(pk=need.pk, closed_at=None)
            if closed.update(closed_at=Greatest(Value(now), F("raised_at")), closed_by=str(by), how=how):
                record(
                    "need.closed", f"need:{need.pk}", by=by, now=now,
                    request_id=need.request_id, shows=_shows(need.pk, "closed"),
                    reason=need.reason, how=how,
                )  # fmt: skip


def _row(need: Need) -> dict[str, Detail]:
    """What a board paints of a need before it has fetched whom it is about."""
    return _shows(need.pk, "open") | {"reason": need.reason, "due": need.due_at, "promise": need.promise}


def _shows(need_id: UUID, state: str) -> dict[str, Detail]:
    return {"need": need_id, "state": state}


def show_life(worker: str, signs: Mapping[str, datetime]) -> None:
    """When each part of this worker was last at work."""
    rows = [Tick(worker=f"{worker}:{part}", at=at) for part, at in sorted(signs.items())]
    Tick.objects.bulk_create(rows, update_conflicts=True, unique_fields=["worker"], update_fields=["at"])


def leave_work(worker: str) -> None:
    """This worker was told to stop: nobody is to wait for it."""
    Tick.objects.filter(worker__startswith=f"{worker}:").delete()


@transaction.atomic
def watch_workers(*, now: datetime) -> None:
    """Put on the board each part of the workers that shows no sign of life, and take it off when it does."""
    signs = signs_of_life()
    silent = silent_parts(signs, now=now) if signs else set()
    rung = Need.objects.filter(reason=Reason.QUEUE_SILENT, closed_at=None)
    told = set(rung.values_list("about", flat=True))
    for part in PARTS:
        about = About("queue", part)
        if part in silent and str(about) not in told:
            raise_need(Reason.QUEUE_SILENT, about=about, now=now, by=ENGINE)
        elif part not in silent and str(about) in told:
            settle(Reason.QUEUE_SILENT, about=about, by=ENGINE, now=now)
    for worker in gone_workers(signs, now=now):
        leave_work(worker)
