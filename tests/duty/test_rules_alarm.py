"""How the alarm climbs: tables, and what must hold for every need and every crew."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.desk.rules import Severity
from network.duty.rules.alarm import (
    CLIMBED_BY,
    LADDER,
    NOBODY_ON,
    SPACED,
    SPACED_ALONE,
    DueRung,
    OpenNeed,
    Rung,
    Urgency,
    alarm_from,
    audience,
    begins,
    calls,
    rings,
    rings_for_owner,
    steps_due,
    urgency,
)
from network.duty.rules.shifts import Colleague, Crew

FIVE = datetime(2026, 10, 6, 5, tzinfo=UTC)
ANA, BETO, CARLA, DALIA = (UUID(int=n) for n in (1, 2, 3, 4))
NEED = UUID(int=9)
ALL = (Colleague(ANA), Colleague(BETO, awake=False), Colleague(CARLA), Colleague(DALIA, awake=False))
CREW = Crew(on=frozenset({ANA}), following=BETO, everyone=ALL)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def need(due: float = 2, **more) -> OpenNeed:
    return OpenNeed(NEED, FIVE, FIVE + minutes(due), **more)


def told(waiting: OpenNeed, crew: Crew, until: float) -> list[tuple[float, Rung, set[UUID]]]:
    """Every step with its minute, as an engine that looks each second would climb."""
    paged: set[DueRung] = set()
    seen: list[tuple[float, Rung, set[UUID]]] = []
    for second in range(int(until * 60) + 1):
        due = steps_due(waiting, crew, paged, now=FIVE + timedelta(seconds=second))
        paged |= set(due)
        for step in dict.fromkeys(d.step for d in due):
            seen.append((second / 60, step, {d.staff_id for d in due if d.step == step}))
    return seen


def test_it_climbs_from_who_is_on_to_the_next_to_all_who_are_awake():
    assert told(need(), CREW, 30) == [
        (1, Rung.FIRST, {ANA}),
        (3, Rung.SECOND, {ANA}),
        (6, Rung.NEXT, {BETO}),
        (10, Rung.AWAKE, {ANA, CARLA}),
    ]


def test_what_one_does_themself_is_told_to_the_others():
    of_ana = need(0, of_staff=ANA)
    assert told(of_ana, CREW, 30) == [
        (1, Rung.FIRST, {BETO}),
        (3, Rung.SECOND, {BETO}),
        (6, Rung.NEXT, {BETO}),
        (10, Rung.AWAKE, {CARLA}),
    ]
    assert told(of_ana, Crew(on=frozenset({ANA}), everyone=(Colleague(ANA),)), 30) == []


def test_duress_goes_to_every_coordinator_at_once_asleep_or_not_and_then_climbs():
    assert told(need(0, duress=True), CREW, 5)[0] == (0, Rung.DURESS, {ANA, BETO, CARLA, DALIA})
    assert told(need(0, duress=True), CREW, 5)[1:] == [(1, Rung.FIRST, {ANA}), (3, Rung.SECOND, {ANA})]


def test_with_nobody_on_all_who_are_awake_hear_at_once_and_everyone_after_five_minutes():
    crew = Crew(following=BETO, everyone=ALL)
    assert told(need(), crew, 30) == [
        (0, Rung.ALONE, {BETO, ANA, CARLA}),  # who should be here, asleep or not
        (5, Rung.EVERYONE, {ANA, BETO, CARLA, DALIA}),
    ]


def test_a_promise_rings_when_its_time_has_come_and_a_need_for_tomorrow_tomorrow():
    assert told(need(20, promise=True), CREW, 22) == [(21, Rung.FIRST, {ANA})]
    assert told(need(60), CREW, 60) == []
    assert told(need(2, promise=True), CREW, 3) == [(3, Rung.FIRST, {ANA})]
    assert told(need(60, duress=True), CREW, 0)[0][1] == Rung.DURESS


@pytest.mark.parametrize(
    ("step", "crew", "who"),
    [
        (Rung.FIRST, Crew(frozenset({UUID(int=7)}), None, BETO, ALL), [BETO]),  # who is on has no phone
        (Rung.FIRST, Crew(frozenset({UUID(int=7)}), None, None, ALL), [ANA, CARLA]),
        (Rung.SECOND, Crew(frozenset({ANA}), None, None, (Colleague(ANA, awake=False),)), [ANA]),
        (Rung.NEXT, Crew(frozenset({ANA}), None, None, ALL), [CARLA]),
        (Rung.NEXT, Crew(frozenset({ANA, CARLA}), None, None, ALL), [ANA, BETO, CARLA, DALIA]),
        (Rung.AWAKE, Crew(frozenset({ANA, CARLA}), None, None, ALL), [ANA, BETO, CARLA, DALIA]),
        (Rung.AWAKE, Crew(frozenset({BETO}), None, None, ALL), [ANA, BETO, CARLA]),  # on is awake
        (
            Rung.ALONE,
            Crew(everyone=(Colleague(BETO, awake=False), Colleague(DALIA, awake=False))),
            [BETO, DALIA],
        ),
        (Rung.ALONE, Crew(following=ANA, everyone=ALL), [ANA, CARLA]),
        (Rung.EVERYONE, CREW, [ANA, BETO, CARLA, DALIA]),
        (Rung.DURESS, Crew(), []),
    ],
)
def test_a_rung_that_would_tell_nobody_tells_the_next_wider_circle(step, crew, who):
    assert audience(step, crew) == who


def test_what_is_older_than_the_shift_pages_nobody_but_a_promise_duress_and_what_came_back():
    crew = Crew(frozenset({ANA}), FIVE + minutes(30), BETO, ALL)
    assert told(need(), crew, 60) == []
    assert not rings(need(), crew.since, now=FIVE + minutes(31))
    assert told(need(40, promise=True), crew, 41) == [(41, Rung.FIRST, {ANA})]
    assert told(need(0, duress=True), crew, 0)[0][1] == Rung.DURESS
    assert begins(need(freed_at=FIVE + minutes(33)), crew.since) == FIVE + minutes(33)
    assert begins(need(again_at=FIVE + minutes(40)), crew.since) == crew.since
    assert begins(need(again_at=FIVE + minutes(20)), crew.since) is None


def test_a_climb_goes_on_when_somebody_starts_a_shift_under_it():
    late = Crew(frozenset({ANA}), FIVE + minutes(9.9), BETO, ALL)
    assert told(need(), late, 10)[-1] == (10, Rung.AWAKE, {ANA, CARLA})
    assert told(need(), Crew(frozenset({ANA}), FIVE + CLIMBED_BY, BETO, ALL), 30) == []


def test_what_was_given_back_climbs_anew_from_then():
    given_back = need(freed_at=FIVE + minutes(20))
    first = DueRung(NEED, Rung.FIRST, ANA, FIVE)
    assert steps_due(given_back, CREW, [first], now=FIVE + minutes(20.9)) == []
    assert [due_step.step for due_step in steps_due(given_back, CREW, [first], now=FIVE + minutes(21))] == [
        Rung.FIRST
    ]
    assert alarm_from(need(60, freed_at=FIVE + minutes(20))) == FIVE + minutes(60)


@pytest.mark.parametrize(
    ("raised", "at", "sound"),
    [(need(0, duress=True), 0, Urgency.DURESS), (need(2), 1, Urgency.SOON), (need(2), 2, Urgency.URGENT)],
)
def test_three_sounds_tell_duress_late_and_waiting_apart(raised, at, sound):
    assert urgency(raised, now=FIVE + minutes(at)) == sound


def test_consoles_ring_from_the_first_second_until_somebody_claims():
    assert rings(need(), None, now=FIVE)
    assert not rings(need(claimed=True), None, now=FIVE)
    assert not rings(need(20, promise=True), None, now=FIVE + minutes(19))


def test_routine_never_rings_nor_texts_but_a_promise_whose_time_has_come_does():
    routine = need(2, severity=Severity.ROUTINE)
    assert told(routine, CREW, 30) == []
    assert not rings(routine, None, now=FIVE + minutes(30))
    promise = need(2, severity=Severity.ROUTINE, promise=True)
    assert rings(promise, None, now=FIVE + minutes(2))


def test_what_wakes_nobody_rings_the_consoles_and_texts_no_phone():
    cry = need(0, wakes=False)
    assert rings(cry, None, now=FIVE)
    assert told(cry, CREW, 30) == told(cry, Crew(following=BETO, everyone=ALL), 30) == []


@pytest.mark.parametrize(
    ("more", "read", "rings"),
    [
        ({}, False, True), ({}, True, False), ({"severity": Severity.ROUTINE}, False, False),
        ({"promise": True, "due": 5}, False, False),
    ],
)  # fmt: skip
def test_what_comes_up_on_a_taken_request_rings_for_its_owner_until_it_is_read(more, read, rings):
    assert rings_for_owner(need(**more, claimed=True), read=read, now=FIVE) is rings


def due(step: Rung, who: UUID = ANA, n: int = 9) -> DueRung:
    return DueRung(UUID(int=n), step, who, FIVE)


@pytest.mark.parametrize(
    ("steps", "ago", "goes"),
    [
        ((Rung.FIRST,), None, True), ((Rung.FIRST,), SPACED - minutes(0.1), False),
        ((Rung.FIRST,), SPACED, True), ((Rung.ALONE,), SPACED, False), ((Rung.ALONE,), SPACED_ALONE, True),
        ((Rung.ALONE, Rung.EVERYONE), SPACED, True), ((Rung.FIRST, Rung.DURESS), minutes(0), True),
    ],
)  # fmt: skip
def test_two_texts_to_one_phone_are_spaced_but_duress_never_waits(steps, ago, goes):
    texted = {} if ago is None else {ANA: FIVE - ago}
    made = calls([due(step, n=n) for n, step in enumerate(steps)], texted, now=FIVE)
    assert bool(made) is goes
    assert not goes or len(made[0].dues) == len(steps)


def test_all_that_is_due_to_a_phone_goes_in_one_text():
    made = calls([due(Rung.FIRST, n=1), due(Rung.FIRST, n=2), due(Rung.NEXT, BETO, 1)], {}, now=FIVE)
    assert [(call.staff_id, len(call.dues)) for call in made] == [(ANA, 2), (BETO, 1)]


PEOPLE = [ANA, BETO, CARLA, DALIA]
MOMENTS = st.integers(-120, 120).map(lambda n: FIVE + minutes(n))
CREWS = st.builds(
    Crew,
    on=st.frozensets(st.sampled_from([*PEOPLE, UUID(int=7)])),
    since=st.none() | MOMENTS,
    following=st.none() | st.sampled_from(PEOPLE),
    everyone=st.lists(
        st.builds(Colleague, st.sampled_from(PEOPLE), st.booleans()), unique_by=lambda c: c.id
    ).map(tuple),
)
NEEDS = st.builds(
    lambda raised, wait, **more: OpenNeed(NEED, raised, raised + minutes(wait), **more),
    MOMENTS,
    st.integers(0, 90),
    duress=st.booleans(),
    promise=st.booleans(),
    claimed=st.booleans(),
    again_at=st.none() | MOMENTS,
    freed_at=st.none() | MOMENTS,
)


@given(need=NEEDS, crew=CREWS, at=MOMENTS)
def test_a_claimed_need_tells_nobody_and_no_one_is_told_twice_for_a_step(need, crew, at):
    first = steps_due(need, crew, (), now=at)
    assert not (need.claimed and first)
    assert len(set(first)) == len(first)
    assert steps_due(need, crew, first, now=at) == []


@given(need=NEEDS, crew=CREWS, claimed_after=st.integers(0, 15))
def test_claiming_stops_every_further_step(need, crew, claimed_after):
    start = begins(need, crew.since) or need.raised_at
    taken = OpenNeed(
        need.id, need.raised_at, need.due_at, need.duress, need.promise, True, need.again_at, need.freed_at
    )
    for later in range(claimed_after, 30):
        assert steps_due(taken, crew, (), now=start + minutes(later)) == []


@given(need=NEEDS, crew=CREWS)
def test_every_unclaimed_need_of_the_shift_tells_somebody_in_bounded_time(need, crew):
    start = begins(need, crew.since)
    if need.claimed or start is None or not crew.everyone:
        return
    told_by_then = steps_due(need, crew, (), now=start + CLIMBED_BY)
    reached = {step for step, _ in (LADDER if crew.on else NOBODY_ON)}
    assert reached <= {told.step for told in told_by_then}
    assert steps_due(need, crew, (), now=start + minutes(1))


@given(need=NEEDS, since=st.none() | MOMENTS)
def test_only_what_a_started_shift_has_read_is_ever_left_out(need, since):
    if begins(need, since) is None:
        assert since is not None
        assert alarm_from(need) <= since - CLIMBED_BY
        assert not need.duress


@given(
    dues=st.lists(
        st.builds(due, st.sampled_from(Rung), st.sampled_from(PEOPLE), st.integers(1, 5)), unique=True
    ),
    texted=st.dictionaries(st.sampled_from(PEOPLE), MOMENTS),
)
def test_what_waits_for_a_phone_goes_out_five_minutes_later_at_most(dues, texted):
    now = max([FIVE, *texted.values()]) + SPACED_ALONE
    sent = [due for call in calls(dues, texted, now=now) for due in call.dues]
    assert sorted(sent, key=str) == sorted(dues, key=str)
