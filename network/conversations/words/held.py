"""The phrases of all tables in one tree, and which of them a text holds: found in one reading. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from network.conversations.words.slips import SLIPS_FROM, others

LONGEST = 8  # words of a phrase
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


class HeldPhrases(NamedTuple):
    """The phrases that words hold: to the letter, and with one slip of typing forgiven in long words."""

    exactly: set[Phrase]
    nearly: set[Phrase]


def held(words: Sequence[str]) -> HeldPhrases:
    """Which of all phrases stand in these words. What a text says over and over is read once."""
    distinct = set(words)
    near = {word: meant for word in distinct if len(word) >= SLIPS_FROM and (meant := others(word))}
    begin = {word for word in distinct if word in ALL} | near.keys()
    stretches = [tuple(words[at : at + LONGEST]) for at, word in enumerate(words) if word in begin]
    exactly: set[Phrase] = set()
    nearly: set[Phrase] = set()
    for stretch in set(stretches) if len(distinct) < len(words) / 2 else stretches:
        word = stretch[0]
        if word in ALL:
            _follow(ALL[word], stretch, near, exactly, nearly)
        for other in near.get(word, ()):
            if other in ALL:
                _follow(ALL[other], stretch, near, nearly, nearly)
    return HeldPhrases(exactly, nearly | exactly)


def _follow(
    branch: Branch,
    stretch: Phrase,
    near: Mapping[str, Sequence[str]],
    exactly: set[Phrase],
    nearly: set[Phrase],
) -> None:
    """Note the phrases of this branch, which is that of the stretch's first word."""
    for at, word in enumerate(stretch[1:], 1):
        if branch.phrase:
            exactly.add(branch.phrase)
        if word in near:
            for other in near[word]:
                if other in branch:
                    _follow(branch[other], stretch[at:], near, nearly, nearly)
        if word not in branch:
            return
        branch = branch[word]
    if branch.phrase:
        exactly.add(branch.phrase)
