"""A question lives as long as what it is about: every question, every way in which its subject can end."""

from datetime import timedelta

import pytest

from network.audit.rules import COMMAND_LINE
from network.conversations.models import Conversation
from network.conversations.queries import context_of
from network.conversations.rules.context import Question
from network.desk.models import Need
from network.dispatch.actions import searching
from network.dispatch.models import Search
from network.messaging.models import Contact
from network.people.actions import homes, persons
from network.people.models import Member, Person
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.rules.requests import Kind, Outcome, State
from network.visits.actions import closing
from tests.world import by_staff

CRY = "tocan la puerta, ayuda"
TO_HOME = ("ayuda",)
TO_KIND = (*TO_HOME, "1")


def asked_by_texts(*texts):
    def ask(world, phone):
        for text in texts:
            phone.sends(text)

    return ask


def asked_by_row(**when):
    """As the engine notes that it has asked."""

    def ask(world, phone):
        asked_by_texts(*TO_KIND, "1")(world, phone)
        Search.objects.update(nobody_told_at=None)
        SupportRequest.objects.update(**dict.fromkeys(when, world.now))

    return ask


def nobody_found(world, phone):
    asked_by_texts(*TO_KIND, "1")(world, phone)
    Search.objects.update(nobody_told_at=world.now)


ASKED = {
    Question.HOME: asked_by_texts(*TO_HOME),
    Question.KIND: asked_by_texts(*TO_KIND),
    Question.CHILDREN: asked_by_texts(*TO_KIND, "3"),
    Question.DESCRIBE: asked_by_texts(*TO_KIND, "4"),
    Question.NOT_NEEDED: asked_by_texts(*TO_KIND, "1", "ya no necesito"),
    Question.WAIT_OR_CALL: nobody_found,
    Question.DID_THEY_COME: asked_by_row(came_asked_at=True),
    Question.TIME: asked_by_row(time_asked_at=True),
}


def question_of(world, phone):
    person = Person.objects.get(pk=phone.person.pk)
    contact = Contact.objects.filter(fingerprint=person.fingerprint).first() or Contact()
    return context_of(person, contact, now=world.now).question


def staff(world):
    return by_staff(world.coordinator().pk)


def closed(outcome):
    def end(world, phone):
        support_request = world.request()
        support.record_call(support_request, by=staff(world), now=world.now)
        closing.close_request(support_request.pk, outcome=outcome, by=COMMAND_LINE, now=world.now)

    return end


def closed_by_text(world, phone):
    Conversation.objects.update(question=Question.NOT_NEEDED, asked_at=world.now)
    SupportRequest.objects.update(came_asked_at=None, time_asked_at=None)
    Search.objects.update(nobody_told_at=None)
    phone.sends("2")


ENDS = {**{f"closed_{outcome}": closed(outcome) for outcome in Outcome}, "closed_by_text": closed_by_text}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("question", ASKED)
def test_a_cry_a_month_after_a_question_that_nobody_closed_opens_a_request(world, question, end):
    rosa = world.member("Rosa", language="es")
    ASKED[question](world, rosa)
    assert question_of(world, rosa) == question
    first = world.request()
    ENDS[end](world, rosa)
    assert SupportRequest.objects.get(pk=first.pk).state == State.CLOSED
    assert question_of(world, rosa) is None

    world.wait(minutes=30)
    assert not Need.objects.filter(reason__in=("half_request", "call_member"), closed_at=None).exists()
    world.now += timedelta(days=30)
    world.read_the_list()
    rosa.sends(CRY)
    assert world.request().pk != first.pk
    assert world.request().state == State.ASKING
    assert question_of(world, rosa) == Question.HOME
    assert "new_request" in world.needs()


def started_by_phone(world, phone):
    request = world.request()
    by = staff(world)
    support.set_kind(request, Kind.ACCOMPANIMENT, by=by, now=world.now)
    support.confirm_home(request, by=by, now=world.now)
    searching.start(request.pk, by=by, now=world.now)


@pytest.mark.parametrize("question", [Question.HOME, Question.KIND])
def test_what_a_coordinator_heard_by_phone_is_asked_no_longer_and_rings_nobody(world, question):
    rosa = world.member("Rosa", language="es")
    ASKED[question](world, rosa)
    world.wait(minutes=4)
    assert "half_request" in world.needs()
    started_by_phone(world, rosa)
    assert question_of(world, rosa) is None
    assert "half_request" not in world.needs()
    world.wait(minutes=15)
    assert "call_member" not in world.needs()
    rosa.sends("2")  # what would have been "somewhere else", or a lawyer
    assert world.request().state == State.SEARCHING
    assert world.request().kind == Kind.ACCOMPANIMENT


def test_whom_nobody_may_call_is_written_to_after_silence(world):
    rosa = world.member("Rosa", language="es")
    Person.objects.filter(pk=rosa.person.pk).update(safe_to_call=False)
    rosa.sends("ayuda")
    world.wait(minutes=11)
    assert "person_please" in world.needs()
    assert "call_member" not in world.needs()
    rosa.sends("1")
    assert not {"half_request", "person_please"} & set(world.needs())


def test_who_asked_for_a_person_waits_for_one_whatever_they_answer(world):
    rosa = world.member("Rosa", language="es")
    Person.objects.filter(pk=rosa.person.pk).update(safe_to_call=False)
    rosa.sends("ayuda")
    world.wait(minutes=11)
    rosa.sends("9")
    assert "person_please" in world.needs()


def test_an_answer_settles_what_the_silence_before_it_rang(world):
    rosa = world.member("Rosa", language="es")
    rosa.sends("ayuda")
    world.wait(minutes=11)
    assert {"half_request", "call_member"} <= set(world.needs())
    rosa.sends("1")
    assert not {"half_request", "call_member"} & set(world.needs())


def test_what_is_described_is_described_that_day(world):
    rosa = world.member("Rosa", language="es")
    ASKED[Question.DESCRIBE](world, rosa)
    world.now += timedelta(hours=13)
    assert question_of(world, rosa) is None
    rosa.sends(CRY)
    assert "further_text" in world.needs()


def test_is_it_still_you_ends_once_they_are_heard_and_joining_with_the_invitation(world):
    rosa = world.member("Rosa")
    homes.note_phone_asked(Member.objects.get(person=rosa.person).pk, at=world.now)
    Conversation.objects.create(person=rosa.person, question=Question.STILL_YOU, asked_at=world.now)
    assert question_of(world, rosa) == Question.STILL_YOU
    persons.confirm_phone(rosa.person.pk, by=COMMAND_LINE, now=world.now)
    assert question_of(world, rosa) is None

    invited = world.member("Eva", standing="invited")
    invited.sends("hola")
    assert question_of(world, invited) == Question.JOIN
    Person.objects.filter(pk=invited.person.pk).update(standing="active")
    assert question_of(world, invited) is None
    contact = Contact.objects.first()
    assert context_of(Person.objects.get(pk=invited.person.pk), contact, now=world.now).question is None
