"""Agreeing to a proposal, and carrying it out once enough people have.

What is carried out belongs to several packages. This one is above all of them, so it lists who does what.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from network.audit.rules import ENGINE, Actor, staff
from network.enrollment.actions import disclosure, erasure, exports, homes
from network.support import holds
from network.trust.actions import organizations, proposals, trust_settings, vouches
from network.trust.actions.proposals import Executor
from network.trust.rules.proposals import ProposalKind
from network.visits.actions.clocks import release_suspended
from network.visits.actions.homes import release_moved
from network.visits.actions.trust import carry_out_taking_back


def agree(proposal_id: UUID, *, staff_id: UUID, now: datetime) -> bool:
    """Add an approval. True if it was the last one needed, so that the proposal was carried out.

    Raises NotOpen, NotEligible, CannotErase.
    """
    with transaction.atomic():
        vouches.hold_the_graph()
        by = staff(staff_id)
        done = proposals.agree(proposal_id, staff_id=staff_id, execute=executors(by=by, now=now), now=now)
    release_suspended(now=now)
    release_moved(now=now)
    return done


def settle_proposals(*, now: datetime) -> int:
    """Close proposals whose time is up. An admission with enough approvals is carried out first."""
    return proposals.settle_proposals(execute=executors(by=ENGINE, now=now), now=now)


def executors(*, by: Actor, now: datetime) -> Mapping[ProposalKind, Executor]:
    """The function that carries out each kind of proposal."""
    return {
        ProposalKind.ADMIT: partial(organizations.admit, by=by, now=now),
        ProposalKind.RESTORE_ORGANIZATION: partial(organizations.restore_organization, by=by, now=now),
        ProposalKind.CHANGE_HOME: partial(homes.carry_home, by=by, now=now),
        ProposalKind.TRUST_NUMBERS: partial(trust_settings.set_numbers, by=by, now=now),
        ProposalKind.HOLD: partial(holds.place_hold, by=by, now=now),
        ProposalKind.EXPORT_KEY: partial(exports.set_export_key, by=by, now=now),
        ProposalKind.EXPORT_PEOPLE: partial(exports.make_export, by=by, now=now),
        ProposalKind.ERASE_PERSON: partial(erasure.erase_person, by=by, now=now),
        ProposalKind.DISCLOSE: partial(disclosure.allow, by=by, now=now),
        ProposalKind.SUSPEND_ORGANIZATION: partial(carry_out_taking_back, by=by, now=now),
        ProposalKind.WITHDRAW_VOUCH: partial(carry_out_taking_back, by=by, now=now),
        ProposalKind.WITHDRAW_VERIFIER: partial(carry_out_taking_back, by=by, now=now),
    }
