"""What happens to visits by the clock."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from network.audit.rules import ENGINE, Actor
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.dispatch.actions import answering
from network.dispatch.models import Offer
from network.dispatch.rules.case import OfferState
from network.messaging.texts.keys import Text
from network.people.actions import persons
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import open_of_person
from network.support.rules.requests import State
from network.visits import queries
from network.visits.actions.leaving import release_unsafe
from network.visits.actions.locking import lock_visit
from network.visits.actions.notices import tell, tell_at_home
from network.visits.models import Visit
from network.visits.queries import first_name
from network.visits.rules.stages import CAME_SILENCE, LIVE, SILENCE, Stage


def ask_the_silent(*, now: datetime) -> int:
    """Somebody is late to arrive or to finish: ask once whether all is well."""
    late = Q(stage=Stage.GOING, there_by__lte=now) | Q(stage=Stage.THERE, done_by__lte=now)
    silent = Visit.objects.filter(late, asked_at=None)
    due = list(silent.values_list("pk", flat=True))
    for visit_id in due:
        # Ended meanwhile; or there by now, done, or asked by another.
        with suppress(Visit.DoesNotExist), transaction.atomic():
            visit, support_request = lock_visit(visit_id)
            if silent.filter(pk=visit_id).update(asked_at=now):
                tell(visit, Text.ARE_YOU_OK, now=now, name=first_name(visit))
                if visit.stage == Stage.GOING:
                    tell_at_home(visit, support_request, Text.RUNNING_LATE, now=now)
    return len(due)


def flag_the_silent(*, now: datetime) -> int:
    """They didn't answer that, so a person must call. Also members who didn't say how it went."""
    silent = Visit.objects.filter(stage__in=LIVE, asked_at__lte=now - SILENCE, flagged_at=None)
    due = list(silent.values_list("pk", flat=True))
    for visit_id in due:
        with suppress(Visit.DoesNotExist), transaction.atomic():
            visit, support_request = lock_visit(visit_id)
            if silent.filter(pk=visit_id).update(flagged_at=now):
                support.ring(
                    Reason.NOT_DONE if visit.stage == Stage.THERE else Reason.NOT_THERE,
                    support_request,
                    about=About("visit", str(visit_id)),
                    person_id=visit.person_id,
                    by=ENGINE,
                    now=now,
                )
    return len(due) + _flag_no_word_after(now=now)


def _flag_no_word_after(*, now: datetime) -> int:
    asked = SupportRequest.objects.filter(
        came_asked_at__lte=now - CAME_SILENCE, came_answered_at=None, came_flagged_at=None
    ).exclude(state=State.CLOSED)
    due = list(asked.values_list("pk", "member__person"))
    for request_id, person_id in due:
        with transaction.atomic():
            support.lock(request_id)  # they may have answered meanwhile
            if asked.filter(pk=request_id).update(came_flagged_at=now):
                raise_need(
                    Reason.NO_WORD_AFTER,
                    about=About("request", str(request_id)),
                    now=now,
                    by=ENGINE,
                    request_id=request_id,
                    person_id=person_id,
                )
    return len(due)


def suspend(person_id: UUID, *, why: str, by: Actor, now: datetime) -> None:
    """Suspend a responder and release their offers and visits at once. Their own requests for help go on.

    The release is not in the same transaction: a request is always locked before its people, so the person
    must be free again before the requests are locked. Meanwhile every read respects the suspension, and
    the engine finds whatever a crash leaves.
    """
    with transaction.atomic():
        persons.suspend(person_id, why=why, by=by, now=now)
        flag_own_request(person_id, by=by, now=now)
    release_suspended(now=now)


def flag_own_request(person_id: UUID, *, by: Actor, now: datetime) -> None:
    """Somebody suspended who asked for help is helped as before, and a person is told."""
    own = open_of_person(person_id)
    if own:
        raise_need(
            Reason.SUSPENDED,
            about=About("request", str(own.pk)),
            now=now,
            by=by,
            request_id=own.pk,
            person_id=person_id,
        )


def release_suspended(*, now: datetime) -> int:
    """Suspended people hold nothing: withdraw their offers without a text, and end their visits."""
    offers = Offer.objects.filter(state=OfferState.OPEN, person__suspended_at__isnull=False)
    gone = list(offers.values_list("pk", flat=True))
    for offer_id in gone:
        answering.withdraw_offer(offer_id, now=now)
    visits = queries.live().filter(person__suspended_at__isnull=False)
    for visit_id in list(visits.values_list("pk", flat=True)):
        with suppress(Visit.DoesNotExist):  # the page, the task and the engine may all be at this
            release_unsafe(visit_id, reason=Reason.SUSPENDED, by=ENGINE, now=now)
    return len(gone)
