"""Shifts, swaps and hand-offs, as rows."""

from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from network.audit import rules as audit
from network.desk import actions as desk
from network.desk.models import Need
from network.duty.actions import handoffs, shifts, swapping
from network.duty.actions.handoffs import HandoffLines
from network.duty.models import Handoff, Shift, Swap
from network.duty.queries import gaps, missed, next_shift, people_on, to_accept, who_is_on
from network.duty.rules import clock
from network.duty.rules.shifts import CoverageLack, ShiftState
from tests.duty.test_alarm import at_once

DAY = date(2026, 10, 6)


def add(world, staff, start=12, end=20, *, day=DAY, weeks=1):
    return shifts.add_shifts(
        staff.pk,
        day=day,
        start=time(start),
        end=time(end),
        weeks=weeks,
        by=audit.staff(staff.pk),
        now=world.now,
    )


def start(world, staff, hours=None):
    return shifts.start_shift(staff.pk, hours=hours, by=audit.staff(staff.pk), now=world.now)


def end(world, staff, *, requests=(), visits=(), lines=("Rosa waits", "nothing", "Luz: we call at 8")):
    return handoffs.end_shift(
        staff.pk,
        HandoffLines(*lines),
        requests=requests,
        visits=visits,
        by=audit.staff(staff.pk),
        now=world.now,
    )


def test_a_weekly_shift_is_so_many_rows_and_the_later_ones_are_cancelled_together(world):
    ana = world.coordinator()
    rows = add(world, ana, weeks=5)
    assert [(b.starts_at - a.starts_at).days for a, b in pairwise(rows)] == [7, 7, 7, 7]
    assert rows[4].starts_at - rows[3].starts_at == timedelta(days=7, hours=1)  # the clocks went back
    shift = {"staff_id": ana.pk, "by": audit.staff(ana.pk), "now": world.now}
    assert shifts.cancel_shift(rows[0].pk, later=False, **shift) == 1
    assert shifts.cancel_shift(rows[2].pk, later=True, **shift) == 3
    with pytest.raises(shifts.NotYourShift):
        shifts.cancel_shift(rows[2].pk, later=False, **shift)
    assert Shift.objects.filter(state=ShiftState.PLANNED).count() == 1


def test_nobody_has_two_shifts_at_once(world):
    ana = world.coordinator()
    add(world, ana)
    with pytest.raises(shifts.Overlaps):
        add(world, ana, 19, 23)
    add(world, ana, 20, 23)
    add(world, world.coordinator())


def test_a_shift_is_started_near_its_time_or_from_now(world):
    ana, beto = world.coordinator(), world.coordinator()
    (planned,) = add(world, ana, 11, 19)
    with pytest.raises(shifts.NoShiftNow):
        start(world, beto)
    with pytest.raises(clock.NotAShift):
        start(world, beto, hours=25)
    assert start(world, ana).pk == planned.pk
    with pytest.raises(shifts.AlreadyOn):
        start(world, ana)
    add(world, beto, 12, 20)
    assert start(world, beto, hours=8).ends_at == world.now + timedelta(hours=2)  # up to the next one
    assert {account.pk for account in people_on(now=world.now)} == {ana.pk, beto.pk}


def test_a_shift_whose_time_ran_out_is_over_and_one_nobody_starts_is_missed(world):
    ana, beto = world.coordinator(), world.coordinator()
    start(world, ana, hours=2)
    add(world, beto, 12, 20)
    assert who_is_on(now=world.now).pk == ana.pk
    assert next_shift(on=people_on(now=world.now), now=world.now).staff_id == beto.pk
    world.now += timedelta(hours=2, minutes=10)
    assert who_is_on(now=world.now) is None
    assert [shift.staff_id for shift in missed(now=world.now)] == [beto.pk]
    start(world, ana, hours=2)
    assert (
        Shift.objects.filter(staff=ana).values_list("state", flat=True).order_by("starts_at")[0]
        == ShiftState.ENDED
    )


def test_whether_the_sound_was_heard_is_kept(world):
    ana = world.coordinator()
    with pytest.raises(shifts.NotYourShift):
        shifts.answer_heard(ana.pk, heard=True, by=audit.staff(ana.pk), now=world.now)
    mine = start(world, ana, hours=2)
    shifts.answer_heard(ana.pk, heard=False, by=audit.staff(ana.pk), now=world.now)
    mine.refresh_from_db()
    assert mine.heard is False


def offer(world, shift, staff):
    return swapping.offer_swap(shift.pk, staff_id=staff.pk, by=audit.staff(staff.pk), now=world.now)


def take(world, swap, staff):
    return swapping.take_swap(swap.pk, staff_id=staff.pk, by=audit.staff(staff.pk), now=world.now)


def test_a_shift_is_offered_and_taken_by_another(world):
    ana, beto = world.coordinator(), world.coordinator()
    (shift,) = add(world, ana)
    with pytest.raises(shifts.NotYourShift):
        offer(world, shift, beto)
    swap = offer(world, shift, ana)
    assert offer(world, shift, ana).pk == swap.pk
    assert any(gap.lack == CoverageLack.OFFERED for gap in gaps(now=world.now))
    with pytest.raises(shifts.NotYourShift):
        take(world, swap, ana)
    add(world, beto, 13, 14)
    with pytest.raises(shifts.Overlaps):
        take(world, swap, beto)
    carla = world.coordinator()
    assert take(world, swap, carla).staff_id == carla.pk
    with pytest.raises(swapping.SwapTooLate):
        take(world, swap, beto)
    assert not any(gap.lack == CoverageLack.OFFERED for gap in gaps(now=world.now))


def test_two_who_take_one_swap_at_once_one_has_it(world):
    ana, beto, carla = (world.coordinator() for _ in range(3))
    (shift,) = add(world, ana)
    swap = offer(world, shift, ana)
    answers = at_once(lambda: take(world, swap, beto), lambda: take(world, swap, carla))
    assert sorted(type(answer).__name__ for answer in answers) == ["Shift", "SwapTooLate"]
    shift.refresh_from_db()
    swap.refresh_from_db()
    assert shift.staff_id == swap.taken_by_id
    assert shift.staff_id in (beto.pk, carla.pk)


def test_an_offer_is_taken_back_or_ends_with_its_shift(world):
    ana, beto = world.coordinator(), world.coordinator()
    (shift,) = add(world, ana)
    swap = offer(world, shift, ana)
    swapping.withdraw_swap(swap.pk, staff_id=ana.pk, by=audit.staff(ana.pk), now=world.now)
    with pytest.raises(swapping.SwapTooLate):
        swapping.withdraw_swap(swap.pk, staff_id=ana.pk, by=audit.staff(ana.pk), now=world.now)
    again = offer(world, shift, ana)
    shifts.cancel_shift(shift.pk, staff_id=ana.pk, later=True, by=audit.staff(ana.pk), now=world.now)
    with pytest.raises(swapping.SwapTooLate):
        take(world, again, beto)


def test_a_handoff_holds_what_is_open_and_is_accepted_by_one_tap(world):
    ana, beto = world.coordinator(), world.coordinator()
    start(world, ana, hours=4)
    world.member("Rosa").sends("help")
    need, request = Need.objects.get(reason="new_request"), world.request()
    desk.claim(need.pk, staff_id=ana.pk, by=audit.staff(ana.pk), now=world.now)
    world.now += timedelta(hours=1)
    left = end(world, ana, requests=[request.pk])
    assert (left.requests, left.needs, left.urgent) == ([request.pk], [need.pk], "Rosa waits")
    need.refresh_from_db()
    assert need.claimed_by is None  # it rings until somebody has it
    assert who_is_on(now=world.now) is None
    with pytest.raises(shifts.NotYourShift):
        handoffs.accept_handoff(left.pk, staff_id=ana.pk, by=audit.staff(ana.pk), now=world.now)
    handoffs.accept_handoff(left.pk, staff_id=beto.pk, by=audit.staff(beto.pk), now=world.now)
    need.refresh_from_db()
    assert need.claimed_by == beto.pk
    assert not to_accept().exists()
    with pytest.raises(handoffs.AcceptedAlready):
        handoffs.accept_handoff(left.pk, staff_id=beto.pk, by=audit.staff(beto.pk), now=world.now)
    with pytest.raises(shifts.NotYourShift):
        end(world, ana)


def test_accepting_takes_only_what_the_other_had(world):
    ana, beto = world.coordinator(), world.coordinator()
    start(world, ana, hours=4)
    world.member("Rosa").sends("help")
    left = end(world, ana)
    handoffs.accept_handoff(left.pk, staff_id=beto.pk, by=audit.staff(beto.pk), now=world.now)
    assert Need.objects.get(reason="new_request").claimed_by is None


def test_the_three_lines_lie_sealed(world):
    ana = world.coordinator()
    start(world, ana, hours=4)
    left = end(world, ana)
    assert "Rosa" not in str(Handoff.objects.filter(pk=left.pk).values_list("urgent", flat=True)[0])
    assert Handoff.objects.get(pk=left.pk).told == "Luz: we call at 8"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda shift, ana: Shift.objects.filter(pk=shift.pk).update(ends_at=shift.starts_at),
        lambda shift, ana: Shift.objects.filter(pk=shift.pk).update(state=ShiftState.STARTED),
        lambda shift, ana: Swap.objects.create(
            shift=shift, offered_by=ana, offered_at=shift.starts_at, taken_by=ana, closed_at=shift.starts_at
        ),
    ],
)
def test_what_can_not_be_is_refused_by_the_database(world, wrong):
    ana = world.coordinator()
    (shift,) = add(world, ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong(shift, ana)
