"""What a text may say at any time: leave me alone, not me, a person please, a language. Pure."""

import unicodedata

from network.conversations.rules import commands as c
from network.conversations.rules import typed
from network.conversations.rules.commands import Command
from network.conversations.rules.context import IS_IT_YOU, Context, Question, SenderStatus
from network.conversations.rules.options import AT_MOST
from network.conversations.words import courtesy, fear, going, kinds, leaving, requests
from network.conversations.words.folding import HAS_FIGURE, as_digits
from network.conversations.words.matching import is_just, made_of, says
from network.messaging.rules.opt_out import is_stop

STOPPED_BY = " \n.,!'\"*()"  # signs beside a stop word that say nothing more


def to_a_person(words: tuple[str, ...], context: Context) -> Command | None:
    """A bare yes, no or figure goes to the coordinator whose own words were the last text.

    Except what always has a meaning: 0, 9, the code of an open offer, and 3, 4 and 5 on a visit.
    """
    if not context.a_person_asked or not words:
        return None
    figures = as_digits(words)
    if len(figures) == 1 and figures[0].isdigit():
        figure = int(figures[0][:4])
        on_visit = context.stage is not None and figure in (3, 4, 5)
        always = figure in (0, 9) or any(offer.open and offer.code == figure for offer in context.offers)
        return None if on_visit or always else c.FurtherText()
    return c.FurtherText() if made_of(words, courtesy.YES + courtesy.NO, slips=False) else None


def left_alone(text: str, words: tuple[str, ...], bare: tuple[str, ...], context: Context) -> Command | None:
    """They ask to be left alone and say nothing else. With other words, we ask back if it is about texts.
    Never when there is fear.

    A carrier's stop word with punctuation is that word. "Stop" with more may be said to somebody who is
    there, so we ask back; so we do for "cancel" and "end", unless they may mean something under way.
    """
    wish = leaving.STOP_ASKED + leaving.JUST_STOP_ASKED
    once = tuple(dict.fromkeys(bare))
    if once == ("stop",):
        return c.StopAsked() if is_stop(text.strip(STOPPED_BY)) else c.AskStop()
    if once in leaving.STOP_SIGNED:
        return c.StopAsked()
    under_way = context.request or context.stage or context.offers or context.promised
    if once in leaving.STOP_OR_OVER and not under_way:
        return c.AskStop()
    if made_of(bare, wish + leaving.ANY_MORE, slips=False) and says(bare, wish, slips=False):
        return c.StopAsked()
    if is_just(bare, leaving.LIKE_STOP, slips=False):
        return c.AskStop()
    if leaving.OF_TEXTS.isdisjoint(words) or not says(words, leaving.STOP_ASKED, slips=False):
        return None
    others = says(words, requests.PERSON + courtesy.REPORTED)
    speaks_of_more = fear.afraid(words) or others or HAS_FIGURE.search(" ".join(words))
    return None if speaks_of_more else c.AskStop()


def _said_to_another(text: str, words: tuple[str, ...], bare: tuple[str, ...]) -> bool:
    """ "guys STOP", "stop it", "STOP" beside a door: perhaps shouted at whoever is there."""
    pictures = {sign for sign in text if unicodedata.category(sign) == "So"} - {
        "\N{PERSON WITH FOLDED HANDS}"
    }
    addressed = bare == ("stop",) and typed.without_courtesy(words) != bare
    return bare == ("stop", "it") or (bare[:1] == ("stop",) and (bool(pictures) or addressed))


def invited(text: str, words: tuple[str, ...], bare: tuple[str, ...], context: Context) -> Command | None:
    """Somebody who isn't in yet loses nothing by being left alone, so we don't ask if they mean it."""
    if context.standing is not SenderStatus.INVITED:
        return None
    command = left_alone(text, words, bare, context)
    if command == c.StopAsked() or (command and not _said_to_another(text, words, bare)):
        return c.StopAsked()
    if context.question is Question.JOIN and not (typed.asks(text) or typed.is_measured(text)):
        bare = typed.choice(as_digits(typed.without_vocatives(typed.without_courtesy(words))), yes=1)
        if bare[:1] == ("2",) and is_just(bare[1:], courtesy.NO + leaving.NOT_ME, slips=False):
            return c.NotMe()
        if bare == ("1",) or made_of(bare, leaving.JOIN + courtesy.YES, slips=False):
            return c.Join()
        if bare == ("2",) or is_just(bare, courtesy.NO + leaving.NOT_ME, slips=False):
            return c.NotMe()
    return _language(words) or c.AskToJoin()


def any_time(text: str, words: tuple[str, ...], bare: tuple[str, ...], context: Context) -> Command | None:
    bare = as_digits(bare)
    if context.stage and (bare == ("9",) or says(words, requests.PERSON) or _needs_help(words, bare)):
        return c.VisitorNeedsPerson()
    to_lawyer = says(words, kinds.LAWYER, slips=False)
    opens = context.is_member and context.request is None and (fear.afraid(words) or to_lawyer)
    wants = says(words, requests.PERSON) and not says(words, courtesy.NO_WISH, slips=False)
    if bare == ("9",) or (wants and not opens):
        return c.PersonPlease()
    if made_of(bare, leaving.NOT_ME + courtesy.NO, slips=False) and says(bare, leaving.NOT_ME, slips=False):
        return c.Unclear() if typed.asks(text) else _not_them(context)
    return _language(bare)


def _not_them(context: Context) -> Command:
    """If we asked nothing, a coordinator reads it first: "wrong person" may mean whoever is at the door."""
    if context.question in IS_IT_YOU:
        return c.NotMe()
    return c.FurtherText() if context.request and not context.asked else c.Unclear()


def _needs_help(words: tuple[str, ...], bare: tuple[str, ...]) -> bool:
    """A short text from somebody on a visit. One call too many harms nobody."""
    if is_just(bare, going.HELP_HERE):
        return True
    return (
        len(words) <= AT_MOST + 2
        and courtesy.NEGATIVE.isdisjoint(words)
        and says(words, going.HELP_HERE, slips=False)
    )


def _language(words: tuple[str, ...]) -> Command | None:
    if words == ("0",):
        return c.SetLanguage(None)
    for code, names in leaving.LANGUAGES.items():
        exact = leaving.LANGUAGES_TO_THE_LETTER.get(code)
        if is_just(words, names) or (exact and is_just(words, exact, slips=False)):
            return c.SetLanguage(code)
    return None
