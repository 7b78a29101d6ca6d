"""What the family hears of whoever is on the way; and that nobody promises to call where it isn't safe."""

import pytest

from network.conversations.outreach.coordinators import promise
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import TABLES, WRITES, fields
from network.people.models import Person
from network.support import actions as support
from network.visits.actions.steps import plan_help
from network.visits.models import Visit
from network.visits.rules.stages import Plan
from tests.world import by_staff


@pytest.fixture
def rosa(world):
    return world.member("Rosa", duress_word="berenjena")


def test_the_family_hears_that_the_helper_is_at_the_door_once(world, rosa):
    ana = world.responder("Ana")
    rosa.asks()
    ana.accepts()
    ana.sends("3")
    assert rosa.last.startswith("Ana is at your door now. Ask for the word before you open;")
    ana.sends("3")
    assert sum("at your door" in text for text in rosa.texts) == 1


def test_the_family_hears_once_that_the_helper_is_late_and_silent(world, rosa):
    ana = world.responder("Ana")
    rosa.asks()
    ana.accepts(" 10 min")
    world.wait(minutes=29)
    assert not rosa.got("running late")
    world.wait(minutes=2)
    assert rosa.last.startswith("Ana is running late and we are checking. Keep the door closed")
    world.wait(hours=1)
    assert sum("running late" in text for text in rosa.texts) == 1
    assert not ana.got("running late")


def test_whoever_stays_too_long_is_not_late(world, rosa):
    ana = world.responder("Ana")
    rosa.asks()
    ana.accepts()
    ana.sends("3")
    world.wait(hours=4)
    assert not rosa.got("running late")


def test_nothing_of_it_under_duress(world, rosa):
    ana = world.responder("Ana")
    rosa.asks()
    ana.accepts()
    rosa.sends("todo bien berenjena")
    before = len(rosa.texts)
    visit = Visit.objects.first()
    if visit.stage == "going":
        ana.sends("3")
    world.wait(hours=2)
    assert not [text for text in rosa.texts[before:] if "door" in text or "late" in text]


def test_nothing_of_it_where_a_lawyer_calls_and_all_of_it_where_one_comes(world, rosa):
    dmitri = world.responder("Dmitri", kinds=("legal",))
    rosa.asks(kind="2")
    dmitri.accepts()
    plan_help(Visit.objects.get().pk, plan=Plan.CALL, by=by_staff(world.coordinator().pk), now=world.now)
    world.settle()
    assert rosa.got("will call you now")
    dmitri.sends("3")
    assert not rosa.got("at your door")


def test_where_it_is_not_safe_to_call_every_text_promises_to_write(world, rosa):
    Person.objects.filter(pk=rosa.person.pk).update(safe_to_call=False)
    staff = world.coordinator()
    dmitri = world.responder("Dmitri", kinds=("legal",))
    rosa.asks(kind="2")
    rosa.sends("9")
    dmitri.accepts()
    plan_help(Visit.objects.get().pk, plan=Plan.CALL, by=by_staff(staff.pk), now=world.now)
    staff.name = "Noor"
    staff.save()
    promise(
        rosa.person.pk,
        text=Text.WE_CALL,
        minutes=30,
        request_id=world.request().pk,
        staff_id=staff.pk,
        now=world.now,
    )
    support.tell_member(world.request(), Text.DID_NOT_COME, now=world.now)
    world.wait(minutes=1)
    assert rosa.got("A person will text you soon")
    assert rosa.got("Noor from our team will text you by")
    assert "write_promised" in world.needs()
    assert "call_promised" not in world.needs()
    assert "person_please" in world.needs()
    assert not [text for text in rosa.texts if "call" in text.replace("call 911", "")]
    assert not dmitri.got("or call")


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_a_twin_says_the_same_but_for_the_call(language):
    calls = {"en": "call", "es": "llama", "ht": "rele"}[language]
    for text, twin in WRITES.items():
        assert calls in TABLES[language][text]
        assert calls not in TABLES[language][twin]
        assert fields(TABLES[language][text]) == fields(TABLES[language][twin])
