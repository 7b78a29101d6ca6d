from itertools import product

import pytest

from network.console.requests.next_step import RequestFacts, next_step
from network.console.shell.next_step import ANSWERS, CALLS, LINKS, PEOPLE, Next, step_of
from network.desk.rules import Reason
from network.support.rules.requests import State

PLAIN = {
    "kind_known": True, "at_home": True, "frozen": False, "duress": False, "time_waits": False, "came": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "more", "needs", "step"),
    [
        (State.ASKING, {}, (), Next.START),
        (State.ASKING, {"kind_known": False}, (), Next.ASK_KIND),
        (State.STOPPED, {}, (), Next.START),
        (State.STOPPED, {"came": True}, (), Next.CLOSE),
        (State.STOPPED, {"time_waits": True}, (), Next.SET_TIME),
        (State.STOPPED, {}, (Reason.LATER,), Next.SET_TIME),
        (State.STOPPED, {"frozen": True}, (Reason.LATER,), Next.CONFIRM_HOME),
        (State.SEARCHING, {}, (), Next.WAIT),
        (State.SEARCHING, {}, (Reason.ANSWER_PROMISED,), Next.WAIT),
        (State.SEARCHING, {}, (Reason.NOBODY_FOUND,), Next.ASK_BY_NAME),
        (State.SEARCHING, {}, (Reason.NOBODY_FOUND, Reason.FURTHER_TEXT), Next.ANSWER),
        (State.SEARCHING, {}, (Reason.FURTHER_TEXT, Reason.CALL_MEMBER), Next.CALL),
        (State.SEARCHING, {"calls": True}, (Reason.FURTHER_TEXT,), Next.CALL),
        (State.SEARCHING, {"calls": True}, (Reason.NOBODY_FOUND,), Next.ASK_BY_NAME),
        (State.COVERED, {}, (Reason.LINK_REFUSED, Reason.FURTHER_TEXT), Next.SEND_LINK),
        (State.COVERED, {}, (Reason.LINK_REFUSED, Reason.NOT_THERE), Next.CALL),
        (State.COVERED, {}, (Reason.LINK_ELSEWHERE,), Next.WAIT),
        (State.SEARCHING, {"duress": True}, (Reason.CALL_MEMBER,), Next.DECIDE),
        (State.COVERED, {}, (), Next.WAIT),
        (State.COVERED, {"came": True}, (), Next.CLOSE),
        (State.CLOSED, {"duress": True}, (Reason.CALL_MEMBER,), Next.WAIT),
    ],
)
def test_the_most_pressing_step_is_the_next(state, more, needs, step):
    assert next_step(RequestFacts(state=state, needs=needs, **{**PLAIN, **more})) is step


def test_under_duress_nobody_is_ever_told_to_call_or_write():
    for state, reason in product(State, Reason):
        step = next_step(RequestFacts(state=state, needs=(reason,), **{**PLAIN, "duress": True}))
        assert step is (Next.WAIT if state is State.CLOSED else Next.DECIDE)


def test_a_row_asks_for_a_call_where_no_text_arrives_and_for_words_where_no_call_is_safe():
    assert step_of(Reason.FURTHER_TEXT) is Next.ANSWER
    assert step_of(Reason.FURTHER_TEXT, textable=False) is Next.CALL
    assert step_of(Reason.FURTHER_TEXT, textable=False, callable=False) is Next.ANSWER
    assert step_of(Reason.FURTHER_TEXT, textable=False, duress=True) is Next.DECIDE


def test_no_need_asks_for_two_things():
    assert not CALLS & ANSWERS
    assert not (CALLS | ANSWERS) & PEOPLE
    assert not (CALLS | ANSWERS | PEOPLE) & LINKS
