"""What takes more than one person: proposed by one, agreed to by others, carried out once.

A new kind of act has a name in ProposalKind; `propose` it, and give `agree` the function that carries it out.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import ENGINE, Actor, staff
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.organizations.queries import in_good_standing
from network.staff.models import Staff
from network.staff.queries import approver, approver_by_id
from network.staff.rules.approvers import Approver, NotEligible, why_not_eligible
from network.trust.models import Approval, Proposal
from network.trust.queries import trust_rules
from network.trust.rules import proposals as rules
from network.trust.rules.proposals import ProposalKind, ProposalState

type Executor = Callable[[Proposal], object]


class AlreadyProposed(Exception):
    """The same is already proposed, and still open."""


class NotOpen(Exception):
    """The proposal was carried out or stopped, or its time is up."""


class NotYourProposal(Exception):
    """Only the person who proposed it may withdraw it, and only an admission can be objected to."""


class ProposalNeedsReason(Exception):
    """A proposal needs a reason."""


@transaction.atomic
def propose(
    what: ProposalKind,
    about: UUID,
    *,
    why: str,
    staff_id: UUID,
    now: datetime,
    detail: Mapping[str, int | str] | None = None,
) -> Proposal:
    """The first of several people proposes it. Raises ProposalNeedsReason, AlreadyProposed, NotEligible."""
    if not why.strip():
        raise ProposalNeedsReason
    if refusal := why_not_eligible(approver_by_id(staff_id), in_good_standing()):
        raise NotEligible(refusal)
    key_id = Staff.objects.values_list("key_id", flat=True).get(pk=staff_id)
    proposal = Proposal(
        what=what,
        about=about,
        detail=dict(detail or {}),
        why=why.strip()[:300],
        key_id=key_id,
        proposed_by_id=staff_id,
    )
    return _open(proposal, by=staff(staff_id), now=now)


@transaction.atomic
def propose_by_sheet(what: ProposalKind, about: UUID, *, by: Actor, now: datetime) -> None:
    """A spreadsheet proposes it, so nobody has approved yet. An open proposal stays as it is."""
    with suppress(AlreadyProposed):
        _open(Proposal(what=what, about=about), by=by, now=now)


@transaction.atomic
def propose_at_the_server(
    what: ProposalKind, about: UUID, *, why: str, key_id: UUID, by: Actor, now: datetime
) -> Proposal:
    """Whoever has the server proposes it. That is no account: somebody who has one must still agree.

    The reason is sealed under the key given. Raises ProposalNeedsReason.
    """
    if not why.strip():
        raise ProposalNeedsReason
    return _open(Proposal(what=what, about=about, why=why.strip()[:300], key_id=key_id), by=by, now=now)


def _open(proposal: Proposal, *, by: Actor, now: datetime) -> Proposal:
    what, about = ProposalKind(proposal.what), proposal.about
    _close_overdue(what, about, now=now)
    proposal.proposed_at, proposal.state = now, ProposalState.OPEN
    proposal.ends_at = rules.ends_at(what, now, trust_rules())
    Proposal.objects.bulk_create([proposal], ignore_conflicts=True)
    if not Proposal.objects.filter(pk=proposal.pk).exists():
        raise AlreadyProposed
    record("proposal.made", f"proposal:{proposal.pk}", by=by, now=now, what=what, subject=about)
    raise_need(
        Reason.PROPOSAL, about=About("proposal", str(proposal.pk)), now=now, by=by, due_at=proposal.ends_at
    )
    return proposal


@transaction.atomic
def agree(
    proposal_id: UUID, *, staff_id: UUID, execute: Mapping[ProposalKind, Executor], now: datetime
) -> bool:
    """One more approval. True if it was the last one needed and the proposal is carried out.

    Raises NotOpen, NotEligible.
    """
    proposal = _locked(proposal_id, now=now)
    approver, what, eligible = approver_by_id(staff_id), ProposalKind(proposal.what), in_good_standing()
    if proposal.proposed_by and not (
        proposal.proposed_by.is_active and proposal.proposed_by.is_in_good_standing
    ):
        raise NotOpen  # proposals of somebody who has lost access don't count
    if refusal := rules.approval_refusal(what, approver, _approvers_so_far(proposal), eligible):
        raise NotEligible(refusal)
    Approval.objects.create(
        proposal=proposal,
        staff_id=staff_id,
        fingerprint=approver.phone,
        organization_id=approver.organization,
        at=now,
    )
    record("proposal.agreed", f"proposal:{proposal.pk}", by=staff(staff_id), now=now, what=what)
    return _carry_out_if_due(proposal, execute, by=staff(staff_id), now=now)


@transaction.atomic
def stop(proposal_id: UUID, *, staff_id: UUID, now: datetime) -> None:
    """Withdrawn by the person who proposed it. Anybody's objection stops an admission.

    Raises NotOpen, NotYourProposal, NotEligible.
    """
    proposal = _locked(proposal_id, now=now)
    if proposal.proposed_by_id != staff_id:
        if proposal.what != ProposalKind.ADMIT:
            raise NotYourProposal
        if refusal := why_not_eligible(approver_by_id(staff_id), in_good_standing()):
            raise NotEligible(refusal)
    proposal.stopped_by_id = staff_id
    _settle(proposal, ProposalState.STOPPED, by=staff(staff_id), now=now)


def settle_proposals(*, execute: Mapping[ProposalKind, Executor], now: datetime) -> int:
    """Proposals whose time is up: carried out if enough have agreed, otherwise over."""
    due = list(
        Proposal.objects.filter(state=ProposalState.OPEN, ends_at__lte=now).values_list("pk", flat=True)
    )
    for proposal_id in due:
        with transaction.atomic():
            for proposal in Proposal.objects.select_for_update(no_key=True, of=("self",)).filter(
                pk=proposal_id, state=ProposalState.OPEN
            ):
                if not _carry_out_if_due(proposal, execute, by=ENGINE, now=now):
                    _settle(proposal, ProposalState.OVER, by=ENGINE, now=now)
    return len(due)


def _close_overdue(what: ProposalKind, about: UUID, *, now: datetime) -> None:
    """So that a new proposal needn't wait for the engine. Admissions are left to the engine."""
    rows = Proposal.objects.filter(what=what, about=about, state=ProposalState.OPEN, ends_at__lte=now)
    for proposal in rows.exclude(what=ProposalKind.ADMIT).select_for_update(no_key=True, of=("self",)):
        _settle(proposal, ProposalState.OVER, by=ENGINE, now=now)


def approvals_given(proposal: Proposal) -> int:
    """How many approvals count: those of organizations still in good standing."""
    eligible = in_good_standing()
    organizations = proposal.approvals.values_list("organization", flat=True)
    return sum(organization is None or organization in eligible for organization in organizations)


def approvals_needed(proposal: Proposal) -> int:
    """How many must agree, with the network as it is now."""
    proposer = proposal.proposed_by.organization_id if proposal.proposed_by else None
    return rules.agreements_needed(ProposalKind(proposal.what), proposer, in_good_standing(), trust_rules())


def _locked(proposal_id: UUID, *, now: datetime) -> Proposal:
    rows = Proposal.objects.select_for_update(no_key=True, of=("self",))
    proposal = rows.filter(pk=proposal_id, state=ProposalState.OPEN, ends_at__gt=now).first()
    if proposal is None:
        raise NotOpen
    return proposal


def _approvers_so_far(proposal: Proposal) -> list[Approver]:
    approvers = [
        replace(
            approver(approval.staff), phone=bytes(approval.fingerprint), organization=approval.organization_id
        )
        for approval in proposal.approvals.select_related("staff")
    ]
    return [*approvers, approver(proposal.proposed_by)] if proposal.proposed_by else approvers


def _carry_out_if_due(
    proposal: Proposal, execute: Mapping[ProposalKind, Executor], *, by: Actor, now: datetime
) -> bool:
    what = ProposalKind(proposal.what)
    if not rules.is_due(
        what, approvals_given(proposal), approvals_needed(proposal), proposal.ends_at, now=now
    ):
        return False
    execute[what](proposal)
    _settle(proposal, ProposalState.DONE, by=by, now=now)
    return True


def _settle(proposal: Proposal, state: ProposalState, *, by: Actor, now: datetime) -> None:
    proposal.state, proposal.settled_at = state, now
    proposal.save(update_fields=["state", "settled_at", "stopped_by"])
    record(f"proposal.{state}", f"proposal:{proposal.pk}", by=by, now=now, what=proposal.what)
    settle(Reason.PROPOSAL, about=About("proposal", str(proposal.pk)), by=by, now=now, how=state)
