"""The phrases of all tables in one tree, and which of them a text holds: found in one reading. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from network.conversations.words.slips import SLIPS_FROM, others

type Phrase = tuple[str, ...]


class Branch(dict[str, "Branch"]):
    """What may follow in a phrase, by its next word; and the phrase that may end here."""

    __slots__ = ("phrase",)

    def __init__(self) -> None:
        super().__init__()
        self.phrase: Phrase | None = None

    def grow(self, phrase: Phrase) -> None:
        branch = self
        for word in phrase:
            branch = branch.setdefault(word, Branch())
        if phrase:
            branch.phrase = phrase


ALL = Branch()  # the phrases of all tables


class Held(NamedTuple):
    """The phrases that words hold: to the letter, and with one slip of typing forgiven in long words."""

    exactly: set[Phrase]
    nearly: set[Phrase]


def held(words: Sequence[str]) -> Held:
    """Which of all phrases stand in these words."""
    near = {word: meant for word in set(words) if len(word) >= SLIPS_FROM and (meant := others(word))}
    exactly: set[Phrase] = set()
    nearly: set[Phrase] = set()
    for after, word in enumerate(words, 1):
        if word in ALL:
            _follow(ALL[word], words, after, near, exactly, nearly)
        for other in near.get(word, ()):
            if other in ALL:
                _follow(ALL[other], words, after, near, nearly, nearly)
    return Held(exactly, nearly | exactly)


def _follow(
    branch: Branch | None, words: Sequence[str], at: int, near: Mapping[str, Sequence[str]],
    found: set[Phrase], nearly: set[Phrase],
) -> None:  # fmt: skip
    """Note the phrases of this branch that go on with the words from here."""
    while branch is not None:
        if branch.phrase:
            found.add(branch.phrase)
        if not branch or at == len(words):
            return
        word = words[at]
        at += 1
        for other in near.get(word, ()):
            if other in branch:
                _follow(branch[other], words, at, near, nearly, nearly)
        branch = branch.get(word)
