"""Vouches: given, renewed, withdrawn, and renewals asked for before they end. Never deleted."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.locks import Lock, hold
from network.audit.rules import ENGINE, Actor, staff
from network.database.copying import copy_in
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.people.models import Member, Person
from network.people.queries import open_claim
from network.staff.models import Staff
from network.trust.models import Introduction, Vouch
from network.trust.queries import (
    edge,
    founding_is_open,
    graph,
    persons_of_staff,
    roles_of,
    roles_typed,
    trust_rules,
    vouched,
)
from network.trust.rules.graph import VouchRole, next_organization
from network.trust.rules.vouching import Offered, VouchRefusal, ends_at, refusal, reminder_due


class NotVouched(Exception):
    """The vouch isn't accepted; `refusal` says why."""

    def __init__(self, refusal: VouchRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class NotTheirs(Exception):
    """Only a verifier of the organization that vouched may renew it."""


class NotTheRole(ValueError):
    """This person doesn't have that role."""


def hold_the_graph() -> None:
    """Until the transaction ends, nobody else changes it: quotas and cycles concern the whole graph."""
    hold(Lock.TRUST)


@transaction.atomic
def give_vouch(
    person_id: UUID, *, role: VouchRole, met_in_person: bool, staff_id: UUID, now: datetime
) -> Vouch:
    """A verifier vouches, for their organization. Raises NotVouched, NotTheRole, Staff.DoesNotExist.

    A vouch doesn't lift a suspension: a person does that.
    """
    hold_the_graph()
    verifier, person = _verifier(staff_id), Person.objects.get(pk=person_id)
    claimed = open_claim(person_id, verifier.organization_id)
    if role not in (roles_typed(claimed) if claimed else roles_of(person)):
        raise NotTheRole
    rules = trust_rules()
    offered = _offered(verifier, person_id, role, met_in_person)
    why = refusal(offered, graph(), persons_of_staff(), rules, now=now)
    # A refusal would reveal that the network knew this phone. So the vouch is kept, and doesn't count.
    held = claimed is not None and why is VouchRefusal.CYCLE
    if why and not held:
        raise NotVouched(why)
    given = Vouch.objects.create(
        organization_id=offered.organization,
        person=person,
        role=role,
        verifier=verifier,
        met_in_person=True,
        given_at=now,
        ends_at=ends_at(now, rules),
        held=held,
    )
    record(
        "vouch.given",
        f"vouch:{given.pk}",
        by=staff(staff_id),
        now=now,
        person=person_id,
        role=role,
        organization=offered.organization,
    )
    _vouched_again(given, by=staff(staff_id), now=now)
    return given


@transaction.atomic
def renew_vouch(vouch_id: UUID, *, met_in_person: bool, staff_id: UUID, now: datetime) -> Vouch:
    """For another year, after meeting again. Any verifier of its organization may, and it is their word then.

    Raises NotVouched, NotTheirs, and Vouch.DoesNotExist for one that was taken back.
    """
    hold_the_graph()
    verifier = _verifier(staff_id)
    vouch = Vouch.objects.select_for_update(no_key=True, of=("self",)).get(pk=vouch_id, withdrawn_at=None)
    if vouch.organization_id != verifier.organization_id:
        raise NotTheirs
    rules, before = trust_rules(), graph()
    # Without its own edge. The quota doesn't apply, since renewing admits nobody new.
    rest = tuple(edge for edge in before.edges if edge.id != vouch.pk)
    offered = _offered(verifier, vouch.person_id, VouchRole(vouch.role), met_in_person)
    others = type(before)(rest, before.standing)
    why = refusal(offered, others, persons_of_staff(), rules, now=now)
    vouch.held = (
        why is VouchRefusal.CYCLE and open_claim(vouch.person_id, verifier.organization_id) is not None
    )
    if why and why is not VouchRefusal.QUOTA and not vouch.held:
        raise NotVouched(why)
    vouch.verifier, vouch.met_in_person, vouch.reminded_at = verifier, True, None
    vouch.ends_at = ends_at(now, rules)
    vouch.save(update_fields=["verifier", "met_in_person", "reminded_at", "ends_at", "held"])
    record(
        "vouch.renewed",
        f"vouch:{vouch.pk}",
        by=staff(staff_id),
        now=now,
        person=vouch.person_id,
        role=vouch.role,
        organization=vouch.organization_id,
    )
    _vouched_again(vouch, by=staff(staff_id), now=now)
    return vouch


def _verifier(staff_id: UUID) -> Staff:
    return Staff.objects.get(
        pk=staff_id, is_active=True, role=Staff.Role.VERIFIER, organization__isnull=False
    )


def _offered(verifier: Staff, person_id: UUID, role: VouchRole, met_in_person: bool) -> Offered:
    assert verifier.organization_id is not None  # asked for in _verifier
    return Offered(
        organization=verifier.organization_id,
        verifier=verifier.pk,
        person=person_id,
        role=role,
        met_in_person=met_in_person,
        has_phone=verifier.fingerprint is not None,
        is_met=verifier.met,
    )


def _vouched_again(vouch: Vouch, *, by: Actor, now: datetime) -> None:
    """Settle what waited for this vouch."""
    introductions = Introduction.objects.filter(person=vouch.person_id, role=vouch.role, settled_at=None)
    introductions.filter(organization=vouch.organization_id).update(settled_at=now)
    if vouch.role == VouchRole.MEMBER and not vouch.held:
        members = Member.objects.filter(person=vouch.person_id, organization=vouch.organization_id)
        members.filter(frozen_for=Member.Frozen.UNMET).update(frozen_at=None, frozen_for="", attested_at=now)
    if vouch.role == VouchRole.MEMBER and vouched([vouch.person_id], VouchRole.MEMBER, now=now):
        settle(Reason.MEMBER_UNVOUCHED, about=About("person", str(vouch.person_id)), by=by, now=now)
        introductions.update(settled_at=now)
    settle_reminders(vouch.organization_id, by=by, now=now)


class SheetOutcome(StrEnum):
    """What became of a vouch that a spreadsheet asks for."""

    GIVEN = "given"
    IN_FORCE = "in_force"
    TAKEN_BACK = "taken_back"  # the organization withdrew it: only a verifier can vouch again


@dataclass(frozen=True, slots=True)
class SheetVouch:
    """A vouch by an organization for one person in one role, as a spreadsheet names it."""

    organization: UUID
    person: UUID
    role: str


def vouch_by_sheet(asked: Collection[SheetVouch], *, now: datetime) -> dict[SheetVouch, SheetOutcome]:
    """Vouches by the organizations that the rows name, unless they are in force already."""
    until, founding = ends_at(now, trust_rules()), founding_is_open()
    known: dict[SheetVouch, list[Vouch]] = defaultdict(list)
    for row in Vouch.objects.filter(person__in={vouch.person for vouch in asked}):
        known[SheetVouch(row.organization_id, row.person_id, row.role)].append(row)
    outcomes, fresh, unnamed = dict[SheetVouch, SheetOutcome](), list[Vouch](), list[UUID]()
    for vouch in asked:
        not_withdrawn = [row for row in known[vouch] if row.withdrawn_at is None]
        if any(row.ends_at > now for row in not_withdrawn):
            outcomes[vouch] = SheetOutcome.IN_FORCE
            continue
        if known[vouch] and not not_withdrawn:
            outcomes[vouch] = SheetOutcome.TAKEN_BACK
            continue
        outcomes[vouch] = SheetOutcome.GIVEN
        to_extend = [row.pk for row in not_withdrawn if row.verifier_id is None]
        if to_extend:
            unnamed += to_extend
        else:
            fresh.append(
                Vouch(
                    organization_id=vouch.organization,
                    person_id=vouch.person,
                    role=vouch.role,
                    given_at=now,
                    ends_at=until,
                    founding=founding,
                )
            )
    copy_in(fresh)
    if unnamed:
        Vouch.objects.filter(pk__in=unnamed).update(ends_at=until, reminded_at=None)
    return outcomes


@transaction.atomic
def withdraw_vouches(
    vouch_ids: Collection[UUID], *, why: str | None, staff_id: UUID | None, by: Actor, now: datetime
) -> None:
    """The rows stay, and no longer count. The caller handles whoever has too few vouches left."""
    rows = Vouch.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=vouch_ids, withdrawn_at=None
    )
    for vouch in rows.select_related("person").order_by("pk"):
        vouch.withdrawn_at, vouch.withdrawn_by_id = now, staff_id
        vouch.key_id, vouch.withdrawn_why = vouch.person.key_id, why
        vouch.save(update_fields=["withdrawn_at", "withdrawn_by", "key_id", "withdrawn_why"])
        record(
            "vouch.withdrawn",
            f"vouch:{vouch.pk}",
            by=by,
            now=now,
            person=vouch.person_id,
            role=vouch.role,
            organization=vouch.organization_id,
        )
        settle_reminders(vouch.organization_id, by=by, now=now)


@transaction.atomic
def introduce_person(
    person_id: UUID, *, organization_id: UUID, role: VouchRole, by: Actor, now: datetime
) -> None:
    """An organization is asked about somebody, whom its verifiers see from now on. Once is enough."""
    _, fresh = Introduction.objects.get_or_create(
        organization_id=organization_id,
        person_id=person_id,
        role=role,
        settled_at=None,
        defaults={"made_at": now},
    )
    if fresh:
        record(
            "person.introduced",
            f"person:{person_id}",
            by=by,
            now=now,
            role=role,
            organization=organization_id,
        )


@transaction.atomic
def hand_on_member(person_id: UUID, *, by: Actor, now: datetime) -> None:
    """A member whom nobody vouches for anymore stays, and another organization is asked to vouch for them."""
    sizes: dict[UUID, int] = defaultdict(int)
    for organization_id in Member.objects.values_list("organization", flat=True):
        sizes[organization_id] += 1
    after = graph()
    own = Member.objects.values_list("organization", flat=True).filter(person=person_id).first()
    others = type(after)(after.edges, after.standing - {own})
    chosen = next_organization(person_id, others, sizes, now=now)
    if chosen:
        introduce_person(person_id, organization_id=chosen, role=VouchRole.MEMBER, by=by, now=now)
    raise_need(
        Reason.MEMBER_UNVOUCHED, about=About("person", str(person_id)), now=now, by=by, person_id=person_id
    )


def remind_renewals(*, now: datetime) -> int:
    """One need for each organization in good standing whose vouches end soon: early, and once more late."""
    rules = trust_rules()
    days = max(rules.first_reminder_days, rules.last_reminder_days)
    soon = Vouch.objects.filter(
        withdrawn_at=None,
        ends_at__gt=now,
        ends_at__lte=now + timedelta(days=days),
        organization__admitted_at__isnull=False,
        organization__suspended_at=None,
    )

    def due_now() -> dict[UUID, list[Vouch]]:
        by_organization: dict[UUID, list[Vouch]] = defaultdict(list)
        for vouch in soon.all():
            if reminder_due(edge(vouch), vouch.reminded_at, rules, now=now):
                by_organization[vouch.organization_id].append(vouch)
        return by_organization

    if not due_now():
        return 0
    with transaction.atomic():
        hold_the_graph()  # a vouch may have been renewed in the meantime, so read again
        due = due_now()
        for organization_id, vouches in due.items():
            first = min(vouch.ends_at for vouch in vouches) - timedelta(days=rules.last_reminder_days)
            Vouch.objects.filter(pk__in=[vouch.pk for vouch in vouches]).update(reminded_at=now)
            raise_need(
                Reason.VOUCHES_END,
                about=About("organization", str(organization_id)),
                now=now,
                by=ENGINE,
                due_at=max(first, now),
            )
    return len(due)


def settle_reminders(organization_id: UUID, *, by: Actor, now: datetime) -> None:
    """The need is met once nothing is left that the organization was reminded of."""
    left = Vouch.objects.filter(
        organization=organization_id, withdrawn_at=None, reminded_at__isnull=False, ends_at__gt=now
    )
    if not left.exists():
        settle(Reason.VOUCHES_END, about=About("organization", str(organization_id)), by=by, now=now)
