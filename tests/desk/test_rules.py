"""What comes first: a row for each reason, and one order for every list."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.desk.rules import (
    PROMISES,
    SEVERITY,
    Reason,
    Severity,
    cut,
    grouped,
    in_order,
    severity,
    subject_of,
)

FIVE = datetime(2026, 10, 6, 5, tzinfo=UTC)
REQUEST, OTHER, PERSON = UUID(int=1), UUID(int=2), UUID(int=3)


@dataclass(frozen=True)
class Waits:
    reason: str
    due: float = 0  # minutes from now
    promise: bool = False
    grave: bool = False
    request_id: UUID | None = None
    person_id: UUID | None = PERSON
    number: int = 1

    @property
    def due_at(self):
        return FIVE + timedelta(minutes=self.due)

    @property
    def subject(self):
        return subject_of(f"text:{self.number}", request_id=self.request_id, person_id=self.person_id)


def how_bad(reason, **more):
    return severity(Waits(reason, **more), now=FIVE)


def test_every_reason_has_its_row():
    assert set(SEVERITY) == set(Reason)


def test_only_duress_is_duress():
    assert [reason for reason in Reason if SEVERITY[reason] is Severity.DURESS] == [Reason.DURESS]


@pytest.mark.parametrize(
    ("reason", "more", "severity"),
    [
        (Reason.DURESS, {}, 0),
        (Reason.DURESS, {"promise": True, "due": 60}, 0),
        *[
            (reason, {}, 1)
            for reason in (
                Reason.NOT_THERE, Reason.NOT_DONE, Reason.VISITOR_NEEDS_PERSON, Reason.DID_NOT_COME,
                Reason.NOBODY_FOUND, Reason.CALL_MEMBER, Reason.CANT_TEXT, Reason.PLACE_LOST,
                Reason.PIN_LOCKED, Reason.NO_PIN, Reason.LINK_REFUSED, Reason.SUSPENDED, Reason.VOUCHES_LOST_ON_VISIT,
                Reason.HOME_CHANGED, Reason.CARRIER_REFUSES, Reason.CARRIER_SILENT, Reason.CANARY_LOST, Reason.STAFF_CUT_OFF,
                Reason.CALL_CAME,
            )
        ],
        *[
            (reason, {}, 2)
            for reason in (
                Reason.NEW_REQUEST, Reason.LATER, Reason.HALF_REQUEST, Reason.ELSEWHERE, Reason.OTHER_HELP,
                Reason.LATE_YES, Reason.MANY_ASKED, Reason.FURTHER_TEXT, Reason.MEDIA_LOST, Reason.MOVED,
                Reason.STOP_ASKED, Reason.TOO_MANY_TEXTS, Reason.NOT_MET, Reason.NO_WORD_AFTER,
                Reason.FLOOD, Reason.BUDGET, Reason.CRY,
            )
        ],
        *[
            (reason, {}, 3)
            for reason in (
                Reason.INVITED_WROTE, Reason.UNKNOWN_SENDER, Reason.PROPOSAL, Reason.VOUCHES_END,
                Reason.NO_ANSWER_TO_JOIN, Reason.WRONG_NUMBER, Reason.VOUCHES_LOST, Reason.POLICY_OFF,
                Reason.LINK_ELSEWHERE, Reason.LINK_OFTEN, Reason.SEEN_NOT_GONE, Reason.MANY_HOMES, Reason.ERASING_STOPPED,
            )
        ],
        (Reason.CALL_CAME, {"person_id": None}, 2),
        (Reason.UNCLEAR_TEXT, {}, 2),
        (Reason.UNCLEAR_TEXT, {"request_id": REQUEST}, 1),
        (Reason.FAILED_TEXT, {"request_id": REQUEST}, 1),
        (Reason.FURTHER_TEXT, {"request_id": REQUEST}, 2),
        (Reason.FURTHER_TEXT, {"grave": True}, 1),  # fear stands in it
        (Reason.NEW_REQUEST, {"grave": True}, 1),
        (Reason.OPTED_OUT, {"request_id": REQUEST}, 2),
        (Reason.OPTED_OUT, {"grave": True}, 1),  # a visit runs
    ],
)  # fmt: skip
def test_how_bad_it_is_that_something_waits(reason, more, severity):
    assert how_bad(reason, **more) == severity


@pytest.mark.parametrize("reason", [*sorted(PROMISES), Reason.CALL_MEMBER])
@pytest.mark.parametrize(("due", "severity"), [(-1, 1), (0, 1), (0.1, 2), (10, 2), (10.1, 3), (600, 3)])
def test_a_promise_goes_by_its_own_clock(reason, due, severity):
    assert how_bad(reason, promise=True, due=due) == severity


def test_a_promise_that_was_made_without_saying_so_is_one():
    assert how_bad(Reason.WRITE_PROMISED, due=60) is Severity.ROUTINE


def test_the_worst_comes_first_and_then_what_is_due_next():
    duress = Waits(Reason.DURESS, due=5)
    silent, late_promise = Waits(Reason.NOT_THERE, due=-1), Waits(Reason.CALL_PROMISED, due=-40, promise=True)
    fresh, invited = Waits(Reason.NEW_REQUEST, due=2), Waits(Reason.INVITED_WROTE, due=-500)
    assert in_order([invited, fresh, silent, late_promise, duress], now=FIVE) == [
        duress,
        late_promise,
        silent,
        fresh,
        invited,
    ]


def test_one_row_for_a_request_else_a_person_else_what_it_is_about():
    new = Waits(Reason.NEW_REQUEST, request_id=REQUEST, number=1)
    silent = Waits(Reason.NOT_THERE, request_id=REQUEST, person_id=OTHER, number=2)
    alone = Waits(Reason.INVITED_WROTE, number=3)
    stranger = Waits(Reason.UNKNOWN_SENDER, person_id=None, number=4)
    rows = grouped([stranger, alone, new, silent], now=FIVE)
    assert [(row.worst, row.others) for row in rows] == [(silent, (new,)), (alone, ()), (stranger, ())]
    assert [row.severity for row in rows] == [1, 3, 3]


@given(
    st.lists(
        st.builds(
            Waits, st.sampled_from(Reason), st.integers(-60, 60), st.booleans(), st.booleans(),
            st.sampled_from([None, REQUEST, OTHER]), st.sampled_from([None, PERSON]),
            st.integers(1, 1000),
        ),
        max_size=40,
    ),
    st.integers(0, 5),
)  # fmt: skip
def test_a_cut_list_leaves_off_nothing_that_is_to_be_done_now_and_counts_the_rest(needs, most):
    groups = grouped(needs, now=FIVE)
    kept, left = cut(groups, most)
    assert kept == groups[: len(kept)]
    assert left == len(groups) - len(kept)
    assert all(group.severity > Severity.NOW for group in groups[len(kept) :])
    assert len(kept) <= max(most, sum(group.severity <= Severity.NOW for group in groups))
    assert sum(1 + len(group.others) for group in groups) == len(needs)
