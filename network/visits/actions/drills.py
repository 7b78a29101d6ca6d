"""Drills: requests played for practice with chosen responders, which end by themselves."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from network.audit.actions import record
from network.audit.rules import ENGINE, Actor, staff
from network.dispatch.actions import searching
from network.messaging.texts.keys import Text
from network.people.actions.practice import practice_member
from network.people.models import Responder
from network.support import actions as support
from network.support.models import Drill, DrillPerson, SupportRequest
from network.support.rules.requests import Kind, Outcome, State
from network.visits.actions.closing import close_request

CHILDREN = 2  # whom a drill's carers would care for
LONGEST = timedelta(hours=4)


class NobodyChosen(Exception):
    """A drill needs a kind, and somebody who can do it."""


class AlreadyRunning(Exception):
    """One drill runs at a time."""


@transaction.atomic
def start_drill(
    kinds: Collection[Kind],
    people: Collection[UUID],
    *,
    organization_id: UUID,
    language: str,
    lasts: timedelta,
    staff_id: UUID,
    now: datetime,
) -> Drill:
    """Ask these responders, and nobody else, as for one request of each kind near this organization.

    The search, its rules and its clocks are the real ones. It lasts four hours at most. Raises
    NobodyChosen, AlreadyRunning.
    """
    chosen = set(Responder.objects.filter(person__in=people).values_list("person", flat=True))
    if not kinds or not chosen:
        raise NobodyChosen
    by = staff(staff_id)
    try:
        with transaction.atomic():
            drill = Drill.objects.create(
                started_by=staff_id, started_at=now, ends_at=now + min(lasts, LONGEST)
            )
    except IntegrityError:
        raise AlreadyRunning from None
    DrillPerson.objects.bulk_create([DrillPerson(drill=drill, person_id=person_id) for person_id in chosen])
    record("drill.started", f"drill:{drill.pk}", by=by, now=now, people=len(chosen))
    member = practice_member(organization_id, language, now=now)
    for kind in kinds:
        played = support.open_request(
            member, source=SupportRequest.Source.COORDINATOR, by=by, now=now, kind=kind, drill=drill
        )
        if kind is Kind.CHILDCARE:
            support.set_children(played, CHILDREN, by=by, now=now)
        support.confirm_home(played, by=by, now=now)
        searching.start(played.pk, by=by, now=now)
    return drill


def end_drill(drill_id: UUID, ended: Drill.Ended, *, by: Actor, now: datetime) -> None:
    """End it: withdraw offers, end visits, and tell everybody in it. Ending again changes nothing.

    Marked first, in a transaction of its own that waits for nobody: a real search that asks one of its
    people writes the same row while it holds theirs.
    """
    with transaction.atomic():
        if Drill.objects.filter(pk=drill_id, ended_at=None).update(ended_at=now, ended=ended):
            record("drill.ended", f"drill:{drill_id}", by=by, now=now, why=ended.value)
    _close_requests(drill_id, now=now)


def _close_requests(drill_id: UUID, *, now: datetime) -> None:
    ended = Drill.objects.values_list("ended", flat=True).get(pk=drill_id)
    text = Text.DRILL_NEEDED if ended == Drill.Ended.NEEDED else Text.DRILL_OVER
    still = SupportRequest.objects.filter(drill=drill_id).exclude(state=State.CLOSED)
    for request_id in list(still.values_list("pk", flat=True)):
        close_request(
            request_id, outcome=Outcome.HELPED, by=ENGINE, now=now, told=True, off=text, stand_down=text
        )


def end_drills(*, now: datetime) -> int:
    """End drills that have had their time, are all done, or have people whom a real request needs.

    Also finish what a crash left of a drill that ended.
    """
    open_ones = SupportRequest.objects.filter(drill=OuterRef("pk")).exclude(state=State.CLOSED)
    drills = Drill.objects.annotate(plays=Exists(open_ones))
    over = Q(wanted_at__isnull=False) | Q(ends_at__lte=now) | Q(plays=False)
    due = list(drills.filter(over, ended_at=None))
    for drill in due:
        why = Drill.Ended.OVER if drill.ends_at <= now else Drill.Ended.DONE
        end_drill(drill.pk, Drill.Ended.NEEDED if drill.wanted_at else why, by=ENGINE, now=now)
    for drill in drills.filter(plays=True, ended_at__isnull=False):
        _close_requests(drill.pk, now=now)
    return len(due)
