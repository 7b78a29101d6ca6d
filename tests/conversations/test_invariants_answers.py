"""What stands beside an answer, and how it is typed, changes nothing; what isn't quite an answer is none."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.conversations.rules import commands as c
from network.conversations.rules import typed
from network.conversations.rules.understanding import decide, understand
from network.conversations.trying import name_of
from network.conversations.words.folding import fold
from network.messaging.rules.opt_out import is_stop
from tests.budget import examples
from tests.conversations.saying import (
    ACTING,
    AFTER,
    ANSWERS,
    BEFORE,
    CASES,
    CORPUS,
    FIGURES,
    LABELS,
    PLAIN,
    SITUATIONS,
    TYPOGRAPHY,
)  # fmt: skip

WORDS = [("GOING", "no puedo ir"), ("GOING", "can't go"), ("THERE", "terminamos"), ("PROM", "no puedo ir"), ("R", "off"),
         ("STILL", "wrong number"), ("GOING", "ya llegué"), ("OFFER", "yes"), ("R", "on"), ("CAME", "no vino"),
         ("OFFER", "no puedo"), ("OFFER", "voy"), ("HOME", "sí"), ("CAME", "wi"), ("TIME", "asi esta bien"),
         ("INV", "sí quiero"), ("M", "stop texting me"), ("R", "off 3 days")]  # fmt: skip
answers = st.sampled_from(ANSWERS + WORDS)
figures = st.sampled_from(PLAIN)
ADDRESSED = ("", "", "señorita ", "maam ", "mija ")
NOT = ("no", "not", "don't", "pa", "todavía no", "not yet", "poko", "is not", "no es", "i didn't say")
HYPOTHETICAL = (
    "¿{}?", "{}?", "should I {}", "if they come {}", "si nadie más puede {}", "would {} be far", "the officer says {}",
    "mi esposo dice que {}", "el oficial dice que ponga {}", "what if {}", "is it {}?", "èske {}", "qué pasa si {}",
    "do i text {}", "my son says {}", "le pongo {}?", "they told me to say {}", "me dijeron que {}", "li di {}", "maybe {}",
    "a lo mejor {}",
)  # fmt: skip
UNDOING = (c.NotNeeded, c.GiveUp, c.CantKeep, c.Finished, c.Elsewhere, c.NotMe, c.StopAsked, c.Moved)
BETWEEN = (" ", ", ", " or ", " o ", "/", " - ", "\n", " y ", " and ", " oswa ", ". ", "? ")
AGREED = frozenset({("1", "yes"), ("1", "si"), ("2", "no")})  # the same answer twice, where it is one
NO_REFUSAL = ("no hay problema", "no worries", "can't wait", "cómo no", "no se preocupe", "pa gen pwoblèm", "no hay bronca",
              "wouldn't miss it", "no problem", "no hay de que", "no te preocupes", "not a problem")  # fmt: skip
CANT_DO_ELSE = (
    "can't find parking", "no puedo entrar", "can't go any faster", "m pa ka jwenn kay la", "no puedo encontrar la casa",
    "cant find the house", "no puedo estacionarme", "cant get in", "no puedo ir mas rapido", "no puedo llegar antes",
    "i cant go alone", "no puedo ir con mi carro", "cant open the link", "pa ka wè nimewo a", "can't go inside",
)  # fmt: skip


def said(text, situation):
    return name_of(understand(text, SITUATIONS[situation]))


@given(
    answer=answers,
    before=st.sampled_from(BEFORE),
    who=st.sampled_from(ADDRESSED),
    after=st.sampled_from(AFTER),
)
@settings(max_examples=examples(500))
def test_courtesy_signatures_and_signs_of_feeling_change_no_answer(answer, before, who, after):
    situation, text = answer
    sent = before + who + text + after
    if not (after == "…" and len(sent) >= 25):  # as long as that it may be a text of ours that was cut
        assert said(sent, situation) == said(text, situation)


@given(case=st.sampled_from(CASES), before=st.sampled_from(BEFORE), after=st.sampled_from(AFTER))
@settings(max_examples=examples(300))
def test_courtesy_makes_no_act_of_what_is_none_and_takes_none_away(case, before, after):
    situation, text = case["situation"], case["text"]
    plain = understand(text, SITUATIONS[situation])
    polite = understand(before + text + after, SITUATIONS[situation])
    if is_stop(text) or situation == "ENR" or {*fold(text)} <= {"ok", "okay"}:
        return  # the carrier's word stands alone; thanks confirm a phone; "ok, thank you" is courtesy
    cut = (
        after == "…" and len(before + text + after) >= 25
    )  # as long as that it may be a text of ours that was cut
    if cut or (after and typed.unsigned(text) != text):
        return  # below a name nothing follows
    if isinstance(plain, ACTING) or isinstance(polite, ACTING):
        assert name_of(polite) == name_of(plain)


@given(answer=answers, how=st.sampled_from(sorted(TYPOGRAPHY)))
@settings(max_examples=examples(400))
def test_how_an_answer_is_typed_changes_nothing(answer, how):
    situation, text = answer
    assert said(TYPOGRAPHY[how](text), situation) == said(text, situation)


@given(case=st.sampled_from(CASES), how=st.sampled_from(sorted(TYPOGRAPHY)))
@settings(max_examples=examples(300))
def test_how_any_text_is_typed_changes_nothing(case, how):
    text = case["text"]
    if not (how == "small letters" and " -" in text):  # a name below a text is known by its capital
        assert said(TYPOGRAPHY[how](text), case["situation"]) == said(text, case["situation"])


@given(situation=st.sampled_from(sorted(FIGURES)), which=st.data(), between=st.sampled_from(BETWEEN))
@settings(max_examples=examples(400))
def test_two_answers_are_none(situation, which, between):
    words = () if SITUATIONS[situation].offers or situation == "KIDS" else ("yes", "no", "si")
    given_ones = st.sampled_from([*FIGURES[situation], *words])
    first, other = which.draw(given_ones), which.draw(given_ones)
    context = SITUATIONS[situation]
    same = understand(first, context) == understand(other, context)
    if not same and (first, other) not in AGREED and first in FIGURES[situation]:
        heard = understand(first + between + other, context)
        assert not isinstance(heard, ACTING), name_of(heard)


@given(first=st.sampled_from(LABELS), which=st.data(), between=st.sampled_from(BETWEEN))
@settings(max_examples=examples(400))
def test_two_labels_are_none(first, which, between):
    situation, figure, label = first
    others = [(number, text) for where, number, text in LABELS if where == situation and number != figure]
    number, other = which.draw(st.sampled_from(others))
    if {figure, number} != {"2", "3"}:  # nobody came, and they need something else
        assert not isinstance(understand(label + between + other, SITUATIONS[situation]), ACTING)


@pytest.mark.parametrize("text", ["1 no, 2, no, 1", "yes no", "si no", "1 o 2", "1 o la 2?", "no se, 1 o 2", "wi non", "41 52",
                                  "41 or 52?", "41 2", "2 or 1"])  # fmt: skip
@pytest.mark.parametrize("situation", SITUATIONS)
def test_who_wavers_decides_nothing(text, situation):
    assert not isinstance(understand(text, SITUATIONS[situation]), ACTING)


@given(answer=answers, negation=st.sampled_from(NOT))
@settings(max_examples=examples(400))
def test_a_denied_answer_is_not_that_answer(answer, negation):
    situation, text = answer
    plain = understand(text, SITUATIONS[situation])
    negative = {"no", "not", "pa", "cant"} & {*fold(text)} or (situation, type(plain)) == (
        "HOME",
        c.Elsewhere,
    )
    if isinstance(plain, ACTING) and not (negative and not text.isdigit()):
        assert type(understand(f"{negation} {text}", SITUATIONS[situation])) is not type(plain)


@pytest.mark.parametrize("text", NO_REFUSAL)
def test_a_no_that_refuses_nothing_ends_nothing(text):
    for situation, context in SITUATIONS.items():
        heard = understand(text, context)
        refusing = (c.Decline, c.AskGiveUp, c.AskNotNeeded, *UNDOING)
        assert not isinstance(heard, refusing), (situation, name_of(heard))


@pytest.mark.parametrize("text", CANT_DO_ELSE)
def test_who_can_not_do_something_else_is_still_going(text):
    for situation, context in SITUATIONS.items():
        heard = understand(text, context)
        assert not isinstance(heard, c.GiveUp | c.CantKeep | c.AskGiveUp), (situation, name_of(heard))


@given(answer=answers, form=st.sampled_from(HYPOTHETICAL))
@settings(max_examples=examples(500))
def test_questions_conditions_and_what_others_say_undo_nothing(answer, form):
    situation, text = answer
    heard = understand(form.format(text), SITUATIONS[situation])
    assert not isinstance(heard, UNDOING), name_of(heard)
    if "?" in form:
        assert not isinstance(heard, ACTING), name_of(heard)


@pytest.mark.parametrize(("situation", "figure", "label"), LABELS)
def test_a_label_is_its_figure_in_any_language(situation, figure, label):
    assert said(label, situation) == said(figure, situation)


@pytest.mark.parametrize(
    ("figure", "words"),
    [("1", ("one", "uno", "youn")), ("2", ("two", "dos")), ("3", ("three", "tres", "twa")), ("4", ("four", "cuatro", "kat")),
     ("5", ("five", "cinco", "senk")), ("9", ("nine", "nueve", "nèf"))],
)  # fmt: skip
def test_a_number_in_words_is_its_figure_in_any_language(figure, words):
    for situation in SITUATIONS:
        if situation not in ("STR", "DESC") and figure in FIGURES.get(situation, ()):
            assert all(said(word, situation) == said(figure, situation) for word in words), situation


@given(
    text=st.text(alphabet=" .,;:!?…-_*~()[]{}\"'😀😭🙏❤️💔🔥🚨🫶👀\n\t¿¡", max_size=12),
    situation=st.sampled_from([*SITUATIONS]),
)
@settings(max_examples=examples(200))
def test_signs_alone_never_act(text, situation):
    assert not isinstance(understand(text, SITUATIONS[situation]), ACTING)


@given(
    name=st.sampled_from(("english", "español", "inglés", "creole", "kreyòl")),
    text=st.sampled_from(CORPUS),
    before=st.booleans(),
)
@settings(max_examples=examples(200))
def test_a_language_among_other_words_is_not_asked_for(name, text, before):
    beside = f"{text} {name}" if before else f"{name} {text}"
    others = set(re.findall(r"\w+", beside.lower())) - {
        "in",
        "en",
        "an",
        "please",
        "por",
        "favor",
        "tanpri",
        name,
    }
    for situation in ("M", "HOME", "OFFER", "GOING", "SEARCH"):
        if len(others) > 2:
            assert not isinstance(decide(beside, SITUATIONS[situation]).command, c.SetLanguage)
