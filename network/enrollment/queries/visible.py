"""Which people an organization, and a member of staff, may see: every page's queryset begins here."""

from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from network.people.models import Claim, Member, Person
from network.staff.rules.access import Action, Scope, Who, scope_of
from network.trust.models import Introduction, Vouch

NOBODY = (Person.Standing.PRACTICE, Person.Standing.ERASED)


def visible_to(who: Who) -> QuerySet[Person]:
    """Coordinators and stewards see all people. A verifier sees those whom their organization enrolled,
    vouches for, or was introduced to. Others see nobody."""
    match scope_of(who, Action.SEE_PEOPLE):
        case None:
            return Person.objects.none()
        case Scope.OWN:
            return people_of(who.organization, still=True) if who.organization else Person.objects.none()
        case _:
            return _real()


def _real() -> QuerySet[Person]:
    """These people without the made-up members of drills, and without what is left of whoever was erased."""
    return Person.objects.exclude(standing__in=NOBODY)


def people_of(organization_id: UUID, *, still: bool = False) -> QuerySet[Person]:
    """The people an organization knows: its members, those it has ever vouched for (with `still`, those it
    vouches for), those introduced to it, and those it claims. Without the made-up members of drills.
    """
    own = {"organization": organization_id}
    vouches = Vouch.objects.filter(**own)
    sources: tuple[QuerySet[Any], ...] = (
        Member.objects.filter(**own),
        vouches.filter(withdrawn_at=None) if still else vouches,
        Introduction.objects.filter(**own, settled_at=None),
        Claim.objects.filter(**own, settled_at=None),
    )
    is_known = reduce(or_, (Q(pk__in=rows.values("person")) for rows in sources))
    return Person.objects.filter(is_known).exclude(standing__in=NOBODY)
