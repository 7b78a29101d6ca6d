"""What trust taken back does to responders and members, and what several people agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.rules import ENGINE, Actor, staff
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.duty.queries import people_on
from network.people import actions as people
from network.people.actions.agreeing import CarryOut
from network.people.models import Person, Proposal, Responder, Staff
from network.people.queries import coordinators
from network.people.queries_trust import founding_is_open, trust_rules
from network.people.rules_agreeing import What
from network.people.rules_trust import Holding, Role, past_probation
from network.visits import queries
from network.visits.actions.clocks import mind_own_request, release_suspended
from network.visits.actions.homes import carry_home, release_moved
from network.visits.models import Visit
from network.visits.rules import Stage

WHY = "vouches were taken back"


class TooFewVisits(Exception):
    """Probation ends only after some visits; `done` and `wanted` say how many."""

    def __init__(self, done: int, wanted: int) -> None:
        super().__init__(done, wanted)
        self.done, self.wanted = done, wanted


def take_back(what: What, about: UUID, *, why: str, staff_id: UUID, now: datetime) -> Proposal | None:
    """Take a word back: at once, or, where many would fall, as a proposal for a second person.

    Raises people.NeedsReason, AlreadyProposed, NotHeard.
    """
    if not why.strip():
        raise people.NeedsReason
    with transaction.atomic():
        people.hold_the_graph()
        if people.needs_two(what, people.would_fall(what, about, now=now)):
            return people.propose(what, about, why=why, staff_id=staff_id, now=now)
        falls = people.take_back(
            what, about, why=why.strip()[:300], staff_id=staff_id, by=staff(staff_id), now=now
        )
        mind_fallen(falls, by=staff(staff_id), now=now)
    release_suspended(now=now)
    return None


def agree(proposal_id: UUID, *, staff_id: UUID, now: datetime) -> bool:
    """One more yes; True once it is carried out. Raises what people.agree raises."""
    with transaction.atomic():
        people.hold_the_graph()
        done = people.agree(
            proposal_id, staff_id=staff_id, carry_out=carriers(by=staff(staff_id), now=now), now=now
        )
    release_suspended(now=now)
    release_moved(now=now)
    return done


def settle_proposals(*, now: datetime) -> int:
    """Proposals whose time is up: an admission with its quorum is carried out, the rest are over."""
    return people.settle_proposals(carry_out=carriers(by=ENGINE, now=now), now=now)


def carriers(*, by: Actor, now: datetime) -> Mapping[What, CarryOut]:
    """What carries out each kind of proposal."""

    def taking_back(proposal: Proposal) -> None:
        what = What(proposal.what)
        cut_off = who_is_cut_off(proposal.about, now=now) if what is What.SUSPEND_ORGANIZATION else None
        falls = people.take_back(
            what, proposal.about, why=proposal.why, staff_id=proposal.proposed_by_id, by=by, now=now
        )
        mind_fallen(falls, by=by, now=now)
        if cut_off and cut_off.on:
            raise_need(Reason.STAFF_CUT_OFF, about=About("organization", str(proposal.about)), now=now, by=by)

    return {
        What.ADMIT: lambda proposal: people.admit(proposal, by=by, now=now),
        What.RESTORE_ORGANIZATION: lambda proposal: people.restore_organization(proposal, by=by, now=now),
        What.CHANGE_HOME: lambda proposal: carry_home(proposal, by=by, now=now),
        What.TRUST_NUMBERS: lambda proposal: people.set_numbers(proposal, by=by, now=now),
        What.EXPORT_KEY: lambda proposal: people.set_export_key(proposal, by=by, now=now),
        What.EXPORT_PEOPLE: lambda proposal: people.make_export(proposal, by=by, now=now),
        What.SUSPEND_ORGANIZATION: taking_back,
        What.WITHDRAW_VOUCH: taking_back,
        What.WITHDRAW_VERIFIER: taking_back,
    }


@dataclass(frozen=True, slots=True)
class CutOff:
    """Staff of an organisation that have only their account left once it is suspended."""

    staff: int
    on: int  # of them on shift, or with a live console
    others: int  # who still coordinate then


def who_is_cut_off(organization_id: UUID, *, now: datetime) -> CutOff:
    """Whom a suspension would cut off. Writes nothing."""
    on = [one for one in people_on(now=now) if one.organization_id == organization_id]
    staff = Staff.objects.filter(organization=organization_id, is_active=True).count()
    others = coordinators().exclude(organization=organization_id).count()
    return CutOff(staff, len(on), others)


def mind_fallen(falls: frozenset[Holding], *, by: Actor, now: datetime) -> None:
    """Responders are suspended at once, members handed on; about who is on a visit a person decides."""
    for person_id, role in sorted(falls, key=str):
        if role is Role.MEMBER:
            people.hand_on_member(person_id, by=by, now=now)
    may_be_asked = Responder.objects.filter(
        person__in={person for person, role in falls if role != Role.MEMBER}
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
        _suspend_fallen(person_id, by=by, now=now)
        return
    people.fall(person_id, by=by, now=now)
    raise_need(
        Reason.FALLEN_ON_VISIT, about=About("person", str(person_id)), now=now, by=by,
        request_id=visit.support_request_id, person_id=person_id,
    )  # fmt: skip


def _suspend_fallen(person_id: UUID, *, by: Actor, now: datetime) -> None:
    people.suspend(person_id, why=WHY, by=by, now=now)
    raise_need(Reason.FALLEN, about=About("person", str(person_id)), now=now, by=by, person_id=person_id)
    mind_own_request(person_id, by=by, now=now)


def suspend_fallen(*, now: datetime) -> int:
    """Those whose vouches were taken back during a visit, once no visit of theirs is left."""
    waiting = Person.objects.filter(fallen_at__isnull=False, suspended_at=None).values_list("pk", flat=True)
    free = [person_id for person_id in waiting if queries.live_of_person(person_id) is None]
    for person_id in free:
        with transaction.atomic():
            # An acceptance holds this row too; and somebody may have restored them meanwhile.
            held = Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk=person_id)
            still = list(held) and waiting.filter(pk=person_id).exists()
            if still and queries.live_of_person(person_id) is None:
                _suspend_fallen(person_id, by=ENGINE, now=now)
    return len(free)


def visits_carried_out(person_id: UUID) -> int:
    return Visit.objects.filter(person=person_id, stage=Stage.DONE).count()


@transaction.atomic
def end_probation(person_id: UUID, *, by: Actor, now: datetime) -> None:
    """A person's yes to whoever carried out enough visits. Raises TooFewVisits."""
    done, rules = visits_carried_out(person_id), trust_rules()
    if not past_probation(done, rules, founding=founding_is_open()):
        raise TooFewVisits(done, rules.probation_visits)
    people.set_probation(person_id, on=False, by=by, now=now)
