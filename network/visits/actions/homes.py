"""A member's home changes: by one person where nobody waits, else by two. Nobody goes on to the old one."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from network.audit.rules import ENGINE, Actor, staff
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.dispatch import actions as dispatch
from network.dispatch.actions.searching import look_now
from network.dispatch.models import Offer, Search
from network.dispatch.rules_case import OfferState
from network.messaging.texts import Text
from network.people import actions as people
from network.people.models import Member, Proposal, Staff
from network.people.rules_enrolling import Home
from network.support import actions as support
from network.support.queries import open_of_person
from network.support.rules import State
from network.visits import queries
from network.visits.actions.crew import end_visit
from network.visits.models import Visit
from network.visits.rules import Stage


@transaction.atomic
def change_home(
    person_id: UUID, home: Home | None, *, in_person: bool, why: str, staff_id: UUID, now: datetime
) -> Proposal | None:
    """A verifier's word for their own member's home; None: the one on file is right.

    A proposal is returned, and a second person must agree, where the member has an open request, or they
    didn't meet. Raises people.NotTheirMember, Staff.DoesNotExist, and what people.propose raises.
    """
    verifier = Staff.objects.get(pk=staff_id, is_active=True, role=Staff.Role.VERIFIER)
    organization_id = verifier.organization_id
    if organization_id is None:
        raise people.NotTheirMember
    people.hold_phone(person_id)
    # The whole lock: a request that opens meanwhile waits for this, or is seen here.
    locked = Member.objects.select_for_update(of=("self",))
    mine = locked.filter(person=person_id, organization=organization_id).first()
    # Whether another organisation's member waits for help is not theirs to learn.
    if in_person and (mine is None or open_of_person(person_id) is None):
        people.set_home(person_id, home, organization_id=organization_id, by=staff(staff_id), now=now)
        return None
    return people.propose_home(
        person_id, home, organization_id=organization_id, why=why, staff_id=staff_id, now=now
    )


def carry_home(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Two people agreed. During an open request a coordinator is told; its visits are ended after."""
    change = people.carry_home(proposal, by=by, now=now)
    mine = Member.objects.filter(person=change.person_id, organization=change.organization_id)
    waiting = open_of_person(change.person_id)
    if waiting is None or not mine.exists():
        return
    about = About("request", str(waiting.pk))
    settle(Reason.MOVED, Reason.PHONE_UNSURE, about=about, by=by, now=now)
    if change.street:
        raise_need(
            Reason.HOME_CHANGED, about=about, now=now, by=by, request_id=waiting.pk,
            person_id=change.person_id,
        )  # fmt: skip


def release_moved(*, now: datetime) -> int:
    """Whoever was asked, or is on the way, for a home that was changed since: taken off, and told; the word
    is void, and others are sought for the new one. Who is there already stays: a person decides."""
    moved = F("support_request__member__moved_at")
    visits = queries.live().filter(began_at__lt=moved).exclude(stage=Stage.THERE)
    for visit_id in list(visits.values_list("pk", flat=True)):
        with suppress(Visit.DoesNotExist):  # ended meanwhile
            end_visit(visit_id, by=ENGINE, now=now)
    offers = Offer.objects.filter(
        state=OfferState.OPEN, asked_at__lt=F("search__support_request__member__moved_at")
    )
    requests = set(offers.values_list("search__support_request", flat=True))
    for request_id in sorted(requests):
        with transaction.atomic():
            support_request = support.lock(request_id)
            if not offers.filter(search__support_request=request_id).exists():  # settled meanwhile
                continue
            dispatch.stand_down(request_id, now=now, text=Text.NO_LONGER_NEEDED)
            if support_request.state == State.SEARCHING:
                look_now(Search.objects.get(support_request=request_id), now=now)
    return len(requests)
