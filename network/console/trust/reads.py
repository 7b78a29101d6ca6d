"""What the pages of trust show, gathered in few queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from network.console.shell import trust_words
from network.console.shell.reads.people import as_seen
from network.console.shell.reads.staff import staff_name
from network.console.shell.reads.vouches import VouchRow, open_vouches, vouch_row
from network.console.trust import words
from network.console.trust.forms import AboutOrganization
from network.enrollment.models import HomeChange, LegalRequest
from network.enrollment.queries.claims import graph_as_typed, members_typed
from network.enrollment.queries.visible import people_of
from network.organizations.models import Organization
from network.organizations.queries import in_good_standing
from network.people.models import Member, Person
from network.staff.models import Staff
from network.support.models import SupportRequest
from network.trust.actions.proposals import approvals_given, approvals_needed
from network.trust.actions.taking_back import who_would_lose_vouches
from network.trust.models import Proposal, Vouch
from network.trust.queries import edge, trust_rules
from network.trust.rules.graph import LIMITS, Graph, TrustRules, VouchRole
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
    key: str  # a public one, to be compared with the organization's own
    icon: str  # in icons.svg
    takes_back: bool
    losing: int  # people who would no longer have enough vouches
    who: str  # the page that says which


def proposal_rows(*, viewer: Staff, now: datetime) -> list[ProposalRow]:
    """Open proposals, the one that ends next on top; a verifier sees those about their own people only."""
    rows = Proposal.objects.filter(state=ProposalState.OPEN).select_related("proposed_by").order_by("ends_at")
    found = [_proposal_row(row, viewer=viewer, now=now) for row in rows]
    return [row for row in found if row is not None]


def _proposal_row(row: Proposal, *, viewer: Staff, now: datetime) -> ProposalRow | None:
    what = ProposalKind(row.what)
    change = HomeChange.objects.filter(proposal=row).select_related("person__member", "organization").first()
    if change and not sees(viewer, change.organization):
        return None
    about = change.person_id if change else row.about
    subject = _subject(what, about, viewer=viewer) if what in trust_words.PROPOSALS else None
    if subject is None:
        return None
    is_own = row.proposed_by_id == viewer.pk
    heard = row.approvals.filter(Q(staff=viewer) | Q(fingerprint=viewer.fingerprint)).exists()
    rules = asdict(trust_rules())
    return ProposalRow(
        proposal=row,
        what=trust_words.PROPOSALS[what],
        subject=subject[0],
        url=subject[1],
        by=staff_name(row.proposed_by) if row.proposed_by else "",
        approvals_given=approvals_given(row),
        approvals_needed=approvals_needed(row),
        mine=is_own or heard,
        may_stop=is_own or what is ProposalKind.ADMIT,
        numbers=tuple(
            (words.NUMBERS[name], rules[name], number)
            for name, number in row.detail.items()
            if what is ProposalKind.TRUST_NUMBERS and rules[name] != number
        ),
        home=_zips(change, viewer=viewer) if change else None,
        key=row.detail.get("recipient", ""),
        icon=ICONS[what],
        takes_back=what in TAKING_BACK,
        losing=_losing(what, row.about, viewer=viewer, now=now),
        who=_who(what, row.about, viewer=viewer),
    )


ICONS = {
    ProposalKind.ADMIT: "handshake",
    ProposalKind.SUSPEND_ORGANIZATION: "ban",
    ProposalKind.RESTORE_ORGANIZATION: "circle-check",
    ProposalKind.WITHDRAW_VOUCH: "ban",
    ProposalKind.WITHDRAW_VERIFIER: "ban",
    ProposalKind.TRUST_NUMBERS: "sliders-horizontal",
    ProposalKind.CHANGE_HOME: "house",
    ProposalKind.HOLD: "circle-pause",
    ProposalKind.EXPORT_KEY: "key-round",
    ProposalKind.EXPORT_PEOPLE: "download",
    ProposalKind.ERASE_PERSON: "circle-x",
    ProposalKind.DISCLOSE: "scale",
}
TAKING_BACK = {
    ProposalKind.WITHDRAW_VOUCH: "vouch",
    ProposalKind.WITHDRAW_VERIFIER: "verifier",
    ProposalKind.SUSPEND_ORGANIZATION: "organization",
}


def _losing(what: ProposalKind, about: UUID, *, viewer: Staff, now: datetime) -> int:
    if what not in TAKING_BACK:
        return 0
    return len(
        {person for person, _ in who_would_lose_vouches(what, about, now=now, seen=graph_seen(viewer))}
    )


def _who(what: ProposalKind, about: UUID, *, viewer: Staff) -> str:
    """The page where one may look at who would lose what, for whoever may take this back themself."""
    if what not in TAKING_BACK or viewer.role == Staff.Role.VERIFIER:
        return ""
    if what is not ProposalKind.SUSPEND_ORGANIZATION and viewer.role != Staff.Role.STEWARD:
        return ""
    return reverse("taking_back", args=[TAKING_BACK[what], about])


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
        organization = Organization.objects.get(pk=about)
        return organization.name, reverse("organization", args=[organization.slug]) if sees(
            viewer, organization
        ) else ""
    if what is ProposalKind.HOLD:
        number = SupportRequest.objects.filter(pk=about).values_list("number", flat=True).first()
        return (f"#{number}", reverse("request", args=[number])) if number and may_hold(viewer) else None
    if what is ProposalKind.DISCLOSE:
        asked = LegalRequest.objects.filter(pk=about).first()
        ending = {"digits": asked.phone[-4:]} if asked else {}
        return (_("a phone that ends in %(digits)s") % ending, "") if asked and may_hold(viewer) else None
    if what is ProposalKind.WITHDRAW_VERIFIER:
        return staff_name(Staff.objects.get(pk=about)), ""
    if what in (ProposalKind.CHANGE_HOME, ProposalKind.ERASE_PERSON):
        person = Person.objects.get(pk=about)
    else:
        person = Vouch.objects.select_related("person").get(pk=about).person
    if not visible_people(viewer).filter(pk=person.pk).exists():
        return None
    as_seen([person], viewer=viewer)
    page = "person_vouches" if what is ProposalKind.WITHDRAW_VOUCH else "person"
    return person.name, reverse(page, args=[person.pk])


def may_hold(viewer: Staff) -> bool:
    """Whoever coordinates hears of a hold, and may agree to it."""
    return viewer.role != Staff.Role.VERIFIER


def sees(viewer: Staff, organization: Organization) -> bool:
    """Verifiers see their own organization; who coordinates sees all."""
    return viewer.role != Staff.Role.VERIFIER or viewer.organization_id == organization.pk


def visible_people(viewer: Staff) -> QuerySet[Person]:
    """Verifiers see their organization's people; who coordinates sees all."""
    if viewer.role != Staff.Role.VERIFIER:
        return Person.objects.all()
    return people_of(viewer.organization_id) if viewer.organization_id else Person.objects.none()


def graph_seen(viewer: Staff) -> Graph | None:
    """The graph as far as a verifier is shown it; None: all of it."""
    return graph_as_typed(viewer.organization_id) if viewer.role == Staff.Role.VERIFIER else None


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    organization: Organization
    kind: str | Promise
    verifiers: list[str]
    members: int
    vouches: int
    ending: int  # of them, within the time of the first reminder
    seen: bool
    proposed: bool  # something about it waits for others to agree
    about: AboutOrganization  # the form of what a steward proposes about it


def organization_rows(
    *, viewer: Staff, about: AboutOrganization | None = None, now: datetime
) -> list[OrganizationRow]:
    """`about`: a form that was sent about one of them, with what is wrong in it."""
    members = Counter(Member.objects.values_list("organization", flat=True))
    if viewer.role == Staff.Role.VERIFIER and viewer.organization_id:
        members[viewer.organization_id] += members_typed(viewer.organization_id)
    standing_now = Vouch.objects.filter(withdrawn_at=None, ends_at__gt=now)
    soon = now + timedelta(days=trust_rules().first_reminder_days)
    given = Counter(standing_now.values_list("organization", flat=True))
    ending = Counter(standing_now.filter(ends_at__lte=soon).values_list("organization", flat=True))
    proposed = set(Proposal.objects.filter(state=ProposalState.OPEN).values_list("about", flat=True))
    verifiers = defaultdict(list)
    for staff in Staff.objects.filter(role=Staff.Role.VERIFIER, is_active=True).order_by("added_at", "pk"):
        verifiers[staff.organization_id].append(staff_name(staff))
    rows = [
        OrganizationRow(
            organization,
            words.KINDS[organization.kind],
            verifiers[organization.pk],
            members[organization.pk],
            given[organization.pk],
            ending[organization.pk],
            seen=sees(viewer, organization),
            proposed=organization.pk in proposed,
            about=about
            if about and about["slug"].value() == organization.slug
            else AboutOrganization(initial={"slug": organization.slug}),
        )
        for organization in Organization.objects.all()
    ]
    return sorted(rows, key=lambda row: row.organization.name.casefold())


def with_roles(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.select_related("member", "responder")


def renewals(people: QuerySet[Person], *, viewer: Staff, now: datetime) -> QuerySet[Vouch]:
    """Vouches that end soon, or have ended and stand for nothing any more, the first to end on top."""
    rules, stand = trust_rules(), in_good_standing()
    due = Vouch.objects.filter(
        person__in=people,
        withdrawn_at=None,
        ends_at__lte=now + timedelta(days=rules.first_reminder_days),
        organization__in=stand,
    )
    if viewer.role == Staff.Role.VERIFIER:
        due = due.filter(organization=viewer.organization_id)
    return due.select_related("organization", "verifier", "person").order_by("ends_at", "role", "pk")


def renewal_rows(vouches: Collection[Vouch], *, viewer: Staff, now: datetime) -> list[VouchRow]:
    """As the viewer is shown them."""
    rules, stand = trust_rules(), in_good_standing()
    open_vouches(vouches)
    people = {row.person_id: row.person for row in vouches}
    since = as_seen(people.values(), viewer=viewer)
    for row in vouches:
        row.person = people[row.person_id]
        row.held = row.person_id not in since and row.held
    return [vouch_row(row, stand, rules, now=now) for row in vouches]


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
            verifier,
            staff_name(verifier),
            quota_left([edge(row) for row in verifier.vouches.all()], rules, now=now),
        )
        for verifier in verifiers.prefetch_related("vouches").order_by("added_at", "pk")
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
class LosingRow:
    person: Person | None  # None: not to be shown to this one
    roles: tuple[str | Promise, ...]
    member_only: bool


def losing_rows(losses: Iterable[tuple[UUID, VouchRole]], *, viewer: Staff) -> list[LosingRow]:
    """Who would no longer have enough vouches, each with the roles in which they would not."""
    roles: dict[UUID, list[VouchRole]] = defaultdict(list)
    for person_id, role in sorted(losses, key=str):
        roles[person_id].append(role)
    seen = visible_people(viewer).filter(pk__in=roles).in_bulk()
    as_seen(seen.values(), viewer=viewer)
    return [
        LosingRow(
            seen.get(person_id),
            tuple(trust_words.ROLES[role] for role in theirs),
            theirs == [VouchRole.MEMBER],
        )
        for person_id, theirs in roles.items()
    ]
