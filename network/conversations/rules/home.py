"""Where a member is, from a text that says nothing else. Pure."""

from network.conversations.rules import commands as c
from network.conversations.rules.commands import Command
from network.conversations.rules.kinds import choose, is_wished, kind_asked
from network.conversations.rules.options import AT_MOST, pick
from network.conversations.words import courtesy, fear, places
from network.conversations.words.matching import made_of, says, where


def at_home(words: tuple[str, ...]) -> Command | None:
    """Where the member is, if the text says nothing else. Where others are, or were, is no answer."""
    picked = pick(words, {1: c.AtHome(), 2: c.Elsewhere()}, yes=1, no=2)
    if picked:
        return picked
    away = places.ELSEWHERE + places.NOT_HOME
    if says(words, away, slips=False) and made_of(words, away + places.I_AM + courtesy.NO, slips=False):
        return c.Elsewhere()
    if says(words, places.OTHERS_HOME, slips=False):
        return c.Elsewhere() if _at_others_home(words) else None
    if not courtesy.DENYING.isdisjoint(words):
        return None
    says_home = made_of(
        words, places.JUST_HOME + places.AT_HOME + places.I_AM + courtesy.YES
    ) or _says_home_first(words)
    if says_home:
        return None if says(words, places.ANOTHER_PLACE, slips=False) else c.AtHome()
    return choose(kind_asked(words)) if is_wished(words) else None


def _at_others_home(words: tuple[str, ...]) -> bool:
    """ "I am at my sister's": short, and about nobody else."""
    if len(words) > AT_MOST or fear.afraid(words):
        return False
    first = where(words, places.OTHERS_HOME, slips=False)
    return not first or made_of(words[:first], places.I_AM + courtesy.NO)


def _says_home_first(words: tuple[str, ...]) -> bool:
    """ "Yes at home with the kids": short, and it begins with the answer."""
    if len(words) > AT_MOST:
        return False
    begun = places.AT_HOME + places.I_AM + courtesy.YES
    spans = (words[:span] for span in range(2, len(words) + 1))
    return any(made_of(span, begun) and says(span, places.AT_HOME) for span in spans)
