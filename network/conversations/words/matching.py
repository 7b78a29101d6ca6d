"""Phrases, and whether a text holds them: their words in order, next to each other. Pure.

In a word of four letters or more one slip of typing is forgiven, where a phrase allows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from network.conversations.words.folding import LONG, LONGEST, Words, fold
from network.conversations.words.slips import BY_THEMSELVES, SLIPS_FROM, VOCABULARY, meanings, shortened

END = ""  # in a tree: a phrase may end here
type Tree = dict[str, Tree]
_sums: dict[tuple[int, int], tuple[Phrases, Phrases, Phrases]] = {}  # with its parts, which must outlive it


class Phrases(tuple[tuple[str, ...], ...]):
    """Phrases, and a tree of their words that is made once. The sum of two tables is one too."""

    @cached_property
    def tree(self) -> Tree:
        root: Tree = {}
        for phrase in self:
            node = root
            for word in phrase:
                node = node.setdefault(word, {})
            if phrase:
                node[END] = {}
        return root

    @cached_property
    def firsts(self) -> frozenset[str]:
        return frozenset(self.tree)

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
    return folded


def says(words: Sequence[str], among: Phrases, *, slips: bool = True) -> bool:
    """Whether the words hold one of the phrases."""
    return next(_places(words, among, slips=slips), None) is not None


def where(words: Sequence[str], among: Phrases, *, slips: bool = True) -> int | None:
    """The position at which the first of the phrases begins."""
    return min(_places(words, among, slips=slips), default=None)


def _places(words: Sequence[str], among: Phrases, *, slips: bool) -> Iterator[int]:
    """Where phrases begin. A stretch that the text repeats counts where it comes first."""
    read = words if isinstance(words, Words) else Words(words)
    if slips:
        firsts = [word for meaning in among.firsts.intersection(read.meant) for word in read.meant[meaning]]
    else:
        firsts = list(among.firsts.intersection(read.places))
    for word in firsts:
        for stretch, at in read.stretches(word).items():
            if _begins(stretch, among.tree, slips=slips):
                yield at


def _begins(stretch: tuple[str, ...], tree: Tree, *, slips: bool) -> bool:
    """Whether the stretch begins with one of the tree's phrases."""
    nodes = [tree]
    for word in stretch:
        if slips:
            nodes = [node[meant] for meant in meanings(word) for node in nodes if meant in node]
        else:
            nodes = [node[word] for node in nodes if word in node]
        if not nodes:
            return False
        for node in nodes:
            if END in node:
                return True
    return False


def is_just(words: Sequence[str], among: Phrases, *, slips: bool = True) -> bool:
    """Whether the words are one of the phrases, and nothing else."""
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
    spans = [span for span in _ends(words, 0, among, slips=False) if span < len(words)]
    return words[max(spans) :] if spans else ()


def less_last(words: tuple[str, ...], among: Phrases) -> tuple[str, ...]:
    """The same at the end of the words."""
    return less_first(words[::-1], among.backwards)[::-1]


def _ends(words: Sequence[str], at: int, among: Phrases, *, slips: bool) -> set[int]:
    """Where the phrases that begin at this word end."""
    ends: set[int] = set()
    nodes = [among.tree]
    for end, word in enumerate(words[at : at + LONGEST], at + 1):
        nodes = [
            node[meant] for meant in (meanings(word) if slips else (word,)) for node in nodes if meant in node
        ]
        if not nodes:
            break
        if any(END in node for node in nodes):
            ends.add(end)
    return ends
