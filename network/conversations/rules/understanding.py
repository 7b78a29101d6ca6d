"""Understanding one text in its context: the order in which things are checked. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from network.conversations.rules import commands as c
from network.conversations.rules import quoting, typed
from network.conversations.rules.answers import whole_answer
from network.conversations.rules.any_time import any_time, invited, left_alone, to_a_person
from network.conversations.rules.commands import Command
from network.conversations.rules.context import Context, Question, SenderStatus
from network.conversations.rules.duress import text_without, without_word
from network.conversations.rules.members import member
from network.conversations.rules.offers import coded
from network.conversations.rules.visits import rest, visitor
from network.conversations.words import fear
from network.conversations.words.folding import LONG, Words, fold
from network.messaging.rules.opt_out import is_start, is_stop


class Rule(StrEnum):
    """What decided, in the order in which it is checked."""

    CARRIER_WORD = "a word of the carrier's, alone"
    NOT_SERVED = "a phone that isn't in the network"
    DURESS_WORD = "the duress word"
    REACTION = "a reaction to a text of ours"
    MACHINE = "written by a machine"
    QUOTATION = "our own words"
    INVITATION = "invited, and not joined yet"
    LEFT_ALONE = "asks for no more texts"
    TO_A_PERSON = "answers a coordinator's own question"
    CODE = "the code of an offer"
    ANSWER = "answers the open question"
    ANY_TIME = "a person, not me, or a language"
    VISIT = "about the visit"
    REST = "off or on"
    MEMBER = "anything else from a member"
    NOTHING = "nothing that we know"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a text asks of us, what decided that, and whether it also holds a cry for help."""

    command: Command
    rule: Rule
    fear: bool
    danger: bool = False  # more than a plain "help" stands in it


def understand(text: str, context: Context) -> Command:
    """What this text asks of us."""
    return decide(text, context).command


def decide(text: str, context: Context) -> Decision:
    """What a text asks, and why. Never raises, and never guesses at a place, an opt-out or a closing."""
    shown = typed.clean(text)
    words = fold(shown)
    command, rule = _decide(text, shown, words, context)
    afraid = fear.afraid(words)
    return Decision(command, rule, afraid, afraid and fear.in_danger(words))


def _decide(text: str, shown: str, words: Words, context: Context) -> tuple[Command, Rule]:
    if is_stop(text):
        return c.Stop(), Rule.CARRIER_WORD
    if context.opted_out and is_start(text):
        return c.Restore(), Rule.CARRIER_WORD
    if context.standing is SenderStatus.STRANGER:
        return c.FromStranger(), Rule.NOT_SERVED
    if context.standing is SenderStatus.REFUSED:
        return c.FromRefused(), Rule.NOT_SERVED
    # Before anything is taken off: a word at the end may look like the name under a text.
    secret = context.duress_word if context.is_member else None
    if secret and without_word(words, secret) is not None:
        left = text_without(shown, secret)
        as_if = _own(left, fold(left), context) if left.strip() else _known("", Words(), context)
        return c.Duress(as_if[0]), Rule.DURESS_WORD
    return _own(shown, words, context)


def _own(text: str, words: Words, context: Context) -> tuple[Command, Rule]:
    """What the sender wrote themselves, without what is quoted beside it."""
    reaction = quoting.reaction(text)
    own = typed.unsigned(quoting.without_quotations(text))
    quoted = reaction is not None or (text.strip() and not own)
    if quoted:
        beside = quoting.beside_quotations(text)
        words_beside = fold(beside)
        if fear.afraid(words_beside):
            return _known(beside, words_beside, context)
    if reaction is not None:
        return c.Reaction(reaction.disliked), Rule.REACTION
    if quoting.by_itself(text) and not fear.afraid(words):
        return c.Unclear(), Rule.MACHINE
    if quoted:
        return c.Reaction(disliked=False), Rule.QUOTATION
    return _known(own, words if own == text.strip() else fold(own), context)


def _known(text: str, words: Words, context: Context) -> tuple[Command, Rule]:
    bare = words if len(words) > LONG else typed.bare(words)
    steps: tuple[tuple[Rule, Callable[[], Command | None]], ...] = (
        (Rule.TO_A_PERSON, lambda: to_a_person(bare, context)),
        (Rule.INVITATION, lambda: invited(text, words, bare, context)),
        (Rule.LEFT_ALONE, lambda: left_alone(text, words, bare, context)),
        (Rule.CODE, lambda: coded(text, bare, context)),
        (Rule.ANSWER, lambda: whole_answer(text, bare, context)),
        (Rule.ANY_TIME, lambda: any_time(text, words, bare, context)),
        (Rule.VISIT, lambda: visitor(text, words, bare, context)),
        (Rule.REST, lambda: rest(text, bare, context)),
        (Rule.MEMBER, lambda: member(text, words, context)),
    )
    if len(words) > LONG:
        steps = tuple(step for step in steps if step[0] not in _SHORT_ONLY)
        if context.asked is Question.DESCRIBE:
            return c.Described(), Rule.ANSWER
    return next(((command, rule) for rule, look in steps if (command := look())), (c.Unclear(), Rule.NOTHING))


_SHORT_ONLY = frozenset({Rule.TO_A_PERSON, Rule.CODE, Rule.ANSWER, Rule.VISIT, Rule.REST})
