"""Two people: whose yes counts, how many it takes, and when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from network.staff.rules.approvers import Approver, ApproverRefusal, why_not_eligible
from network.trust.rules.graph import TrustRules
from network.trust.rules.proposals import ProposalKind, agreements_needed, approval_refusal, ends_at, is_due

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
RULES = TrustRules()
AZUL, ROJA = UUID(int=1), UUID(int=2)
BOTH = frozenset({AZUL, ROJA})


def voice(number, organization=AZUL, phone=None):
    return Approver(UUID(int=number), phone or str(number).encode(), organization)


PROPOSER = voice(11)


@pytest.mark.parametrize(
    ("what", "second", "standing", "why"),
    [
        (ProposalKind.TRUST_NUMBERS, voice(12, ROJA), BOTH, None),
        (ProposalKind.TRUST_NUMBERS, voice(12, None), BOTH, None),  # the network's own desk
        (ProposalKind.TRUST_NUMBERS, voice(12, AZUL), {AZUL}, None),
        (ProposalKind.TRUST_NUMBERS, PROPOSER, {AZUL}, ApproverRefusal.SAME_PERSON),
        (ProposalKind.TRUST_NUMBERS, voice(12, ROJA, phone=b"11"), BOTH, ApproverRefusal.SAME_PERSON),
        (ProposalKind.TRUST_NUMBERS, voice(12, AZUL), BOTH, ApproverRefusal.SAME_ORGANIZATION),
        (ProposalKind.TRUST_NUMBERS, voice(12, UUID(int=9)), BOTH, ApproverRefusal.NO_STANDING),
        (ProposalKind.ADMIT, voice(12, None), BOTH, ApproverRefusal.NOT_AN_ORGANIZATION),
        (ProposalKind.ADMIT, voice(12, ROJA), BOTH, None),
    ],
)
def test_whose_yes_counts(what, second, standing, why):
    assert approval_refusal(what, second, [PROPOSER], standing) is why


def test_without_a_phone_on_file_nobody_speaks_and_two_of_the_desk_are_one():
    nameless = Approver(UUID(int=12), None, ROJA)
    assert approval_refusal(ProposalKind.ADMIT, nameless, [PROPOSER], BOTH) is ApproverRefusal.NO_PHONE
    assert why_not_eligible(nameless, BOTH) is ApproverRefusal.NO_PHONE
    desk = [voice(13, None)]
    assert (
        approval_refusal(ProposalKind.TRUST_NUMBERS, voice(14, None), desk, BOTH)
        is ApproverRefusal.SAME_ORGANIZATION
    )
    assert why_not_eligible(voice(14, None), BOTH) is None


@pytest.mark.parametrize(
    ("organizations", "proposer", "wanted"),
    [
        (0, None, 1),
        (1, 1, 1),
        (1, None, 1),
        (2, 1, 1),
        (2, None, 2),
        (3, 1, 2),
        (5, 1, 2),
        (6, 1, 3),
        (9, None, 3),
    ],
)
def test_a_quorum_is_two_and_three_once_there_are_six_as_far_as_there_are_so_many(
    organizations, proposer, wanted
):
    standing = {UUID(int=n + 1) for n in range(organizations)}
    asks = UUID(int=proposer) if proposer else None
    assert agreements_needed(ProposalKind.ADMIT, asks, standing, RULES) == wanted
    assert agreements_needed(ProposalKind.SUSPEND_ORGANIZATION, asks, standing, RULES) == 1


def test_an_admission_waits_its_72_hours_and_anything_else_ends_after_a_day():
    ends = ends_at(ProposalKind.ADMIT, NOW, RULES)
    assert ends == NOW + timedelta(hours=72)
    assert ends_at(ProposalKind.WITHDRAW_VOUCH, NOW, RULES) == NOW + timedelta(hours=24)
    assert not is_due(ProposalKind.ADMIT, 2, 2, ends, now=ends - timedelta(seconds=1))
    assert is_due(ProposalKind.ADMIT, 2, 2, ends, now=ends)
    assert not is_due(ProposalKind.ADMIT, 1, 2, ends, now=ends)
    assert is_due(ProposalKind.WITHDRAW_VOUCH, 1, 1, ends, now=NOW)
    assert not is_due(ProposalKind.WITHDRAW_VOUCH, 0, 1, ends, now=NOW)
    assert not is_due(ProposalKind.WITHDRAW_VOUCH, 1, 1, ends, now=ends)
