"""Questions that offer a figure and a few words for each option. Pure."""

from network.conversations.rules import commands as c
from network.conversations.rules import typed
from network.conversations.rules.commands import Command
from network.conversations.words import courtesy, leaving, requests
from network.conversations.words.folding import as_digits
from network.conversations.words.matching import is_just, made_of, says, where

AT_MOST = 8  # words in which an answer is looked for among others; a longer text is read


def pick(
    words: tuple[str, ...],
    choices: dict[int, Command],
    *,
    yes: int | None = None,
    no: int | None = None,
) -> Command | None:
    """A bare digit, or a bare yes or no where the question has one."""
    digits = typed.choice(as_digits(words), yes=yes)
    if len(digits) == 1 and digits[0].isdigit() and len(digits[0]) < 3:
        return choices.get(int(digits[0]))
    if yes is not None and is_just(words, courtesy.YES, slips=False):
        return choices[yes]
    return choices[no] if no is not None and is_just(words, courtesy.NO, slips=False) else None


def time_set(words: tuple[str, ...]) -> Command | None:
    picked = pick(words, {1: c.TimeRight(), 2: c.TimeWrong()}, yes=1, no=2)
    if picked:
        return picked
    if is_just(words, requests.NOT_RIGHT, slips=False):
        return c.TimeWrong()
    right = requests.RIGHT + courtesy.YES + courtesy.THANKS
    return c.TimeRight() if made_of(words, right, slips=False) else None


def is_it_you(words: tuple[str, ...], *, no: int | None) -> Command | None:
    """Words that are no answer mean what they always mean: "help" opens a request."""
    picked = pick(words, {1: c.ItIsMe(), 2: c.NotMe()}, yes=1, no=no)
    return picked or (c.ItIsMe() if made_of(words, leaving.IT_IS_ME + courtesy.YES, slips=False) else None)


def not_needed(words: tuple[str, ...], *, ends_by: int) -> Command | None:
    picked = pick(words, {1: c.KeepLooking(), ends_by: c.NotNeeded()})
    if ends_by == 2 and is_just(words, requests.NOT_NEEDED_LABEL, slips=False):
        return c.NotNeeded()
    if picked:
        return picked
    first = where(words, requests.KEEP_LOOKING)
    denied = first is not None and not courtesy.DENYING.isdisjoint(words[max(first - 2, 0) : first])
    both = says(words, requests.NOT_NEEDED + requests.NOT_NEEDED_LABEL, slips=False)
    return None if first is None or denied or both else c.KeepLooking()


def came(words: tuple[str, ...]) -> Command | None:
    """Whether somebody was there is a fact. "OK" may only say that our text was read, and taking it for a yes
    would close the request, so a person reads it.
    """
    if made_of(words, courtesy.ACKNOWLEDGED, slips=False):
        return None
    picked = pick(words, {1: c.Came(), 2: c.DidNotCome(), 3: c.NeedElse()}, yes=1, no=2)
    if picked:
        return picked
    if says(words, requests.DID_NOT_COME):
        return None if says(words, requests.ALL_WELL, slips=False) else c.DidNotCome()
    if not courtesy.DENYING.isdisjoint(words):
        return None
    if made_of(words, requests.CAME + courtesy.YES):
        return c.Came()
    if says(words, requests.CAME, slips=False) and made_of(
        words, requests.CAME + courtesy.YES + courtesy.THANKS + courtesy.SAID_WELL
    ):
        return c.Came()
    if is_just(words, courtesy.THANKS):
        return c.Thanks()
    return c.NeedElse() if is_just(words, courtesy.OTHER) else None
