"""Organizations proposed, admitted, suspended and restored."""

import re
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.organizations.models import Organization, Place
from network.privacy.actions import make_key
from network.privacy.models import Key
from network.staff.actions.sessions import cut_off
from network.trust.actions.proposals import propose
from network.trust.models import Proposal
from network.trust.rules.proposals import ProposalKind

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class NotAnOrganization(ValueError):
    """What was typed doesn't describe an organization; `field` says what is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@transaction.atomic
def propose_organization(
    *,
    slug: str,
    name: str,
    kind: str,
    phone: str,
    email: str | None,
    zip: str,
    why: str,
    staff_id: UUID,
    now: datetime,
) -> Proposal:
    """It waits for a quorum, and until then its word doesn't count. `phone` is in E.164.

    Raises NotAnOrganization, and what `propose` raises.
    """
    facts = {
        "slug": len(slug) <= 40 and bool(SLUG.fullmatch(slug)),
        "name": bool(name),
        "kind": kind in Organization.Kind.values,
        "phone": bool(phone),
        "zip": Place.objects.filter(pk=zip).exists(),
        "taken": not Organization.objects.filter(slug=slug).exists(),
    }
    for field, fits in facts.items():
        if not fits:
            raise NotAnOrganization(field)
    organization = Organization.objects.create(
        slug=slug,
        key_id=make_key(Key.Holder.ORGANIZATION, now=now).pk,
        name=name,
        kind=kind,
        phone=phone,
        email=email,
        zip=zip,
    )
    record("organization.proposed", f"organization:{organization.pk}", by=staff(staff_id), now=now)
    return propose(ProposalKind.ADMIT, organization.pk, why=why, staff_id=staff_id, now=now)


@transaction.atomic
def admit(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Its word counts from now on."""
    Organization.objects.filter(pk=proposal.about, admitted_at=None).update(admitted_at=now)
    record("organization.admitted", f"organization:{proposal.about}", by=by, now=now)


@transaction.atomic
def suspend_organization(organization_id: UUID, *, why: str | None, by: Actor, now: datetime) -> None:
    """Its vouches stay and don't count, and its staff lose access. The caller handles whoever has too few
    vouches left, and what its staff leave on the board."""
    organization = Organization.objects.select_for_update(no_key=True, of=("self",)).get(pk=organization_id)
    if organization.suspended_at is None and organization.admitted_at is not None:
        organization.suspended_at, organization.suspended_why = now, why
        organization.save(update_fields=["suspended_at", "suspended_why"])
        record("organization.suspended", f"organization:{organization_id}", by=by, now=now)
        cut_off(organization_id, by=by, now=now)


@transaction.atomic
def restore_organization(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Its word counts again, and its staff may sign in. Whoever was suspended in the meantime stays suspended
    until a person lifts it, and ended sessions stay ended."""
    organization = Organization.objects.select_for_update(no_key=True, of=("self",)).get(pk=proposal.about)
    organization.suspended_at, organization.suspended_why = None, None
    organization.save(update_fields=["suspended_at", "suspended_why"])
    record("organization.restored", f"organization:{organization.pk}", by=by, now=now)
