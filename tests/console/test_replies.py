"""The reviewed replies, which a coordinator sends with one press."""

import re

import pytest

from network.console.requests.replies import replies
from network.conversations.rules import commands as c
from network.conversations.rules.understanding import understand
from network.messaging.rules.opt_out import RESERVED
from network.messaging.rules.segments import segments
from tests.conversations.situations import SITUATIONS

ALL = [
    pytest.param(reply, id=f"{language}-{n}-{safe}")
    for language in ("en", "es")
    for safe in (True, False)
    for n, reply in enumerate(replies(language, safe_to_call=safe))
]


@pytest.mark.parametrize("reply", ALL)
def test_no_reply_asks_for_what_answers_a_question_of_ours(reply):
    for words in (reply.words, reply.beside):
        assert not re.search(
            r"(?i)yes or no|sí o no|the number|el número|\d(?!11)\b", words.replace("911", "")
        )
        assert "?" not in words or re.search(r"few words|unas palabras", words)


@pytest.mark.parametrize("reply", ALL)
def test_a_reply_fits_one_message_and_teaches_no_word_of_the_carriers(reply):
    for words in (reply.words, reply.beside):
        assert segments(words).parts == 1
        assert segments(words).encoding == "GSM-7"
        assert {word.upper() for word in re.findall(r"\w+", words)}.isdisjoint(RESERVED)


@pytest.mark.parametrize("reply", ALL)
def test_a_reply_sent_back_asks_for_nothing_that_ends_or_sends(reply):
    for name in ("HOME", "KIND", "KIDS", "SURE", "WAIT", "CAME", "COMING", "STILL"):
        for form in ("“{}”", "Liked “{}”"):
            command = understand(form.format(reply.words), SITUATIONS[name])
            assert not isinstance(
                command,
                c.NotNeeded
                | c.Elsewhere
                | c.Came
                | c.ChooseKind
                | c.NotMe
                | c.Children
                | c.AtHome
                | c.CallMe,
            ), (name, form)


@pytest.mark.parametrize("language", ["en", "es"])
def test_whom_nobody_may_call_is_told_so_and_not_asked(language):
    asked = [reply.words for reply in replies(language, safe_to_call=True)]
    told = [reply.words for reply in replies(language, safe_to_call=False)]
    assert [reply for reply in asked if reply not in told] == [
        {
            "en": "Is it safe for us to call you? Tell us in a few words.",
            "es": "¿Podemos llamarle sin peligro? Escriba unas palabras.",
        }[language]
    ]
    assert len(told) == len(asked)


def test_in_a_language_without_reviewed_replies_english_is_offered():
    assert replies("ht", safe_to_call=True)[0].language == "en"
