"""A coordinator sets the time of a request."""

from datetime import UTC, datetime, timedelta

import pytest

from network.desk.models import Need
from network.dispatch.models import Search
from network.support.models import SupportRequest
from tests.console.test_pages import sign_in

START = datetime(2026, 10, 13, 14, 30, tzinfo=UTC)


@pytest.fixture
def board(world):
    world.now = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
    return sign_in(world, world.coordinator())


def act(board, world, step, follow=True, **form):
    path = f"/requests/{world.request().number}/do/{step}"
    answer = board.post(path, form, secure=True, follow=follow)
    world.settle()
    return answer


def asked(world):
    rosa = world.member("Rosa")
    rosa.sends("someone to come with me tuesday 930")
    world.now += timedelta(minutes=5)
    return rosa


def test_the_member_is_asked_before_anybody_is_sought(board, world):
    rosa, ana = asked(world), world.responder("Ana")
    said = act(board, world, "time", day="2026-10-13", hour="09:30").content.decode()
    assert "The member is asked whether the time is right." in said
    assert rosa.last.startswith("Apoyo: You asked for Tue Oct 13 at 9:30 am")
    assert world.request().starts_at == START
    assert not ana.texts
    refused = act(board, world, "start").content.decode()
    assert "Ask first whether the time is right" in refused
    assert not Search.objects.exists()
    rosa.sends("1")
    page = board.get("/", secure=True).content.decode()
    assert "Tue 13 Oct, 09:30" in page
    assert "1 asked" in page


def test_heard_on_the_phone_the_search_begins_at_once(board, world):
    rosa, ana = asked(world), world.responder("Ana")
    act(board, world, "time", day="2026-10-13", hour="09:30", right="1")
    assert rosa.last.startswith("Apoyo: Saved for Tue Oct 13 at 9:30 am")
    assert ana.got("Can you go on Tue Oct 13 at 9:30 am?")
    ana.accepts()
    page = board.get("/", secure=True).content.decode()
    assert "Ana</bdi>: said yes; asked again before the time" in page
    assert page.count("Ana</bdi>") == 1  # not among those who are out
    act(board, world, "no-time")
    assert ana.last.startswith("Apoyo: Thank you, Ana. The time has changed")
    assert world.request().starts_at is None


@pytest.mark.parametrize(
    ("day", "hour", "said"),
    [
        ("2027-02-14", "02:30", "more than 60 days"),
        ("2026-10-05", "11:00", "less than three hours"),
        ("2026-10-13", "", "Choose a day and an hour"),
        ("tuesday", "09:30", "Choose a day and an hour"),
    ],
)
def test_a_time_that_can_not_be_meant_is_refused_in_words(board, world, day, hour, said):
    asked(world)
    assert said in act(board, world, "time", day=day, hour=hour).content.decode()
    assert world.request().starts_at is None


def test_an_hour_that_the_clock_skips_is_refused(board, world):
    asked(world)
    world.now = datetime(2027, 3, 10, 15, 0, tzinfo=UTC)
    board = sign_in(world, world.coordinator())
    assert "does not exist" in act(board, world, "time", day="2027-03-14", hour="02:30").content.decode()
    assert world.request().starts_at is None


@pytest.mark.parametrize(("which", "utc"), [("0", 6), ("1", 7)])
def test_of_an_hour_that_comes_twice_the_coordinator_says_which(board, world, which, utc):
    asked(world)
    page = act(board, world, "time", follow=False, day="2026-11-01", hour="01:30", right="1").content.decode()
    assert "Which of the two?" in page
    assert "01:30 CDT" in page
    assert "01:30 CST" in page
    assert world.request().starts_at is None
    act(board, world, "time", day="2026-11-01", hour="01:30", right="1", which=which)
    assert world.request().starts_at.hour == utc


def test_a_request_by_phone_may_be_for_another_day(board, world):
    rosa = world.member("Rosa")
    form = {"member": str(rosa.person.member.pk), "kind": "accompaniment", "at_home": "on"}
    board.post("/requests", {**form, "day": "2026-10-05", "hour": "10:30"}, secure=True)
    assert not SupportRequest.objects.exists()
    board.post("/requests", {**form, "day": "2026-10-13", "hour": "09:30"}, secure=True)
    world.settle()
    assert world.request().starts_at == START
    assert rosa.got("Saved for Tue Oct 13 at 9:30 am")


def test_the_board_says_that_a_search_waits_for_the_morning(board, world):
    def ahead():
        fresh = sign_in(world, world.coordinator())
        return fresh.get("/board/ahead", secure=True).content.decode()

    asked(world)
    world.responder("Ana")
    act(board, world, "time", day="2026-10-13", hour="09:30", right="1")
    assert "waits for the morning" not in ahead()
    world.now = datetime(2026, 10, 6, 3, 0, tzinfo=UTC)  # ten at night
    world.settle()
    assert "waits for the morning: next look at 08:00" in ahead()
    world.now = datetime(2026, 10, 6, 13, 0, tzinfo=UTC)
    world.settle()
    assert "waits for the morning" not in ahead()


def test_after_a_time_that_was_heard_on_the_phone_silence_calls_nobody(board, world):
    """The member has said all that is to be said: nobody began to ask and fell silent."""
    rosa = world.member("Rosa")
    rosa.sends("I need help")
    act(board, world, "kind", kind="accompaniment")
    act(board, world, "time", day="2026-10-13", hour="09:30", right="1")
    world.wait(minutes=90)
    waiting = world.needs()
    assert not {"half_request", "call_member"} & set(waiting), waiting


def test_a_closing_says_nothing_once_more_of_a_phone_that_stopped_our_texts(board, world):
    rosa = world.member("Rosa")
    rosa.sends("I need help")
    rosa.sends("STOP")
    world.wait(minutes=2)
    for need in list(Need.objects.filter(closed_at=None)):
        board.post(f"/needs/{need.pk}/done", {"back": "/"}, secure=True)
    act(board, world, "called")
    act(board, world, "close", outcome="not_needed", sure="1")
    assert world.request().state == "closed"
    world.wait(minutes=5)
    assert "opted_out" not in world.needs()
