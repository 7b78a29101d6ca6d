"""The same order everywhere: the board, the alarm, "Take next", the printout, the offline page, the hand-off."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from network.audit.rules import ENGINE, staff
from network.desk import actions as desk
from network.desk.models import Need
from network.desk.rules import About, Reason
from network.duty.actions import shifts
from network.duty.queries import ringing
from network.support.models import SupportRequest
from tests.console.signing_in import by_link, get, post
from tests.reading import markup_of, words_of

ORDER = [
    "Duress word",
    "Hasn't arrived and isn't answering: call",
    "A further text",
    "Promised: we call",
    "Invited, and wrote",
]


@pytest.fixture
def ana(world):
    staff_member = world.coordinator()
    client = by_link(world, staff_member)
    client.staff = staff_member
    get(client, "/")
    return client


def waits(world, reason, *, minutes=0.0, promise=False, **more):
    return desk.raise_need(
        reason,
        about=About("text", str(uuid4())),
        now=world.now,
        by=ENGINE,
        promise=promise,
        due_at=world.now + timedelta(minutes=minutes),
        **more,
    )


@pytest.fixture
def five(world):
    """One of each severity, and due in the opposite order."""
    return [
        waits(world, Reason.DURESS, minutes=4),
        waits(world, Reason.NOT_THERE, minutes=3),
        waits(world, Reason.FURTHER_TEXT, minutes=2),
        waits(world, Reason.CALL_PROMISED, minutes=15, promise=True),
        waits(world, Reason.INVITED_WROTE, minutes=20),
    ]


def told(text):
    """The reasons that stand in a page, in its order."""
    found = [(text.index(reason), reason) for reason in ORDER if reason in text]
    return [reason for _, reason in sorted(found)]


def test_board_alarm_printout_offline_page_and_hand_off_tell_them_in_one_order(world, ana, five):
    shifts.start_shift(ana.staff.pk, hours=4, by=staff(ana.staff.pk), now=world.now)
    board = get(ana, "/board/needs").content.decode()
    assert told(words_of(board)) == ORDER
    assert [int(piece) for piece in re.findall(r'data-severity="(\d)"', board)] == [0, 1, 2, 3, 3]
    assert told(words_of(get(ana, "/sheet"))) == ORDER
    assert told(words_of(get(ana, "/duty/hand-off"))) == ORDER
    kept = json.loads(get(ana, "/last").content)["needs"]
    assert [row["reason"] for row in kept] == [need.reason for need in five]
    assert [alert.need.pk for alert in ringing(now=world.now)] == [need.pk for need in five[:3]]
    assert "Duress word" in get(ana, "/duty/ringing").content.decode()


def test_each_row_says_how_bad_it_is_in_a_mark_a_word_and_an_edge(world, ana, five):
    page = markup_of(get(ana, "/board/needs"))
    rows = re.findall(r'<li class="need (\w+).*?icons.svg#s-(\w+).*?<strong[^>]*>\s*([^<]+?)\s*<', page, re.S)
    assert rows == [
        ("duress", "duress", "duress"),
        ("late", "late", "act now"),
        ("due", "due", "soon"),
        ("wait", "wait", "routine"),
        ("wait", "wait", "routine"),
    ]


def test_nothing_that_is_to_be_done_now_is_cut_and_the_rest_is_counted(world, ana):
    for _ in range(70):
        waits(world, Reason.FURTHER_TEXT, minutes=-60)
    for _ in range(60):
        waits(world, Reason.NOT_THERE, minutes=30)
    waits(world, Reason.DURESS, minutes=60)
    page = get(ana, "/board/needs").content.decode()
    assert words_of(page).count(ORDER[1]) == 60
    assert told(words_of(page)) == ORDER[:2]
    assert page.count("data-need") == 61
    assert "And 70 more, less urgent." in page
    pages = [get(ana, f"/needs?page={n}").content.decode().count("data-need") for n in (1, 2, 3, 4)]
    assert pages == [50, 50, 31, 0]
    kept = json.loads(get(ana, "/last").content)
    assert (len(kept["needs"]), kept["more"]) == (61, 70)


def test_take_the_next_takes_duress_from_behind_hundred_others(world, ana):
    for _ in range(100):
        waits(world, Reason.INVITED_WROTE, minutes=-600)
    last = waits(world, Reason.DURESS, minutes=60)
    post(ana, "/needs/next")
    assert Need.objects.get(claimed_by=ana.staff.pk).pk == last.pk


def test_a_request_has_one_row_with_its_worst_reason_and_says_how_many_others(world, ana):
    rosa = world.member()
    rosa.sends("help")
    number = world.request().number
    rosa.sends("xyzzy")
    page = markup_of(get(ana, "/board/needs"))
    assert page.count(f'href="/requests/{number}') == 1
    assert page.count("data-need") == 1
    assert "+1" in page
    expanded = markup_of(get(ana, f"/requests/{number}/panel/next"))
    assert expanded.count("data-need") == len(world.needs()) == 2
    assert expanded.count("/claim") == 1  # a claim is of the request


def test_routine_never_rings_and_a_cry_of_a_strangers_phone_texts_nobody(world):
    beto = world.coordinator()
    shifts.start_shift(beto.pk, hours=4, by=staff(beto.pk), now=world.now)
    waits(world, Reason.INVITED_WROTE, minutes=1)
    cry = waits(world, Reason.CRY)
    world.wait(minutes=30)
    assert [alert.need.pk for alert in ringing(now=world.now)] == [cry.pk]
    assert not [to for _, to, _ in world.carrier.log if to == beto.phone]


def test_fear_in_a_members_first_text_is_to_be_acted_on_now(world, ana):
    world.member().sends("ya están adentro de la casa, ayuda")
    page = get(ana, "/board/needs").content.decode()
    assert 'class="need late first"' in page
    assert "act now" in page


def test_what_comes_up_on_a_taken_request_rings_for_who_has_it_until_they_open_it(world, ana):
    beto = world.coordinator()
    rosa = world.member()
    rosa.sends("help")
    number = world.request().number
    post(ana, f"/requests/{number}/do/claim")
    assert ringing(now=world.now, staff_id=ana.staff.pk) == []
    world.now += timedelta(seconds=5)
    rosa.sends("xyzzy")
    assert [alert.need.reason for alert in ringing(now=world.now, staff_id=ana.staff.pk)] == ["unclear_text"]
    assert ringing(now=world.now, staff_id=beto.pk) == []
    get(ana, f"/requests/{number}")
    assert ringing(now=world.now, staff_id=ana.staff.pk) == []


def test_a_look_settles_nothing_while_the_family_has_not_answered(world, ana):
    world.member().sends("help")
    request = SupportRequest.objects.get()
    for _ in range(2):  # a restored tab too
        get(ana, f"/requests/{request.number}")
    post(ana, f"/people/{request.member.person_id}/here")
    assert world.needs() == ["new_request"]
    assert [alert.need.reason for alert in ringing(now=world.now)] == ["new_request"]  # nobody has it
    assert "unread" not in get(ana, "/board/needs").content.decode()
    post(ana, f"/requests/{request.number}/do/claim")
    assert world.needs() == ["new_request"]
    page = get(ana, f"/requests/{request.number}").content.decode()
    assert "You have it" in page
    world.wait(minutes=11)
    assert "new_request" in [alert.need.reason for alert in ringing(now=world.now)]  # nobody went on with it


def test_once_the_search_runs_whoever_has_it_open_has_read_it(world, ana):
    world.responder()
    rosa = world.member()
    rosa.asks()
    request = world.request()
    get(ana, f"/requests/{request.number}")
    assert "new_request" in world.needs()
    post(ana, f"/people/{request.member.person_id}/here")
    assert "new_request" not in world.needs()
    assert "answer_promised" in world.needs()


def test_what_was_read_before_the_search_began_is_settled_when_it_begins(world, ana):
    world.responder()
    rosa = world.member()
    rosa.sends("help")
    get(ana, f"/requests/{world.request().number}")
    rosa.sends("1")
    assert "new_request" in world.needs()
    rosa.sends("1")
    assert "new_request" not in world.needs()


def test_the_next_step_is_said_of_the_need_that_asks_for_it(world, ana):
    """Of two, the one at the top may wait for others: the button and the sentence beside it are of one need."""
    dmitri, rosa = world.responder("Dmitri"), world.member("Rosa")
    rosa.asks()
    dmitri.accepts()
    rosa.sends("who is that")
    dmitri.sends("5")
    step = words_of(get(ana, f"/requests/{world.request().number}/panel/next"))
    assert "Next step A further text from the member Answer Rosa" in step
    assert "Nobody has said they can go" in step


def test_the_bar_counts_to_the_need_that_it_names(world, ana):
    waits(world, Reason.FURTHER_TEXT, minutes=-7)
    waits(world, Reason.NOT_THERE, minutes=3)
    bar = words_of(get(ana, "/duty/ringing"))
    assert re.search(r"in 3 min · and 1 more ▲ Hasn't arrived", bar)


def test_duress_is_called_so_however_late_it_is(world, ana):
    waits(world, Reason.DURESS, minutes=-9)
    row = markup_of(get(ana, "/board/needs"))
    assert '<strong data-word="duress" data-word-late="duress">duress</strong>' in row
