"""Trying a text from the console: the same function, nothing kept, for stewards in both languages."""

import pytest

from network.console.requests import words
from network.conversations.rules.context import Question
from network.conversations.rules.understanding import Rule
from network.messaging.models import Inbound, Outbound
from network.staff.models import Staff
from network.support.models import SupportRequest
from tests.console.test_pages import sign_in


@pytest.fixture
def steward(world):
    staff = world.coordinator()
    Staff.objects.filter(pk=staff.pk).update(role=Staff.Role.STEWARD)
    return sign_in(world, Staff.objects.get(pk=staff.pk))


def tried(client, **form):
    return client.post("/wording/try", form, secure=True).content.decode()


def test_it_says_what_a_text_would_do_and_keeps_nothing(world, steward):
    page = tried(steward, text="tocan la puerta", who="member", language="es")
    assert "Open(-)" in page
    assert "en casa" in page
    assert "anything else from a member" in page
    assert "▲ yes" in page
    assert not any(kept.objects.exists() for kept in (SupportRequest, Inbound, Outbound))


def test_a_responders_code_a_question_and_a_visit(world, steward):
    assert "Accept(41)" in tried(steward, text="41", who="responder", offered="1")
    assert "AtHome" in tried(steward, text="1", who="member", asked="home")
    assert "Arrived" in tried(steward, text="3", who="responder", stage="going")
    assert "nothing is sent" in tried(steward, text="STOP", who="member")


def test_what_nobody_could_send_is_no_error(world, steward):
    assert "Write a text first" in tried(steward, text="  ")
    page = tried(steward, text="a" * 5000 + "<b>", who="nobody", asked="weather", stage="done", language="xx")
    assert "Open(-)" in page
    assert "<b>" not in page


def test_every_question_and_rule_has_words():
    assert set(words.QUESTIONS) == set(Question)
    assert set(words.RULES) == set(Rule)
