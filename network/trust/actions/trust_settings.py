"""Founding is closed, and the network's own trust settings are changed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor, staff
from network.organizations.queries import in_good_standing
from network.trust.actions.proposals import propose
from network.trust.models import FoundingClosed, Proposal, TrustNumbers
from network.trust.rules.graph import with_numbers
from network.trust.rules.proposals import ProposalKind

THE_NUMBERS = UUID(int=1)  # the subject of a proposal to change the settings


class NoOrganization(Exception):
    """Founding can't be closed before there is an organization that could admit others."""


@transaction.atomic
def close_founding(*, staff_id: UUID, now: datetime) -> None:
    """From now on a spreadsheet gives one vouch for each organization it names. Founding never opens again.

    Raises NoOrganization.
    """
    if not in_good_standing():
        raise NoOrganization
    _, fresh = FoundingClosed.objects.get_or_create(pk=1, defaults={"at": now, "by": staff_id})
    if fresh:
        record("founding.closed", "network", by=staff(staff_id), now=now)


@transaction.atomic
def propose_numbers(numbers: Mapping[str, int], *, why: str, staff_id: UUID, now: datetime) -> Proposal:
    """All of the network's own trust settings at once. Raises NotANumber, and what `propose` raises."""
    with_numbers(numbers)
    return propose(
        ProposalKind.TRUST_NUMBERS, THE_NUMBERS, why=why, staff_id=staff_id, now=now, detail=numbers
    )


@transaction.atomic
def set_numbers(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    with_numbers(proposal.detail)
    TrustNumbers.objects.update_or_create(pk=1, defaults={"numbers": proposal.detail, "set_at": now})
    record("trust.numbers", "network", by=by, now=now, **proposal.detail)
