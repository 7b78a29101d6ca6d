"""Ending a shift with a hand-off, and accepting one."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.desk import actions as desk
from network.desk.models import Need
from network.desk.queries import open_needs
from network.desk.rules import in_order
from network.duty.actions.shifts import NotYourShift
from network.duty.models import Handoff, Shift
from network.duty.queries import own_shift
from network.duty.rules.shifts import ShiftState

MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class HandoffLines:
    """What only a person knows: what can't wait, what to watch, what people were told."""

    urgent: str
    watch: str
    told: str


class AcceptedAlready(Exception):
    """Somebody else has accepted this hand-off."""


@transaction.atomic
def end_shift(
    staff_id: UUID,
    lines: HandoffLines,
    *,
    requests: Collection[UUID],
    visits: Collection[UUID],
    by: Actor,
    now: datetime,
) -> Handoff:
    """Leave, with what is open on record. One's claims go back: each rings until somebody has it.

    Raises NotYourShift when no shift of one's own runs.
    """
    shift = own_shift(staff_id, now=now)
    if shift is None or not Shift.objects.filter(pk=shift.pk, state=ShiftState.STARTED).update(
        state=ShiftState.ENDED, ended_at=now
    ):
        raise NotYourShift
    handoff = Handoff.objects.create(
        shift=shift,
        key_id=shift.staff.key_id,
        by_id=staff_id,
        at=now,
        urgent=lines.urgent[:MOST_WORDS],
        watch=lines.watch[:MOST_WORDS],
        told=lines.told[:MOST_WORDS],
        requests=list(requests),
        visits=list(visits),
        needs=[need.pk for need in in_order(open_needs(), now=now)],
    )
    desk.free_claims(staff_id, by=by, now=now)
    record(
        "shift.ended",
        f"shift:{shift.pk}",
        by=by,
        now=now,
        requests=len(handoff.requests),
        needs=len(handoff.needs),
        visits=len(handoff.visits),
    )
    return handoff


@transaction.atomic
def accept_handoff(handoff_id: UUID, *, staff_id: UUID, by: Actor, now: datetime) -> None:
    """ "I have it": what the other had claimed and nobody took since, is now one's own.

    Raises AcceptedAlready, NotYourShift for one's own hand-off.
    """
    handoff = Handoff.objects.select_for_update(of=("self",)).get(pk=handoff_id)
    if handoff.accepted_at is not None:
        raise AcceptedAlready
    if handoff.by_id == staff_id:
        raise NotYourShift
    Handoff.objects.filter(pk=handoff_id).update(accepted_by=staff_id, accepted_at=now)
    left = Need.objects.filter(pk__in=handoff.needs, freed_at=handoff.at, claimed_by=None, closed_at=None)
    for need in in_order(left, now=now):
        with suppress(desk.AlreadyTaken):  # another is at work on that request since
            desk.claim(need.pk, staff_id=staff_id, by=by, now=now)
    record("handoff.accepted", f"handoff:{handoff_id}", by=by, now=now, staff=staff_id)
