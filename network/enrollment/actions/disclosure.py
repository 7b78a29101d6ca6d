"""What is kept of one phone is told once, where the law demands it, and two people agree.

A phone that nobody knows takes the same steps, in the same words.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor
from network.enrollment.models import LegalRequest
from network.privacy.actions import make_key
from network.privacy.models import Key
from network.privacy.queries import fingerprint
from network.trust.actions.proposals import propose_at_the_server
from network.trust.models import Proposal
from network.trust.rules.proposals import ProposalKind, ProposalState

GOOD_FOR = timedelta(days=1)  # after the second person agreed


class NotForThisPhone(Exception):
    """There is no such proposal for this phone."""


class NotAgreed(Exception):
    """Nobody has agreed yet, or it was stopped, or too few agreed in time."""


class Over(Exception):
    """The day after somebody agreed has passed."""


class Printed(Exception):
    """It was printed already."""


@transaction.atomic
def propose_disclosure(phone: str, *, why: str, by: Actor, now: datetime) -> Proposal:
    """Raises ProposalNeedsReason."""
    key, asked = make_key(Key.Holder.PERSON, now=now), uuid4()
    proposal = propose_at_the_server(ProposalKind.DISCLOSE, asked, why=why, key_id=key.pk, by=by, now=now)
    LegalRequest.objects.create(id=asked, proposal=proposal, key_id=key.pk, phone=phone)
    return proposal


@transaction.atomic
def take_disclosure(proposal_id: UUID, phone: str, *, by: Actor, now: datetime) -> LegalRequest:
    """It is printed now, and never again: on record. Raises the exceptions above."""
    asked = LegalRequest.objects.select_for_update(of=("self",)).filter(proposal=proposal_id).first()
    if asked is None or fingerprint(asked.phone) != fingerprint(phone):
        raise NotForThisPhone
    proposal = asked.proposal
    if proposal.state != ProposalState.DONE or proposal.settled_at is None:
        raise NotAgreed
    if asked.printed_at:
        raise Printed
    if now >= proposal.settled_at + GOOD_FOR:
        raise Over
    asked.printed_at = now
    asked.save(update_fields=["printed_at"])
    record("disclosure.printed", f"proposal:{proposal_id}", by=by, now=now)
    return asked


def allow(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Carries out a proposal: from now on it can be printed."""
    record("disclosure.allowed", f"proposal:{proposal.pk}", by=by, now=now)
