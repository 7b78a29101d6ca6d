"""Haitian Creole as people text it: every command, and what must not be taken for it."""

from datetime import timedelta
from uuid import UUID

import pytest

from network.conversations.rules import commands as c
from network.conversations.rules.context import Context, OpenOffer, Question, SenderStatus
from network.conversations.rules.duress import is_everyday
from network.conversations.rules.understanding import understand
from network.conversations.words.folding import fold
from network.conversations.words.going import ON
from network.conversations.words.matching import is_just
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import TABLES
from network.support.rules.requests import Kind, State
from network.visits.rules.stages import Stage

OFFER = UUID(int=1)
MEMBER = Context(SenderStatus.ACTIVE, is_member=True)
RESPONDER = Context(SenderStatus.ACTIVE, is_responder=True)
OFFERED = Context(SenderStatus.ACTIVE, is_responder=True, offers=(OpenOffer(OFFER, 41, open=True),))
OUT = Context(SenderStatus.ACTIVE, is_responder=True, stage=Stage.HELD)


def asked(question, state=State.ASKING, **more):
    return Context(
        SenderStatus.ACTIVE,
        is_member=True,
        question=question,
        question_age=timedelta(minutes=1),
        request=state,
        **more,
    )


@pytest.mark.parametrize(
    ("text", "context", "command"),
    [
        ("ede m, y ap frape nan pòt la", MEMBER, c.OpenRequest(None, later=False)),
        ("Mwen bezwen yon avoka", MEMBER, c.OpenRequest(Kind.LEGAL, later=False)),
        ("voye yon moun tanpri", MEMBER, c.OpenRequest(Kind.ACCOMPANIMENT, later=False)),
        ("ki moun k ap okipe timoun mwen yo", MEMBER, c.OpenRequest(Kind.CHILDCARE, later=False)),
        ("yon avoka pou demen", MEMBER, c.OpenRequest(Kind.LEGAL, later=True)),
        ("mwen bezwen moun a 9è", MEMBER, c.OpenRequest(None, later=True)),
        ("vini 14 oktòb", MEMBER, c.OpenRequest(None, later=True)),
        ("mwen demenaje", MEMBER, c.AskMoved()),
        ("mèsi anpil", MEMBER, c.Thanks()),
        ("wi", asked(Question.HOME), c.AtHome()),
        ("Lakay mwen", asked(Question.HOME), c.AtHome()),
        ("wi, mwen lakay mwen", asked(Question.HOME), c.AtHome()),
        ("non", asked(Question.HOME), c.Elsewhere()),
        ("mwen pa lakay mwen", asked(Question.HOME), c.Elsewhere()),
        ("lakay yon zanmi", asked(Question.HOME), c.Elsewhere()),
        ("mwen nan travay", asked(Question.HOME), c.Elsewhere()),
        ("yon lòt kote", asked(Question.HOME), c.Elsewhere()),
        ("avoka", asked(Question.KIND), c.ChooseKind(Kind.LEGAL)),
        ("pou yon moun vini", asked(Question.KIND), c.ChooseKind(Kind.ACCOMPANIMENT)),
        ("okipe timoun mwen yo", asked(Question.KIND), c.ChooseKind(Kind.CHILDCARE)),
        ("de", asked(Question.KIND), c.ChooseKind(Kind.LEGAL)),
        ("lòt bagay", asked(Question.KIND), c.SomethingElse()),
        ("twa", asked(Question.CHILDREN), c.Children(3)),
        ("de timoun", asked(Question.CHILDREN), c.Children(2)),
        ("kat", asked(Question.CHILDREN), c.Children(4)),
        ("mwen pa bezwen ankò", asked(None, State.SEARCHING), c.AskNotNeeded()),
        ("wi", asked(Question.NOT_NEEDED, State.SEARCHING), c.Unclear()),
        ("kontinye chèche", asked(Question.NOT_NEEDED, State.SEARCHING), c.KeepLooking()),
        ("m ap tann", asked(Question.WAIT_OR_CALL, State.SEARCHING), c.KeepWaiting()),
        ("rele m", asked(Question.WAIT_OR_CALL, State.SEARCHING), c.CallMe()),
        ("mwen vle pale ak yon moun", MEMBER, c.PersonPlease()),
        ("wi", asked(Question.DID_THEY_COME, State.SEARCHING), c.Came()),
        ("li te vini", asked(Question.DID_THEY_COME, State.SEARCHING), c.Came()),
        ("li pa t vini", asked(Question.DID_THEY_COME, State.SEARCHING), c.DidNotCome()),
        ("poko vini", asked(Question.DID_THEY_COME, State.SEARCHING), c.DidNotCome()),
        ("wi", asked(Question.TIME), c.TimeRight()),
        ("mwen ka ale", asked(Question.STILL_STANDS, None), c.StillStands()),
        ("mwen pa ka ale", asked(Question.STILL_STANDS, None), c.CantKeep()),
        ("tout bagay anfòm", asked(Question.VISIT_FINE, None), c.VisitFine()),
        ("mwen dakò", Context(SenderStatus.INVITED, question=Question.JOIN), c.Join()),
        ("se pa mwen", Context(SenderStatus.INVITED, question=Question.JOIN), c.NotMe()),
        ("mwen ka ale", OFFERED, c.Accept(OFFER, "", None)),
        ("wi", OFFERED, c.Accept(OFFER, "", None)),
        ("41 nan 30 minit", OFFERED, c.Accept(OFFER, "nan 30 minit", 30)),
        ("41 mwen pa ka ale", OFFERED, c.Unclear()),
        ("41 non", OFFERED, c.Unclear()),
        ("pa kounye a", OFFERED, c.Decline(OFFER)),
        ("mwen rive", OUT, c.Arrived()),
        ("rive", OUT, c.Arrived()),
        ("nou fini", OUT, c.Finished()),
        ("fini", OUT, c.Finished()),
        ("mwen pa ka ale ankò", OUT, c.GiveUp()),
        ("repo", RESPONDER, c.Off(None)),
        ("repo 3 jou", RESPONDER, c.Off(3)),
        ("disponib", RESPONDER, c.On()),
        ("sispann ekri m", MEMBER, c.StopAsked()),
        ("pa ekri m ankò", MEMBER, c.StopAsked()),
    ],
)
def test_a_text_in_creole_is_understood(text, context, command):
    assert understand(text, context) == command


@pytest.mark.parametrize(
    ("text", "context", "never"),
    [
        ("avoka a pa ekri m ankò", MEMBER, c.StopAsked),  # not said of us
        ("fine", OUT, c.Finished),
        ("drive", OUT, c.Arrived),
        ("pare", RESPONDER, c.On),  # "stop" in Spanish
        ("voy pa mi casa", asked(Question.HOME), c.AtHome),
        ("vin lakay mwen", asked(Question.HOME), c.AtHome),
        ("Angel", MEMBER, c.SetLanguage),
        ("de", asked(Question.HOME), c.AtHome),
    ],
)
def test_what_only_looks_like_creole_is_not_taken_for_it(text, context, never):
    assert not isinstance(understand(text, context), never)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kreyol", "ht"), ("Kreyòl", "ht"), ("kreyòl ayisyen", "ht"), ("Creole", "ht"), ("haitian creole", "ht"),
        ("criollo haitiano", "ht"), ("english", "en"), ("inglés", "en"), ("anglè", "en"), ("español", "es"),
        ("espanyol", "es"), ("spanish", "es"), ("panyòl", "es"), ("0", None),
    ],
)  # fmt: skip
def test_the_name_of_a_language_in_any_of_them_switches_to_it(text, code):
    assert understand(text, MEMBER) == c.SetLanguage(code)
    assert understand(text, Context(SenderStatus.INVITED, question=Question.JOIN)) == c.SetLanguage(code)


def test_a_duress_word_that_is_a_number_in_creole_is_still_heard():
    context = Context(SenderStatus.ACTIVE, is_member=True, duress_word="kat")
    assert isinstance(understand("kat, vini souple", context), c.Duress)


def test_the_words_that_the_texts_teach_are_understood():
    assert is_just(fold("DISPONIB"), ON, slips=False)
    assert "DISPONIB" in TABLES["ht"][Text.OFF_UNTIL_ON]
    assert all(is_everyday(word) for word in ("WI", "NON", "DISPONIB", "FINI", "KREYOL"))
