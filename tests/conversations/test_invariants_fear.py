"""A cry for help is heard in any words around it, in any situation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.conversations.rules import commands as c
from network.conversations.rules.understanding import decide
from network.conversations.trying import name_of
from tests.budget import examples
from tests.conversations.saying import ANSWERS, CORPUS, FEAR, LOSING, SITUATIONS

OPENS = ("M", "MJ", "ENR", "STILL", "BOTH", "BOTH_JUST")
UNDER_WAY = (
    "HOME",
    "KIND",
    "KIDS",
    "SURE",
    "WAIT",
    "CAME",
    "TIME",
    "SEARCH",
    "COMING",
    "STOP?",
    "MOVED?",
    "ASKED",
)
NOT_SERVED = {"INV": c.AskToJoin, "STR": c.FromStranger}
FORMS = ("{text}. {fear}", "{fear}, {text}", "{text}\n{fear}", "{fear} {text}", "{text} {fear}", "{fear}\n\n{text}",
         "{text} - {fear}")  # fmt: skip
fears = st.sampled_from(FEAR)
said = st.sampled_from(CORPUS) | st.sampled_from([answer for _, answer in ANSWERS])
beside = st.builds(
    lambda text, fear, form: form.format(text=text, fear=fear), said, fears, st.sampled_from(FORMS)
)
PAST = ("desde las 6", "since 6", "yesterday", "maten an", "la semana pasada", "in ten minutes", "desde ayer",
        "hace 2 horas", "2 hours ago", "en 10 minutos", "nan 5 minit", "anoche", "since monday", "last tuesday",
        "ayer a las 5", "esta mañana a las 7")  # fmt: skip
NOW = ("ahorita", "ahora mismo", "now", "rn", "still", "kounye a", "siguen aqui", "right now", "ya mismo",
       "en este momento", "as we speak", "orita")  # fmt: skip
CALLS = ("vengan", "necesito a alguien", "i need someone to come", "send somebody please", "voye yon moun",
         "hay una camioneta blanca", "there is a white van", "mande a alguien porfa", "necesito abogado")  # fmt: skip
ASKING = tuple(call for call in CALLS if "camioneta" not in call and "van" not in call.split())
LATER = ("mañana", "el jueves a las 9", "on friday at 3pm", "madi a 9è", "la proxima semana", "12 de octubre")


@pytest.mark.parametrize("fear", FEAR)
def test_a_cry_alone_opens_a_request_for_now_and_is_known_for_one(fear):
    for situation in OPENS:
        decided = decide(fear, SITUATIONS[situation])
        assert isinstance(decided.command, c.OpenRequest), (situation, name_of(decided.command))
        assert not decided.command.later
        assert decided.fear


@given(text=beside, situation=st.sampled_from(OPENS))
@settings(max_examples=examples(400))
def test_a_cry_opens_a_request_for_now_whatever_stands_beside_it(text, situation):
    command = decide(text, SITUATIONS[situation]).command
    assert isinstance(command, c.OpenRequest), name_of(command)
    assert not command.later


@given(text=beside, situation=st.sampled_from([*SITUATIONS]))
@settings(max_examples=examples(500))
def test_a_cry_beside_any_words_ends_silences_and_thanks_nobody_anywhere(text, situation):
    decided = decide(text, SITUATIONS[situation])
    assert decided.fear
    assert not isinstance(decided.command, (*LOSING, c.Thanks, c.SetLanguage, c.Reaction)), name_of(
        decided.command
    )


@given(text=beside, situation=st.sampled_from(sorted(NOT_SERVED)))
@settings(max_examples=examples(100))
def test_a_cry_from_a_phone_that_is_not_served_is_handed_on(text, situation):
    decided = decide(text, SITUATIONS[situation])
    assert decided.fear
    assert isinstance(decided.command, NOT_SERVED[situation] | c.SetLanguage), name_of(decided.command)


@given(call=st.sampled_from(CALLS), past=st.sampled_from(PAST), before=st.booleans())
@settings(max_examples=examples(150))
def test_a_time_that_is_past_or_within_the_hour_postpones_nothing(call, past, before):
    command = decide(f"{past}, {call}" if before else f"{call} {past}", SITUATIONS["M"]).command
    assert isinstance(command, c.OpenRequest)
    assert not command.later


@given(
    call=st.sampled_from(ASKING), later=st.sampled_from(LATER), now=st.sampled_from(NOW), before=st.booleans()
)
@settings(max_examples=examples(200))
def test_what_goes_on_now_is_for_now_whatever_day_is_named(call, later, now, before):
    assert decide(f"{call} {later}", SITUATIONS["M"]).command.later
    decided = decide(f"{now} {call} {later}" if before else f"{call} {later} {now}", SITUATIONS["M"]).command
    assert isinstance(decided, c.OpenRequest)
    assert not decided.later
