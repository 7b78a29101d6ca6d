"""A network's own words: what is refused, what is only warned of, and what every accepted one keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.messaging.rules.segments import segments
from network.messaging.rules.wording import (
    KEEPS,
    SAMPLE,
    TWINS,
    WordingProblem,
    answers,
    judge,
    places,
    plain_fields,
    sample,
)
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import SPOKEN, TABLES, fields, fill

OURS = [(key, language) for key in Text for language in TABLES]
HOME = TABLES["en"][Text.HOME]
OFFER = TABLES["en"][Text.OFFER_ACCOMPANIMENT]


def problems(key, words, language="en"):
    return {why for why, _ in judge(key, language, words).problems}


@pytest.mark.parametrize(("key", "language"), OURS)
def test_our_own_words_stand_the_judgement(key, language):
    verdict = judge(key, language, TABLES[language][key])
    assert verdict.problems == ()
    assert verdict.parts <= verdict.most


@pytest.mark.parametrize(
    ("key", "words", "why"),
    [
        (Text.HOME, "", WordingProblem.EMPTY),
        (Text.HOME, "  ", WordingProblem.EMPTY),
        (Text.KEEP_LOOKING, "OK.\nWe look.", WordingProblem.SIGNS),
        (Text.KEEP_LOOKING, "OK.\u200b We look.", WordingProblem.SIGNS),
        (Text.HOME, HOME + " {", WordingProblem.BRACES),
        (Text.HOME, HOME + " {{prefix}}", WordingProblem.BRACES),
        (Text.HOME, HOME.replace("{prefix}", "{prefix!r}"), WordingProblem.BRACES),
        (Text.HOME, HOME.replace("{prefix}", "{prefix:>9}"), WordingProblem.BRACES),
        (Text.HOME, HOME.replace("{prefix}", "{prefix.x}"), WordingProblem.BRACES),
        (Text.HOME, HOME + " {}", WordingProblem.BRACES),
        (Text.HOME, HOME.replace("{prefix}: ", ""), WordingProblem.MISSING_FIELDS),
        (Text.HOME, HOME.replace("{prefix}: ", ""), WordingProblem.BEGINNING),
        (Text.KEEP_LOOKING, "OK, {name}. We look.", WordingProblem.OTHER_FIELDS),
        (Text.KEEP_LOOKING, "We look. Text HELP if you need us.", WordingProblem.RESERVED_WORDS),
        (Text.KEEP_LOOKING, "This is not the end.", WordingProblem.RESERVED_WORDS),
        (Text.KEEP_LOOKING, "To opt out, stop.", WordingProblem.RESERVED_WORDS),
        (Text.FIRST_NOTICE, "{prefix}: this is {organization}.", WordingProblem.STOP_LOST),
        (Text.HOME, HOME.replace("1 = ", "3 = "), WordingProblem.ANSWERS),
        (Text.HOME, HOME.replace(", 2 = somewhere else", ""), WordingProblem.ANSWERS),
        (Text.HOME, HOME + ", 3 = other", WordingProblem.ANSWERS),
        (Text.OFFER_ACCOMPANIMENT, OFFER.replace("{code} = ", "{code} "), WordingProblem.ANSWERS),
        (Text.OFFER_ACCOMPANIMENT, OFFER.replace("{code} =", "{code}="), WordingProblem.LABEL),
        (Text.OFFER_ACCOMPANIMENT, OFFER.replace("{number}", "x {number}"), WordingProblem.BEGINNING),
        (Text.HOME, HOME.replace("at home, ", "at home, yes I am, "), WordingProblem.LABEL),
        (Text.HOME, HOME.replace("at home", "in your house"), WordingProblem.KEPT_WORDS),
        (Text.OFF_UNTIL_ON, "We will not ask you until you text BACK.", WordingProblem.KEPT_WORDS),
        (Text.KEEP_LOOKING, "OK. " + "We look. " * 20, WordingProblem.TOO_LONG),
        (Text.KEEP_LOOKING, "OK. We look \N{SPARKLES}" + "." * 60, WordingProblem.TOO_LONG),
        (Text.VOICE, "Call again. " * 40, WordingProblem.TOO_LONG),
    ],
)
def test_what_would_break_a_text_is_refused(key, words, why):
    assert why in problems(key, words)


def test_signs_outside_the_basic_set_are_only_warned_of_where_they_fit():
    verdict = judge(Text.KEEP_LOOKING, "es", "Entendido. Todavía buscamos aquí.")
    assert (verdict.problems, verdict.rare) == ((), "í")
    assert judge(Text.VOICE, "es", TABLES["es"][Text.VOICE]).rare == ""  # is spoken


def test_the_words_about_what_is_wrong_name_it():
    assert (WordingProblem.MISSING_FIELDS, "{prefix}") in judge(Text.HOME, "en", "x").problems
    assert (WordingProblem.ANSWERS, "1 =, 2 =") in judge(Text.HOME, "en", "x").problems


@pytest.mark.parametrize("language", TABLES)
def test_twins_say_the_same_and_change_together(language):
    for twin, other in TWINS:
        assert TABLES[language][twin] == TABLES[language][other]
        assert (
            set(places(twin, language))
            == {(twin, language), (other, language)}
            == set(places(other, language))
        )


def test_a_strangers_answer_changes_in_every_language_at_once():
    assert set(places(Text.UNKNOWN_SENDER, "en")) == {(Text.UNKNOWN_SENDER, code) for code in TABLES}
    assert places(Text.HOME, "es") == ((Text.HOME, "es"),)


@pytest.mark.parametrize(("key", "language"), KEEPS)
def test_the_words_that_must_stand_do_stand_in_ours(key, language):
    assert all(word in TABLES[language][key] for word in KEEPS[key, language])


@given(
    place=st.sampled_from(OURS),
    cut=st.integers(0, 200), length=st.integers(0, 12), put=st.text("abc {}=12,.é", max_size=8),
    value=st.text("ABCÉ{}%0", min_size=1, max_size=20),
)  # fmt: skip
def test_whatever_is_accepted_renders_with_any_values_and_keeps_every_answer(place, cut, length, put, value):
    key, language = place
    ours = TABLES[language][key]
    words = ours[:cut] + put + ours[cut + length :]
    verdict = judge(key, language, words)
    if verdict.problems:
        return
    assert fields(words) == fields(ours)
    said = fill(words, key, language, **dict.fromkeys(fields(words), value))
    assert said.count(value) >= len(fields(words))
    assert answers(words) == answers(ours)
    assert segments(sample(words)).parts <= verdict.most or key in SPOKEN


@given(words=st.text(max_size=80), place=st.sampled_from(OURS))
def test_no_words_at_all_make_the_judgement_fail(words, place):
    judge(*place, words)
    assert sample(words) == words or plain_fields(words)


def test_there_is_a_sample_for_every_field():
    assert {name for table in TABLES.values() for words in table.values() for name in fields(words)} <= set(
        SAMPLE
    )
