"""People with their roles, their vouches and what they lack."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.functional import Promise

from network.console.shell import trust_words
from network.console.shell.reads.people import as_seen
from network.console.shell.reads.staff import staff_name
from network.enrollment.queries.claims import edges_as_typed
from network.organizations.queries import in_good_standing
from network.people.models import Person
from network.privacy.keyring import open_keys
from network.staff.models import Staff
from network.support.queries import local
from network.trust.models import Vouch
from network.trust.queries import edge, trust_rules
from network.trust.rules.graph import Graph, TrustRules, VouchRole, by_holding, in_force, lacks


@dataclass(frozen=True, slots=True)
class VouchRow:
    vouch: Vouch
    role: str | Promise
    by: str  # empty: it came by spreadsheet
    standing: str  # good, soon, over, back, held, or away: its organization doesn't stand


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

    A verifier is shown their own organization's; what anybody misses counts all.
    """
    ids, since = [person.pk for person in people], as_seen(people, viewer=viewer)
    rules, stand = trust_rules(), in_good_standing()
    theirs: dict[tuple[UUID, str], list[Vouch]] = defaultdict(list)
    given = Vouch.objects.filter(person__in=ids).select_related("organization", "verifier", "person")
    open_vouches(given)
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
                role,
                counting.get((person.pk, role), []),
                rules,
                clearance_until=responder.clearance_until if responder else None,
                has_bar=bool(responder and responder.bar_number and responder.bar_state),
                today=local(now).date(),
            )
            vouches = tuple(
                vouch_row(vouch, stand, rules, now=now) for vouch in theirs.get((person.pk, role), ())
            )
            roles.append(
                RoleRow(role, trust_words.ROLES[role], vouches, tuple(trust_words.LACKS[gap] for gap in gaps))
            )
        rows.append(PersonRow(person, tuple(roles)))
    return sorted(rows, key=lambda row: row.person.name.casefold())


def _roles(person: Person, theirs: Mapping[tuple[UUID, str], list[Vouch]]) -> list[VouchRole]:
    """Those that somebody has, and those that they were ever vouched for in."""
    responder = getattr(person, "responder", None)
    has = {VouchRole.MEMBER} if getattr(person, "member", None) else set()
    has |= {VouchRole(kind) for kind in responder.kinds} if responder else set()
    return [role for role in VouchRole if role in has or (person.pk, role) in theirs]


def roles_seen(person: Person) -> list[VouchRole]:
    """In which roles somebody is here, as far as whoever looks is shown it."""
    return _roles(person, {})


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
    return VouchRow(vouch, trust_words.ROLES[VouchRole(vouch.role)], by, standing_)


def open_vouches(vouches: Iterable[Vouch]) -> None:
    """The keys of all whom these vouches name, by one statement."""
    rows = list(vouches)
    named = [row.organization.key_id for row in rows] + [row.verifier.key_id for row in rows if row.verifier]
    open_keys(named + [row.person.key_id for row in rows])
