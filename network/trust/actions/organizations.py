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
    """What was written can't be an organization's; `field` is what is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@transaction.atomic
def propose_organization(
    *, slug: str, name: str, kind: str, phone: str, email: str | None, zip: str, why: str, staff_id: UUID,
    now: datetime,
) -> Proposal:  # fmt: skip
    """It waits for a quorum, and its word counts for nothing. `phone` in E.164.

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
    for field, right in facts.items():
        if not right:
            raise NotAnOrganization(field)
    made = Organization.objects.create(
        slug=slug, key_id=make_key(Key.Holder.ORGANIZATION, now=now).pk, name=name, kind=kind, phone=phone,
        email=email, zip=zip,
    )  # fmt: skip
    record("organization.proposed", f"organization:{made.pk}", by=staff(staff_id), now=now)
    return propose(ProposalKind.ADMIT, made.pk, why=why, staff_id=staff_id, now=now)


@transaction.atomic
def admit(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Its word counts from now on."""
    Organization.objects.filter(pk=proposal.about, admitted_at=None).update(admitted_at=now)
    record("organization.admitted", f"organization:{proposal.about}", by=by, now=now)


@transaction.atomic
def suspend_organization(organization_id: UUID, *, why: str | None, by: Actor, now: datetime) -> None:
    """Its vouches stand there and count for nothing, and its staff are cut off; who falls, and who is
    left on the board, is for the caller to mind."""
    found = Organization.objects.select_for_update(no_key=True, of=("self",)).get(pk=organization_id)
    if found.suspended_at is None and found.admitted_at is not None:
        found.suspended_at, found.suspended_why = now, why
        found.save(update_fields=["suspended_at", "suspended_why"])
        record("organization.suspended", f"organization:{organization_id}", by=by, now=now)
        cut_off(organization_id, by=by, now=now)


@transaction.atomic
def restore_organization(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Its word counts again, and its staff may come in. Whoever fell meanwhile stays suspended until a
    person lifts it, and sessions that ended stay so."""
    found = Organization.objects.select_for_update(no_key=True, of=("self",)).get(pk=proposal.about)
    found.suspended_at, found.suspended_why = None, None
    found.save(update_fields=["suspended_at", "suspended_why"])
    record("organization.restored", f"organization:{found.pk}", by=by, now=now)
