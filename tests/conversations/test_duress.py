"""The duress word as a shaking hand or a phone types it, and which words nobody may choose."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from network.conversations.rules import commands as c
from network.conversations.rules.context import Context, Question, SenderStatus
from network.conversations.rules.duress import is_everyday, without_word
from network.conversations.rules.understanding import understand
from network.conversations.words.folding import fold
from network.people.models import Member
from network.people.rules.secrets import BadWord, duress_word_problem
from network.support.rules.requests import State
from network.visits.rules.stages import WORDS
from tests.budget import examples

MEMBER = Context(SenderStatus.ACTIVE, is_member=True, duress_word="berenjena")


@pytest.mark.parametrize(
    "text",
    ["berenjena", "BERENJENA!!", "necesito berenjena por favor", "todo bien, berenjena", "berengena", "berenjna",
     "berenjjena", "bernejena", "b\u200ber\u200benjena", "b\u0435r\u0435njena", "berenj\u00e9na", "\uff42erenjena",
     "ok\n--\nberenjena", "gracias, -Berenjena", "1 berenjena", "berenjena 1"],
)  # fmt: skip
@pytest.mark.parametrize("request_state", [None, State.SEARCHING, State.COVERED])
def test_it_is_heard_however_it_is_typed(text, request_state):
    context = Context(SenderStatus.ACTIVE, is_member=True, request=request_state, duress_word="Berenjena")
    assert isinstance(understand(text, context), c.Duress)


@pytest.mark.parametrize(
    ("secret", "text"),
    [("puesta", "tocan la puerta"), ("familiar", "mi familia"), ("caza", "vengan a mi casa"), ("luna", "una luz"),
     ("lima dos", "lima uno"), ("mangos", "la palabra es mango"), ("berenjena", "berro"), ("berenjena", "")],
)  # fmt: skip
def test_an_everyday_word_near_it_is_no_duress(secret, text):
    context = Context(SenderStatus.ACTIVE, is_member=True, duress_word=secret)
    assert not isinstance(understand(text, context), c.Duress)


@pytest.mark.parametrize(
    ("text", "left"),
    [("1 berenjena", "1"), ("berenjena\n1\n\nSent from my iPhone", "1"), ("1\n--\nberenjena", "1"), ("2 -Berenjena", "2"),
     ("1, berenjena, gracias", "1"), ("1 berengena\n--\nRosa Delgado, RN, ext. 2", "1"), ("1,berenjena", "1")],
)  # fmt: skip
def test_it_is_answered_as_the_rest_would_be(text, left):
    context = Context(
        SenderStatus.ACTIVE,
        is_member=True,
        request=State.ASKING,
        question=Question.HOME,
        duress_word="berenjena",
    )
    plain = understand(left, replace(context, duress_word=None))
    assert understand(text, context) == c.Duress(plain)


def test_a_word_of_several_may_have_a_slip_in_each_and_is_taken_out_whole():
    assert without_word(fold("por favor girasl amrillo ya"), "girasol amarillo") == ("por", "favor", "ya")
    assert without_word(fold("girasol azul"), "girasol amarillo") is None


@given(at=st.integers(0, 8), letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz"), how=st.integers(0, 2))
@settings(max_examples=examples(100))
def test_any_one_slip_is_heard(at, letter, how):
    word = "berenjena"
    typed = (word[:at] + letter + word[at:], word[:at] + word[at + 1 :], word[:at] + letter + word[at + 1 :])[
        how
    ]
    assert isinstance(understand(f"hola {typed}", MEMBER), c.Duress)


@pytest.mark.parametrize(
    "word", ["ayuda", "Ayúdenme", "help", "door", "puerta", "MANGO", "listo", "abogado", "sekou", "tocan la puerta",
             "home", "espanol", "gracias", "terminamos", "uno dos"],
)  # fmt: skip
def test_what_plain_texts_hold_nobody_may_choose(word):
    assert is_everyday(word)
    assert duress_word_problem(word, is_everyday=is_everyday)


@pytest.mark.parametrize("word", ["berenjena", "girasol azul", "luciernaga", "tocan la marimba", "parasol"])
def test_what_they_do_not_hold_may_be_chosen(word):
    assert duress_word_problem(word, is_everyday=is_everyday) is None


def test_no_visit_word_may_be_chosen_and_none_is_too_short():
    assert all(duress_word_problem(word, is_everyday=is_everyday) for word in WORDS)
    assert duress_word_problem("sol", is_everyday=is_everyday) is BadWord.SHORT


@pytest.mark.parametrize("word", ["ayuda", "mango", "puerta"])
def test_a_spreadsheet_can_not_set_a_word_that_plain_cries_hold(world, word, tmp_path, capsys):
    sheet = tmp_path / "members.csv"
    sheet.write_text(
        "phone,name,language,organization,street,unit,city,state,zip,duress_word,consent_on\n"
        f"3125550155,Rosa,es,casa-azul,1 Sample Street,,Chicago,IL,60629,{word},2026-01-01\n"
    )
    with pytest.raises(SystemExit):
        call_command("import", "members", str(sheet))
    assert "duress_word" in capsys.readouterr().err
    assert Member.objects.count() == 0
