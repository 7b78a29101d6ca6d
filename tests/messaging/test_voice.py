"""What is read aloud: short sentences, digits apart, no name; and the TwiML that leads a call."""

import re

import pytest

from network.carrier import twiml
from network.messaging import voice
from network.messaging.rules.speech import SENTENCE_AT_MOST, sentences, spoken
from network.messaging.rules.wording import WordingProblem, judge, sample
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import SPOKEN, TABLES, fields

ALOUD = [*sorted(SPOKEN), Text.HOME_SHORT, Text.KIND]
OPEN = {"digit", "answer", "minutes", "number"}


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("text", ALOUD)
def test_each_sentence_is_said_in_eight_seconds(text, language):
    press = TABLES[language][Text.VOICE_KEY]
    said = spoken(sample(TABLES[language][text]), press)
    assert said
    assert max(map(len, said)) <= SENTENCE_AT_MOST
    assert not [sentence for sentence in said if " = " in sentence or "{" in sentence]


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("text", ALOUD)
def test_digits_stand_apart_and_nothing_is_shortened_or_named(text, language):
    words = TABLES[language][text]
    assert not re.search(r"\d\d", words)
    assert not re.search(r"\b(?:no|min|hr|St|Ave|approx|Sr|Sra|etc)\.|&|/", words)
    assert fields(words) <= OPEN


def test_answers_are_said_as_keys():
    words = TABLES["en"][Text.KIND]
    assert spoken(words, "Press {digit}: {answer}.") == [
        "What do you need?",
        "Press 1: someone to come.",
        "Press 2: a lawyer.",
        "Press 3: care for my children.",
        "Press 4: something else.",
    ]
    assert spoken("Bye.", "Press {digit}: {answer}.") == ["Bye."]
    assert sentences(" Who? You. 9 1 1! ") == ["Who?", "You.", "9 1 1!"]


def test_a_networks_own_words_may_not_be_longer_than_a_breath():
    breath = "a" * SENTENCE_AT_MOST
    for words, problems in ((f"{breath}b. c.", [WordingProblem.TOO_LONG]), (f"{breath[1:]}. c.", [])):
        assert [what for what, _ in judge(Text.VOICE_AGAIN, "en", words).problems] == problems
    assert judge(Text.VOICE_MENU, "en", "2 = at home, 1 = a person").problems[0][0] is WordingProblem.ANSWERS
    assert judge(Text.VOICE_AGAIN, "es", "¿Cómo? Otra vez.").rare == ""


def verbs(document):
    return twiml.read(document, "text/xml")


@pytest.fixture
def lines(db):
    return [voice.line(Text.VOICE, "es"), voice.line(Text.VOICE_MENU, "en")]


def test_a_question_takes_one_key_and_silence(lines):
    menu = verbs(voice.ask(lines, action="https://red.example.org/x?a=1&b=2"))[0]
    wanted = {"numDigits": "1", "actionOnEmptyResult": "true", "action": "https://red.example.org/x?a=1&b=2"}
    assert wanted.items() <= menu.options.items()
    assert [say.options["language"] for say in menu.inside] == ["es-MX", "en-US", "en-US"]


def test_a_phone_rings_for_twenty_seconds_under_our_number_and_nothing_is_recorded(lines, settings):
    dial = verbs(voice.ring(lines, "+13125550111", whisper="/w", action="/n"))[-1]
    wanted = {"timeout": "20", "callerId": settings.TWILIO_NUMBER, "record": "do-not-record", "action": "/n"}
    assert wanted.items() <= dial.options.items()
    assert (dial.inside[0].text, dial.inside[0].options["url"]) == ("+13125550111", "/w")


def test_who_presses_nothing_is_hung_up_on(lines):
    assert [verb.name for verb in verbs(voice.offer(lines, action="/t"))] == ["Gather", "Hangup"]
    assert verbs(voice.end(lines))[-1].name == "Hangup"
