"""Claims: what an organization typed about somebody who was already here, until it is compared."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.enrollment.rules.claims import Difference, typed
from network.enrollment.rules.entries import NewMember, NewResponder
from network.organizations.models import Organization
from network.people.models import Claim, Member, Person, Responder
from network.people.rules.claims import from_json, to_json
from network.people.rules.homes import Home, same_home


def keep_claim(
    entry: NewMember | NewResponder,
    person: Person,
    claim: Claim | None,
    organization: Organization,
    *,
    now: datetime,
) -> Claim:
    """Keep a new claim, or add another role to an earlier one."""
    if claim is None:
        return Claim.objects.create(
            organization=organization,
            person=person,
            key_id=person.key_id,
            typed=to_json(typed(entry)),
            made_at=now,
            told_at=now,
        )
    claim.typed = to_json(typed(entry, from_json(claim.typed)))
    claim.told_at = now
    claim.save(update_fields=["typed", "told_at"])
    return claim


def differences(person: Person, claim: Claim) -> list[Difference]:
    """Where what an organization typed differs from what is on file."""
    entry, differing = from_json(claim.typed), list[Difference]()
    member = Member.objects.filter(person=person).first()
    if member and entry.home and not same_home(_home_of(member), entry.home):
        differing.append(Difference.HOME)
    kinds = Responder.objects.filter(person=person).values_list("kinds", flat=True).first()
    if kinds is not None and set(entry.kinds) - set(kinds):
        differing.append(Difference.KINDS)
    if person.standing == Person.Standing.REFUSED:
        differing.append(Difference.REFUSED)
    if person.vouches.filter(organization=claim.organization_id, held=True, withdrawn_at=None).exists():
        differing.append(Difference.RING)
    return differing


def _home_of(member: Member) -> Home:
    return Home(member.street, member.unit, member.city, member.state, member.zip)


@transaction.atomic
def disown(person_id: UUID, *, told_at: datetime, by: Actor, now: datetime) -> bool:
    """Note that the phone answered "not me" to this organization. False if it has no claim."""
    for claim in Claim.objects.filter(person=person_id, told_at=told_at, settled_at=None):
        claim.disowned_at = now
        claim.save(update_fields=["disowned_at"])
        record("person.disowned", f"person:{person_id}", by=by, now=now, organization=claim.organization_id)
        return True
    return False


@transaction.atomic
def settle_claims(person_id: UUID, *, staff_id: UUID, now: datetime) -> int:
    """Close the claims once a coordinator has compared them, so that the organizations see what is on file.

    Returns how many there were.
    """
    rows = Claim.objects.filter(person=person_id, settled_at=None)
    settled = rows.update(settled_at=now, settled_by=staff_id)
    if settled:
        by, about = staff(staff_id), About("person", str(person_id))
        record("person.claims_settled", f"person:{person_id}", by=by, now=now, claims=settled)
        settle(Reason.CLAIMED, about=about, by=by, now=now)
    return settled


def flag_differences(person: Person, claim: Claim, *, staff_id: UUID, now: datetime) -> None:
    """If anything differs, raise a need for a coordinator to compare."""
    if differences(person, claim):
        raise_need(
            Reason.CLAIMED,
            about=About("person", str(person.pk)),
            now=now,
            by=staff(staff_id),
            person_id=person.pk,
        )
