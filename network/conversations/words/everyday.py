"""Words that plain texts hold, so that none of them may be a duress word. Pure."""

from network.conversations.words import (  # noqa: F401  each puts its phrases into BY_THEMSELVES
    courtesy,
    fear,
    going,
    kinds,
    leaving,
    places,
    requests,
    times,
)  # fmt: skip
from network.conversations.words.folding import fold
from network.conversations.words.slips import BY_THEMSELVES

# Said in any fright, by anybody: a word for a threat that is one of these would be said by accident.
# Words of plain texts that stand in none of our phrases.
EVERYDAY = frozenset(
    word
    for line in (
        "emergencia emergency urgent urgente madre mama papa padre hijo hija hijos ninos nino nina",
        "casa home family familia hermano hermana esposo esposa abuela bebe baby mother father",
        "brother sister husband wife child kids house street calle apartamento apartment hombres",
        "hombre gente people men man work trabajo school escuela hola hello buenas buenos dias tardes",
        "noches good morning night where donde cuando when quien come vengan venga pronto soon ahora",
        "today manana tomorrow lakay pitit timoun manman papa fanmi moun lari lekol travay alo bonjou",
        "bonswa kote kile vini prese jodi demen doctor medico hospital lopital dolor pain duele",
    )
    for word in fold(line)
)


def is_everyday(word: str) -> bool:
    """Whether texting this folded word does something, or plain texts hold it."""
    return word in EVERYDAY or word in BY_THEMSELVES
