"""A number that counts something, or is a part of something larger, is no answer and no code."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.conversations.rules import commands as c
from network.conversations.rules.understanding import understand
from network.conversations.trying import name_of
from tests.budget import examples
from tests.conversations.saying import ACTING, CORPUS, PLAIN, SITUATIONS

COUNTED = (
    "men", "hombres", "guys", "agents", "cars", "carros", "moun", "mesye", "blocks", "cuadras", "hours", "years old", "años",
    "de la tarde", "pm", "am", "people", "of us", "thing", "oficiales", "camionetas", "trocas", "vans", "patrullas",
    "pisos", "apartments", "meses", "semanas", "man", "dollars", "pesos", "%", "st", "th", "K", "miles", "millas", "grados",
)  # fmt: skip
LARGER = (
    "BX{} 9", "{}K 419", "{} W 26th St", "{} calle 5", "606{}", "773-555-{}52", "10:{}", "{}:10", "${}", "{}$", "{}.50",
    "{}%", "{}/7", "6/{}", "red.org/{}", "www.{}.com", "{0}{0}{0}", "{}7", "6{}", "apt {}", "ruta {}", "route {}", "bus {}",
    "I-{}", "{}-7", "unit {}", "exit {}", "{}°", "edad {}", "tengo {} años", "vivo en el {}", "page {}", "{}ª", "channel {}",
    "€{}", "+{}", "{} / 7",
)  # fmt: skip
OFFERED = ("OFFER", "OFFER2", "BOTH", "PROM+OFFER", "BOTH_HOME")
MINUTES = ("min", "minutes", "minutos", "minit")


@given(answer=st.sampled_from(PLAIN), noun=st.sampled_from((*COUNTED, *MINUTES)), close=st.booleans())
@settings(max_examples=examples(500))
def test_a_number_that_counts_something_is_no_answer(answer, noun, close):
    situation, figure = answer
    act = understand(figure, SITUATIONS[situation])
    if noun in MINUTES and len(figure) == 2:
        return  # "41 min" may be the code and its minutes
    heard = understand(f"{figure}{'' if close else ' '}{noun}", SITUATIONS[situation])
    assert isinstance(act, ACTING)
    assert type(heard) is not type(act), name_of(heard)


@given(answer=st.sampled_from(PLAIN), form=st.sampled_from(LARGER))
@settings(max_examples=examples(500))
def test_a_number_inside_something_larger_is_no_answer(answer, form):
    situation, figure = answer
    if situation != "KIDS":  # twelve children and fewer are a count
        heard = understand(form.format(figure), SITUATIONS[situation])
        assert not isinstance(heard, ACTING), name_of(heard)


@pytest.mark.parametrize("situation", OFFERED)
def test_only_the_codes_that_are_offered_accept(situation):
    codes = {offer.code for offer in SITUATIONS[situation].offers}
    for number in [*range(200), 411, 414, 415, 441, 4141, 5252, 41041]:
        for form in ("{}", "0{}", "yes {}", "{} voy"):
            heard = understand(form.format(number), SITUATIONS[situation])
            accepted = isinstance(heard, c.Accept)
            assert not accepted or (number in codes and not form.startswith("0")), (form, number)


@given(
    code=st.sampled_from((41, 52)),
    minutes=st.integers(0, 99),
    unit=st.sampled_from(("", " min", " minutos", "min")),
)
@settings(max_examples=examples(300))
def test_minutes_have_a_unit_or_are_such_as_people_say_and_never_the_code(code, minutes, unit):
    heard = understand(f"{code} {minutes}{unit}", SITUATIONS["OFFER2"])
    if isinstance(heard, c.Accept):
        assert heard.offer.int == code
        assert unit or (minutes >= 10 and minutes % 5 == 0)
        assert heard.minutes != code or unit


@given(text=st.sampled_from(CORPUS), situation=st.sampled_from(OFFERED))
@settings(max_examples=examples(300))
def test_whoever_accepts_has_said_so(text, situation):
    heard = understand(text, SITUATIONS[situation])
    if isinstance(heard, c.Accept) and len(SITUATIONS[situation].offers) > 1:
        said = text.replace(" ", "")
        assert (
            str(heard.offer.int) in said
            or "cuarenta" in said
            or "forty" in said
            or "cincuenta" in said
            or "fifty" in said
        )
