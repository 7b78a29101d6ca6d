"""How long it takes to understand a text, in memory and without a network: short ones, and the longest."""

import json
import random
import re
import resource
import statistics
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from network.conversations.rules.context import Context
from network.conversations.rules.understanding import decide
from network.conversations.trying import SITUATIONS

PROJECT = Path(__file__).parents[2]
CORPUS = PROJECT / "tests" / "conversations" / "cases.jsonl"
SEED = 7
SHORT, LONGEST = 160, 1600
SHORT_TEXTS, MIXTURES, LINES = 3000, 100, 5000
LOOKS = 2  # at each long text, of which the quicker counts: the machine has other work too
REPEATED = {
    '"no no no"': "no ", '"yes no"': "yes no ", '"ayud"': "ayud ", '"gracias"': "gracias ", '"41"': "41 ",
    '"no puedo ir,"': "no puedo ir, ", '"me mude"': "me mude ", '"tocan la puerta"': "tocan la puerta ",
    "emoji": "😀", "thumbs": "👍", "hidden signs": "\u200b", "figures": "1", "accents": "e\u0301",
    "marks on one letter": "\u0301\u0316", "one word": "a", "look-alikes": "а", "signs of a whole word": "ﷺ",
    "fractions": "½", "line breaks": "\n", "spaces": " ", "quotation marks": "“", "quoted lines": "> a\n",
    "reactions": "Liked “", "signatures": "sent from \n", "hours": "at 5:00 ", "names": " -Ana",
    "commas": "a,",
}  # fmt: skip


GROWS = 4  # times as long
# Each was once the square of its length, or could be: marks to be put in order, quotations that don't close,
# and whatever a pattern may give back sign by sign. No step that is counted shows what goes on within one.
BEGINNINGS, ENDINGS = ("", "Liked “", "a"), ("", "a")
OVER_AND_OVER = ("“", "«", '"', "“a", " ", "\n", "_", "!", " -", "\u0323\u1dce\u05b0\u0307", "ok ", "1 ")


def run() -> None:
    """Milliseconds of a processor, each text met for the first time, beside what a bare reading takes."""
    draw = random.Random(SEED)  # noqa: S311  what is drawn is no secret
    corpus = _corpus()
    _make_ready(corpus)
    shorts = [(short(corpus, draw), draw.choice(_situations())) for _ in range(SHORT_TEXTS)]
    _tell(
        f"texts of {SHORT} characters",
        [_took(*short) for short in shorts],
        [_bare(text) for text, _ in shorts],
    )
    took = {name: _longest((piece * LONGEST)[:LONGEST]) for name, piece in REPEATED.items()}
    took |= {" ".join(map(repr, pieces)): _longest(text) for pieces, text in _mixtures(corpus, draw)}
    bare = [_bare((piece * LONGEST)[:LONGEST]) for piece in REPEATED.values()]
    _tell(f"texts of {LONGEST:,} characters", list(took.values()), bare)
    for name in sorted(took, key=lambda text: -took[text])[:5]:
        print(f"  {took[name]:6.2f} ms  {name[:90]}")
    _growth()
    _lines(corpus, draw)


def _growth() -> None:
    """How much longer a text takes that is so many times as long; the square would be that many more."""
    grown = {
        f"{begins}{piece!r}…{ends}": _grown(begins, piece, ends)
        for begins in BEGINNINGS
        for piece in OVER_AND_OVER
        for ends in ENDINGS
    }
    worst = max(grown, key=lambda name: grown[name])
    print(f"{GROWS} times as long takes at most {grown[worst]:.1f} times as long: {worst}")


def _grown(begins: str, piece: str, ends: str) -> float:
    context = SITUATIONS["M"]
    once, more = (
        min(_took(f"{begins}{piece * (length // len(piece))}{ends}", context) for _ in range(LOOKS + 1))
        for length in (2 * LONGEST, GROWS * 2 * LONGEST)
    )
    return more / once


def _corpus() -> list[str]:
    if not CORPUS.exists():
        raise SystemExit(f"The texts to measure with are not there: {CORPUS.relative_to(PROJECT)}")
    return [json.loads(line)["text"] for line in CORPUS.read_text().splitlines()]


def _make_ready(corpus: Sequence[str]) -> None:
    """What the first texts of a process make once, for all that come after: tables, and their trees."""
    began = time.thread_time()
    for context in _situations():
        for text in corpus[::20]:
            decide(text, context)
    again = time.thread_time()
    for context in _situations():
        for text in corpus[::20]:
            decide(text, context)
    once = (again - began) - (time.thread_time() - again)
    print(f"made once by the first texts of a process: {once * 1000:.0f} ms")


def _situations() -> list[Context]:
    """All that there are, members with a duress word, since it is looked for in the whole text."""
    return [
        replace(situation, duress_word="girasol azul") if situation.is_member else situation
        for situation in SITUATIONS.values()
    ]


def short(corpus: Sequence[str], draw: random.Random) -> str:
    """Texts of the corpus in a row, changed as hands and phones change them, cut to one message's length."""
    text = ""
    while len(text) < SHORT:
        text += draw.choice((" ", ". ", "\n", ", ")) + draw.choice(CHANGES)(draw.choice(corpus), draw)
    return text[1 : SHORT + 1]


def _misspelled(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice("abcdeinorst ") + text[at + draw.randrange(2) :]


CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    lambda text, _: text,
    _misspelled,
    lambda text, _: text.upper(),
    lambda text, _: unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode(),
    lambda text, _: f"{text} 😭🙏",
    lambda text, _: "\u200b".join(text),
)  # fmt: skip


def _mixtures(corpus: Sequence[str], draw: random.Random) -> Iterator[tuple[list[str], str]]:
    pieces = [*REPEATED.values(), *(f"{line[:40]} " for line in draw.sample(corpus, 100))]
    for _ in range(MIXTURES):
        some = draw.sample(pieces, draw.randrange(1, 5))
        yield some, ("".join(some) * LONGEST)[:LONGEST]


def _took(text: str, context: Context) -> float:
    began = time.thread_time()
    decide(text, context)
    return (time.thread_time() - began) * 1000


def _longest(text: str) -> float:
    """In the worst of the situations."""
    return max(min(_took(text, situation) for _ in range(LOOKS)) for situation in _situations())


def _bare(text: str) -> float:
    """The baseline: letters made plain and words told apart, with the library alone."""
    began = time.thread_time()
    re.findall(r"\w+", unicodedata.normalize("NFKD", text).casefold())
    return (time.thread_time() - began) * 1000


def _tell(what: str, took: Sequence[float], bare: Sequence[float]) -> None:
    cuts, plain = statistics.quantiles(took, n=100), statistics.quantiles(bare, n=100)
    print(
        f"{what}: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms, worst {max(took):.2f} ms, "
        f"{len(took):,} texts; to a bare reading ({plain[49]:.3f} ms) "
        f"{cuts[49] / plain[49]:.0f}, p99 {cuts[98] / plain[98]:.0f}",
        flush=True,
    )


def _lines(corpus: Sequence[str], draw: random.Random) -> None:
    """Through the command, as another program would ask."""
    asked = [{"text": draw.choice(corpus), "situation": draw.choice([*SITUATIONS])} for _ in range(LINES)]
    command = [sys.executable, str(PROJECT / "manage.py"), "understand", "--json"]
    took = []
    for count in (1, LINES):
        given = "".join(f"{json.dumps(text)}\n" for text in asked[:count])
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, input=given, text=True, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    rate = LINES / (took[1] - took[0])
    print(f"understand --json: {rate:,.0f} lines a second of a processor, {took[0]:.1f} s of it to start")
