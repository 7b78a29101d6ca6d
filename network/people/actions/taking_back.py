"""Taking back a word: who would fall is shown first, and many fall only by two people's act."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.rules import Actor
from network.people.actions.organizations import suspend_organization
from network.people.actions.vouches import withdraw_vouches
from network.people.models import Vouch
from network.people.queries_trust import graph, trust_rules
from network.people.rules_agreeing import What
from network.people.rules_trust import Graph, Holding, fallen, without, without_organization

TAKES_BACK = (What.WITHDRAW_VOUCH, What.WITHDRAW_VERIFIER, What.SUSPEND_ORGANIZATION)


def would_fall(
    what: What, about: UUID, *, now: datetime, seen: Graph | None = None
) -> frozenset[Holding]:  # fmt: skip
    """Who has what they need in a role, and would no longer; in `seen`, as far as one is shown of the graph.

    Writes nothing.
    """
    before = seen or graph()
    return fallen(before, _after(what, about, before, now=now), trust_rules(), now=now)


def _after(what: What, about: UUID, before: Graph, *, now: datetime) -> Graph:
    if what is What.SUSPEND_ORGANIZATION:
        return without_organization(before, about)
    return without(before, _vouches(what, about), at=now)


def _vouches(what: What, about: UUID) -> frozenset[UUID]:
    mine = Vouch.objects.filter(withdrawn_at=None)
    mine = mine.filter(pk=about) if what is What.WITHDRAW_VOUCH else mine.filter(verifier=about)
    return frozenset(mine.values_list("pk", flat=True))


def needs_two(what: What, falls: frozenset[Holding]) -> bool:
    """Whether one person may do it alone: never to an organisation, and not to many people."""
    people = {person for person, _ in falls}
    return what is What.SUSPEND_ORGANIZATION or len(people) > trust_rules().alone_up_to


@transaction.atomic
def take_back(
    what: What, about: UUID, *, why: str | None, staff_id: UUID | None, by: Actor, now: datetime
) -> frozenset[Holding]:
    """Do it; returns who has fallen. Within the caller's transaction, which minds them (visits)."""
    falls = would_fall(what, about, now=now)
    if what is What.SUSPEND_ORGANIZATION:
        suspend_organization(about, why=why, by=by, now=now)
    else:
        withdraw_vouches(_vouches(what, about), why=why, staff_id=staff_id, by=by, now=now)
    return falls
