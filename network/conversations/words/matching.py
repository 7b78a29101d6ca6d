"""Phrases, and whether a text holds them: their words in order, next to each other. Pure.

In a word of four letters or more one slip of typing is forgiven, where a phrase allows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from network.conversations.words.folding import LONG, Words, fold
from network.conversations.words.held import ALL, LONGEST, Branch, Phrase
from network.conversations.words.slips import BY_THEMSELVES, SLIPS_FROM, VOCABULARY, meanings, shortened

_sums: dict[tuple[int, int], tuple[Phrases, Phrases, Phrases]] = {}  # with its parts, which must outlive it


class Phrases(tuple[Phrase, ...]):
    """Phrases, and a tree of their words that is made once. The sum of two tables is one too."""

    @cached_property
    def tree(self) -> Branch:
        root = Branch()
        for phrase in self:
            root.grow(phrase)
        return root

    @cached_property
    def each(self) -> frozenset[Phrase]:
        return frozenset(self)

    @cached_property
    def backwards(self) -> Phrases:
        return Phrases(phrase[::-1] for phrase in self)

    def __add__(self, other: tuple[Any, ...]) -> Phrases:
        if not isinstance(other, Phrases):
            return Phrases(tuple(self) + other)
        made = _sums.get((id(self), id(other)))
        if made is None:
            made = _sums[id(self), id(other)] = (Phrases(tuple(self) + tuple(other)), self, other)
        return made[0]


def phrases(*lines: str) -> Phrases:
    """A table of phrases. Raises ValueError for one with more words than we look for."""
    folded = Phrases(fold(line) for line in lines)
    if too_long := [line for line in folded if len(line) > LONGEST]:
        raise ValueError(f"{' '.join(too_long[0])!r} has more than {LONGEST} words")
    for word in {word for line in folded for word in line if len(word) >= SLIPS_FROM and word.isalpha()}:
        for key in shortened(word):
            VOCABULARY.setdefault(key, set()).add(word)
    BY_THEMSELVES.update(line[0] for line in folded if len(line) == 1)
    for line in folded:
        ALL.grow(line)
    return folded


def says(words: Sequence[str], among: Phrases, *, slips: bool = True) -> bool:
    """Whether the words hold one of the phrases."""
    held = (words if isinstance(words, Words) else Words(words)).held
    return not among.each.isdisjoint(held.nearly if slips else held.exactly)


def where(words: Sequence[str], among: Phrases, *, slips: bool = True) -> int | None:
    """The position at which the first of the phrases begins."""
    return next((at for at in range(len(words)) if _ends(words, at, among, slips=slips)), None)


def is_just(words: Sequence[str], among: Phrases, *, slips: bool = True) -> bool:
    """Whether the words are one of the phrases, and nothing else."""
    if not slips:
        return bool(words) and tuple(words) in among.each
    return 0 < len(words) <= LONGEST and len(words) in _ends(words, 0, among, slips=slips)


def made_of(words: Sequence[str], among: Phrases, *, slips: bool = True) -> bool:
    """Whether the words are these phrases one after the other, and nothing else. A long text never is."""
    if len(words) > LONG:
        return False
    reached = {0}
    for at in range(len(words)):
        if at in reached:
            reached.remove(at)
            reached |= _ends(words, at, among, slips=slips)
            if not reached:
                return False
    return bool(words) and len(words) in reached


def less_first(words: tuple[str, ...], among: Phrases) -> tuple[str, ...]:
    """The words after the longest phrase that they begin with; none if nothing is left."""
    span = longest(words, 0, among, below=len(words))
    return words[span:] if span else ()


def less_last(words: tuple[str, ...], among: Phrases) -> tuple[str, ...]:
    """The same at the end of the words."""
    return less_first(words[::-1], among.backwards)[::-1]


def longest(words: tuple[str, ...], at: int, among: Phrases, *, below: int) -> int:
    """Of how many words the longest phrase is that begins here, if of fewer than `below`. Else 0."""
    branch, span = among.tree, 0
    for count, word in enumerate(words[at : at + min(LONGEST, below - 1)], 1):
        if word not in branch:
            break
        branch = branch[word]
        if branch.phrase:
            span = count
    return span


def _ends(words: Sequence[str], at: int, among: Phrases, *, slips: bool) -> set[int]:
    """Where the phrases that begin at this word end."""
    ends: set[int] = set()
    branches = [among.tree]
    for end, word in enumerate(words[at : at + LONGEST], at + 1):
        meant = meanings(word) if slips else (word,)
        branches = [branch[word] for word in meant for branch in branches if word in branch]
        if not branches:
            break
        if any(branch.phrase for branch in branches):
            ends.add(end)
    return ends
