"""What a loss of vouches does to responders and members, and whom a suspension cuts off."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.rules import ENGINE, Actor, staff
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.duty.queries import people_on
from network.people.actions import persons
from network.people.models import Person, Responder
from network.staff.models import Staff
from network.staff.queries import coordinators
from network.trust.actions import proposals, taking_back, vouches
from network.trust.models import Proposal
from network.trust.queries import founding_is_open, trust_rules
from network.trust.rules.graph import Holding, VouchRole, past_probation
from network.trust.rules.proposals import ProposalKind
from network.visits import queries
from network.visits.actions.clocks import flag_own_request, release_suspended
from network.visits.models import Visit
from network.visits.rules.stages import Stage

WHY = "vouches were taken back"


class TooFewVisits(Exception):
    """Probation ends only after some visits; `done` and `wanted` say how many."""

    def __init__(self, done: int, wanted: int) -> None:
        super().__init__(done, wanted)
        self.done, self.wanted = done, wanted


def take_back(what: ProposalKind, about: UUID, *, why: str, staff_id: UUID, now: datetime) -> Proposal | None:
    """Withdraw vouches at once, or, if many people would have too few left, propose it to a second person.

    Raises ProposalNeedsReason, AlreadyProposed, NotEligible.
    """
    if not why.strip():
        raise proposals.ProposalNeedsReason
    with transaction.atomic():
        vouches.hold_the_graph()
        if taking_back.needs_two(what, taking_back.who_would_lose_vouches(what, about, now=now)):
            return proposals.propose(what, about, why=why, staff_id=staff_id, now=now)
        unvouched = taking_back.take_back(
            what, about, why=why.strip()[:300], staff_id=staff_id, by=staff(staff_id), now=now
        )
        handle_lost_vouches(unvouched, by=staff(staff_id), now=now)
    release_suspended(now=now)
    return None


def carry_out_taking_back(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Withdraw what two people agreed on. Tell a coordinator if staff of theirs were on shift."""
    kind = ProposalKind(proposal.what)
    cut_off = who_is_cut_off(proposal.about, now=now) if kind is ProposalKind.SUSPEND_ORGANIZATION else None
    unvouched = taking_back.take_back(
        kind, proposal.about, why=proposal.why, staff_id=proposal.proposed_by_id, by=by, now=now
    )
    handle_lost_vouches(unvouched, by=by, now=now)
    if cut_off and cut_off.on:
        raise_need(Reason.STAFF_CUT_OFF, about=About("organization", str(proposal.about)), now=now, by=by)


@dataclass(frozen=True, slots=True)
class CutOff:
    """Staff of an organization who keep only their own account page once it is suspended."""

    staff: int
    on: int  # of them on shift, or with a live console
    others: int  # who still coordinate then


def who_is_cut_off(organization_id: UUID, *, now: datetime) -> CutOff:
    """Whom a suspension would cut off. Writes nothing."""
    on = [coordinator for coordinator in people_on(now=now) if coordinator.organization_id == organization_id]
    staff = Staff.objects.filter(organization=organization_id, is_active=True).count()
    others = coordinators().exclude(organization=organization_id).count()
    return CutOff(staff, len(on), others)


def handle_lost_vouches(unvouched: frozenset[Holding], *, by: Actor, now: datetime) -> None:
    """Suspend responders and hand members on at once. During a visit, a person decides."""
    for person_id, role in sorted(unvouched, key=str):
        if role is VouchRole.MEMBER:
            vouches.hand_on_member(person_id, by=by, now=now)
    may_be_asked = Responder.objects.filter(
        person__in={person for person, role in unvouched if role != VouchRole.MEMBER}
    )
    for person_id in sorted(may_be_asked.values_list("person", flat=True)):
        _suspend_or_wait(person_id, by=by, now=now)


def _suspend_or_wait(person_id: UUID, *, by: Actor, now: datetime) -> None:
    # An acceptance holds this row too: it is either seen here, or refused after us.
    person = Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person_id)
    if person.suspended_at is not None:
        return
    visit = queries.live_of_person(person_id)
    if visit is None:
        _suspend_unvouched(person_id, by=by, now=now)
        return
    persons.lose_vouches(person_id, by=by, now=now)
    raise_need(
        Reason.VOUCHES_LOST_ON_VISIT,
        about=About("person", str(person_id)),
        now=now,
        by=by,
        request_id=visit.support_request_id,
        person_id=person_id,
    )


def _suspend_unvouched(person_id: UUID, *, by: Actor, now: datetime) -> None:
    persons.suspend(person_id, why=WHY, by=by, now=now)
    raise_need(
        Reason.VOUCHES_LOST, about=About("person", str(person_id)), now=now, by=by, person_id=person_id
    )
    flag_own_request(person_id, by=by, now=now)


def suspend_unvouched(*, now: datetime) -> int:
    """Suspend those whose vouches were withdrawn during a visit, once they have no visit left."""
    waiting = Person.objects.filter(unvouched_at__isnull=False, suspended_at=None).values_list(
        "pk", flat=True
    )
    free = [person_id for person_id in waiting if queries.live_of_person(person_id) is None]
    for person_id in free:
        with transaction.atomic():
            # An acceptance holds this row too; and somebody may have restored them meanwhile.
            held = Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk=person_id)
            still = list(held) and waiting.filter(pk=person_id).exists()
            if still and queries.live_of_person(person_id) is None:
                _suspend_unvouched(person_id, by=ENGINE, now=now)
    return len(free)


def visits_carried_out(person_id: UUID) -> int:
    """How many visits this person carried out, those of requests that are no longer kept among them."""
    before = Responder.objects.filter(person=person_id).values_list("visits_before", flat=True).first()
    return (before or 0) + Visit.objects.filter(person=person_id, stage=Stage.DONE).count()


@transaction.atomic
def end_probation(person_id: UUID, *, by: Actor, now: datetime) -> None:
    """A person's yes to somebody who carried out enough visits. Raises TooFewVisits."""
    done, rules = visits_carried_out(person_id), trust_rules()
    if not past_probation(done, rules, founding=founding_is_open()):
        raise TooFewVisits(done, rules.probation_visits)
    persons.set_probation(person_id, on=False, by=by, now=now)
