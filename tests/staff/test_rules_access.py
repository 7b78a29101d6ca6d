"""Who may do what: the whole table, cell by cell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.staff.models import Staff
from network.staff.rules.access import (
    CONFIRMED,
    FRESH_FOR,
    IDLE_AFTER,
    TABLE,
    AccessRefusal,
    Action,
    Scope,
    StaffRole,
    Thing,
    Who,
    may,
    refusal,
    scope_of,
)
from network.staff.rules.approvers import mailbox

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
AZUL, ROJA, ME = UUID(int=1), UUID(int=2), UUID(int=3)

# steward, coordinator on shift, coordinator off shift, verifier, auditor, lawyer
COLUMNS = ("steward", "on", "off", "verifier", "auditor", "lawyer")
CELLS = {
    Action.SEE_BOARD: "yes yes yes no no no",
    Action.LISTEN: "yes yes yes no no no",
    Action.WORK: "yes yes shift no no no",
    Action.SEE_REQUESTS: "yes yes shift no no no",
    Action.SEE_ADDRESS: "yes yes shift no no no",
    Action.SEE_PEOPLE: "yes yes shift own no no",
    Action.CHANGE_PEOPLE: "yes yes shift no no no",
    Action.FIND: "yes yes shift own no no",
    Action.READ_TEXTS: "yes yes shift no no no",
    Action.SEE_ASKING: "yes yes shift no no no",
    Action.CHANGE_ASKING: "yes yes shift no no no",
    Action.SEE_SETTING_UP: "yes yes yes own no no",
    Action.SEE_MEASURES: "yes yes yes no yes no",
    Action.SEE_DUTY: "yes yes yes no no no",
    Action.CHANGE_DUTY: "yes yes yes no no no",
    Action.SEE_DRILLS: "yes yes shift no no no",
    Action.RUN_DRILLS: "yes no no no no no",
    Action.SEE_TRUST: "yes yes shift own no no",
    Action.CHANGE_TRUST: "yes yes shift own no no",
    Action.SET_RULES: "yes no no no no no",
    Action.ENROL: "yes no no own no no",
    Action.EXPORT: "no no no own no no",
    Action.SEE_STAFF: "yes yes yes no no no",
    Action.END_SESSIONS: "yes yes yes no no no",
    Action.MANAGE_STAFF: "yes no no no no no",
    Action.MEET_STAFF: "yes yes yes no no no",
    Action.RESTORE_FACTOR: "yes no no no no no",
    Action.READ_HISTORY: "yes no no no yes no",
    Action.READ_LEGAL: "no no no no no legal",
}


def person(column: str, **changes) -> Who:
    role = "coordinator" if column in ("on", "off") else column
    return replace(
        Who(
            ME,
            role,
            AZUL,
            is_in_good_standing=True,
            active=True,
            on_shift=column == "on",
            factors=True,
            acted_at=NOW,
            reauthenticated_at=NOW,
        ),
        **changes,
    )


MINE, OTHERS = Thing(AZUL), Thing(ROJA)
MY_LEGAL, OTHERS_LEGAL = Thing(AZUL, legal=True), Thing(ROJA, legal=True)
THINGS = {"none": None, "mine": MINE, "others": OTHERS, "my legal": MY_LEGAL, "others' legal": OTHERS_LEGAL}
REACHES = {
    "yes": set(THINGS),
    "own": {"none", "mine", "my legal"},
    "legal": {"none", "my legal"},
    "no": set(),
    "shift": set(),
}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("action", Action)
def test_every_cell_of_the_table(action, column):
    cell = CELLS[action].split()[COLUMNS.index(column)]
    for name, thing in THINGS.items():
        refused = refusal(person(column), action, thing, NOW)
        wanted = AccessRefusal.OFF_SHIFT if cell == "shift" else AccessRefusal.UNKNOWN
        assert refused == (None if name in REACHES[cell] else wanted), name
        assert may(person(column), action, thing, NOW) == (refused is None)


def test_the_table_names_every_action_and_every_role_that_staff_have():
    assert set(TABLE) == set(Action) == set(CELLS)
    assert {role.value for role in StaffRole} == set(Staff.Role.values)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("column", COLUMNS)
def test_nobody_without_access_or_with_an_unknown_role_may_anything(action, column):
    assert refusal(person(column, active=False), action, MY_LEGAL, NOW) is AccessRefusal.UNKNOWN
    assert refusal(person(column, role="owner"), action, MY_LEGAL, NOW) is AccessRefusal.UNKNOWN


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("column", COLUMNS)
def test_who_belongs_to_an_organization_that_does_not_stand_may_nothing_whatever_their_role(column, action):
    cut_off = person(column, is_in_good_standing=False)
    for thing in THINGS.values():
        assert refusal(cut_off, action, thing, NOW) is AccessRefusal.UNKNOWN
    assert scope_of(cut_off, action) is None


@pytest.mark.parametrize("column", ["verifier", "lawyer"])
@pytest.mark.parametrize("action", Action)
def test_who_belongs_to_no_organization_has_nothing_of_their_own(action, column):
    nobodys = person(column, organization=None)
    for thing in (None, Thing(None), Thing(None, legal=True), MINE):
        assert not may(nobodys, action, thing, NOW)


def test_what_is_not_theirs_is_unknown_before_anything_else_is_said():
    locked = person("verifier", factors=False, acted_at=NOW - IDLE_AFTER)
    assert refusal(locked, Action.ENROL, OTHERS, NOW) is AccessRefusal.UNKNOWN
    assert refusal(locked, Action.ENROL, MINE, NOW) is AccessRefusal.SET_UP


def test_the_desk_locks_after_twenty_minutes_without_an_act_and_not_before():
    for minutes, wanted in ((19.99, None), (20, AccessRefusal.LOCKED), (300, AccessRefusal.LOCKED)):
        idle = person("on", acted_at=NOW - timedelta(minutes=minutes))
        assert refusal(idle, Action.WORK, None, NOW) is wanted


@pytest.mark.parametrize("action", Action)
def test_only_addresses_exports_and_staff_ask_for_a_fresh_touch(action):
    column = next(c for c in COLUMNS if may(person(c), action, MY_LEGAL, NOW))
    wanted = AccessRefusal.CONFIRM if action in CONFIRMED else None
    for touched in (None, NOW - FRESH_FOR):
        assert refusal(person(column, reauthenticated_at=touched), action, MY_LEGAL, NOW) is wanted
    just = person(column, reauthenticated_at=NOW - FRESH_FOR + timedelta(seconds=1))
    assert may(just, action, MY_LEGAL, NOW)
    assert {
        Action.SEE_ADDRESS,
        Action.EXPORT,
        Action.MANAGE_STAFF,
        Action.MEET_STAFF,
        Action.RESTORE_FACTOR,
    } == CONFIRMED


whos = st.builds(
    Who,
    id=st.just(ME),
    role=st.sampled_from([*StaffRole, "other"]),
    organization=st.sampled_from([None, AZUL, ROJA]),
    is_in_good_standing=st.booleans(),
    active=st.booleans(),
    on_shift=st.booleans(),
    factors=st.booleans(),
    acted_at=st.timedeltas(timedelta(0), timedelta(hours=1)).map(lambda ago: NOW - ago),
    reauthenticated_at=st.none() | st.timedeltas(timedelta(0), timedelta(hours=1)).map(lambda ago: NOW - ago),
)
things = st.none() | st.builds(Thing, st.sampled_from([None, AZUL, ROJA]), st.booleans())


@given(whos, st.sampled_from(Action), things)
def test_whoever_may_stands_is_active_came_in_by_a_factor_and_is_not_idle(account, action, thing):
    if may(account, action, thing, NOW):
        assert account.active
        assert account.is_in_good_standing
        assert account.factors
        assert NOW - account.acted_at < IDLE_AFTER
        assert scope_of(account, action) is not None


@given(whos, st.sampled_from(Action), things)
def test_nobody_reaches_another_organization_by_a_right_of_their_own(account, action, thing):
    if (
        thing is not None
        and scope_of(account, action) in (Scope.OWN, Scope.OWN_LEGAL)
        and may(account, action, thing, NOW)
    ):
        assert thing.organization == account.organization is not None


@given(whos, st.sampled_from(Action), things)
def test_time_alone_never_gives_a_right(account, action, thing):
    if not may(account, action, thing, NOW):
        assert not may(account, action, thing, NOW + timedelta(minutes=1))


def test_a_mailbox_is_one_whatever_the_tag_and_the_letters():
    assert mailbox(" Ana+Work@Example.org") == mailbox("ana@example.org") == "ana@example.org"
    assert mailbox("ana@example.org") != mailbox("ana@example.com")
