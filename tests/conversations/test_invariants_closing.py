"""What ends, silences or gives up follows from its own question alone, and never from our own words sent back."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.conversations.rules import commands as c
from network.conversations.rules import typed
from network.conversations.rules.understanding import understand
from network.conversations.trying import name_of
from network.messaging.rules.opt_out import is_stop
from network.messaging.texts.rendering import TABLES
from tests.budget import examples
from tests.conversations.saying import ACTING, ANSWERS, CORPUS, PLAIN, SITUATIONS
from tests.test_house import VALUES

OFFERED = {"OFFER", "OFFER2", "BOTH", "PROM+OFFER", "BOTH_HOME"}
OUT = {"GOING", "THERE", "HELD", "BOTH_GOING", "GIVE_UP?"}
PROMISED = {"STANDS", "PROM", "PROM+OFFER"}
ONLY_IN: dict[type, set[str]] = {
    c.NotNeeded: {"SURE", "SURE73"}, c.Accept: OFFERED, c.Decline: OFFERED, c.Arrived: OUT, c.Finished: OUT, c.GiveUp: OUT,
    c.CantKeep: PROMISED, c.StillStands: PROMISED, c.Children: {"KIDS"}, c.Join: {"INV"}, c.NotMe: {"INV", "ENR", "STILL"},
    c.ItIsMe: {"ENR", "STILL"}, c.Came: {"CAME"}, c.DidNotCome: {"CAME"}, c.NeedElse: {"CAME"}, c.Moved: {"MOVED?", "MOVED73"},
    c.VisitFine: {"FINE"}, c.VisitCall: {"FINE"}, c.AtHome: {"HOME", "BOTH_HOME"}, c.Elsewhere: {"HOME", "BOTH_HOME"},
    c.ChooseKind: {"HOME", "KIND", "BOTH_HOME"}, c.TimeRight: {"TIME"}, c.TimeWrong: {"TIME"}, c.CallMe: {"WAIT"},
    c.KeepTexting: {"STOP?"}, c.SameHome: {"MOVED?", "MOVED73"}, c.StillGoing: {"GIVE_UP?"},
}  # fmt: skip
said = st.sampled_from(CORPUS) | st.sampled_from([text for _, text in ANSWERS])
OURS = [text.format(**VALUES) for table in TABLES.values() for text in table.values()]
MARKS = ("{}", "“{}”", '"{}"', "«{}»", "> {}")
STOPS = ("stop", "STOP", "end", "quit", "cancel", "unsubscribe", "alto", "parar", "baja", "salir", "kanpe", "retire", "revoke",
         "pare", "basta", "optout")  # fmt: skip
NO_WISH_TO_LEAVE = (
    "make them stop", "don't stop looking", "sáquenme de aquí", "retire m nan kay sa a", "dile alto", "they yelled stop",
    "el policia grito alto", "stop it", "alto ahi", "salir de aqui", "quiero salir de mi casa", "can i end it", "calle alto",
    "quit it", "sr. Baja", "take me off the floor", "remove me from this house", "delete it", "stop please they are here",
    "i quit my job", "leave me alone he says", "STOP 🚪👮😭", "guys STOP",
)  # fmt: skip
words = st.sampled_from(sorted({word for text in CORPUS for word in text.split()}))
POLITE = {
    "please",
    "thanks",
    "thank",
    "you",
    "gracias",
    "por",
    "favor",
    "tanpri",
    "mesi",
    "mèsi",
    "ok",
    "hi",
    "hola",
    "sorry",
}
ALONE = {"a", "...", "stop", "STOP", "Stop"}


@given(text=said, situation=st.sampled_from([*SITUATIONS]))
@settings(max_examples=examples(600))
def test_what_ends_or_settles_comes_from_its_own_question_alone(text, situation):
    heard = understand(text, SITUATIONS[situation])
    assert situation in ONLY_IN.get(type(heard), {situation}), name_of(heard)
    if situation == "STR":
        assert isinstance(heard, c.FromStranger | c.Stop)


@given(answer=st.sampled_from(PLAIN), situation=st.sampled_from([*SITUATIONS]))
@settings(max_examples=examples(400))
def test_an_answer_to_another_question_does_nothing_where_it_was_not_asked(answer, situation):
    """But for a figure that is an option there too, as 2 is of most."""
    home, figure = answer
    heard = understand(figure, SITUATIONS[situation])
    assert situation in ONLY_IN.get(type(heard), {situation}), name_of(heard)
    if situation in ("M", "MJ", "R", "SEARCH", "COMING", "BOTH_JUST", "STR", "ASKED"):
        assert not isinstance(heard, ACTING), (home, name_of(heard))


@given(
    text=st.sampled_from(OURS),
    mark=st.sampled_from(MARKS),
    at=st.integers(25, 200),
    situation=st.sampled_from([*SITUATIONS]),
)
@settings(max_examples=examples(400))
def test_our_own_words_sent_back_whole_quoted_or_cut_never_act(text, mark, at, situation):
    sent = mark.format(text) if at >= len(text) else f"{mark.format(text[:at] + '…')}"
    if len(sent) >= 25:  # a shorter one is what anybody may say
        heard = understand(sent, SITUATIONS[situation])
        assert isinstance(heard, c.FromStranger if situation == "STR" else c.Reaction), name_of(heard)


@given(text=st.sampled_from(OURS), own=said, situation=st.sampled_from([*SITUATIONS]))
@settings(max_examples=examples(300))
def test_below_our_words_only_what_stands_there_counts(text, own, situation):
    context = SITUATIONS[situation]
    heard = understand(f"> {text}\n{own}", context)
    if isinstance(heard, ACTING) and not is_stop(own):  # the carrier's word stands alone no more
        assert heard == understand(own, context)


@given(stop=st.sampled_from(STOPS), word=words, other=words, form=st.sampled_from(("{0} {1}", "{1} {0}", "{1} {0} {2}")),
       situation=st.sampled_from([*SITUATIONS]))  # fmt: skip
@settings(max_examples=examples(500))
def test_a_stop_word_stops_only_alone(stop, word, other, form, situation):
    text = form.format(stop, word, other)
    heard = understand(text, SITUATIONS[situation])
    assert not isinstance(heard, c.Stop)
    letters = set(re.findall(r"[^\W\d_]+", typed.unsigned(text).lower()))
    beside = letters - {stop.lower()} - {"me", "it", "them", *POLITE}
    assert not isinstance(heard, c.StopAsked) or not beside, text


@pytest.mark.parametrize("text", NO_WISH_TO_LEAVE)
def test_a_stop_said_to_somebody_else_silences_nobody(text):
    for situation, context in SITUATIONS.items():
        heard = understand(text, context)
        assert not isinstance(heard, c.Stop | c.StopAsked), (situation, name_of(heard))
