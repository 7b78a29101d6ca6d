"""What takes more than one person: proposed by one, agreed to by others, carried out once.

A new kind of act has a name in rules_agreeing.What; `propose` it, and hand `agree` what carries it out.
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
from network.people import rules_agreeing as rules
from network.people.models import Approval, Proposal, Staff
from network.people.queries_agreeing import voice, voice_of
from network.people.queries_trust import standing, trust_rules
from network.people.rules_agreeing import ProposalState, Voice, VoiceRefusal, What

type CarryOut = Callable[[Proposal], object]


class NotHeard(Exception):
    """This one's word doesn't count here; `refusal` is why."""

    def __init__(self, refusal: VoiceRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class AlreadyProposed(Exception):
    """The same is proposed already, and open."""


class NotOpen(Exception):
    """The proposal was carried out, stopped, or is over."""


class NotYours(Exception):
    """Only whoever proposed it takes it back; only an admission can be objected to."""


class NeedsReason(Exception):
    """A proposal has to say why."""


@transaction.atomic
def propose(
    what: What, about: UUID, *, why: str, staff_id: UUID, now: datetime,
    detail: Mapping[str, int | str] | None = None,
) -> Proposal:  # fmt: skip
    """The first of several people. Raises NeedsReason, AlreadyProposed, NotHeard."""
    if not why.strip():
        raise NeedsReason
    if refusal := rules.silenced(voice_of(staff_id), standing()):
        raise NotHeard(refusal)
    key_id = Staff.objects.values_list("key", flat=True).get(pk=staff_id)
    proposal = Proposal(
        what=what, about=about, detail=dict(detail or {}), why=why.strip()[:300], key_id=key_id,
        proposed_by_id=staff_id,
    )  # fmt: skip
    return _open(proposal, by=staff(staff_id), now=now)


@transaction.atomic
def propose_by_sheet(what: What, about: UUID, *, by: Actor, now: datetime) -> None:
    """A spreadsheet proposes: nobody has spoken yet. What is proposed already stays as it is."""
    with suppress(AlreadyProposed):
        _open(Proposal(what=what, about=about), by=by, now=now)


def _open(proposal: Proposal, *, by: Actor, now: datetime) -> Proposal:
    what, about = What(proposal.what), proposal.about
    _close_late(what, about, now=now)
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
def agree(proposal_id: UUID, *, staff_id: UUID, carry_out: Mapping[What, CarryOut], now: datetime) -> bool:
    """One more yes; True once it was the last one needed, and the proposal is carried out.

    Raises NotOpen, NotHeard.
    """
    proposal = _locked(proposal_id, now=now)
    voice, what, stand = voice_of(staff_id), What(proposal.what), standing()
    if proposal.proposed_by and not (proposal.proposed_by.is_active and proposal.proposed_by.stands):
        raise NotOpen  # who was taken or cut off has proposed nothing
    if refusal := rules.voice_refusal(what, voice, _heard(proposal), stand):
        raise NotHeard(refusal)
    Approval.objects.create(
        proposal=proposal,
        staff_id=staff_id,
        fingerprint=voice.phone,
        organization_id=voice.organization,
        at=now,
    )
    record("proposal.agreed", f"proposal:{proposal.pk}", by=staff(staff_id), now=now, what=what)
    return _carry_out_if_due(proposal, carry_out, by=staff(staff_id), now=now)


@transaction.atomic
def stop(proposal_id: UUID, *, staff_id: UUID, now: datetime) -> None:
    """Taken back by whoever proposed it; an admission is stopped by anybody's objection.

    Raises NotOpen, NotYours, NotHeard.
    """
    proposal = _locked(proposal_id, now=now)
    if proposal.proposed_by_id != staff_id:
        if proposal.what != What.ADMIT:
            raise NotYours
        if refusal := rules.silenced(voice_of(staff_id), standing()):
            raise NotHeard(refusal)
    proposal.stopped_by_id = staff_id
    _settle(proposal, ProposalState.STOPPED, by=staff(staff_id), now=now)


def settle_proposals(*, carry_out: Mapping[What, CarryOut], now: datetime) -> int:
    """Those whose time is up: carried out where enough have agreed, else over."""
    due = list(
        Proposal.objects.filter(state=ProposalState.OPEN, ends_at__lte=now).values_list("pk", flat=True)
    )
    for proposal_id in due:
        with transaction.atomic():
            for proposal in Proposal.objects.select_for_update(no_key=True, of=("self",)).filter(
                pk=proposal_id, state=ProposalState.OPEN
            ):
                if not _carry_out_if_due(proposal, carry_out, by=ENGINE, now=now):
                    _settle(proposal, ProposalState.OVER, by=ENGINE, now=now)
    return len(due)


def _close_late(what: What, about: UUID, *, now: datetime) -> None:
    """So that a new proposal needn't wait for the engine; an admission is left to it."""
    rows = Proposal.objects.filter(what=what, about=about, state=ProposalState.OPEN, ends_at__lte=now)
    for proposal in rows.exclude(what=What.ADMIT).select_for_update(no_key=True, of=("self",)):
        _settle(proposal, ProposalState.OVER, by=ENGINE, now=now)


def agreed(proposal: Proposal) -> int:
    """How many have agreed whose organisation still stands."""
    stand = standing()
    heard = proposal.approvals.values_list("organization", flat=True)
    return sum(one is None or one in stand for one in heard)


def wanted(proposal: Proposal) -> int:
    """How many must agree, as the network is now."""
    proposer = proposal.proposed_by.organization_id if proposal.proposed_by else None
    return rules.agreements_needed(What(proposal.what), proposer, standing(), trust_rules())


def _locked(proposal_id: UUID, *, now: datetime) -> Proposal:
    rows = Proposal.objects.select_for_update(no_key=True, of=("self",))
    proposal = rows.filter(pk=proposal_id, state=ProposalState.OPEN, ends_at__gt=now).first()
    if proposal is None:
        raise NotOpen
    return proposal


def _heard(proposal: Proposal) -> list[Voice]:
    heard = [
        replace(voice(one.staff), phone=bytes(one.fingerprint), organization=one.organization_id)
        for one in proposal.approvals.select_related("staff")
    ]
    return [*heard, voice(proposal.proposed_by)] if proposal.proposed_by else heard


def _carry_out_if_due(
    proposal: Proposal, carry_out: Mapping[What, CarryOut], *, by: Actor, now: datetime
) -> bool:
    what = What(proposal.what)
    if not rules.is_due(what, agreed(proposal), wanted(proposal), proposal.ends_at, now=now):
        return False
    carry_out[what](proposal)
    _settle(proposal, ProposalState.DONE, by=by, now=now)
    return True


def _settle(proposal: Proposal, state: ProposalState, *, by: Actor, now: datetime) -> None:
    proposal.state, proposal.settled_at = state, now
    proposal.save(update_fields=["state", "settled_at", "stopped_by"])
    record(f"proposal.{state}", f"proposal:{proposal.pk}", by=by, now=now, what=proposal.what)
    settle(Reason.PROPOSAL, about=About("proposal", str(proposal.pk)), by=by, now=now, how=state)
