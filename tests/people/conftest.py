"""Verifiers and stewards, for the tests of trust."""

import pytest

from network.audit.rules import COMMAND_LINE
from network.people.actions import add_staff
from network.people.models import Staff


@pytest.fixture
def hire(world):
    """An account: its role, its organisation, and a phone of its own unless told otherwise."""

    def made(role="verifier", organization=None, *, phone="own"):
        number = f"+1{next(world.numbers)}" if phone == "own" else phone
        return add_staff(
            f"s{next(world.messages)}@example.org", role=Staff.Role(role), organization=organization,
            phone=number, by=COMMAND_LINE, now=world.now,
        )  # fmt: skip

    return made
