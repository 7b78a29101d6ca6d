"""Holds: what belongs to one request stays before a date. One steward proposes it, a second person agrees."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from network.audit.actions import record
from network.audit.rules import Actor
from network.support.models import Hold, SupportRequest
from network.support.queries import local
from network.trust.actions.proposals import propose
from network.trust.models import Proposal
from network.trust.rules.proposals import ProposalKind, ProposalState

LONGEST = timedelta(days=366)  # then somebody proposes it again, or it goes


class NotADate(Exception):
    """A hold ends after today, and within a year."""


@transaction.atomic
def propose_hold(number: int, *, until: date, why: str, staff_id: UUID, now: datetime) -> Proposal:
    """Nothing of this request is erased while others decide, nor up to the end of that day if they agree.

    Raises NotADate, SupportRequest.DoesNotExist, and what `propose` raises.
    """
    if not now < _end(until, now=now) <= now + LONGEST:
        raise NotADate
    held = SupportRequest.objects.select_for_update(no_key=True, of=("self",)).get(number=number)
    detail = {"until": until.isoformat()}
    return propose(ProposalKind.HOLD, held.pk, why=why, staff_id=staff_id, now=now, detail=detail)


@transaction.atomic
def place_hold(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Carries out a proposal. Nothing is left to hold where the request is gone, or its day over."""
    rows = SupportRequest.objects.select_for_update(no_key=True, of=("self",))
    held = rows.filter(pk=proposal.about).first()
    ends_at = _end(date.fromisoformat(proposal.detail["until"]), now=now)
    if held is None or ends_at <= now or proposal.proposed_by_id is None:
        return
    Hold.objects.create(
        support_request=held,
        key_id=held.key_id,
        why=proposal.why,
        proposed_by=proposal.proposed_by_id,
        placed_at=now,
        ends_at=ends_at,
    )
    until = proposal.detail["until"]
    record("request.held", f"request:{held.pk}", by=by, now=now, request_id=held.pk, until=until)


def _end(day: date, *, now: datetime) -> datetime:
    """The midnight after this day, by the network's clock."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=local(now).tzinfo)


def held(*, now: datetime) -> Q:
    """Which requests are not erased: those under a hold, and those for which one is proposed."""
    in_force = Hold.objects.filter(support_request=OuterRef("pk"), ends_at__gt=now)
    proposed = Proposal.objects.filter(
        what=ProposalKind.HOLD, about=OuterRef("pk"), state=ProposalState.OPEN, ends_at__gt=now
    )
    return Q(Exists(in_force)) | Q(Exists(proposed))


def in_force(*, now: datetime) -> QuerySet[Hold]:
    """Holds that keep something, the one that ends first on top."""
    return Hold.objects.filter(ends_at__gt=now).select_related("support_request").order_by("ends_at")
