"""Giving a vouch: whose word is accepted, for whom, and until when. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from network.trust.rules.graph import Edge, Graph, TrustRules, VouchRole


class VouchRefusal(StrEnum):
    """Why a vouch isn't accepted. The console explains each of them."""

    ORGANIZATION = "organization"  # not admitted, or suspended
    NO_PHONE = "no_phone"  # without one nobody can tell whether verifiers vouch for themselves
    UNMET = "unmet"  # whoever made the verifier's account may be holding it
    NOT_MET = "not_met"
    THEMSELF = "themself"
    TWICE = "twice"
    QUOTA = "quota"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Offered:
    """A vouch that somebody wants to give."""

    organization: UUID
    verifier: UUID
    person: UUID
    role: VouchRole
    met_in_person: bool
    has_phone: bool = True
    is_met: bool = True  # the verifier, by a third person


def refusal(
    offered: Offered, graph: Graph, persons: Mapping[UUID, UUID], rules: TrustRules, *, now: datetime
) -> VouchRefusal | None:
    """The first rule that a new vouch breaks, or None.

    `persons` says which person each verifier is, for verifiers who are in the network themselves.
    """
    given = [edge for edge in graph.edges if edge.verifier == offered.verifier]
    same = [edge for edge in given if (edge.person, edge.role) == (offered.person, offered.role)]
    giver = persons.get(offered.verifier)
    refused = {
        VouchRefusal.ORGANIZATION: offered.organization not in graph.standing,
        VouchRefusal.NO_PHONE: not offered.has_phone,
        VouchRefusal.UNMET: not offered.is_met,
        VouchRefusal.NOT_MET: not offered.met_in_person,
        VouchRefusal.THEMSELF: giver == offered.person,
        VouchRefusal.TWICE: any(edge.withdrawn_at is None for edge in same),
        VouchRefusal.QUOTA: quota_left(given, rules, now=now) == 0,
        VouchRefusal.CYCLE: closes_a_cycle(graph, persons, giver=giver, taker=offered.person),
    }
    return next((why for why, so in refused.items() if so), None)


def quota_left(given: Iterable[Edge], rules: TrustRules, *, now: datetime) -> int:
    """How many more vouches a verifier may give now. Withdrawn ones still count."""
    since = now - timedelta(days=rules.quota_days)
    return max(0, rules.quota - sum(edge.given_at > since for edge in given))


def closes_a_cycle(graph: Graph, persons: Mapping[UUID, UUID], *, giver: UUID | None, taker: UUID) -> bool:
    """Whether `taker` already vouches for `giver`, directly or through others.

    A vouch that has ended counts, because it may be renewed. A withdrawn one doesn't.
    """
    if giver is None:
        return False
    behind: dict[UUID, set[UUID]] = defaultdict(set)
    for edge in graph.edges:
        counts = edge.withdrawn_at is None and not edge.held
        if counts and edge.verifier is not None and edge.verifier in persons:
            behind[persons[edge.verifier]].add(edge.person)
    seen, left = {taker}, [taker]
    while left:
        for person in behind[left.pop()] - seen:
            seen.add(person)
            left.append(person)
    return giver in seen


def ends_at(given_at: datetime, rules: TrustRules) -> datetime:
    return given_at + timedelta(days=rules.lasts_days)


def reminder_due(edge: Edge, reminded_at: datetime | None, rules: TrustRules, *, now: datetime) -> bool:
    """Whether to remind its organization now: once early and once late, and never of a vouch that is over."""
    if edge.withdrawn_at is not None or now >= edge.ends_at:
        return False
    first = edge.ends_at - timedelta(days=rules.first_reminder_days)
    last = edge.ends_at - timedelta(days=rules.last_reminder_days)
    if reminded_at is None:
        return now >= min(first, last)
    return reminded_at < last <= now
