"""Answers to offers, by code or by yes and no, and to whether somebody still comes. Pure."""

from network.conversations.rules import commands as c
from network.conversations.rules import spoken, typed
from network.conversations.rules.commands import Command
from network.conversations.rules.context import Context, Question
from network.conversations.rules.options import pick
from network.conversations.rules.visits import gives_up_all
from network.conversations.words import courtesy, fear, going, times
from network.conversations.words.folding import as_digits
from network.conversations.words.matching import is_just, made_of, says


def coded(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """An offer is accepted by its own two digits, with at most a yes, thanks or minutes beside them."""
    if context.asked is Question.CHILDREN or not words:
        return None
    if context.is_member and context.request is None and fear.afraid(words):
        return None
    codes = {offer.code: offer for offer in context.offers}
    words = spoken.with_codes(words, codes)
    named = [word for word in words if len(word) == 2 and word.isdigit() and int(word) in codes]
    if len(set(named)) > 1:
        return c.Unclear()
    if not named:
        unknown = len(words) == 1 and len(words[0]) == 2 and words[0].isdigit() and int(words[0]) > 9
        unknown = unknown and int(words[0]) != context.ends_by
        return c.LateCode(None) if unknown and context.is_responder and context.stage is None else None
    code, offer = named[0], codes[int(named[0])]
    at = words.index(code)
    if not offer.open:
        return c.LateCode(offer.id) if at == 0 else None
    if not spoken.stands_alone(text, code) or typed.asks(text):
        return c.Unclear()
    before, after = words[:at], words[at + 1 :]
    if all(not rest or made_of(rest, going.ACCEPTING) for rest in (before, spoken.without_minutes(after))):
        words_after = text.strip()[2:].strip(" .,;:-") if text.strip()[:2] == code else " ".join(after)
        return c.Accept(offer.id, words_after, times.minutes_said(words_after, after))
    to_member = context.is_member and (at > 0 or fear.afraid(words))
    return None if to_member else c.Unclear()


def yes_or_no(text: str, words: tuple[str, ...], context: Context) -> Command | None:
    """A bare answer when exactly one offer is the open question."""
    if len(context.answerable) != 1 or context.stage is not None:
        return None
    if typed.asks(text):
        return None
    offer = context.answerable[0].id
    refuses = says(words, courtesy.NO + going.NOT_NOW + going.CANT_GO, slips=False)
    if as_digits(words) == ("2",) or (refuses and made_of(words, going.DECLINING, slips=False)):
        return c.Decline(offer)
    if made_of(words, going.ACCEPTING) and says(words, courtesy.YES + going.CAN_GO, slips=False):
        return c.Accept(offer, "", None)
    return c.Unclear() if is_just(words, going.ON, slips=False) else None


def still_stands(words: tuple[str, ...]) -> Command | None:
    picked = pick(words, {1: c.StillStands(), 2: c.CantKeep(), 5: c.CantKeep()}, yes=1, no=2)
    if picked:
        return picked
    if gives_up_all(words) or is_just(words, going.NOT_NOW, slips=False):
        return c.CantKeep()
    sure = courtesy.YES + going.CAN_GO + going.STANDS
    says_yes = made_of(words, going.ACCEPTING + going.STANDS) and says(words, sure, slips=False)
    return c.StillStands() if says_yes else None
