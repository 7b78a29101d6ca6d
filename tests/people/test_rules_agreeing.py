"""Two people: whose yes counts, how many it takes, and when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from network.people.rules_agreeing import (
    Voice,
    VoiceRefusal,
    What,
    agreements_needed,
    ends_at,
    is_due,
    silenced,
    voice_refusal,
)
from network.people.rules_trust import TrustRules

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
RULES = TrustRules()
AZUL, ROJA = UUID(int=1), UUID(int=2)
BOTH = frozenset({AZUL, ROJA})


def voice(number, organization=AZUL, phone=None):
    return Voice(UUID(int=number), phone or str(number).encode(), organization)


PROPOSER = voice(11)


@pytest.mark.parametrize(
    ("what", "second", "standing", "why"),
    [
        (What.TRUST_NUMBERS, voice(12, ROJA), BOTH, None),
        (What.TRUST_NUMBERS, voice(12, None), BOTH, None),  # the network's own desk
        (What.TRUST_NUMBERS, voice(12, AZUL), {AZUL}, None),
        (What.TRUST_NUMBERS, PROPOSER, {AZUL}, VoiceRefusal.SAME_PERSON),
        (What.TRUST_NUMBERS, voice(12, ROJA, phone=b"11"), BOTH, VoiceRefusal.SAME_PERSON),
        (What.TRUST_NUMBERS, voice(12, AZUL), BOTH, VoiceRefusal.SAME_ORGANIZATION),
        (What.TRUST_NUMBERS, voice(12, UUID(int=9)), BOTH, VoiceRefusal.NO_STANDING),
        (What.ADMIT, voice(12, None), BOTH, VoiceRefusal.NOT_AN_ORGANIZATION),
        (What.ADMIT, voice(12, ROJA), BOTH, None),
    ],
)
def test_whose_yes_counts(what, second, standing, why):
    assert voice_refusal(what, second, [PROPOSER], standing) is why


def test_without_a_phone_on_file_nobody_speaks_and_two_of_the_desk_are_one():
    nameless = Voice(UUID(int=12), None, ROJA)
    assert voice_refusal(What.ADMIT, nameless, [PROPOSER], BOTH) is VoiceRefusal.NO_PHONE
    assert silenced(nameless, BOTH) is VoiceRefusal.NO_PHONE
    desk = [voice(13, None)]
    assert voice_refusal(What.TRUST_NUMBERS, voice(14, None), desk, BOTH) is VoiceRefusal.SAME_ORGANIZATION
    assert silenced(voice(14, None), BOTH) is None


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
    assert agreements_needed(What.ADMIT, asks, standing, RULES) == wanted
    assert agreements_needed(What.SUSPEND_ORGANIZATION, asks, standing, RULES) == 1


def test_an_admission_waits_its_72_hours_and_anything_else_ends_after_a_day():
    ends = ends_at(What.ADMIT, NOW, RULES)
    assert ends == NOW + timedelta(hours=72)
    assert ends_at(What.WITHDRAW_VOUCH, NOW, RULES) == NOW + timedelta(hours=24)
    assert not is_due(What.ADMIT, 2, 2, ends, now=ends - timedelta(seconds=1))
    assert is_due(What.ADMIT, 2, 2, ends, now=ends)
    assert not is_due(What.ADMIT, 1, 2, ends, now=ends)
    assert is_due(What.WITHDRAW_VOUCH, 1, 1, ends, now=NOW)
    assert not is_due(What.WITHDRAW_VOUCH, 0, 1, ends, now=NOW)
    assert not is_due(What.WITHDRAW_VOUCH, 1, 1, ends, now=ends)
