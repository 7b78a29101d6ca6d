"""To be left alone is understood of anybody, in words of their own; it never opens a request."""

from datetime import timedelta

import pytest

from network.conversations.rules import commands as c
from network.conversations.rules.context import Context, OpenOffer, Question, SenderStatus
from network.conversations.rules.understanding import understand
from network.messaging.queries import silence_of
from network.support.rules.requests import State
from network.visits.rules.stages import Stage

INVITED = Context(SenderStatus.INVITED, is_member=True, question=Question.JOIN)
MEMBER = Context(SenderStatus.ACTIVE, is_member=True)
ASKING = Context(SenderStatus.ACTIVE, is_member=True, request=State.SEARCHING)
RESPONDER = Context(SenderStatus.ACTIVE, is_responder=True)
PLAIN = [
    "Stop.", "STOP!", "stop please", "please stop", "STOP, thank you", "Stop stop stop", "(stop)", "Stop 🙏",
    "Unsubscribe.", "unsubscribe please", "StopAll!", "opt-out", "opt out", "Opt out please", "OptOut.", "Revoke.",
]  # fmt: skip
IN_WORDS = [
    "leave me alone", "please stop texting me", "no more texts", "remove me", "take me off your list", "déjenme en paz",
    "ya no me escriban", "no me manden mensajes", "borren mi número", "quiten mi numero por favor", "basta", "alto",
    "dejen de escribirme", "deje de escribirme", "pare", "sispann ekri m", "tanpri pa ekri m anko", "pa ekri m anko",
    "kite m anrepo", "don't text me again", "lose my number", "no quiero mensajes", "Cancel.", "END.", "Quit!",
]  # fmt: skip
FRIGHTENED = [
    "stop texting me, my son is hurt help",
    "make them stop, they are at my door",
    "alto, la policía en mi puerta",
]


@pytest.mark.parametrize("text", PLAIN + IN_WORDS)
@pytest.mark.parametrize("question", [Question.JOIN, None])
def test_an_invited_person_can_stop_in_words(text, question):
    from dataclasses import replace

    assert understand(text, replace(INVITED, question=question)) == c.StopAsked()


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("who", [MEMBER, ASKING, RESPONDER])
def test_the_carriers_word_with_signs_is_that_word_and_with_courtesy_at_least_asked_about(text, who):
    """ "Stop" with more than signs may be said to somebody who is there."""
    more = text in ("stop please", "please stop", "STOP, thank you", "Stop stop stop", "Stop 🙏")
    assert understand(text, who) == (c.AskStop() if more else c.StopAsked())


@pytest.mark.parametrize("text", ["guys STOP", "stop it", "STOP 🚪👮😭"])
def test_what_may_be_shouted_at_somebody_else_silences_no_invited_person(text):
    assert understand(text, INVITED) not in (c.StopAsked(), c.Stop())


@pytest.mark.parametrize("text", PLAIN + IN_WORDS)
def test_to_be_left_alone_never_opens_a_request(text):
    assert isinstance(understand(text, MEMBER), c.StopAsked | c.AskStop)


@pytest.mark.parametrize("text", ["Cancel.", "END.", "Quit!", "cancel please"])
def test_while_something_is_under_way_these_may_mean_that(text):
    out = Context(SenderStatus.ACTIVE, is_responder=True, stage=Stage.GOING)
    asked = Context(SenderStatus.ACTIVE, is_responder=True, offers=(OpenOffer(None, 41, open=True),))
    for who in (ASKING, out, asked):
        assert not isinstance(understand(text, who), c.StopAsked | c.AskStop | c.OpenRequest)


@pytest.mark.parametrize("text", FRIGHTENED)
@pytest.mark.parametrize("who", [INVITED, MEMBER])
def test_fear_silences_nothing(text, who):
    assert not isinstance(understand(text, who), c.StopAsked | c.AskStop | c.Stop)


@pytest.mark.parametrize("text", ["hola", "who is this", "1", "I want to join", "how does it work?"])
def test_other_words_of_an_invited_person_stop_nothing(text):
    assert not isinstance(understand(text, INVITED), c.StopAsked | c.AskStop)


def test_an_invited_person_who_stops_in_words_gets_nothing_more_and_a_person_sees_it(world):
    luz = world.member("Luz", standing="invited")
    luz.sends("hola")
    luz.sends("please stop texting me")
    got = len(luz.texts)
    world.now += timedelta(hours=30)  # past the reminder
    world.settle()
    assert len(luz.texts) == got
    assert silence_of(luz.person.fingerprint) == "opted_out"
    assert "stop_asked" in world.needs()
