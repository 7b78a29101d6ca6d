"""What happens to visits without a click."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from network.audit.rules import ENGINE, Actor
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.dispatch.models import Offer
from network.dispatch.rules_case import OfferState
from network.messaging.actions import withdraw
from network.messaging.texts import Text
from network.people import actions as people
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import open_of_person
from network.support.rules import State
from network.visits import queries
from network.visits.actions.crew import lock_visit, release_unsafe, tell, tell_at_home
from network.visits.models import Visit
from network.visits.queries import first_name
from network.visits.rules import CAME_SILENCE, SILENCE, Stage


def ask_the_silent(*, now: datetime) -> int:
    """Not there, or not done, in time: ask once whether all is well."""
    late = Q(stage=Stage.GOING, there_by__lte=now) | Q(stage=Stage.THERE, done_by__lte=now)
    due = list(Visit.objects.filter(late, asked_at=None).values_list("pk", flat=True))
    for visit_id in due:
        with transaction.atomic():
            visit, support_request = lock_visit(visit_id)
            if visit.asked_at is None:
                Visit.objects.filter(pk=visit_id).update(asked_at=now)
                tell(visit, Text.ARE_YOU_OK, now=now, name=first_name(visit))
                if visit.stage == Stage.GOING:
                    tell_at_home(visit, support_request, Text.RUNNING_LATE, now=now)
    return len(due)


def flag_the_silent(*, now: datetime) -> int:
    """No answer to that: a person must call. And members who didn't say how it went."""
    silent = queries.live().filter(asked_at__lte=now - SILENCE, flagged_at=None)
    for visit in silent:
        if Visit.objects.filter(pk=visit.pk, flagged_at=None).update(flagged_at=now):
            reason = Reason.NOT_DONE if visit.stage == Stage.THERE else Reason.NOT_THERE
            support.ring(
                reason, visit.support_request, about=About("visit", str(visit.pk)),
                person_id=visit.person_id, by=ENGINE, now=now,
            )  # fmt: skip
    return len(silent) + _flag_no_word_after(now=now)


def _flag_no_word_after(*, now: datetime) -> int:
    asked = SupportRequest.objects.filter(
        came_asked_at__lte=now - CAME_SILENCE, came_answered_at=None, came_flagged_at=None
    ).exclude(state=State.CLOSED)
    for request_id, person_id in asked.values_list("pk", "member__person"):
        SupportRequest.objects.filter(pk=request_id).update(came_flagged_at=now)
        raise_need(
            Reason.NO_WORD_AFTER, about=About("request", str(request_id)), now=now, by=ENGINE,
            request_id=request_id, person_id=person_id,
        )  # fmt: skip
    return len(asked)


def suspend(person_id: UUID, *, why: str, by: Actor, now: datetime) -> None:
    """Suspend a responder and release what hangs on them at once. What they asked for themselves goes on.

    Not in one transaction: a request is locked before its people, everywhere, so the person must be free
    again before the requests are taken. Every read respects the suspension meanwhile.
    """
    people.suspend(person_id, why=why, by=by, now=now)
    release_suspended(now=now)
    mind_own_request(person_id, by=by, now=now)


def mind_own_request(person_id: UUID, *, by: Actor, now: datetime) -> None:
    """Somebody suspended who asked for help themselves is helped as before; a person knows."""
    own = open_of_person(person_id)
    if own:
        raise_need(
            Reason.SUSPENDED, about=About("request", str(own.pk)), now=now, by=by,
            request_id=own.pk, person_id=person_id,
        )  # fmt: skip


def release_suspended(*, now: datetime) -> int:
    """Whoever was suspended holds nothing: offers withdrawn without a word, visits taken off."""
    offers = Offer.objects.filter(state=OfferState.OPEN, person__suspended_at__isnull=False).values_list(
        "pk", flat=True
    )
    gone = list(offers)
    withdraw(now=now, offer_id__in=gone)
    Offer.objects.filter(pk__in=gone, state=OfferState.OPEN).update(state=OfferState.WITHDRAWN, holding=False)
    visits = queries.live().filter(person__suspended_at__isnull=False)
    for visit_id in list(visits.values_list("pk", flat=True)):
        release_unsafe(visit_id, reason=Reason.SUSPENDED, by=ENGINE, now=now)
    return len(gone)
