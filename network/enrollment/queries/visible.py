"""Which people an organization, and a member of staff, may see: every page's queryset begins here."""

from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from network.people.models import Claim, Member, Person
from network.staff.rules.access import Action, Scope, Who, scope_of
from network.trust.models import Introduction, Vouch


def visible_to(one: Who) -> QuerySet[Person]:
    """All people for coordinators and stewards; for a verifier those whom their organization enrolled,
    vouches for, or was asked to look at; for others nobody."""
    match scope_of(one, Action.SEE_PEOPLE):
        case None:
            return Person.objects.none()
        case Scope.OWN:
            return people_of(one.organization, still=True) if one.organization else Person.objects.none()
        case _:
            return _real()


def _real() -> QuerySet[Person]:
    """Without nobody, whom a drill's requests are for."""
    return Person.objects.exclude(standing=Person.Standing.PRACTICE)


def people_of(organization_id: UUID, *, still: bool = False) -> QuerySet[Person]:
    """Whom an organization knows: members, whom it ever vouched for (`still`: vouches for), who was
    introduced to it, and, as it typed them, whom it enrolled while they were here already. Nobody of a drill.
    """
    own = {"organization": organization_id}
    vouches = Vouch.objects.filter(**own)
    known: tuple[QuerySet[Any], ...] = (
        Member.objects.filter(**own),
        vouches.filter(withdrawn_at=None) if still else vouches,
        Introduction.objects.filter(**own, settled_at=None),
        Claim.objects.filter(**own, settled_at=None),
    )
    theirs = reduce(or_, (Q(pk__in=rows.values("person")) for rows in known))
    return Person.objects.filter(theirs).exclude(standing=Person.Standing.PRACTICE)
