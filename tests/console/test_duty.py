"""The page about shifts, and the bar that rings."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from network.audit import rules as audit
from network.desk import actions as desk
from network.desk.models import Need
from network.duty.models import Handoff, Shift, Swap
from network.staff.actions.accounts import add_staff
from network.staff.models import Staff
from tests.console.test_pages import get, post, sign_in
from tests.reading import markup_of, words_of


@pytest.fixture
def ana(world):
    return console(world, "Ana")


def console(world, name) -> Client:
    staff = world.coordinator()
    staff.name = name
    staff.save()
    client = sign_in(world, staff)
    client.staff = staff
    return client


def page(client, path="/duty"):
    return get(client, path).content.decode()


def do(client, step, **form):
    return post(client, f"/duty/do/{step}", **form).content.decode()


def test_with_nobody_on_the_board_says_so_strongly_and_names_who_is_next(world, ana):
    shown = page(ana, "/")
    assert 'class="notice late"' in shown
    assert "Only at a console" in shown  # her own, so members are not told that nobody is on
    world.now += timedelta(minutes=3)
    assert "every phone of the team is texted" in page(ana, "/board/duty")
    do(ana, "add", day="2026-10-06", start="18:00", end="02:00", weeks="1")
    assert "Ana Tue 18:00" in words_of(page(ana, "/board/duty"))
    world.now += timedelta(hours=8, minutes=11)
    ana = sign_in(world, ana.staff)  # her desk has locked
    assert "The shift of Ana should have begun at 18:00" in page(ana, "/board/duty")
    do(ana, "start")
    assert 'class="nobody"' not in page(ana, "/board/duty")


def test_the_week_shows_the_hours_with_nobody_first(world, ana):
    beto = console(world, "Beto")
    do(ana, "add", day="2026-10-06", start="11:00", end="18:00", weeks="2")
    do(beto, "add", day="2026-10-06", start="18:00", end="23:00", weeks="1")
    do(ana, "offer", shift=str(Shift.objects.filter(staff=ana.staff).earliest("starts_at").pk))
    shown = page(ana)
    assert shown.index("Nobody at all") < shown.index("Only somebody who asks to be relieved")
    assert "23:00" in shown
    assert "Cancel this and the later ones" in shown
    assert 'value="18:00"' in page(ana, "/duty?day=2026-10-07&start=18:00&end=02:00")


def gaps(shown):
    return shown.split('aria-labelledby="h-gaps"')[1].split("</ul>")[0].split("<li>")[1:]


def test_a_gap_is_taken_with_one_press_or_its_first_hours_are_proposed(world, ana):
    do(ana, "add", day="2026-10-06", start="11:00", end="18:00", weeks="1")
    do(ana, "add", day="2026-10-06", start="22:00", end="23:00", weeks="1")
    found = gaps(page(ana))
    assert words_of(found[1]).startswith("in 8 h 0 min Tue 6 Oct 18:00 – 22:00 Nobody at all · 4 h")
    (form,) = [gap for gap in found if "<form" in gap]
    sent = dict(re.findall(r'name="(day|start|end)" value="([^"]+)"', markup_of(form)))
    assert sent == {"day": "2026-10-06", "start": "18:00", "end": "22:00"}
    assert "Added" in do(ana, "add", **sent)
    now, later = gaps(page(ana))
    assert words_of(now).endswith("Start my shift")
    assert 'href="?day=2026-10-06&amp;start=23:00&amp;end=07:00#add"' in markup_of(later)


def test_the_week_is_a_table_of_who_is_on_by_the_clock(world, ana):
    beto = console(world, "Beto")
    do(ana, "add", day="2026-10-06", start="18:00", end="02:00", weeks="2")
    do(beto, "add", day="2026-10-06", start="17:00", end="20:10", weeks="1")
    do(beto, "offer", shift=str(Shift.objects.get(staff=beto.staff).pk))
    week = page(ana).split('<table class="week">')[1].split("</table>")[0]
    rows = [words_of(row) for row in week.split("<tr")[2:]]
    assert [row.partition(">")[2].strip() for row in rows[:3]] == [
        "Tue 6 Nobody 10:00–17:00 Beto (offered) 17:00–20:10",
        "Ana 18:00–",  # beside it, in a lane of its own
        "Wed 7 Ana –02:00 Nobody 02:00–",
    ]
    assert '<td colspan="4" class="you">' in markup_of(week)
    after = page(ana, "/duty?week=2026-10-13")
    assert "Ana 18:00–" in words_of(after)
    assert 'href="/duty#week"' in after
    for nonsense in ("9999-12-31", "0001-01-01", "yesterday"):
        assert "Tue 6 Oct – Mon 12 Oct" in words_of(page(ana, f"/duty?week={nonsense}"))


def test_ones_shifts_are_listed_however_far_ahead(world, ana):
    do(ana, "add", day="2026-10-06", start="18:00", end="02:00", weeks="5")
    assert "Tue 3 Nov 18:00 – 02:00" in words_of(page(ana))
    assert "You have no shift ahead" in page(console(world, "Beto"))


def test_what_is_no_shift_is_refused_in_words(world, ana):
    assert "Give a day and hours" in do(ana, "add", day="2026-10-05", start="09:00", end="12:00", weeks="1")
    assert "Give a day and hours" in do(ana, "add", day="", start="x", end="12:00", weeks="1")
    assert "Give a day and hours" in do(ana, "add", day="2026-10-06", start="11:00", end="12:00", weeks="99")
    do(ana, "add", day="2026-10-06", start="11:00", end="12:00", weeks="1")
    assert "some of these hours already" in do(
        ana, "add", day="2026-10-06", start="11:30", end="13:00", weeks="1"
    )
    assert post(ana, "/duty/do/nonsense").status_code == 404


def test_a_shift_is_offered_and_taken_with_two_taps(world, ana):
    beto = console(world, "Beto")
    do(ana, "add", day="2026-10-07", start="09:00", end="18:00", weeks="1")
    shift = Shift.objects.get()
    assert "no longer possible" in do(beto, "cancel", shift=str(shift.pk))
    assert "Offered" in do(ana, "offer", shift=str(shift.pk))
    assert "I take this shift" in page(beto)
    swap = Swap.objects.get()
    assert "The shift is yours" in do(beto, "take", swap=str(swap.pk))
    assert "Somebody else has taken it" in do(console(world, "Carla"), "take", swap=str(swap.pk))
    assert "Canceled" in do(beto, "cancel", shift=str(shift.pk))


def test_an_offer_is_taken_back(world, ana):
    do(ana, "add", day="2026-10-07", start="09:00", end="18:00", weeks="1")
    do(ana, "offer", shift=str(Shift.objects.get().pk))
    assert "No longer offered" in do(ana, "withdraw", swap=str(Swap.objects.get().pk))


def test_a_shift_is_started_asks_whether_it_was_heard_and_helps_if_not(world, ana):
    assert "data-start" in page(ana)
    assert "You are on" in do(ana, "start", hours="4")
    assert "runs already" in do(ana, "start", hours="4")
    assert "Did you hear it?" in page(ana)
    assert "take it off silent" in do(ana, "heard", heard="no")
    do(ana, "heard", heard="yes")
    assert "data-heard hidden" in page(ana)
    assert "until 14:00" in page(ana, "/")


def test_a_handoff_is_written_from_rows_and_accepted_by_another(world, ana):
    beto = console(world, "Beto")
    assert get(ana, "/duty/hand-off")["Location"] == "/duty"
    do(ana, "start", hours="4")
    rosa = world.member("Rosa")
    world.responder("Luis")
    rosa.asks()
    number = world.request().number
    form = page(ana, "/duty/hand-off")
    assert f"#{number}" in form
    assert "1 promise" in form
    assert "Sample" not in form
    lines = {"urgent": f"#{number} waits", "watch": "the door", "told": "we call at 8"}
    assert "Handed over" in do(ana, "end", **lines)
    assert Handoff.objects.get().requests == [world.request().pk]
    assert "no longer possible" in do(ana, "end", **lines)
    assert "1 hand-off waits" in page(beto, "/board/duty")
    shown = page(beto)
    assert "we call at 8" in shown
    assert f"/requests/{number}" in shown
    handoff = str(Handoff.objects.get().pk)
    assert "no longer possible" in do(ana, "accept", handoff=handoff)
    assert "You have it" in do(beto, "accept", handoff=handoff)
    assert "we call at 8" in page(beto)
    assert "Somebody else has accepted" in do(beto, "accept", handoff=handoff)
    world.now += timedelta(hours=23)  # what was handed over is read again for a day
    assert "we call at 8" in page(console(world, "Caro"))
    world.now += timedelta(hours=2)
    assert "we call at 8" not in page(console(world, "Dora"))


def test_ones_hours_are_kept(world, ana):
    assert 'value="23:00"' in page(ana)
    do(ana, "hours", wakes="09:30", sleeps="01:00")
    assert 'value="09:30"' in page(ana)
    assert "Give a day" in do(ana, "hours", wakes="", sleeps="01:00")


def test_the_bar_rings_on_every_console_until_one_takes_it(world, ana):
    beto = console(world, "Beto")
    assert page(ana, "/duty/ringing").strip() == ""
    rosa = world.member("Rosa")
    rosa.sends("help")
    for client in (ana, beto):
        bar = page(client, "/duty/ringing")
        assert 'data-ringing="soon"' in bar
        assert "I've got it" in bar
        assert "New request" in bar
    world.now += timedelta(minutes=2)
    assert 'data-ringing="urgent"' in page(ana, "/duty/ringing")
    need = Need.objects.get(reason="new_request")
    post(beto, f"/needs/{need.pk}/claim", back="/")
    assert page(ana, "/duty/ringing").strip() == ""


def test_the_worst_rings_first_and_the_others_are_counted(world, ana):
    world.member("Luz").sends("help")
    world.member("Rosa", duress_word="girasol").sends("girasol")
    desk.raise_need(desk.Reason.CALL_CAME, about=desk.About("call", "1"), by=audit.ENGINE, now=world.now)
    bar = page(ana, "/duty/ringing")
    assert 'data-ringing="duress"' in bar
    assert "more" in bar
    assert "girasol" not in bar


@pytest.mark.parametrize("role", [Staff.Role.VERIFIER, Staff.Role.AUDITOR])
def test_shifts_and_the_alarm_are_for_who_coordinates(world, role):
    staff = add_staff(
        f"{role}@example.org", role=role, organization=None, phone=None, by=audit.COMMAND_LINE, now=world.now
    )
    client = sign_in(world, staff)
    for path in ("/duty", "/duty/ringing", "/duty/hand-off"):
        assert get(client, path).status_code == 404
    assert client.post("/duty/do/start", {"hours": "4"}, secure=True).status_code == 404
    assert not Shift.objects.exists()
    assert "data-alarm" not in page(client, "/account")


def test_without_a_second_factor_nothing_rings(world):
    client = sign_in(world, world.coordinator(), opens_board=False)
    assert "data-alarm" not in page(client, "/account")
    assert get(client, "/duty/ringing")["Location"] == "/account"


def test_at_an_idle_desk_it_rings_and_names_nobody(world, ana):
    rosa = world.member("Rosa")
    rosa.sends("9")
    assert "Rosa" in page(ana, "/duty/ringing")
    world.now += timedelta(minutes=21)
    assert get(ana, "/board/needs").status_code == 423
    rung = get(ana, "/duty/ringing")
    assert rung.status_code == 200
    assert "data-ringing" in rung.content.decode()
    assert "Rosa" not in rung.content.decode()
    assert rosa.person.member.zip not in rung.content.decode()
