"""An answer to the one open question. Pure."""

from network.conversations.rules import commands as c
from network.conversations.rules import typed
from network.conversations.rules.any_time import any_time
from network.conversations.rules.commands import Command
from network.conversations.rules.context import Context, Question
from network.conversations.rules.home import at_home
from network.conversations.rules.kinds import children_counted, kind_chosen
from network.conversations.rules.offers import still_stands, yes_or_no
from network.conversations.rules.options import came, is_it_you, not_needed, pick, time_set
from network.conversations.words import courtesy, going, leaving, requests, times
from network.conversations.words.folding import Words
from network.conversations.words.matching import is_just, made_of


def whole_answer(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """A text that answers our question and asks none of its own."""
    if context.asked is not Question.DESCRIBE and (typed.asks(text) or typed.is_measured(text)):
        return None
    return _answer(text, words, context) or _figure_beside_words(text, words, context)


def _figure_beside_words(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """ "2 wrong number", "la 1, someone to come": the figure and the words mean the same answer.

    "No 2" may mean that it isn't the second.
    """
    given = typed.without_choice(words)
    if given[:1] and is_just(given[:1], courtesy.NO, slips=False):
        return None
    for figure, rest in ((given[:1], given[1:]), (given[-1:], given[:-1])):
        if rest and rest[0] not in courtesy.COUNTED and figure[0].isdigit() and len(figure[0]) == 1:
            answer = _answer(figure[0], figure, context)
            if answer and _means_the_same(Words(typed.without_courtesy(rest)), answer, context):
                return answer
    return None


def _means_the_same(words: Words, answer: Command, context: Context) -> bool:
    """Whether the words beside the figure are the same answer, or only kind."""
    if made_of(words, courtesy.SAID_WELL + courtesy.THANKS, slips=False):
        return True
    return (_answer(" ".join(words), words, context) or any_time("", words, words, context)) == answer


def _answer(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """An answer to the one open question."""
    match context.asked:
        case Question.TIME:
            return time_set(words)
        case Question.STILL_STANDS:
            return still_stands(words)
        case Question.ENROLLED | Question.STILL_YOU as asked:
            return is_it_you(words, no=None if asked is Question.ENROLLED else 2)
        case Question.HOME:
            return _not_later(at_home(words), text, words)
        case Question.KIND:
            return _not_later(kind_chosen(words), text, words)
        case Question.CHILDREN:
            return children_counted(words)
        case Question.DESCRIBE:
            return None if words in (("0",), ("9",)) else c.Described()
        case Question.NOT_NEEDED:
            return not_needed(words, ends_by=context.ends_by or 2)
        case Question.STOP:
            return pick(words, {1: c.StopAsked(), 2: c.KeepTexting()}) or (
                c.KeepTexting() if is_just(words, leaving.KEEP_TEXTING, slips=False) else None
            )
        case Question.MOVED:
            return pick(words, {context.ends_by or 1: c.Moved(), 2: c.SameHome()}, no=2)
        case Question.GIVE_UP:
            return pick(words, {1: c.StillGoing(), 5: c.GiveUp()}) or (
                c.StillGoing() if is_just(words, going.STILL_GOING, slips=False) else None
            )
        case Question.WAIT_OR_CALL:
            return (
                pick(words, {1: c.KeepWaiting(), 2: c.CallMe()})
                or (c.KeepWaiting() if is_just(words, requests.WAIT) else None)
                or (c.CallMe() if is_just(words, requests.SPEAK_WITH_ME, slips=False) else None)
            )
        case Question.DID_THEY_COME:
            return came(words)
        case Question.VISIT_FINE:
            return (
                pick(words, {1: c.VisitFine(), 2: c.VisitCall()}, yes=1)
                or (
                    c.VisitFine()
                    if made_of(
                        words,
                        requests.FINE + courtesy.THANKS + courtesy.YES + courtesy.SAID_WELL,
                        slips=False,
                    )
                    else None
                )
                or (c.VisitCall() if is_just(words, requests.SPEAK_WITH_ME, slips=False) else None)
            )
        case _:
            return yes_or_no(text, words, context)


def _not_later(command: Command | None, text: str, words: tuple[str, ...]) -> Command | None:
    """The command, unless they want that help on another day: then a person reads it."""
    later = isinstance(command, c.ChooseKind) and len(words) > 1 and times.names_another_time(text, words)
    return None if later else command
