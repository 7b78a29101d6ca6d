"""Understanding a text: tables of what people write, and what may never happen."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.conversations.rules import commands as c
from network.conversations.rules.context import Context, OpenOffer, Question, SenderStatus
from network.conversations.rules.replies import TextOutcome, asked_again, reply_to
from network.conversations.rules.understanding import understand
from network.conversations.trying import SITUATIONS, situation
from network.conversations.words.folding import fold
from network.conversations.words.times import minutes_said
from network.messaging.rules.wording import OPTION
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import TABLES
from network.support.rules.requests import Kind, State
from network.visits.rules.stages import Stage

OFFER, OTHER = uuid4(), uuid4()
MEMBER = Context(SenderStatus.ACTIVE, is_member=True)
RESPONDER = Context(SenderStatus.ACTIVE, is_responder=True)
ASKED = Context(SenderStatus.ACTIVE, is_responder=True, offers=(OpenOffer(OFFER, 41, True),))
GOING = Context(SenderStatus.ACTIVE, is_responder=True, stage=Stage.GOING)
OPEN = Context(SenderStatus.ACTIVE, is_member=True, request=State.SEARCHING)


def asking(question, **more):
    return Context(SenderStatus.ACTIVE, is_member=True, question=question, request=State.ASKING, **more)


OPENING = [
    ("tocan la puerta ayuda", None, False), ("I need help", None, False), ("AYUDA", None, False),
    ("HELP", None, False), ("info", None, False), ("", None, False), ("🆘", None, False), ("???", None, False),
    ("necesito un abogado", Kind.LEGAL, False), ("i need a lawer pls", Kind.LEGAL, False),
    ("ABOGADA URGENTE", Kind.LEGAL, False), ("quien cuida a mis niños", Kind.CHILDCARE, False),
    ("child care please", Kind.CHILDCARE, False), ("can someone watch my kids", Kind.CHILDCARE, False),
    ("can somebody come over", Kind.ACCOMPANIMENT, False), ("que alguien venga porfa", Kind.ACCOMPANIMENT, False),
    ("abogado y alguien que cuide a mis niños", None, False),
    ("someone to come with me tuesday 930", Kind.ACCOMPANIMENT, True),
    ("acompáñenme mañana", Kind.ACCOMPANIMENT, True), ("esta mañana tocaron", None, False), ("a las 9 tengo cita", None, True),
    ("at 9:30", None, True), ("el lunes", None, True), ("oct 14", None, False), ("14 de octubre", None, True),
    ("hay mucha gente afuera tengo miedo", None, False), ("there are people at my door", None, False),
    ("1234 N Clark St", None, False), ("مساعدة", None, False), ("帮帮我", None, False), ("помогите", None, False),
    ("no se que hacer", None, False), ("siguen aqui", None, False), ("ok", None, False), ("1", None, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "later"), OPENING)
def test_any_words_of_a_member_open_a_request(text, kind, later):
    assert understand(text, MEMBER) == c.OpenRequest(kind, later)


@pytest.mark.parametrize("text", ["gracias", "Thank you so much", "ok gracias", "mil gracias!!", "thx"])
def test_bare_thanks_open_nothing(text):
    assert understand(text, MEMBER) == c.Thanks()


@pytest.mark.parametrize(
    "word", ["STOP", " stop ", "Cancel", "END", "quit", "Unsubscribe", "stopall", "REVOKE", "optout"]
)
@pytest.mark.parametrize(
    "context", [MEMBER, RESPONDER, ASKED, OPEN, Context(SenderStatus.STRANGER), asking(Question.HOME)]
)
def test_the_carriers_stop_words_alone_are_honoured_before_all_else(word, context):
    assert understand(word, context) == c.Stop()


@pytest.mark.parametrize("text", ["stop please", "please don't cancel", "CANCEL 12", "the end", "alto"])
def test_a_stop_word_among_others_is_no_opt_out(text):
    assert understand(text, MEMBER) != c.Stop()


@pytest.mark.parametrize(
    "text", ["no me escriban más", "no more texts", "ya no me escriban", "take me off this"]
)
def test_asking_in_words_to_be_left_alone(text):
    assert understand(text, MEMBER) == c.StopAsked()


@pytest.mark.parametrize("word", ["START", "unstop", "yes"])
def test_start_words_restore_only_who_had_stopped(word):
    assert understand(word, Context(SenderStatus.ACTIVE, is_member=True, opted_out=True)) == c.Restore()
    assert understand(word, MEMBER) != c.Restore()


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("1", c.AtHome()), ("1️⃣", c.AtHome()), ("１", c.AtHome()), ("uno", c.AtHome()), ("One", c.AtHome()),
        ("si", c.AtHome()), ("Sí", c.AtHome()), ("yes", c.AtHome()), ("👍", c.AtHome()), ("en mi casa", c.AtHome()),
        ("casa", c.AtHome()), ("at home", c.AtHome()), ("2", c.Elsewhere()), ("no", c.Elsewhere()),
        ("no estoy en casa", c.Elsewhere()), ("en el trabajo", c.Elsewhere()), ("at work", c.Elsewhere()),
        ("en casa de mi hermana", c.Elsewhere()), ("mi casa esta sola", c.Unclear()), ("quizas", c.Unclear()),
        ("lawyer", c.ChooseKind(Kind.LEGAL)), ("0", c.SetLanguage(None)), ("9", c.PersonPlease()),
        ("call me", c.PersonPlease()), ("english", c.SetLanguage("en")), ("español", c.SetLanguage("es")),
        ("ya no necesito", c.AskNotNeeded()), ("me mudé", c.AskMoved()),
    ],
)  # fmt: skip
def test_the_home_question(text, command):
    assert understand(text, asking(Question.HOME)) == command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("1", c.ChooseKind(Kind.ACCOMPANIMENT)), ("2", c.ChooseKind(Kind.LEGAL)), ("3", c.ChooseKind(Kind.CHILDCARE)),
        ("4", c.SomethingElse()), ("otra cosa", c.SomethingElse()), ("abogdo", c.ChooseKind(Kind.LEGAL)),
        ("los niños", c.ChooseKind(Kind.CHILDCARE)), ("5", c.Unclear()), ("yes", c.Unclear()), ("9", c.PersonPlease()),
    ],
)  # fmt: skip
def test_the_kind_question(text, command):
    assert understand(text, asking(Question.KIND)) == command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("2", c.Children(2)), ("dos", c.Children(2)), ("9", c.Children(9)), ("10", c.Children(10)),
        ("son 3 niños", c.Children(3)), ("0", c.Unclear()), ("40", c.Unclear()), ("2 y 5 años", c.Unclear()),
        ("muchos", c.Unclear()),
    ],
)  # fmt: skip
def test_while_a_count_is_asked_a_digit_is_the_count(text, command):
    assert understand(text, asking(Question.CHILDREN)) == command


@pytest.mark.parametrize(
    ("question", "text", "command"),
    [
        (Question.NOT_NEEDED, "2", c.NotNeeded()), (Question.NOT_NEEDED, "1", c.KeepLooking()),
        (Question.NOT_NEEDED, "siga buscando", c.KeepLooking()), (Question.NOT_NEEDED, "hmm", c.Unclear()),
        (Question.WAIT_OR_CALL, "1", c.KeepWaiting()), (Question.WAIT_OR_CALL, "2", c.CallMe()),
        (Question.WAIT_OR_CALL, "espero", c.KeepWaiting()), (Question.DID_THEY_COME, "1", c.Came()),
        (Question.DID_THEY_COME, "vino", c.Came()), (Question.DID_THEY_COME, "no vino", c.DidNotCome()),
        (Question.DID_THEY_COME, "nobody came", c.DidNotCome()), (Question.DID_THEY_COME, "3", c.NeedElse()),
        (Question.DID_THEY_COME, "otra cosa", c.NeedElse()), (Question.DID_THEY_COME, "not yet", c.Unclear()),
        (Question.DESCRIBE, "comida para hoy", c.Described()), (Question.DESCRIBE, "9", c.PersonPlease()),
        (Question.JOIN, "1", c.Join()), (Question.JOIN, "acepto", c.Join()), (Question.JOIN, "2", c.NotMe()),
        (Question.JOIN, "numero equivocado", c.NotMe()), (Question.JOIN, "0", c.SetLanguage(None)),
        (Question.JOIN, "quien es?", c.AskToJoin()),
    ],
)  # fmt: skip
def test_other_questions(question, text, command):
    standing = SenderStatus.INVITED if question is Question.JOIN else SenderStatus.ACTIVE
    context = Context(standing, is_member=True, question=question, request=State.SEARCHING)
    assert understand(text, context) == command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("41", c.Accept(OFFER, "", None)), ("41 in 30 min", c.Accept(OFFER, "in 30 min", 30)),
        ("41 media hora", c.Accept(OFFER, "media hora", 30)), ("41, voy", c.Accept(OFFER, "voy", None)),
        ("yes", c.Accept(OFFER, "", None)), ("SI", c.Accept(OFFER, "", None)), ("puedo ir", c.Accept(OFFER, "", None)),
        ("👍", c.Accept(OFFER, "", None)), ("2", c.Decline(OFFER)), ("no", c.Decline(OFFER)),
        ("ahora no", c.Decline(OFFER)), ("can't", c.Decline(OFFER)), ("41 no puedo", c.Unclear()), ("42", c.LateCode(None)),
        ("maybe later", c.Unclear()), ("1", c.Unclear()), ("off", c.Off(None)), ("OFF 3 days", c.Off(3)),
        ("descanso 2 días", c.Off(2)), ("on", c.Unclear()), ("LISTO", c.Unclear()), ("wrong number", c.Unclear()),
    ],
)  # fmt: skip
def test_an_offer(text, command):
    assert understand(text, ASKED) == command


def test_a_bare_yes_is_nothing_while_two_offers_are_open():
    both = Context(
        SenderStatus.ACTIVE,
        is_responder=True,
        offers=(OpenOffer(OFFER, 41, True), OpenOffer(OTHER, 52, True)),
    )
    assert understand("yes", both) == c.Unclear()
    assert understand("52", both) == c.Accept(OTHER, "", None)


def test_a_late_answer_never_accepts_another_offer():
    late = Context(
        SenderStatus.ACTIVE,
        is_responder=True,
        offers=(OpenOffer(OFFER, 41, False), OpenOffer(OTHER, 52, True)),
    )
    assert understand("41", late) == c.LateCode(OFFER)


def test_a_closing_or_old_question_yields_to_an_offer():
    offers = (OpenOffer(OFFER, 41, True),)
    fine = Context(SenderStatus.ACTIVE, is_responder=True, question=Question.VISIT_FINE, offers=offers)
    assert understand("2", fine) == c.Decline(OFFER)
    young = Context(
        SenderStatus.ACTIVE,
        is_member=True,
        is_responder=True,
        question=Question.HOME,
        offers=offers,
        request=State.ASKING,
    )
    assert understand("2", young) == c.Elsewhere()
    old = Context(
        SenderStatus.ACTIVE,
        is_member=True,
        is_responder=True,
        question=Question.HOME,
        offers=offers,
        request=State.ASKING,
        question_age=timedelta(minutes=16),
    )
    assert understand("2", old) == c.Decline(OFFER)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("3", c.Arrived()), ("ya llegué", c.Arrived()), ("i'm here", c.Arrived()), ("4", c.Finished()),
        ("terminamos", c.Finished()), ("5", c.GiveUp()), ("no puedo ir", c.GiveUp()), ("I can't make it", c.GiveUp()),
        ("9", c.VisitorNeedsPerson()), ("call me", c.VisitorNeedsPerson()), ("running late", c.Unclear()),
    ],
)  # fmt: skip
def test_a_visit(text, command):
    assert understand(text, GOING) == command


@pytest.mark.parametrize(
    ("text", "as_if"),
    [("girasoles", c.OpenRequest(None, False)), ("quiero comprar girasoles", c.OpenRequest(None, False)),
     ("abogado girasoles", c.OpenRequest(Kind.LEGAL, False))],
)  # fmt: skip
def test_the_duress_word_anywhere_is_understood_as_any_text(text, as_if):
    assert understand(
        text, Context(SenderStatus.ACTIVE, is_member=True, duress_word="Girasoles")
    ) == c.Duress(as_if)


def test_strangers_and_those_who_said_not_me():
    assert understand("hola", Context(SenderStatus.STRANGER)) == c.FromStranger()
    assert understand("hola", Context(SenderStatus.REFUSED)) == c.FromRefused()
    assert understand("hola", Context(SenderStatus.INVITED)) == c.AskToJoin()


@pytest.mark.parametrize("text", ["sigue ahi?", "please hurry", "1", "gracias"])
def test_a_further_text_while_a_request_is_open_is_added_to_it(text):
    assert understand(text, OPEN) == c.FurtherText()


contexts = st.builds(
    Context,
    st.sampled_from(SenderStatus),
    is_member=st.booleans(),
    is_responder=st.booleans(),
    question=st.none() | st.sampled_from(Question),
    question_age=st.timedeltas(timedelta(0), timedelta(hours=2)),
    request=st.none() | st.sampled_from(State),
    offers=st.lists(st.builds(OpenOffer, st.uuids(), st.integers(10, 99), st.booleans()), max_size=3).map(
        tuple
    ),
    stage=st.none() | st.sampled_from(Stage),
    duress_word=st.none() | st.just("girasoles"),
    opted_out=st.booleans(),
    just_closed=st.booleans(),
)
texts = st.text() | st.sampled_from([t for t, *_ in OPENING]) | st.integers(0, 120).map(str)


@given(texts, contexts)
def test_every_text_is_understood_as_something_in_every_context(text, context):
    command = understand(text, context)
    assert isinstance(command, c.Command.__value__)


@given(texts, contexts)
def test_nothing_accepts_an_offer_that_is_not_open(text, context):
    command = understand(text, context)
    open_ones = {offer.id for offer in context.offers if offer.open}
    if isinstance(command, c.Accept | c.Decline):
        assert command.offer in open_ones


@given(st.text())
def test_folding_gives_small_ascii_words(text):
    assert all(word.isascii() and word == word.lower() for word in fold(text))


@pytest.mark.parametrize(
    ("text", "minutes"), [("in 20 minutes", 20), ("an hour", 60), ("999 min", None), ("soon", None)]
)
def test_minutes(text, minutes):
    assert minutes_said(text, fold(text)) == minutes


@pytest.mark.parametrize("outcome", TextOutcome)
def test_every_outcome_has_its_reply(outcome):
    reply = reply_to(outcome)
    assert reply.question is None or not reply.keeps_question


def test_a_question_is_repeated_once():
    assert asked_again(Question.HOME, reasked=False)
    assert asked_again(Question.HOME, reasked=True) is None
    assert asked_again(None, reasked=False) is None


LABELLED = {
    "HOME": (Text.HOME, Text.HOME_SHORT),
    "KIND": (Text.KIND,),
    "TIME": (Text.TIME_RIGHT,),
    "STANDS": (Text.STILL_STANDS,),
    "STILL": (Text.STILL_YOU,),
    "ENR": (Text.ENROLLED_MEMBER,),
    "INV": (Text.JOIN,),
    "CAME": (Text.DID_THEY_COME, Text.DID_BOTH_COME),
    "WAIT": (Text.NOBODY_YET, Text.NOBODY_YET_WRITE),
    "FINE": (Text.DONE, Text.DONE_WRITE),
    "GOING": (Text.ARE_YOU_OK, Text.ARE_YOU_OK_WRITE, Text.SEEN_ON_VISIT, Text.SEEN_ON_VISIT_WRITE),
    "THERE": (Text.THERE,),
    "OFFER": tuple(key for key in Text if key.startswith("offer_")),
    Question.STOP: (Text.STOP_SURE,),
    Question.GIVE_UP: (Text.GIVE_UP_SURE, Text.GIVE_UP_SURE_WRITE),
}
CALLS = (c.CallMe, c.PersonPlease)  # "call me" goes to a person, whatever is asked


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize(("name", "key"), [(name, key) for name, keys in LABELLED.items() for key in keys])
def test_an_answer_means_the_same_by_its_figure_and_by_its_words(name, key, language):
    asked = (
        situation(None, asked=name, stage=Stage.GOING if name is Question.GIVE_UP else None)
        if isinstance(name, Question)
        else SITUATIONS[name]
    )
    for figure, label in OPTION.findall(TABLES[language][key].replace("{code}", "41")):
        by_figure, by_words = (understand(said, asked) for said in (figure, label))
        same = isinstance(by_figure, CALLS) and isinstance(by_words, CALLS)
        assert same or by_figure == by_words, (figure, label)
