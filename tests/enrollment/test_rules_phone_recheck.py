"""Whether a phone is still theirs: when we ask, and when nobody is sent any more."""

from datetime import UTC, datetime, timedelta

import pytest

from network.enrollment.rules.phone_recheck import ANSWER_IN, CHECK_AFTER, Phone, RecheckDue, due

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
DAY = timedelta(days=1)
LONG_AGO = NOW - CHECK_AFTER


@pytest.mark.parametrize(
    ("phone", "what"),
    [
        (Phone(NOW), None),
        (Phone(LONG_AGO + DAY), None),
        (Phone(LONG_AGO), RecheckDue.ASK),
        (Phone(LONG_AGO - DAY, asked_at=NOW - DAY), None),
        (Phone(LONG_AGO, asked_at=NOW - ANSWER_IN), RecheckDue.FREEZE),
        (Phone(LONG_AGO, asked_at=NOW - DAY, asking_failed=True), RecheckDue.FREEZE),
        (Phone(NOW, asked_at=NOW - ANSWER_IN), RecheckDue.HEARD),
        (Phone(NOW, asked_at=NOW - DAY, asking_failed=True), RecheckDue.HEARD),
        (Phone(NOW - DAY, unreachable=30005), RecheckDue.FREEZE),
        (Phone(NOW - DAY, unreachable=30006), RecheckDue.FREEZE),
        (Phone(NOW - DAY, unreachable=30004), None),  # blocked: they are there
        (Phone(NOW - DAY, failures=(30003, 30003)), None),
        (Phone(NOW - DAY, failures=(30003, 30003, 30003)), RecheckDue.FREEZE),
        (Phone(NOW - DAY, failures=(30003, None, 30003)), None),
        (Phone(NOW - DAY, failures=(30007, 30003, 30003)), None),
    ],
)
def test_what_is_due(phone, what):
    assert due(phone, now=NOW) is what
