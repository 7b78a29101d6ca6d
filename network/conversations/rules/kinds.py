"""What kind of help is asked for, and for how many children. Pure."""

from network.conversations.rules import commands as c
from network.conversations.rules.commands import Command
from network.conversations.rules.options import pick
from network.conversations.words import courtesy, fear, kinds
from network.conversations.words.folding import as_digits
from network.conversations.words.matching import is_just, made_of, says
from network.support.rules.requests import Kind

MOST_CHILDREN = 12
SHORT = 4  # words in which a kind's name is the choice


def kind_chosen(words: tuple[str, ...]) -> Command | None:
    choices: dict[int, Command] = {
        1: c.ChooseKind(Kind.ACCOMPANIMENT),
        2: c.ChooseKind(Kind.LEGAL),
        3: c.ChooseKind(Kind.CHILDCARE),
        4: c.SomethingElse(),
    }
    named = kind_in(words)
    if not kinds_in(words) and says(words, kinds.MINDS_CHILDREN, slips=False):
        named = Kind.CHILDCARE
    bare = words[1:] if words[:1] and words[0] in courtesy.ARTICLES else words
    told = is_just(
        bare, kinds.CHILDCARE + kinds.LAWYER + kinds.COMPANY
    )  # with fear beside it a word is no choice
    if (
        named is Kind.CHILDCARE
        and not told
        and not says(words, kinds.CARE + kinds.MINDS_CHILDREN, slips=False)
    ):
        named = None  # to speak of children isn't to ask for care
    unsure = _is_mixed(words) or not (told or is_wished(words))
    picked = pick(words, choices) or (None if unsure else choose(named))
    return picked or (c.SomethingElse() if is_just(words, courtesy.OTHER) else None)


def kind_asked(words: tuple[str, ...]) -> Kind | None:
    """The kind that a first text asks for. Mentioning children is not asking for care."""
    kind = None if says(words, kinds.REFUSING, slips=False) else kind_in(words)
    cares = kind is not Kind.CHILDCARE or is_just(words, kinds.CHILDCARE) or says(words, kinds.CARE)
    return kind if cares else None


def kind_in(words: tuple[str, ...]) -> Kind | None:
    """The one kind that the words name. None if they name none or several."""
    named = kinds_in(words)
    return named.pop() if len(named) == 1 else None


def kinds_in(words: tuple[str, ...]) -> set[Kind]:
    tables = {Kind.LEGAL: kinds.LAWYER, Kind.CHILDCARE: kinds.CHILDCARE, Kind.ACCOMPANIMENT: kinds.COMPANY}
    return {kind for kind, names in tables.items() if says(words, names)}


def choose(kind: Kind | None) -> Command | None:
    return c.ChooseKind(kind) if kind else None


def is_wished(words: tuple[str, ...]) -> bool:
    """Whether a kind that the words name is asked for, not only mentioned. Fear beside it is no choice."""
    if fear.afraid(words) or says(words, kinds.HAVING + courtesy.REPORTED, slips=False):
        return False
    return len(words) <= SHORT or says(words, kinds.WISHES, slips=False)


def _is_mixed(words: tuple[str, ...]) -> bool:
    """Refused, or a figure beside words: it may not mean what one of the words alone would."""
    refused = not courtesy.DENYING.isdisjoint(words) or says(words, kinds.REFUSING, slips=False)
    doubted = says(words, courtesy.DOUBTING + courtesy.OTHER, slips=False)
    return refused or doubted or any(word.isdigit() for word in words)


def children_counted(words: tuple[str, ...]) -> Command | None:
    """When we ask for a count, a text that is nothing but a count of children is the count.

    Several numbers may be ages, and anything else that is counted is no child: a person reads those.
    """
    numbers = [word for word in as_digits(words) if word.isdigit()]
    others = tuple(word for word in as_digits(words) if not word.isdigit())
    counts_children = not others or made_of(others, kinds.CHILDREN_COUNTED)
    if len(numbers) == 1 and counts_children and _follows_a_count(words):
        count = int(numbers[0][:3])
        return c.Children(count) if 1 <= count <= MOST_CHILDREN else c.Unclear()
    return c.Unclear() if numbers else None


def _follows_a_count(words: tuple[str, ...]) -> bool:
    """ "2 ninos y una bebe" is three."""
    return not any(
        word in ("y", "and", "plus", "mas", "ak") and not kinds.BABY.isdisjoint(words[at + 1 : at + 4])
        for at, word in enumerate(words)
    )
