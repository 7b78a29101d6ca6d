"""What is found doesn't tell by the time of the answer: fresh and known phones are answered on the same beat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.privacy import constant_time as even
from tests.console.test_enrolling import MEMBER, enter, verifier  # noqa: F401
from tests.console.test_own_sheet import ROW, look, sheet


@given(st.floats(0, 100), st.floats(0.01, 10))
def test_it_ends_with_a_whole_step_and_never_waits_longer_than_one(passed, step):
    rest = even.rest_of_step(passed, step)
    assert 0 <= rest <= step
    whole = (passed + rest) / step
    assert whole == pytest.approx(round(whole), abs=1e-6)


def test_a_step_is_ended_also_by_what_fails(monkeypatch):
    waited = []
    monkeypatch.setattr(even, "sleep", waited.append)
    with pytest.raises(ValueError, match="x"), even.even_time():
        raise ValueError("x")
    assert 0 < waited[0] <= even.STEP_S


def test_a_form_and_a_sheet_wait_after_they_have_looked(world, verifier, monkeypatch):  # noqa: F811
    waited = []
    monkeypatch.setattr(even, "sleep", waited.append)
    client = verifier()
    for phone in ("3125550777", world.member("Rosa").number):
        assert enter(client, "member", MEMBER, phone=phone).status_code == 302
    assert enter(client, "member", MEMBER, phone="3125550777").status_code == 422  # theirs already
    look(client, "members", sheet("members", ROW | {"phone": "3125550776"}))
    assert len(waited) == 4
    assert all(seconds > 0 for seconds in waited)
