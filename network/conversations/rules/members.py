"""Whatever else a member writes. Pure."""

from network.conversations.rules import commands as c
from network.conversations.rules import typed
from network.conversations.rules.commands import Command
from network.conversations.rules.context import IS_IT_YOU, Context, Question
from network.conversations.rules.kinds import kind_asked
from network.conversations.rules.options import AT_MOST
from network.conversations.words import courtesy, fear, kinds, leaving, places, requests, times
from network.conversations.words.folding import clauses
from network.conversations.words.matching import is_just, made_of, says
from network.support.rules.requests import State


def member(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    if not context.is_member:
        return c.Thanks() if is_just(words, courtesy.THANKS) and not context.answerable else None
    afraid = fear.afraid(words)
    moved = says(words, places.MOVED, slips=False)
    if moved and made_of(typed.without_courtesy(words), places.MOVED, slips=False):
        return c.AskMoved()
    if context.request is None:
        # Of a responder who was asked, or is out: more likely about that than about their own home.
        elsewhere = context.stage is not None or bool(context.answerable)
        is_it_you = context.question in IS_IT_YOU
        if is_it_you and not afraid and _is_parting(words):
            return c.Thanks()
        begins = words[:1] in (("1",), ("2",)) or is_just(words[:1], courtesy.YES, slips=False)
        asks_who = is_it_you and (begins or says(words, leaving.WHO, slips=False))
        own_home = says(words, places.OWN_HOME, slips=False) and says(words, kinds.ASKS_TO_COME, slips=False)
        waits = (elsewhere and not own_home) or asks_who
        return c.Unclear() if waits and not afraid else _opening(text, words, context)
    over = says(words, requests.NOT_NEEDED, slips=False) and not says(
        words, requests.NOT_FALSE + courtesy.REPORTED, slips=False
    )
    if over and not afraid:
        return c.AskNotNeeded()
    if moved and not afraid and any(made_of(clause, places.MOVED, slips=False) for clause in clauses(text)):
        return c.AskMoved()
    if context.request is State.ASKING and context.asked in (Question.HOME, Question.KIND):
        return c.Unclear()
    return c.Unclear() if context.asked else c.FurtherText()


def _opening(text: str, words: tuple[str, ...], context: Context) -> Command:
    """The first text of a request. Fear makes it one for now, whatever day or hour it also names."""
    afraid = fear.afraid(words)
    kind = says(words, courtesy.THANKS, slips=False) and made_of(
        words, courtesy.THANKS + courtesy.SAID_WELL, slips=False
    )
    thanks = kind or is_just(words, courtesy.THANKS) or (context.just_closed and _is_parting(words))
    if thanks and not afraid:
        return c.Thanks()
    return c.OpenRequest(kind_asked(words), times.names_another_time(text, words) and not afraid)


def _is_parting(words: tuple[str, ...]) -> bool:
    """What people say after a request is over: thanks, a laugh, hearts."""
    if not words or made_of(words, courtesy.THANKS + courtesy.YES + courtesy.NO + courtesy.SAID_WELL):
        return True
    says_thanks = len(words) <= AT_MOST + 2 and says(words, courtesy.THANKS, slips=False)
    return says_thanks and courtesy.BUT.isdisjoint(words)
