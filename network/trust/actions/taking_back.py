"""Withdrawing vouches: who would no longer have enough is shown first; if they are many, two decide."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.rules import Actor
from network.trust.actions.organizations import suspend_organization
from network.trust.actions.vouches import withdraw_vouches
from network.trust.models import Vouch
from network.trust.queries import graph, trust_rules
from network.trust.rules.graph import Graph, Holding, unvouched, without, without_organization
from network.trust.rules.proposals import ProposalKind


def who_would_lose_vouches(
    what: ProposalKind, about: UUID, *, now: datetime, seen: Graph | None = None
) -> frozenset[Holding]:
    """Who has enough vouches in a role and would no longer. Writes nothing.

    `seen` is the part of the graph that the reader may see.
    """
    before = seen or graph()
    return unvouched(before, _after(what, about, before, now=now), trust_rules(), now=now)


def _after(what: ProposalKind, about: UUID, before: Graph, *, now: datetime) -> Graph:
    if what is ProposalKind.SUSPEND_ORGANIZATION:
        return without_organization(before, about)
    return without(before, _vouches(what, about), at=now)


def _vouches(what: ProposalKind, about: UUID) -> frozenset[UUID]:
    vouches = Vouch.objects.filter(withdrawn_at=None)
    vouches = (
        vouches.filter(pk=about) if what is ProposalKind.WITHDRAW_VOUCH else vouches.filter(verifier=about)
    )
    return frozenset(vouches.values_list("pk", flat=True))


def needs_two(what: ProposalKind, would_lose: frozenset[Holding]) -> bool:
    """Whether it takes two people: always for an organization, and if many people are affected."""
    people = {person for person, _ in would_lose}
    return what is ProposalKind.SUSPEND_ORGANIZATION or len(people) > trust_rules().alone_up_to


@transaction.atomic
def take_back(
    what: ProposalKind, about: UUID, *, why: str | None, staff_id: UUID | None, by: Actor, now: datetime
) -> frozenset[Holding]:
    """Withdraws, and returns who no longer has enough vouches. The caller handles them in its transaction."""
    lost = who_would_lose_vouches(what, about, now=now)
    if what is ProposalKind.SUSPEND_ORGANIZATION:
        suspend_organization(about, why=why, by=by, now=now)
    else:
        withdraw_vouches(_vouches(what, about), why=why, staff_id=staff_id, by=by, now=now)
    return lost
