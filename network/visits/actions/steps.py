"""There, done, and how it went."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.rules import ENGINE, Actor
from network.desk.actions import raise_need, settle, settle_request
from network.desk.rules import About, Reason
from network.dispatch.actions import answering
from network.messaging.texts.keys import Text
from network.people.actions import persons
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.rules.requests import Event, Kind, Outcome
from network.visits import queries
from network.visits.actions.leaving import end
from network.visits.actions.locking import lock_visit, recorded
from network.visits.actions.notices import tell, tell_at_home
from network.visits.models import Visit
from network.visits.queries import first_name
from network.visits.rules import stages
from network.visits.rules.stages import Plan, Stage, VisitStep


@transaction.atomic
def arrive(visit_id: UUID, *, by: Actor, now: datetime) -> Visit:
    """They are there. Raises rules.NotNow while the second adult is missing."""
    visit, support_request = lock_visit(visit_id)
    if visit.stage == Stage.THERE:
        return visit
    visit.stage = stages.after(Stage(visit.stage), VisitStep.ARRIVE)
    visit.there_at, visit.asked_at, visit.flagged_at = now, None, None
    visit.done_by = stages.done_by(now, Kind(support_request.kind))
    visit.save(update_fields=["stage", "there_at", "asked_at", "flagged_at", "done_by"])
    settle(Reason.NOT_THERE, about=About("visit", str(visit.pk)), by=by, now=now)
    tell(visit, Text.THERE, now=now)
    tell_at_home(visit, support_request, Text.ARRIVED, now=now)
    recorded("visit.there", visit, by=by, now=now)
    return visit


@transaction.atomic
def finish(visit_id: UUID, *, by: Actor, now: datetime) -> Visit:
    """They are done; when they were the last, the member is asked whether they came."""
    visit, support_request = lock_visit(visit_id)
    visit.stage = stages.after(Stage(visit.stage), VisitStep.FINISH)
    practice = visit.offer.drill
    if not practice:
        visit.fine_asked_at = now
        visit.save(update_fields=["fine_asked_at"])
    end(visit, now=now)
    answering.release(visit.offer, by=by, now=now)
    if practice:
        tell(visit, Text.DRILL_OVER, now=now)
    else:
        tell(visit, Text.DONE, now=now, name=first_name(visit))
    recorded("visit.done", visit, by=by, now=now)
    if practice and not queries.of_request(support_request.pk):
        support.advance(support_request, Event.CLOSE, by=by, now=now, outcome=Outcome.HELPED)
    elif not queries.of_request(support_request.pk):
        _ask_if_they_came(support_request, now=now)
    return visit


def _ask_if_they_came(support_request: SupportRequest, *, now: datetime) -> None:
    if support_request.came_asked_at is not None or support_request.duress:
        return
    support_request.came_asked_at = now
    support_request.save(update_fields=["came_asked_at"])
    names = queries.names_who_came(support_request)
    if len(names) > 1:
        support.tell_member(support_request, Text.DID_BOTH_COME, now=now, name=names[0], other=names[1])
    else:
        support.tell_member(support_request, Text.DID_THEY_COME, now=now, name=names[0])


@transaction.atomic
def plan_help(visit_id: UUID, *, plan: Plan, by: Actor, now: datetime) -> Visit:
    """A lawyer calls, or comes; the member is told which."""
    visit, support_request = lock_visit(visit_id)
    if visit.plan == plan:
        return visit
    visit.plan = plan
    visit.save(update_fields=["plan"])
    recorded(f"visit.plan_{plan}", visit, by=by, now=now)
    if support_request.duress:
        return visit
    if plan is Plan.CALL and not support_request.member.person.safe_to_call:
        # The lawyer isn't shown the number: a coordinator writes, and that is what the member is told.
        support.ring(Reason.PERSON_PLEASE, support_request, by=by, now=now)
    text = Text.LAWYER_CALLS if plan is Plan.CALL else Text.LAWYER_ON_THE_WAY
    support.tell_member(support_request, text, now=now, name=first_name(visit))
    return visit


def ask_for_person(visit_id: UUID, *, by: Actor, now: datetime) -> None:
    """Somebody on a visit wants a person at once: every console rings."""
    visit = Visit.objects.get(pk=visit_id)
    raise_need(
        Reason.VISITOR_NEEDS_PERSON,
        about=About("visit", str(visit.pk)),
        now=now,
        by=by,
        request_id=visit.support_request_id,
        person_id=visit.person_id,
    )


@transaction.atomic
def answer_came(request_id: UUID, *, well: bool, by: Actor, now: datetime) -> None:
    """The member's answer on how it went. If all is well and nobody is out, the request closes itself."""
    support_request = support.lock(request_id)
    support_request.came_answered_at = now
    support_request.save(update_fields=["came_answered_at"])
    about = About("request", str(request_id))
    settle(Reason.NO_WORD_AFTER, about=about, by=by, now=now)
    if not well:
        raise_need(
            Reason.DID_NOT_COME,
            about=about,
            now=now,
            by=by,
            request_id=request_id,
            person_id=support_request.member.person_id,
        )
    elif not queries.of_request(request_id):
        support.advance(support_request, Event.CLOSE, by=by, now=now, outcome=Outcome.HELPED)
        settle_request(request_id, by=by, now=now, how=Outcome.HELPED)


@transaction.atomic
def answer_fine(visit_id: UUID, *, fine: bool, by: Actor, now: datetime) -> None:
    """The responder's answer on how it went."""
    visit = Visit.objects.get(pk=visit_id)
    Visit.objects.filter(pk=visit_id).update(fine_answered_at=now)
    if not fine:
        persons.set_rest(visit.person_id, until=now + stages.RESTS_FOR, by=by, now=now)
        raise_need(
            Reason.VISITOR_NEEDS_PERSON,
            about=About("person", str(visit.person_id)),
            now=now,
            by=ENGINE,
            request_id=visit.support_request_id,
            person_id=visit.person_id,
        )
