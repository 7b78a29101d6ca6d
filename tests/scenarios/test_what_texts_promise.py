"""What a text promises is what happens: by when we write, whether we call, and that the door stays shut."""

from datetime import timedelta

import pytest

from network.audit.rules import COMMAND_LINE
from network.dispatch.actions import answering
from network.people.models import Person
from network.support.rules.requests import Kind, Outcome
from network.visits.actions import closing, leaving, set_time
from network.visits.models import Visit


@pytest.fixture
def rosa(world):
    return world.member("Rosa")


@pytest.fixture
def ana(world, rosa):
    """On the way to Rosa."""
    phone = world.responder("Ana")
    rosa.asks()
    phone.accepts()
    return phone


def void_without_a_promise(rosa, word):
    void = [text for text in rosa.texts if f"The word {word} no longer works: do not open" in text]
    return len(void) == 1 and "20 min" not in void[0]


def test_nobody_is_promised_in_twenty_minutes_where_the_search_was_stopped(world, rosa, ana):
    word = world.word()
    answering.stop(world.request().pk, by=COMMAND_LINE, now=world.now)
    ana.sends("5")
    assert void_without_a_promise(rosa, word)
    assert "place_lost" in world.needs()


def test_nobody_is_promised_to_a_home_that_they_have_left(world, rosa, ana):
    word = world.word()
    rosa.sends("I moved")
    rosa.sends(rosa.last.split(" = I moved")[0].split()[-1])
    assert void_without_a_promise(rosa, word)
    assert rosa.last.startswith("For your safety Casa Azul must first confirm")


def test_a_time_that_is_set_says_itself_by_when_we_write(world, rosa, ana):
    word = world.word()
    set_time.set_time(
        world.request().pk, world.now + timedelta(days=3), right=True, by=COMMAND_LINE, now=world.now
    )
    world.settle()
    assert void_without_a_promise(rosa, word)
    assert rosa.got("Apoyo: Saved for ", "We will text you by")


def test_whoever_is_left_is_enough_for_another_kind_so_nobody_is_sought(world, rosa):
    ana = world.responder("Ana", kinds=("childcare", "accompaniment"))
    beto = world.responder("Beto", kinds=("childcare",))
    rosa.asks(kind="3")
    rosa.sends("1")
    assert ana.got("to care for 1 child, with")
    ana.accepts()
    beto.accepts()
    word = world.word()
    closing.change_kind(
        world.request().pk, kind=Kind.ACCOMPANIMENT, children=None, by=COMMAND_LINE, now=world.now
    )
    world.settle()
    assert void_without_a_promise(rosa, word)
    assert world.word() not in ("", word)
    assert rosa.got("Ana is on the way", world.word())
    assert ana.got("You are going.", world.word())
    assert not beto.got(world.word())


def test_where_somebody_is_sought_the_twenty_minutes_are_a_promise(world, rosa, ana):
    word = world.word()
    leaving.end_visit(Visit.objects.get().pk, by=COMMAND_LINE, now=world.now)
    world.settle()
    assert rosa.got(f"The word {word} no longer works", "within 20 minutes")
    world.wait(minutes=20)
    assert rosa.got("Apoyo: We are still looking.")


def test_who_was_helped_isnt_told_that_we_stop_looking(world, rosa, ana):
    closing.close_request(world.request().pk, outcome=Outcome.HELPED, by=COMMAND_LINE, now=world.now)
    world.settle()
    assert rosa.last.startswith("Apoyo: We hope that this helped.")
    assert not rosa.got("stopped looking")


def test_where_it_is_not_safe_to_call_nobody_is_offered_a_call(world, rosa):
    Person.objects.filter(pk=rosa.person.pk).update(safe_to_call=False)
    rosa.asks()
    world.wait(minutes=20)
    assert rosa.last.endswith("1 = wait, 2 = text me")
    rosa.sends("text me")
    assert rosa.last == "A person will text you."
    assert "person_please" in world.needs()
    assert "call_member" not in world.needs()


def test_a_lawyer_is_not_asked_to_call_a_number_that_is_not_shown(world, rosa):
    Person.objects.filter(pk=rosa.person.pk).update(safe_to_call=False)
    dmitri = world.responder("Dmitri", kinds=("legal",))
    rosa.asks(kind="2")
    assert dmitri.got("Can you go now, as a lawyer?")
    dmitri.accepts()
    assert rosa.got("Dmitri, a lawyer, will come, or we text you.", world.word(), "do not open")


def test_a_responder_who_must_not_be_called_is_asked_to_write(world, rosa):
    ana = world.responder("Ana")
    Person.objects.filter(pk=ana.person.pk).update(safe_to_call=False)
    rosa.asks()
    ana.accepts()
    ana.sends("my car broke down I can't go")
    assert ana.last.endswith("5 = I can not go, 9 = a person please")
    ana.sends("blue")
    assert ana.got("We did not understand.", "9 = a person please")
    ana.sends("1")
    ana.sends("4")
    assert ana.last.endswith("2 = please text me")
    ana.sends("please text me")
    assert ana.last == "A person will text you."
    assert not ana.got("call")


def test_a_language_that_we_have_no_name_for_leaves_no_gap_and_off_names_the_day(world):
    rosa, ana = world.member("Rosa", language="pt"), world.responder("Ana")
    rosa.asks()
    world.wait(minutes=6)  # whoever speaks the language is asked first
    assert ana.got(" miles, 1-2 hours.")
    ana.sends("2")
    ana.sends("off 1 day")
    assert ana.last.startswith("OK. We will not ask you until ")
    assert ana.last.endswith("m. Text ON to be asked sooner.")
