"""Changing a member's home takes two people if a request is open or nobody met them, otherwise one."""

from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.enrollment.models import HomeChange
from network.messaging.contacts import reachable_again
from network.people.actions.homes import attest_home, hold_phone
from network.people.models import Claim, Member, Person
from network.people.queries import open_claim
from network.people.rules.claims import from_json, to_json
from network.people.rules.homes import Home
from network.staff.models import Staff
from network.support.queries import open_of_person
from network.trust.actions.proposals import propose
from network.trust.models import Proposal
from network.trust.rules.proposals import ProposalKind


class NotTheirMember(Exception):
    """Only the member's own organization may confirm or change their home."""


@transaction.atomic
def set_home(person_id: UUID, home: Home | None, *, organization_id: UUID, by: Actor, now: datetime) -> None:
    """The organization says where its member lives. None: the home on file is right. It also lifts a freeze,
    except that of a member whom nobody has met.

    If the member belongs to another organization, only this one's claim is changed. Raises NotTheirMember.
    """
    phones = hold_phone(person_id)
    claim = open_claim(person_id, organization_id)
    if claim is not None:
        _set_typed(claim, home, by=by, now=now)
    members = Member.objects.select_for_update(no_key=True, of=("self",))
    member = members.filter(person=person_id, organization=organization_id).first()
    if member is None and claim is None:
        raise NotTheirMember
    if member is not None:
        attest_home(member, home, by=by, now=now)
        for contact in phones:  # the organization confirms the phone, so it is tried again
            reachable_again(contact.pk)


def _set_typed(claim: Claim, home: Home | None, *, by: Actor, now: datetime) -> None:
    entry = from_json(claim.typed)
    if entry.home is None:
        raise NotTheirMember
    if home is not None:
        claim.typed = to_json(replace(entry, home=home))
        claim.save(update_fields=["typed"])
        raise_need(
            Reason.CLAIMED,
            about=About("person", str(claim.person_id)),
            now=now,
            by=by,
            person_id=claim.person_id,
        )
    record(
        "claim.home_changed" if home else "claim.home_confirmed",
        f"person:{claim.person_id}",
        by=by,
        now=now,
        organization=claim.organization_id,
    )


@transaction.atomic
def propose_home(
    person_id: UUID, home: Home | None, *, organization_id: UUID, why: str, staff_id: UUID, now: datetime
) -> Proposal:
    """The first of two people proposes it. Raises NotTheirMember, and what `propose` raises."""
    claim = open_claim(person_id, organization_id)
    about: Claim | Member | None = claim if claim and from_json(claim.typed).home else None
    if claim is None:
        about = Member.objects.filter(person=person_id, organization=organization_id).first()
    if about is None:
        raise NotTheirMember
    proposal = propose(ProposalKind.CHANGE_HOME, about.pk, why=why, staff_id=staff_id, now=now)
    key_id = Person.objects.values_list("key_id", flat=True).get(pk=person_id)
    HomeChange.objects.create(
        proposal=proposal,
        person_id=person_id,
        organization_id=organization_id,
        key_id=key_id,
        **(asdict(home) if home else {}),
    )
    return proposal


def proposed_home(change: HomeChange) -> Home | None:
    """The home that a proposal is about. None if it says that the home on file is right."""
    if not change.street:
        return None
    return Home(change.street, change.unit, change.city or "", change.state, change.zip)


@transaction.atomic
def change_home(
    person_id: UUID, home: Home | None, *, in_person: bool, why: str, staff_id: UUID, now: datetime
) -> Proposal | None:
    """A verifier says where their own member lives. None: the home on file is right.

    If the member has an open request, or they didn't meet, the proposal to a second person is returned.
    Raises NotTheirMember, Staff.DoesNotExist, and what `propose` raises.
    """
    verifier = Staff.objects.get(pk=staff_id, is_active=True, role=Staff.Role.VERIFIER)
    organization_id = verifier.organization_id
    if organization_id is None:
        raise NotTheirMember
    hold_phone(person_id)
    # FOR UPDATE, so that a request that opens in the meantime waits for this, or is seen here.
    locked = Member.objects.select_for_update(of=("self",))
    own_member = locked.filter(person=person_id, organization=organization_id).first()
    # They must not learn whether another organization's member is waiting for help.
    if in_person and (own_member is None or open_of_person(person_id) is None):
        set_home(person_id, home, organization_id=organization_id, by=staff(staff_id), now=now)
        return None
    return propose_home(person_id, home, organization_id=organization_id, why=why, staff_id=staff_id, now=now)


def carry_home(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Change the home as two people agreed. If a request is open, a coordinator is told.

    Visits to the old home are ended afterwards (`release_moved`).
    """
    change = HomeChange.objects.get(proposal=proposal)
    set_home(change.person_id, proposed_home(change), organization_id=change.organization_id, by=by, now=now)
    own_members = Member.objects.filter(person=change.person_id, organization=change.organization_id)
    open_request = open_of_person(change.person_id)
    if open_request is None or not own_members.exists():
        return
    about = About("request", str(open_request.pk))
    settle(Reason.MOVED, Reason.PHONE_UNSURE, about=about, by=by, now=now)
    if change.street:
        raise_need(
            Reason.HOME_CHANGED,
            about=about,
            now=now,
            by=by,
            request_id=open_request.pk,
            person_id=change.person_id,
        )
