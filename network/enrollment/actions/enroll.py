"""Enrolling somebody by a form: entered as by a spreadsheet, with consent, and a vouch or a claim."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.enrollment.actions.claims import flag_differences, keep_claim
from network.enrollment.actions.entering import Entered, enter_members, enter_responders
from network.enrollment.models import Consent
from network.enrollment.queries.visible import people_of
from network.enrollment.rules.entries import NewMember, NewResponder
from network.organizations.models import Organization
from network.people.actions.homes import freeze_home
from network.people.models import Claim, Member, Person
from network.people.queries import open_claim
from network.privacy.queries import fingerprint
from network.trust.actions.vouches import NotVouched, give_vouch, hold_the_graph, introduce_person
from network.trust.queries import roles_of, roles_typed
from network.trust.rules.graph import VouchRole
from network.trust.rules.vouching import VouchRefusal


class HereAlready(Exception):
    """This organization already has this person in this role."""

    def __init__(self, person_id: UUID) -> None:
        super().__init__()
        self.person_id = person_id


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """How consent was asked for: the version of the words, and the language they were read in."""

    version: int
    language: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """`claimed` if they were already here, which the person who enrolled them must not learn."""

    person: Person
    claimed: bool


@transaction.atomic
def enroll(
    entry: NewMember | NewResponder,
    *,
    organization_id: UUID,
    asked: ConsentAsked | None,
    met_in_person: bool,
    staff_id: UUID,
    now: datetime,
) -> Enrolled:
    """Enter somebody for an organization, with a vouch in each role if its verifier has met them. Otherwise
    nobody is sent to a member's home until a verifier has.

    Nothing changes of a person whom another organization has enrolled: what was typed is kept as a claim.
    Raises HereAlready, and what `give_vouch` raises.
    """
    hold_the_graph()  # one enrollment at a time, so that a phone is entered once
    organization = Organization.objects.in_good_standing().filter(pk=organization_id).first()
    if organization is None:
        raise NotVouched(VouchRefusal.ORGANIZATION)
    known = Person.objects.filter(fingerprint=fingerprint(entry.person.phone)).first()
    claim = open_claim(known.pk, organization_id) if known else None
    is_own = known is not None and claim is None and people_of(organization_id).filter(pk=known.pk).exists()
    claimed, roles = known is not None and not is_own, _roles(entry)
    if known and (is_own or claim):
        _refuse_a_second_time(known, claim, roles)
    entered = _enter(entry, organization, by=staff(staff_id), now=now)
    person = entered.person
    if entered.new and isinstance(entry, NewMember) and not met_in_person:
        member = Member.objects.get(person=person)
        freeze_home(member, Member.Frozen.UNMET, by=staff(staff_id), now=now)
    if claimed:
        claim = keep_claim(entry, person, claim, organization, now=now)
    _keep_consent(person, organization, entry, asked, staff_id=staff_id, now=now)
    _vouch_or_ask(person, organization_id, roles, met_in_person, staff_id=staff_id, now=now)
    record(
        "person.enrolled",
        f"person:{person.pk}",
        by=staff(staff_id),
        now=now,
        organization=organization_id,
        claimed=claimed,
        role=roles[0],
    )
    if claim:
        flag_differences(person, claim, staff_id=staff_id, now=now)
    return Enrolled(person, claimed)


def _refuse_a_second_time(person: Person, claim: Claim | None, roles: list[VouchRole]) -> None:
    """Raises HereAlready for a role in which this organization already has them. Kinds aren't added."""
    has = set(roles_typed(claim)) if claim else set(roles_of(person))
    if has & set(roles) or (VouchRole.MEMBER not in roles and has - {VouchRole.MEMBER}):
        raise HereAlready(person.pk)


def _vouch_or_ask(
    person: Person, organization_id: UUID, roles: list[VouchRole], met: bool, *, staff_id: UUID, now: datetime
) -> None:
    """The verifier's own vouch. Without one, the organization can at least see a responder."""
    for role in roles:
        if met:
            give_vouch(person.pk, role=role, met_in_person=True, staff_id=staff_id, now=now)
        elif role != VouchRole.MEMBER:
            introduce_person(
                person.pk, organization_id=organization_id, role=role, by=staff(staff_id), now=now
            )


def _roles(entry: NewMember | NewResponder) -> list[VouchRole]:
    return [VouchRole.MEMBER] if isinstance(entry, NewMember) else [VouchRole(kind) for kind in entry.kinds]


def _enter(
    entry: NewMember | NewResponder, organization: Organization, *, by: Actor, now: datetime
) -> Entered:
    if isinstance(entry, NewMember):
        return enter_members([(entry, organization)], may_change=False, by=by, now=now)[0]
    return enter_responders([entry], may_change=False, now=now)[0]


def _keep_consent(
    person: Person,
    organization: Organization,
    entry: NewMember | NewResponder,
    asked: ConsentAsked | None,
    *,
    staff_id: UUID,
    now: datetime,
) -> None:
    if asked is None:
        return
    given_as = Consent.As.MEMBER if isinstance(entry, NewMember) else Consent.As.RESPONDER
    Consent.objects.create(
        person=person,
        organization=organization,
        given_as=given_as,
        version=asked.version,
        language=asked.language,
        taken_by_id=staff_id,
        taken_at=now,
    )
