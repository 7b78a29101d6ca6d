"""What the pages of trust show, gathered in few queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from network.console import words_trust as words
from network.console.queries import staff_name
from network.enrollment.models import HomeChange
from network.enrollment.queries.claims import as_typed, edges_as_typed, graph_as_typed, members_typed
from network.enrollment.queries.visible import people_of
from network.organizations.models import Organization
from network.organizations.queries import in_good_standing
from network.people.models import Member, Person
from network.privacy.keyring import open_keys
from network.staff.models import Staff
from network.support.queries import local
from network.trust.actions.proposals import approvals_given, approvals_needed
from network.trust.models import Proposal, Vouch
from network.trust.queries import edge, trust_rules
from network.trust.rules.graph import LIMITS, Graph, Role, TrustRules, by_holding, in_force, lacks
from network.trust.rules.proposals import ProposalKind, ProposalState
from network.trust.rules.vouching import quota_left


@dataclass(frozen=True, slots=True)
class ProposalRow:
    proposal: Proposal
    what: str | Promise
    subject: str
    url: str
    by: str
    approvals_given: int
    approvals_needed: int
    mine: bool
    may_stop: bool
    numbers: tuple[tuple[str | Promise, int, int], ...]  # name, as it is, as it would be
    home: tuple[str, str] | None  # ZIP as it is, and as it would be; the same: the home on file is right
    key: str  # a public one, to be compared with the organisation's own


def proposal_rows(*, viewer: Staff) -> list[ProposalRow]:
    """Open proposals, the one that ends next on top; a verifier sees those about their own people only."""
    rows = Proposal.objects.filter(state=ProposalState.OPEN).select_related("proposed_by").order_by("ends_at")
    found = [_proposal_row(row, viewer=viewer) for row in rows]
    return [row for row in found if row is not None]


def _proposal_row(row: Proposal, *, viewer: Staff) -> ProposalRow | None:
    what = ProposalKind(row.what)
    change = HomeChange.objects.filter(proposal=row).select_related("person__member", "organization").first()
    if change and not sees(viewer, change.organization):
        return None
    about = change.person_id if change else row.about
    subject = _subject(what, about, viewer=viewer) if what in words.PROPOSALS else None
    if subject is None:
        return None
    mine = row.proposed_by_id == viewer.pk
    heard = row.approvals.filter(Q(staff=viewer) | Q(fingerprint=viewer.fingerprint)).exists()
    now = asdict(trust_rules())
    return ProposalRow(
        proposal=row,
        what=words.PROPOSALS[what],
        subject=subject[0],
        url=subject[1],
        by=staff_name(row.proposed_by) if row.proposed_by else "",
        approvals_given=approvals_given(row),
        approvals_needed=approvals_needed(row),
        mine=mine or heard,
        may_stop=mine or what is ProposalKind.ADMIT,
        numbers=tuple(
            (words.NUMBERS[name], now[name], number)
            for name, number in row.detail.items()
            if what is ProposalKind.TRUST_NUMBERS and now[name] != number
        ),
        home=_zips(change, viewer=viewer) if change else None,
        key=row.detail.get("recipient", ""),
    )


def _zips(change: HomeChange, *, viewer: Staff) -> tuple[str, str]:
    as_seen([change.person], viewer=viewer)
    now = change.person.member.zip
    return now, change.zip or now


ABOUT_ORGANIZATIONS = (
    ProposalKind.ADMIT,
    ProposalKind.SUSPEND_ORGANIZATION,
    ProposalKind.RESTORE_ORGANIZATION,
    ProposalKind.EXPORT_KEY,
    ProposalKind.EXPORT_PEOPLE,
)


def _subject(what: ProposalKind, about: UUID, *, viewer: Staff) -> tuple[str, str] | None:
    """Name and page of what a proposal is about. None where this one may not see it."""
    if what is ProposalKind.TRUST_NUMBERS:
        return "", ""
    if what in ABOUT_ORGANIZATIONS:
        one = Organization.objects.get(pk=about)
        return one.name, reverse("organization", args=[one.slug]) if sees(viewer, one) else ""
    if what is ProposalKind.WITHDRAW_VERIFIER:
        return staff_name(Staff.objects.get(pk=about)), ""
    if what is ProposalKind.CHANGE_HOME:
        person = Person.objects.get(pk=about)
    else:
        person = Vouch.objects.select_related("person").get(pk=about).person
    if not visible_people(viewer).filter(pk=person.pk).exists():
        return None
    as_seen([person], viewer=viewer)
    page = "person" if what is ProposalKind.CHANGE_HOME else "person_vouches"
    return person.name, reverse(page, args=[person.pk])


def sees(viewer: Staff, organization: Organization) -> bool:
    """Verifiers see their own organisation; who coordinates sees all."""
    return viewer.role != Staff.Role.VERIFIER or viewer.organization_id == organization.pk


def visible_people(viewer: Staff) -> QuerySet[Person]:
    """Verifiers see their organisation's people; who coordinates sees all."""
    if viewer.role != Staff.Role.VERIFIER:
        return Person.objects.all()
    return people_of(viewer.organization_id) if viewer.organization_id else Person.objects.none()


def as_seen(people: Iterable[Person], *, viewer: Staff) -> dict[UUID, datetime]:
    """A verifier is shown whom others had here already as their own organisation typed them. Since when."""
    return as_typed(people, viewer.organization_id) if viewer.role == Staff.Role.VERIFIER else {}


def graph_seen(viewer: Staff) -> Graph | None:
    """The graph as far as a verifier is shown it; None: all of it."""
    return graph_as_typed(viewer.organization_id) if viewer.role == Staff.Role.VERIFIER else None


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    organization: Organization
    kind: str | Promise
    members: int
    vouches: int
    seen: bool


def organization_rows(*, viewer: Staff, now: datetime) -> list[OrganizationRow]:
    members = Counter(Member.objects.values_list("organization", flat=True))
    if viewer.role == Staff.Role.VERIFIER and viewer.organization_id:
        members[viewer.organization_id] += members_typed(viewer.organization_id)
    standing_now = Vouch.objects.filter(withdrawn_at=None, ends_at__gt=now)
    given = Counter(standing_now.values_list("organization", flat=True))
    rows = [
        OrganizationRow(one, words.KINDS[one.kind], members[one.pk], given[one.pk], sees(viewer, one))
        for one in Organization.objects.all()
    ]
    return sorted(rows, key=lambda row: row.organization.name.casefold())


@dataclass(frozen=True, slots=True)
class VouchRow:
    vouch: Vouch
    role: str | Promise
    by: str  # empty: it came by spreadsheet
    standing: str  # good, soon, over, back, held, or away: its organisation doesn't stand


@dataclass(frozen=True, slots=True)
class RoleRow:
    code: str
    role: str | Promise
    vouches: tuple[VouchRow, ...]
    gaps: tuple[str | Promise, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    person: Person
    roles: tuple[RoleRow, ...]

    @property
    def has_gaps(self) -> bool:
        return any(role.gaps for role in self.roles)


def person_rows(people: Collection[Person], *, viewer: Staff, now: datetime) -> list[PersonRow]:
    """Each with every vouch they ever had, role by role, and what they miss. By name.

    A verifier is shown their own organisation's; what anybody misses counts all.
    """
    ids, since = [one.pk for one in people], as_seen(people, viewer=viewer)
    rules, stand = trust_rules(), in_good_standing()
    theirs: dict[tuple[UUID, str], list[Vouch]] = defaultdict(list)
    given = Vouch.objects.filter(person__in=ids).select_related("organization", "verifier", "person")
    _open(given)
    for vouch in given.order_by("given_at", "role", "pk"):
        if viewer.role == Staff.Role.VERIFIER and vouch.organization_id != viewer.organization_id:
            continue
        vouch.held = vouch.held and vouch.person_id not in since
        theirs[vouch.person_id, vouch.role].append(vouch)
    shown = edges_as_typed((edge(row) for row in given), viewer.organization_id, since)
    counting = by_holding(in_force(Graph(shown, stand), now=now))
    rows = []
    for person in people:
        roles = []
        for role in _roles(person, theirs):
            responder = getattr(person, "responder", None)
            gaps = lacks(
                role, counting.get((person.pk, role), []), rules,
                clearance_until=responder.clearance_until if responder else None,
                has_bar=bool(responder and responder.bar_number and responder.bar_state),
                today=local(now).date(),
            )  # fmt: skip
            vouches = tuple(
                vouch_row(one, stand, rules, now=now) for one in theirs.get((person.pk, role), ())
            )
            roles.append(RoleRow(role, words.ROLES[role], vouches, tuple(words.LACKS[gap] for gap in gaps)))
        rows.append(PersonRow(person, tuple(roles)))
    return sorted(rows, key=lambda row: row.person.name.casefold())


def _roles(person: Person, theirs: Mapping[tuple[UUID, str], list[Vouch]]) -> list[Role]:
    """Those that somebody has, and those that they were ever vouched for in."""
    responder = getattr(person, "responder", None)
    has = {Role.MEMBER} if getattr(person, "member", None) else set()
    has |= {Role(kind) for kind in responder.kinds} if responder else set()
    return [role for role in Role if role in has or (person.pk, role) in theirs]


def roles_seen(person: Person) -> list[Role]:
    """In which roles somebody is here, as far as whoever looks is shown it."""
    return _roles(person, {})


def with_roles(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.select_related("member", "responder")


def vouch_row(vouch: Vouch, stand: Collection[UUID], rules: TrustRules, *, now: datetime) -> VouchRow:
    if vouch.withdrawn_at:
        standing_ = "back"
    elif vouch.ends_at <= now:
        standing_ = "over"
    elif vouch.organization_id not in stand:
        standing_ = "away"
    elif vouch.held:
        standing_ = "held"
    else:
        soon = vouch.ends_at <= now + timedelta(days=rules.first_reminder_days)
        standing_ = "soon" if soon else "good"
    by = staff_name(vouch.verifier) if vouch.verifier else ""
    return VouchRow(vouch, words.ROLES[Role(vouch.role)], by, standing_)


def renewals(people: QuerySet[Person], *, viewer: Staff, now: datetime) -> QuerySet[Vouch]:
    """Vouches that end soon, or have ended and stand for nothing any more, the first to end on top."""
    rules, stand = trust_rules(), in_good_standing()
    due = Vouch.objects.filter(
        person__in=people, withdrawn_at=None, ends_at__lte=now + timedelta(days=rules.first_reminder_days),
        organization__in=stand,
    )  # fmt: skip
    if viewer.role == Staff.Role.VERIFIER:
        due = due.filter(organization=viewer.organization_id)
    return due.select_related("organization", "verifier", "person").order_by("ends_at", "role", "pk")


def renewal_rows(vouches: Collection[Vouch], *, viewer: Staff, now: datetime) -> list[VouchRow]:
    """As the viewer is shown them."""
    rules, stand = trust_rules(), in_good_standing()
    _open(vouches)
    people = {row.person_id: row.person for row in vouches}
    since = as_seen(people.values(), viewer=viewer)
    for row in vouches:
        row.person = people[row.person_id]
        row.held = row.person_id not in since and row.held
    return [vouch_row(row, stand, rules, now=now) for row in vouches]


def _open(vouches: Iterable[Vouch]) -> None:
    """The keys of all whom these vouches name, by one statement."""
    rows = list(vouches)
    named = [row.organization.key_id for row in rows] + [row.verifier.key_id for row in rows if row.verifier]
    open_keys(named + [row.person.key_id for row in rows])


@dataclass(frozen=True, slots=True)
class VerifierRow:
    staff: Staff
    name: str
    left: int  # vouches they may still give


def verifier_rows(organization: Organization, *, now: datetime) -> list[VerifierRow]:
    rules = trust_rules()
    verifiers = Staff.objects.filter(organization=organization, role=Staff.Role.VERIFIER, is_active=True)
    return [
        VerifierRow(
            one, staff_name(one), quota_left([edge(row) for row in one.vouches.all()], rules, now=now)
        )
        for one in verifiers.prefetch_related("vouches").order_by("added_at")
    ]


@dataclass(frozen=True, slots=True)
class NumberRow:
    code: str
    name: str | Promise
    number: int
    usual: int
    least: int
    most: int


def number_rows() -> list[NumberRow]:
    """The network's numbers of trust beside their defaults."""
    usual = asdict(TrustRules())
    return [
        NumberRow(code, words.NUMBERS[code], number, usual[code], *LIMITS[code])
        for code, number in asdict(trust_rules()).items()
    ]


@dataclass(frozen=True, slots=True)
class FallRow:
    person: Person | None  # None: not to be shown to this one
    roles: tuple[str | Promise, ...]
    member_only: bool


def fall_rows(falls: Iterable[tuple[UUID, Role]], *, viewer: Staff) -> list[FallRow]:
    """Who would fall, each with the roles in which they would."""
    roles: dict[UUID, list[Role]] = defaultdict(list)
    for person_id, role in sorted(falls, key=str):
        roles[person_id].append(role)
    seen = visible_people(viewer).filter(pk__in=roles).in_bulk()
    as_seen(seen.values(), viewer=viewer)
    return [
        FallRow(seen.get(person_id), tuple(words.ROLES[role] for role in theirs), theirs == [Role.MEMBER])
        for person_id, theirs in roles.items()
    ]
