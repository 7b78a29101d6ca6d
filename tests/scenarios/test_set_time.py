"""Help at a set time: agreed on, searched for ahead, confirmed, and come."""

from datetime import UTC, datetime, timedelta

import pytest

from network.audit.rules import COMMAND_LINE
from network.conversations.outreach.opening import open_for_member
from network.dispatch.models import Offer, Search
from network.duty.actions.paging import be_present
from network.people.models import Person
from network.support.rules.requests import Kind, Outcome, State
from network.visits.actions import set_time as visit_set_time
from network.visits.models import Visit

START = datetime(2026, 10, 13, 14, 30, tzinfo=UTC)  # Tuesday 9:30 in Chicago
MONDAY = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)  # the Monday of the week before, 10 am


@pytest.fixture
def ahead(world):
    world.now = MONDAY
    return world


def jump(world, to: datetime) -> None:
    world.now = to
    world.settle()


def set_time(world, starts_at=START, **more):
    world.now += timedelta(minutes=1)
    visit_set_time.set_time(world.request().pk, starts_at, by=COMMAND_LINE, now=world.now, **more)
    world.settle()


def test_a_time_is_asked_back_searched_for_ahead_confirmed_and_kept(ahead):
    world, ana, rosa = ahead, ahead.responder("Ana"), ahead.member("Rosa")
    world.coordinator()
    rosa.sends("someone to come with me tuesday 930")
    assert "later" in world.needs()
    assert not ana.texts
    set_time(world)
    assert "later" not in world.needs()
    assert rosa.last == (
        "Apoyo: You asked for Tue Oct 13 at 9:30 am, from your home. Is that right? 1 = right, 2 = change it"
    )
    assert not ana.texts

    rosa.sends("1")
    assert rosa.last == (
        "Apoyo: Saved for Tue Oct 13 at 9:30 am. We do not have a person yet. We will text you by Mon Oct 12 at 6 pm."
    )
    assert "answer_promised" in world.needs()
    assert ana.got("Can you go on Tue Oct 13 at 9:30 am?", "60629")
    assert not Offer.objects.get().holding

    jump(world, MONDAY + timedelta(days=2))
    ana.accepts()
    assert ana.got("You are going on Tue Oct 13 at 9:30 am")
    assert not ana.got("/visit#")
    assert rosa.last.startswith("Apoyo: Ana can come on Tue Oct 13 at 9:30 am.")
    assert world.word() == ""
    assert world.request().state == State.COVERED
    assert "answer_promised" not in world.needs()

    jump(world, START - timedelta(hours=24))
    assert ana.last.startswith("Apoyo: Ana, can you still go on Tue Oct 13 at 9:30 am? 1 = I can go")
    ana.sends("1")
    assert ana.last == "Apoyo: Thank you, Ana. You are still going on Tue Oct 13 at 9:30 am."
    assert world.word() == ""

    jump(world, START - timedelta(hours=2))
    ana.sends("yes")
    assert ana.got("Apoyo: Ana, you are going on Tue Oct 13 at 9:30 am", "/visit#", world.word())
    assert rosa.got("Ana comes on Tue Oct 13 at 9:30 am", world.word())

    jump(world, START + timedelta(minutes=19))
    assert not ana.got("are you OK?")
    jump(world, START + timedelta(minutes=21))
    assert ana.got("are you OK?")
    ana.sends("3")
    ana.sends("4")
    rosa.sends("1")
    assert world.request().outcome == Outcome.HELPED


def ask_for(world, rosa, starts_at=START, kind=Kind.ACCOMPANIMENT, children=None):
    opened = open_for_member(
        rosa.person.member.pk,
        kind=kind,
        children=children,
        starts_at=starts_at,
        by=COMMAND_LINE,
        now=world.now,
    )
    world.settle()
    return opened


@pytest.mark.parametrize(("before", "silent_for"), [(24, 3.1), (2, 0.6)])
def test_silence_about_whether_it_stands_opens_the_search_again(ahead, before, silent_for):
    world, ana, rosa = ahead, ahead.responder("Ana"), ahead.member("Rosa")
    ask_for(world, rosa)
    ana.accepts()
    luis = world.responder("Luis")
    if before == 2:
        jump(world, START - timedelta(hours=24))
        ana.sends("1")

    jump(world, START - timedelta(hours=before))
    jump(world, world.now + timedelta(hours=silent_for))

    assert ana.got("We did not hear from you about Tue Oct 13 at 9:30 am")
    assert rosa.got("The plan for Tue Oct 13 at 9:30 am has changed", "We will text you by")
    assert luis.got("Can you go on Tue Oct 13 at 9:30 am?")
    assert {"place_lost", "answer_promised"} <= set(world.needs())
    luis.accepts()
    assert rosa.got("Luis c", "on Tue Oct 13 at 9:30 am")


@pytest.mark.parametrize("said", ["2", "no", "no puedo ir", "5"])
def test_a_no_opens_it_again(ahead, said):
    world, ana, rosa = ahead, ahead.responder("Ana"), ahead.member("Rosa")
    ask_for(world, rosa)
    ana.accepts()
    luis = world.responder("Luis")
    jump(world, START - timedelta(hours=24))

    ana.sends(said)

    assert ana.last == "Thank you for telling us, Ana. We ask others now."
    assert luis.got("Can you go on Tue Oct 13 at 9:30 am?")
    assert rosa.got("The plan for Tue Oct 13 at 9:30 am has changed")


def test_somebody_who_accepted_ahead_can_give_it_back_any_day(ahead):
    world, ana, rosa = ahead, ahead.responder("Ana"), ahead.member("Rosa")
    ask_for(world, rosa)
    ana.accepts()
    jump(world, MONDAY + timedelta(days=1))
    ana.sends("5")
    assert ana.last.startswith("Thank you for telling us")
    assert world.request().state == State.SEARCHING


def test_somebody_who_accepted_ahead_is_asked_and_goes_in_the_meantime(ahead):
    world, ana, rosa, eva = ahead, ahead.responder("Ana"), ahead.member("Rosa"), ahead.member("Eva")
    ask_for(world, rosa)
    ana.accepts()
    eva.asks()
    assert ana.got("Can you go now?")
    ana.sends("yes")
    assert eva.got("Ana is on the way")
    ana.sends("3")
    assert ana.last.startswith("Good. Stay safe")
    ana.sends("4")
    ana.sends("1")
    assert ana.last == "Thank you. Rest well."
    assert Visit.objects.filter(ended_at=None).count() == 1


def test_nobody_is_asked_for_two_times_that_clash(ahead):
    world, ana, rosa, eva = ahead, ahead.responder("Ana"), ahead.member("Rosa"), ahead.member("Eva")
    ask_for(world, rosa)
    ana.accepts()
    asked = len(ana.texts)
    ask_for(world, eva, START + timedelta(hours=3))
    assert len(ana.texts) == asked
    jump(world, START - timedelta(hours=3))
    ana.sends("1")
    luis = world.responder("Luis")
    lea = world.member("Lea")
    lea.asks()
    assert luis.got("Can you go now?")
    assert not ana.got("Can you go now?")


def test_a_yes_by_code_counts_for_days_and_a_bare_yes_only_for_an_hour(ahead):
    world, ana, rosa = ahead, ahead.responder("Ana"), ahead.member("Rosa")
    ask_for(world, rosa)
    jump(world, MONDAY + timedelta(days=2))
    ana.sends("yes")
    assert world.request().state == State.SEARCHING
    ana.accepts()
    assert world.request().state == State.COVERED


def test_nobody_is_asked_at_night_for_a_time_that_is_days_ahead(ahead):
    world, rosa = ahead, ahead.member("Rosa")
    world.now = datetime(2026, 10, 6, 4, 0, tzinfo=UTC)  # 11 pm
    ana = world.responder("Ana")
    ask_for(world, rosa)
    assert not ana.texts
    jump(world, datetime(2026, 10, 6, 13, 1, tzinfo=UTC))
    assert ana.got("Can you go on Tue Oct 13 at 9:30 am?")


def test_with_nobody_by_the_last_call_all_are_asked_again_and_a_person_calls(ahead):
    world, rosa = ahead, ahead.member("Rosa")
    ana = world.responder("Ana")
    ask_for(world, rosa)
    ana.sends("2")
    asked = len(ana.texts)
    jump(world, datetime(2026, 10, 12, 23, 0, tzinfo=UTC))
    assert rosa.got("No one has said they can go")
    assert "answer_promised" not in world.needs()

    jump(world, START - timedelta(hours=2))

    assert "Can you go on Tue Oct 13 at 9:30 am?" in ana.texts[asked]
    assert Offer.objects.order_by("asked_at").last().holding
    assert "call_member" in world.needs()
    ana.accepts()
    assert rosa.got("Ana comes on Tue Oct 13 at 9:30 am", world.word())
    assert ana.got("/visit#", world.word())


def nobody_found_two_hours_before(world, phone):
    """While Maria is on."""
    maria = world.coordinator()
    maria.name = "Maria"
    maria.save()
    ask_for(world, phone)
    world.now = START - timedelta(hours=2)
    be_present(maria.pk, now=world.now)
    world.settle()


def test_the_member_is_told_who_calls_when_somebody_is_on(ahead):
    world, rosa = ahead, ahead.member("Rosa", language="es")
    nobody_found_two_hours_before(world, rosa)
    assert rosa.last == (
        "Apoyo: Nadie ha dicho que puede ir el martes 13 de octubre a las 9:30 am. Seguimos buscando, y Maria, "
        "de nuestro equipo, le va a llamar antes de esa hora."
    )


def test_whom_nobody_may_call_is_written_to_before_the_time(ahead):
    world, rosa = ahead, ahead.member("Rosa")
    Person.objects.filter(pk=rosa.person.pk).update(safe_to_call=False)
    nobody_found_two_hours_before(world, rosa)
    assert rosa.last.endswith("Maria from our team will text you before then.")
    assert "write_promised" in world.needs()
    assert "call_member" not in world.needs()


def test_whom_nobody_may_call_is_written_to_after_silence_about_the_time(ahead):
    world, rosa = ahead, ahead.member("Rosa")
    Person.objects.filter(pk=rosa.person.pk).update(safe_to_call=False)
    rosa.sends("someone to come with me tuesday 930")
    set_time(world)
    jump(world, world.now + timedelta(minutes=31))
    assert "person_please" in world.needs()
    assert "call_member" not in world.needs()


def test_two_adults_confirm_before_a_word_goes_out(ahead):
    world, rosa = ahead, ahead.member("Rosa")
    ana, beto = (world.responder(name, kinds=("childcare",)) for name in ("Ana", "Beto"))
    ask_for(world, rosa, kind=Kind.CHILDCARE, children=2)
    ana.accepts()
    assert not rosa.got("Ana")
    beto.accepts()
    assert rosa.got("Ana and Beto can come on Tue Oct 13 at 9:30 am")
    jump(world, START - timedelta(hours=24))
    ana.sends("1")
    beto.sends("1")
    jump(world, START - timedelta(hours=2))
    ana.sends("1")
    assert world.word() == ""
    assert not ana.got("/visit#")
    beto.sends("1")
    assert ana.got("/visit#", world.word())
    assert beto.got("/visit#", world.word())
    assert rosa.got("Ana and Beto come on Tue Oct 13 at 9:30 am", world.word())


def test_one_of_two_who_cant_come_leaves_the_other_in_peace(ahead):
    world, rosa = ahead, ahead.member("Rosa")
    ana, beto = (world.responder(name, kinds=("childcare",)) for name in ("Ana", "Beto"))
    ask_for(world, rosa, kind=Kind.CHILDCARE, children=2)
    ana.accepts()
    beto.accepts()
    heard = len(ana.texts)
    beto.sends("5")
    assert len(ana.texts) == heard
    assert rosa.got("The plan for Tue Oct 13 at 9:30 am has changed")


def test_change_it_goes_to_a_person_and_silence_too(ahead):
    world, rosa = ahead, ahead.member("Rosa")
    rosa.sends("someone to come with me tuesday 930")
    set_time(world)
    rosa.sends("2")
    assert rosa.last.startswith("A person will text or call you soon")
    assert "later" in world.needs()
    set_time(world, START + timedelta(hours=1))
    assert rosa.last.startswith("Apoyo: You asked for Tue Oct 13 at 10:30 am")
    rosa.sends("tal vez")
    assert rosa.last.startswith("We did not understand. A person will read it. You asked for Tue Oct 13")
    jump(world, world.now + timedelta(minutes=31))
    assert "call_member" in world.needs()
    assert not Search.objects.exists()


def test_a_new_time_releases_who_had_accepted_the_old_one(ahead):
    world, ana, rosa = ahead, ahead.responder("Ana"), ahead.member("Rosa")
    ask_for(world, rosa)
    ana.accepts()
    set_time(world, START + timedelta(days=1), right=True)
    assert ana.got("Thank you, Ana. The time has changed: please do not go on Tue Oct 13")
    assert ana.got("Can you go on Wed Oct 14 at 9:30 am?")


def test_an_answer_under_duress_reads_the_same_and_sends_nobody(ahead):
    world, ana = ahead, ahead.responder("Ana")
    rosa = world.member("Rosa", duress_word="girasol")
    rosa.sends("someone to come with me tuesday 930 girasol")
    set_time(world)
    assert not rosa.got("You asked for")
    visit_set_time.set_time(world.request().pk, None, by=COMMAND_LINE, now=world.now)
    assert not ana.texts


def test_ahead_teaches_nothing(ahead):
    world, ana, rosa = ahead, ahead.responder("Ana"), ahead.member("Rosa")
    ask_for(world, rosa)
    ana.accepts()
    jump(world, MONDAY + timedelta(hours=2))
    from network.dispatch.models import Willingness

    count = Willingness.objects.get(person=ana.person)
    assert (count.asked, count.accepts) == (0, 0)
    assert Offer.objects.get().settled_at is not None
