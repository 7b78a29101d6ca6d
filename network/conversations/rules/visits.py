"""Texts from somebody on a visit, or who rests. Pure."""

from network.conversations.rules import commands as c
from network.conversations.rules import resting, typed
from network.conversations.rules.commands import Command
from network.conversations.rules.context import Context
from network.conversations.rules.options import AT_MOST
from network.conversations.words import courtesy, fear, going, requests
from network.conversations.words.folding import as_digits, clauses
from network.conversations.words.matching import is_just, made_of, says


def visitor(text: str, words: tuple[str, ...], bare: tuple[str, ...], context: Context) -> Command | None:
    """3, 4, 5 and their words, from somebody who has a visit. Each counts only as the whole text."""
    if context.stage is None and not context.promised:
        return None
    if typed.asks(text) or (len(bare) == 1 and typed.is_measured(text)):
        return None
    all_words, words = words, as_digits(bare)
    five = words[:1] == ("5",) and (len(words) == 1 or made_of(words[1:], going.GIVING_UP, slips=False))
    gives_up = five or gives_up_all(words)
    if context.stage is None:
        return c.CantKeep() if gives_up else None
    if gives_up:
        return c.GiveUp()
    if words == ("3",) or is_just(words, going.THERE) or is_just(words, going.JUST_THERE, slips=False):
        return c.Arrived()
    if (
        words == ("4",)
        or (
            says(words, going.DONE, slips=False)
            and made_of(words, going.DONE + requests.FINE + courtesy.THANKS)
        )
        or is_just(words, going.JUST_DONE, slips=False)
    ):
        return c.Finished()
    if not says(all_words, going.CANT_GO, slips=False) or fear.afraid(words):
        return None
    return c.AskGiveUp() if any(_ends_giving_up(clause) for clause in clauses(text)) else None


def gives_up_all(words: tuple[str, ...]) -> bool:
    """Says that they aren't going, and nothing else: "can't go any faster" is no such text."""
    return made_of(words, going.GIVING_UP, slips=False) and says(words, going.CANT_GO, slips=False)


def _ends_giving_up(clause: tuple[str, ...]) -> bool:
    """ "Something came up I can't go": the whole of it, or its end. Not with an "if"."""
    if not says(clause, going.CANT_GO, slips=False):
        return False
    if not courtesy.CONDITION.isdisjoint(clause) and not gives_up_all(clause):
        return False
    return any(gives_up_all(clause[at:]) for at in range(max(len(clause) - AT_MOST, 0), len(clause)))


def rest(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    if not context.is_responder or not words or typed.asks(text):
        return None
    if is_just(words[:1], going.OFF, slips=False):
        return resting.off(words[1:]) or resting.off(typed.without_courtesy(words)[1:])
    return c.On() if is_just(words, going.ON, slips=False) and context.stage is None else None
