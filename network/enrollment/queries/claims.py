"""What an organization is shown of somebody who was here before it enrolled them: what it typed itself."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from network.people.models import Claim, Member, Person, Responder
from network.people.rules.claims import Typed, from_json
from network.privacy.keyring import open_keys
from network.trust.models import FoundingClosed, Vouch
from network.trust.queries import graph, roles_typed
from network.trust.rules.graph import Edge, Graph, VouchRole


def as_typed(people: Iterable[Person], organization_id: UUID | None) -> dict[UUID, datetime]:
    """Replace what is on file with what this organization typed, in these rows in memory.

    Returns when it typed that, for each person affected. The rows are for showing, never for saving.
    """
    rows = {person.pk: person for person in people}
    open_claims = Claim.objects.filter(person__in=rows, organization=organization_id, settled_at=None)
    claims = list(open_claims.select_related("organization"))
    if not claims:
        return {}
    open_keys(claim.key_id for claim in claims)
    own = Vouch.objects.filter(person__in=rows, organization=organization_id, role=VouchRole.MEMBER)
    vouched = set(own.values_list("person", flat=True))
    closed = FoundingClosed.objects.values_list("at", flat=True).first()
    since = {}
    for claim in claims:
        probation = closed is not None and closed <= claim.made_at
        _show_typed(
            rows[claim.person_id], from_json(claim.typed), claim, claim.person_id in vouched, probation
        )
        since[claim.person_id] = claim.made_at
    return since


def graph_as_typed(organization_id: UUID | None) -> Graph:
    """The graph as shown to this organization: nobody vouched for its claimed people before it typed them."""
    claims = Claim.objects.filter(organization=organization_id, settled_at=None)
    since = dict(claims.values_list("person", "made_at"))
    whole = graph()
    return Graph(edges_as_typed(whole.edges, organization_id, since), whole.standing)


def edges_as_typed(
    edges: Iterable[Edge], organization_id: UUID | None, since: Mapping[UUID, datetime]
) -> tuple[Edge, ...]:
    """The vouches that it is shown. For its claimed people: its own, and those of others given afterwards.

    Its own held vouches look like any other.
    """
    return tuple(
        replace(edge, held=False) if edge.person in since else edge
        for edge in edges
        if edge.person not in since
        or edge.organization == organization_id
        or edge.given_at > since[edge.person]
    )


def _show_typed(person: Person, entry: Typed, claim: Claim, vouched: bool, probation: bool) -> None:
    person.name, person.languages = entry.name, list(entry.languages)
    person.consent_on = entry.consent_on
    without_claim = Person.Standing.ACTIVE if entry.consent_on else Person.Standing.INVITED
    person.standing = Person.Standing.REFUSED if claim.disowned_at else without_claim
    person.suspended_at = person.suspended_why = person.unvouched_at = None
    person.enrolled_at = claim.made_at
    known = person._state.fields_cache
    known["member"] = _member(person, entry, claim, vouched)
    known["responder"] = _responder(person, entry, claim, probation)


def _member(person: Person, entry: Typed, claim: Claim, vouched: bool) -> Member | None:
    organization = claim.organization
    if entry.home is None:
        return None
    home = entry.home
    frozen = {} if vouched else {"frozen_at": claim.made_at, "frozen_for": Member.Frozen.UNMET}
    return Member(
        person=person,
        key_id=claim.key_id,
        organization=organization,
        street=home.street,
        unit=home.unit,
        city=home.city,
        state=home.state,
        zip=home.zip,
        **frozen,
    )


def _responder(person: Person, entry: Typed, claim: Claim, probation: bool) -> Responder | None:
    if not entry.kinds:
        return None
    return Responder(
        person=person,
        key_id=claim.key_id,
        kinds=list(entry.kinds),
        zip=entry.zip,
        max_miles=entry.max_miles,
        hours=[list(span) for span in entry.hours],
        clearance_until=entry.clearance_until,
        bar_number=entry.bar_number,
        bar_state=entry.bar_state,
        wake_at_night=entry.wake_at_night,
        on_probation=probation,
    )


def members_typed(organization_id: UUID) -> int:
    """How many of its members another organization had enrolled before. To it they are its own."""
    claims = Claim.objects.filter(organization=organization_id, settled_at=None)
    claims = claims.exclude(person__member__organization=organization_id)
    return sum(VouchRole.MEMBER in roles_typed(claim) for claim in claims)
