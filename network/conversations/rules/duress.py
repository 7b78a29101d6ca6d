"""The duress word: which may be chosen, and hearing it as a shaking hand or a phone types it. Pure."""

import re

from network.conversations.words import everyday
from network.conversations.words.folding import fold
from network.conversations.words.slips import is_one_slip
from network.visits.rules.stages import WORDS as VISIT_WORDS

TOKEN = re.compile(r"\S+")
SLIP_FROM = 5  # letters of the word in which one slip is forgiven: shorter ones are near too many others
VISIT = frozenset(word for name in VISIT_WORDS for word in fold(name))


def is_everyday(word: str) -> bool:
    """Whether plain texts hold this word, so that a cry would be taken for duress. Also true of a phrase of
    nothing but such words.

    The same answer serves spreadsheets, the console's form and the private page.
    """
    parts = fold(word)
    return bool(parts) and all(
        part.isdigit() or part in VISIT or everyday.is_everyday(part) for part in parts
    )


def without_word(words: tuple[str, ...], duress_word: str) -> tuple[str, ...] | None:
    """The words without the duress word, with one slip forgiven in each word. None if it isn't there."""
    secret = fold(duress_word)
    span, spoken = len(secret), set(words)
    for heard in (_as_it_is, _slipped):
        alike: list[set[str]] = []
        for wanted in secret:
            if not (near := heard(wanted, spoken)):
                break
            alike.append(near)
        for at in range(len(words) - span + 1 if alike and len(alike) == span else 0):
            if all(word in among for word, among in zip(words[at : at + span], alike, strict=True)):
                return words[:at] + words[at + span :]
    return None


def text_without(text: str, duress_word: str) -> str:
    """The text as typed, without the duress word. If it was run together with others: the other words."""
    tokens = list(TOKEN.finditer(text))
    words = [(word, token) for token in tokens for word in fold(token[0])]
    rest = without_word(tuple(word for word, _ in words), duress_word)
    if rest is None:
        return text
    first = next((at for at, (word, _) in enumerate(words) if rest[at : at + 1] != (word,)), len(rest))
    gone = words[first : first + len(words) - len(rest)]
    cut_from, cut_to = gone[0][1], gone[-1][1]
    whole = sum(cut_from.start() <= token.start() <= cut_to.start() for _, token in words) == len(gone)
    return text[: cut_from.start()] + text[cut_to.end() :] if whole else " ".join(rest)


def _as_it_is(wanted: str, spoken: set[str]) -> set[str]:
    return {wanted} & spoken


def _slipped(wanted: str, spoken: set[str]) -> set[str]:
    """The words that are this one, or one slip away from it and no plain words themselves."""
    near = {wanted} & spoken
    if len(wanted) >= SLIP_FROM:
        alike = (word for word in spoken if abs(len(word) - len(wanted)) < 2 and is_one_slip(word, wanted))
        near.update(
            word for word in alike if not (word.isdigit() or word in VISIT or everyday.is_everyday(word))
        )
    return near
