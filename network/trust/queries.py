"""Reading trust: the settings, the graph, and who has enough vouches."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from network.database.compiled import Compiled, prepared
from network.organizations.models import Organization
from network.organizations.queries import in_good_standing
from network.people.models import Claim, Member, Person, Responder
from network.people.rules.claims import from_json
from network.staff.models import IN_GOOD_STANDING, Staff
from network.staff.queries import APPROVING_ROLES, approver
from network.trust.models import FoundingClosed, TrustNumbers, Vouch
from network.trust.rules.graph import (
    FOUNDING_SUFFICES,
    Edge,
    Graph,
    TrustRules,
    VouchRole,
    needed,
    with_numbers,
)
from network.trust.rules.proposals import some_may_agree

_numbers = Compiled(lambda: TrustNumbers.objects.order_by("pk").values_list("numbers", flat=True)[:1])


def trust_rules() -> TrustRules:
    """The network's own settings, and the defaults for the rest."""
    own = _numbers.first()
    return with_numbers(own or {})


def founding_is_open() -> bool:
    return not FoundingClosed.objects.exists()


def graph() -> Graph:
    """Every vouch that was ever given."""
    return Graph(tuple(edge(row) for row in Vouch.objects.all()), in_good_standing())


def edge(row: Vouch) -> Edge:
    return Edge(
        id=row.pk,
        organization=row.organization_id,
        person=row.person_id,
        role=VouchRole(row.role),
        given_at=row.given_at,
        ends_at=row.ends_at,
        verifier=row.verifier_id,
        withdrawn_at=row.withdrawn_at,
        founding=row.founding,
        held=row.held,
    )


def persons_of_staff() -> dict[UUID, UUID]:
    """Which person each member of staff is, if their phone is in the network."""
    staff = {
        bytes(print_): staff_id
        for staff_id, print_ in Staff.objects.values_list("pk", "fingerprint")
        if print_
    }
    people = Person.objects.filter(fingerprint__in=staff).values_list("pk", "fingerprint")
    return {staff[bytes(print_)]: person_id for person_id, print_ in people}


def vouched(people: Collection[UUID], role: str, *, now: datetime) -> set[UUID]:
    """Who of these has enough vouches in this role now."""
    with prepared() as cursor:
        cursor.execute(
            f"SELECT person_id FROM ({vouched_sql(trust_rules(), some=True)}) w WHERE role = %(role)s",  # noqa: S608
            {"now": now, "people": list(people), "role": role},
        )
        return {person for (person,) in cursor.fetchall()}


def vouched_roles(*, now: datetime) -> set[tuple[UUID, str]]:
    """Everybody who has enough vouches now, with the role."""
    with prepared() as cursor:
        cursor.execute(vouched_sql(trust_rules(), some=False), {"now": now})
        return set(cursor.fetchall())


def vouched_sql(rules: TrustRules, *, some: bool) -> str:
    """trust.rules.graph.holders in SQL, for a search among very many people: person_id and role, at `now`.

    With `some`, only for those in the list `people`.
    """

    def by_role(numbers: dict[VouchRole, int]) -> str:
        cases = " ".join(f"WHEN '{role}' THEN {number}" for role, number in numbers.items())
        return f"CASE v.role {cases} END"

    vouchers = by_role({role: needed(role, rules).vouchers for role in VouchRole})
    organizations = by_role({role: needed(role, rules).organizations for role in VouchRole})
    founders = ", ".join(f"'{role}'" for role in sorted(FOUNDING_SUFFICES))
    return f"""
        SELECT v.person_id, v.role FROM {_table(Vouch)} v
        JOIN {_table(Organization)} o ON o.id = v.organization_id
            AND o.admitted_at IS NOT NULL AND o.suspended_at IS NULL
        WHERE v.withdrawn_at IS NULL AND NOT v.held AND v.ends_at > %(now)s
            {"AND v.person_id = ANY(%(people)s)" if some else ""}
        GROUP BY v.person_id, v.role
        HAVING bool_or(v.founding) AND v.role IN ({founders})
            OR count(DISTINCT v.organization_id) >= {organizations}
            AND count(DISTINCT v.verifier_id) + count(DISTINCT v.organization_id)
                - count(DISTINCT v.organization_id) FILTER (WHERE v.verifier_id IS NOT NULL) >= {vouchers}
    """  # noqa: S608  our own names and numbers


def _table(model: Any) -> str:
    return f'"{model._meta.db_table}"'


def vouches_in_force(*, now: datetime) -> QuerySet[Vouch]:
    """Vouches that count now."""
    return Vouch.objects.filter(
        withdrawn_at=None,
        held=False,
        ends_at__gt=now,
        organization__admitted_at__isnull=False,
        organization__suspended_at=None,
    )


def roles_of(person: Person) -> list[VouchRole]:
    """The roles that somebody has, and needs vouches for."""
    roles = [VouchRole.MEMBER] if Member.objects.filter(person=person).exists() else []
    kinds = Responder.objects.filter(person=person).values_list("kinds", flat=True).first() or []
    return [*roles, *(VouchRole(kind) for kind in kinds)]


def roles_typed(claim: Claim) -> list[VouchRole]:
    entry = from_json(claim.typed)
    return [*([VouchRole.MEMBER] if entry.home else []), *(VouchRole(kind) for kind in entry.kinds)]


def a_pair_is_left() -> bool:
    """Whether accounts with a second factor are left that could decide what takes two people."""
    with_keys = Authenticator.objects.filter(user=OuterRef("pk"))
    accounts = Staff.objects.filter(
        IN_GOOD_STANDING, Exists(with_keys), is_active=True, role__in=APPROVING_ROLES
    )
    return some_may_agree([approver(account) for account in accounts], in_good_standing())
