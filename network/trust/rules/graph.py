"""Who is trusted, by whose word, and for how long: the vouch graph as values. Pure.

An edge is one verifier's word, for an organization, about one person in one role. Edges are never deleted:
they end or are withdrawn, and stay.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class VouchRole(StrEnum):
    """What a vouch is for: to ask, or to be asked for one kind of support."""

    MEMBER = "member"
    ACCOMPANIMENT = "accompaniment"
    LEGAL = "legal"
    CHILDCARE = "childcare"


class NotANumber(ValueError):
    """A setting of the network is unknown, or out of the range that keeps people safe; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class TrustRules:
    """Every trust setting. A network may choose its own within LIMITS."""

    member_vouchers: int = 1
    accompaniment_vouchers: int = 2
    accompaniment_organizations: int = 1  # 2 where all of a network's accompaniers are known to two
    legal_vouchers: int = 1
    childcare_vouchers: int = 2
    childcare_organizations: int = 2
    quota: int = 5  # vouches of one verifier in `quota_days`
    quota_days: int = 30
    lasts_days: int = 365
    first_reminder_days: int = 30  # before a vouch ends
    last_reminder_days: int = 7
    probation_visits: int = 2  # carried out before a new responder is asked by the search
    quorum: int = 2  # organizations whose yes admits another
    large_quorum: int = 3
    large_from: int = 6  # organizations from which the larger quorum counts
    wait_hours: int = 72  # in which any one may object
    proposal_hours: int = 24  # in which a second person may agree
    alone_up_to: int = 3  # people whom one person alone may leave without enough vouches


LIMITS: dict[str, tuple[int, int]] = {
    "member_vouchers": (1, 3), "accompaniment_vouchers": (1, 5), "accompaniment_organizations": (1, 5),
    "legal_vouchers": (1, 5), "childcare_vouchers": (1, 5), "childcare_organizations": (1, 5),
    "quota": (1, 200), "quota_days": (7, 366), "lasts_days": (30, 1100), "first_reminder_days": (1, 120),
    "last_reminder_days": (0, 60), "probation_visits": (0, 20), "quorum": (1, 10), "large_quorum": (1, 10),
    "large_from": (2, 100), "wait_hours": (0, 720), "proposal_hours": (1, 168), "alone_up_to": (0, 50),
}  # fmt: skip


def with_numbers(numbers: Mapping[str, int]) -> TrustRules:
    """The defaults, replaced by a network's own settings. Raises NotANumber."""
    known = {field.name for field in fields(TrustRules)}
    for name, number in numbers.items():
        if name not in known or not LIMITS[name][0] <= number <= LIMITS[name][1]:
            raise NotANumber(name)
    return replace(TrustRules(), **numbers)


@dataclass(frozen=True, slots=True)
class Needed:
    """How many verifiers, of how many organizations."""

    vouchers: int
    organizations: int


def needed(role: VouchRole, rules: TrustRules) -> Needed:
    """What somebody needs in a role, apart from a clearance for childcare and a bar number for legal help."""
    return {
        VouchRole.MEMBER: Needed(rules.member_vouchers, 1),
        VouchRole.ACCOMPANIMENT: Needed(rules.accompaniment_vouchers, rules.accompaniment_organizations),
        VouchRole.LEGAL: Needed(rules.legal_vouchers, 1),
        VouchRole.CHILDCARE: Needed(rules.childcare_vouchers, rules.childcare_organizations),
    }[role]


FOUNDING_SUFFICES = frozenset({VouchRole.MEMBER, VouchRole.ACCOMPANIMENT, VouchRole.LEGAL})


@dataclass(frozen=True, slots=True)
class Edge:
    """One vouch. Without a `verifier` it came by spreadsheet; `founding` if that was still open."""

    id: UUID
    organization: UUID
    person: UUID
    role: VouchRole
    given_at: datetime
    ends_at: datetime
    verifier: UUID | None = None
    withdrawn_at: datetime | None = None
    founding: bool = False
    held: bool = False  # it would close a ring, so it doesn't count


@dataclass(frozen=True, slots=True)
class Graph:
    """All vouches, and the organizations in good standing: admitted and not suspended."""

    edges: tuple[Edge, ...]
    standing: frozenset[UUID]


def in_force(graph: Graph, *, now: datetime) -> tuple[Edge, ...]:
    """Vouches that count now: not ended, withdrawn or held, and by an organization in good standing."""
    return tuple(
        edge
        for edge in graph.edges
        if edge.withdrawn_at is None
        and not edge.held
        and now < edge.ends_at
        and edge.organization in graph.standing
    )


def counted(edges: Iterable[Edge]) -> Needed:
    """How many have vouched: each named verifier, and each organization without one, counted once."""
    organizations, spoken_for, verifiers = set(), set(), set()
    for edge in edges:
        organizations.add(edge.organization)
        if edge.verifier is not None:
            spoken_for.add(edge.organization)
            verifiers.add(edge.verifier)
    return Needed(len(verifiers) + len(organizations - spoken_for), len(organizations))


def enough(role: VouchRole, edges: Collection[Edge], rules: TrustRules) -> bool:
    """Whether these vouches in force, all for one person in this role, are enough.

    One from the founding days is enough, except for childcare.
    """
    if role in FOUNDING_SUFFICES and any(edge.founding for edge in edges):
        return True
    want, have = needed(role, rules), counted(edges)
    return have.vouchers >= want.vouchers and have.organizations >= want.organizations


type Holding = tuple[UUID, VouchRole]  # a person in a role


def by_holding(edges: Iterable[Edge]) -> dict[Holding, list[Edge]]:
    groups: dict[Holding, list[Edge]] = defaultdict(list)
    for edge in edges:
        groups[edge.person, edge.role].append(edge)
    return groups


def holders(graph: Graph, rules: TrustRules, *, now: datetime) -> frozenset[Holding]:
    """Who has enough vouches, in which role."""
    groups = by_holding(in_force(graph, now=now))
    return frozenset(holding for holding, edges in groups.items() if enough(holding[1], edges, rules))


def without(graph: Graph, vouches: Collection[UUID], *, at: datetime) -> Graph:
    """The graph once these are withdrawn. Those already withdrawn stay as they are."""
    edges = tuple(
        replace(edge, withdrawn_at=at) if edge.id in vouches and edge.withdrawn_at is None else edge
        for edge in graph.edges
    )
    return replace(graph, edges=edges)


def without_organization(graph: Graph, organization: UUID) -> Graph:
    """The graph once this organization is suspended: its vouches stay and don't count."""
    return replace(graph, standing=graph.standing - {organization})


def unvouched(before: Graph, after: Graph, rules: TrustRules, *, now: datetime) -> frozenset[Holding]:
    """Who had enough vouches and no longer has."""
    return holders(before, rules, now=now) - holders(after, rules, now=now)


class VouchLack(StrEnum):
    """What somebody lacks in a role."""

    VOUCHERS = "vouchers"
    ORGANIZATIONS = "organizations"
    CLEARANCE = "clearance"
    BAR = "bar"


def lacks(
    role: VouchRole,
    edges: Collection[Edge],
    rules: TrustRules,
    *,
    clearance_until: date | None,
    has_bar: bool,
    today: date,
) -> tuple[VouchLack, ...]:
    """What one person lacks in one role. `edges` are their vouches in force in it."""
    want, have, gaps = needed(role, rules), counted(edges), []
    if not enough(role, edges, rules):
        gaps += [VouchLack.VOUCHERS] if have.vouchers < want.vouchers else []
        gaps += [VouchLack.ORGANIZATIONS] if have.organizations < want.organizations else []
    if role is VouchRole.CHILDCARE and (clearance_until is None or clearance_until < today):
        gaps.append(VouchLack.CLEARANCE)
    if role is VouchRole.LEGAL and not has_bar:
        gaps.append(VouchLack.BAR)
    return tuple(gaps)


def past_probation(visits: int, rules: TrustRules, *, founding: bool) -> bool:
    """Whether enough visits were carried out. While founding is open, a coordinator's word is enough."""
    return founding or visits >= rules.probation_visits


def next_organization(member: UUID, graph: Graph, sizes: Mapping[UUID, int], *, now: datetime) -> UUID | None:
    """The organization that is asked to vouch for a member who has lost their vouches.

    One that knows them in another role, else the one with the fewest members. None if none is left.
    """
    if not graph.standing:
        return None
    knows = {edge.organization for edge in in_force(graph, now=now) if edge.person == member}
    return min(
        knows or graph.standing, key=lambda organization: (sizes.get(organization, 0), str(organization))
    )
