"""Texts as people write them: afraid, by dictation, in two languages, with a child's thumb."""

import pytest

from network.conversations.rules import commands as c
from network.conversations.rules.understanding import understand
from tests.conversations.saying import CASES, LOSING
from tests.conversations.situations import SITUATIONS, is_one_of, name_of

FEAR = (
    "están tocando la puerta", "se llevaron a mi esposo", "hay hombres afuera", "ayuda por favor", "no respira",
    "they are at the door", "someone is banging on the door", "they took my husband", "help me", "he is hitting me",
    "yo ap frape pòt la", "gen moun deyò a", "yo pran mari m", "mwen pè anpil", "anmwe",
)  # fmt: skip
OPENS = ("M", "MJ", "ENR", "STILL")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['situation']}-{case['text'][:40]}")
def test_a_text_is_understood_as_it_may_be(case):
    heard = understand(case["text"], SITUATIONS[case["situation"]])
    assert is_one_of(heard, case["accept"]), name_of(heard)
    assert not is_one_of(heard, case.get("never", [])), name_of(heard)


@pytest.mark.parametrize("fear", FEAR)
@pytest.mark.parametrize("situation", OPENS)
def test_fear_opens_a_request(fear, situation):
    heard = understand(fear, SITUATIONS[situation])
    assert isinstance(heard, c.OpenRequest)
    assert not heard.later


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['situation']}-{case['text'][:40]}")
def test_fear_beside_any_words_ends_and_silences_nothing(case):
    for fear in FEAR:
        forms = (
            "{text}. {fear}",
            "{fear}, {text}",
            "{text}\n{fear}",
            "{text} - {fear}",
            "{text}\n--\n{fear}",
        )
        for text in (form.format(text=case["text"], fear=fear) for form in forms):
            heard = understand(text, SITUATIONS[case["situation"]])
            assert not isinstance(heard, (*LOSING, c.Thanks, c.SetLanguage)), (text, name_of(heard))


@pytest.mark.parametrize("word", ["por favor ", "ok ", "pues ", "hola buenas ", "hi, ", "tanpri ", "sorry, "])
@pytest.mark.parametrize("after", [" gracias 🙏", " please", " thx!!", " mèsi", ".", "\n\nSent from my iPhone 12",
                                   "\nEnviado desde mi iPhone", "\n--\nRosa Delgado, RN, ext. 2"])  # fmt: skip
@pytest.mark.parametrize(
    ("situation", "answer"),
    [("HOME", "1"), ("HOME", "2"), ("KIND", "1"), ("KIND", "3"), ("SURE", "1"), ("SURE", "2"), ("CAME", "1"),
     ("CAME", "2"), ("OFFER", "41"), ("OFFER", "2"), ("GOING", "3"), ("GOING", "5"), ("THERE", "4"),
     ("INV", "1"), ("STILL", "2"), ("WAIT", "2"), ("TIME", "1"), ("STANDS", "1"), ("M", "9")],
)  # fmt: skip
def test_courtesy_and_a_signature_change_no_answer(word, after, situation, answer):
    plain = name_of(understand(answer, SITUATIONS[situation]))
    assert name_of(understand(word + answer + after, SITUATIONS[situation])) == plain
    assert name_of(understand(answer + after, SITUATIONS[situation])) == plain


@pytest.mark.parametrize("form", ["１", "1️⃣", "\u200b1\u200b", " 1 ", "1!!", "1…", "\u00a01", "1\u200f"])
def test_how_a_phone_writes_a_figure_changes_nothing(form):
    assert understand(form, SITUATIONS["HOME"]) == c.AtHome()


@pytest.mark.parametrize(
    "text",
    ["41st", "BX41 9", "41 W 26th St", "10:41", "$41", "773-555-4152", "411", "041", "41414141", "4/1 41%", "41 52",
     "41 or 52?", "41?", "¿41?", "14"],
)  # fmt: skip
def test_a_number_inside_something_larger_accepts_nothing(text):
    assert not isinstance(understand(text, SITUATIONS["OFFER2"]), c.Accept)
