"""Parts of a text that the sender didn't write: reactions, quotes of our own words, what a phone adds. Pure.

A reaction arrives as a text that quotes ours, and our texts hold the words of every answer: a thumbs-up on
"Ana is on the way" must not be read as any of them.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, combinations, islice

from network.conversations.words.folding import plain
from network.messaging.texts.counts import counted, of_one
from network.messaging.texts.rendering import TABLES, without

LEAST_CUT = 25  # of a quotation that ends in "…"
LEAST_SIGNS = 20  # of a line that is taken for ours; a shorter one is what anybody may say
LEAST_WORDS = 2  # of ours that a quotation must hold, what was filled in apart
MOST_BEFORE = 7  # words filled in before our first
MOST_WORDS = 90  # none of our texts has more
MOST_LINES = 20  # are looked at, each once; a text of more lines is no answer anyway
FILLED = {  # at most so many words, and whether figures stand among them
    "name": (3, False), "other": (3, False), "organization": (8, None), "language": (3, False),
    "when": (12, True), "by": (12, True), "time": (4, True), "url": (12, None), "question": (30, None),
    "switch": (8, None), "word": (2, False), "prefix": (3, None),
}  # fmt: skip
A_FIGURE = (1, True)
QUOTES = "\"“”„«»‹›‘’'＂"
# After the last mark stand signs alone; what was eaten isn't given back, so that each sign is looked at once.
QUOTED = re.compile(rf"[{QUOTES}].{{2,}}[{QUOTES}][^\w{QUOTES}]*+$", re.DOTALL)
MARKS = {"“": '”"', '"': '"', "«": "»"}  # what opens a quotation, and what closes it
OPENING = re.compile(rf"[{''.join(MARKS)}]")
PICTURED = re.compile(
    r"\b(?:an? (?:image|photo|picture|movie|video|sticker|attachment|audio message|voice message)"
    r"|un[ae]? (?:imagen|foto|video|vídeo|audio|mensaje de audio|mensaje de voz|adjunto|sticker)"
    r"|yon (?:imaj|foto|videyo))\W*$",
    re.IGNORECASE,
)
# What iPhones and Androids write before the words that somebody reacted to.
REACTED = re.compile(
    r"\s*+(?:"
    r"liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted\s.{1,24}?\sto"
    r"|removed an?\s.{1,30}?\sfrom"
    r"|(?:a\s.{1,40}?\s)?(?:no )?(?:le|te|les) (?:gust|encant)[óo]|me (?:gusta|encanta)"
    r"|(?:le|les) dio risa|se (?:ri[óo]|rieron) (?:de|con)"
    r"|enfatiz[óo]|cuestion[óo]|destac[óo]|exclam[óo]|pregunt[óo] por"
    r"|reaccion[óo]\s(?:con|a)\s.{1,24}?(?:\sa)?"
    r"|(?:quit[óo]|elimin[óo])\s.{1,30}?\s(?:de|a)"
    r"|renmen|pa renmen|reyaji\s.{1,24}?\ssou"
    r"|a (?:aim[ée]|ador[ée])"
    r")\s*:?\s*",
    re.IGNORECASE,
)
BY_SIGN = re.compile(rf"\s*+[^\w\s{QUOTES}>]{{1,12}}\s*(?:to|a|en|sou|on)\s+(?=[{QUOTES}])", re.IGNORECASE)
DISLIKED = re.compile(r"\s*+(?:disliked|no (?:le|te|les) gust|pa renmen|\W*👎)", re.IGNORECASE)
# What phones, cars, mailboxes and carriers write, by letters of it: only where those stand is it looked for.
BY_ITSELF = {
    letters: re.compile(pattern, re.IGNORECASE)
    for letters, pattern in {
        "driving": r"driving with (?:do not disturb|focus)|i.?m driving (?:right now|and)",
        "reply": r"auto.?reply|automatic reply",
        "office": r"out of (?:the )?office",
        "my car": r"sent from my car",
        "respuesta autom": r"respuesta autom[áa]tica",
        "oficina": r"fuera de (?:la )?oficina",
        "estoy ": r"estoy (?:conduciendo|manejando) (?:con|y)",
        "repons otomatik": r"repons otomatik",
        "msg": r"^\s*+free ?msg\b",
        "mensaje gratis": r"^\s*+mensaje gratis\b",
        "message ": r"message (?:failed|blocking is active|not (?:sent|delivered))",
        "mensaje no ": r"mensaje no (?:enviado|entregado)",
        "unable to send": r"unable to send message",
        "subscriber ": r"subscriber (?:is )?(?:not|un)\s?available",
    }.items()
}
CUT = ("…", "...")


@dataclass(frozen=True, slots=True)
class QuotedReaction:
    """A reaction to one of our texts."""

    disliked: bool


def reaction(text: str) -> QuotedReaction | None:
    """A phone's reaction: a verb or a sign, then the words of the text, or what kind of text it is."""
    begins = REACTED.match(text) or BY_SIGN.match(text)
    if begins is None:
        return None
    rest = text[begins.end() :].strip()
    if QUOTED.match(rest) or PICTURED.fullmatch(rest) or is_ours(rest):
        return QuotedReaction(disliked=DISLIKED.match(text) is not None)
    return None


def by_itself(text: str) -> bool:
    """Whether a phone, a car, a mailbox or the carrier wrote it, and not the owner of the phone."""
    small = text.replace("\u0130", "i").replace("\u0131", "i").lower()
    return any(letters in small and pattern.search(text) for letters, pattern in BY_ITSELF.items())


def without_quotations(text: str) -> str:
    """The text without the lines that quote ours; empty if it holds nothing else."""
    lines = text.splitlines()
    words = [plain(line) for line in lines]
    if _is_ours(text, [*chain.from_iterable(words)]):
        return ""
    if len(lines) < 2:
        return text.strip()
    some = islice(dict(zip(lines, words, strict=True)).items(), MOST_LINES)
    ours = {line for line, said in some if _is_ours(line, said)}
    return "\n".join(line for line in lines if line not in ours).strip()


def beside_quotations(text: str) -> str:
    """The text before and after the quotation marks, whatever is between them; empty without marks."""
    last = {opens: max(map(text.rfind, closes)) for opens, closes in MARKS.items()}
    outside, at = [], 0
    for mark in OPENING.finditer(text):
        if at <= mark.start() < last[mark[0]]:
            outside.append(text[at : mark.start()])
            at = last[mark[0]] + 1
    return "\n".join([*outside, text[at:]]).strip() if outside else ""


def is_ours(line: str) -> bool:
    """Whether these words are one of our texts, whole, or the beginning of one that was cut off or quoted."""
    return _is_ours(line, plain(line))


def _is_ours(line: str, words: Sequence[str]) -> bool:
    bare, words = line.strip(), words[:MOST_WORDS]
    if len(bare) < LEAST_SIGNS:
        return False
    cut = bare.rstrip(QUOTES).endswith(CUT) and len(bare) > LEAST_CUT
    marked = bare[0] in QUOTES + ">" or cut
    there = set(words)
    likely = [
        mark for mark in _likely(words) if (mark.may_begin(words, there) if marked else mark.needs <= there)
    ]
    figures = [0, *accumulate(map(str.isdigit, words))] if likely else []
    return any(_fits(words, figures, template, may_end=marked) for template in likely)


@dataclass(frozen=True, slots=True)
class Blank:
    """A value that was filled in, of at most so many words; None: with or without figures."""

    most: int
    figures: bool | None

    def takes(self, words: int, figures: int) -> bool:
        """Whether so many words could have been filled in here, of which so many are figures."""
        return words <= self.most and self.figures in (None, figures > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    parts: tuple[str | Blank, ...]  # our words one by one, and the gaps between
    needs: frozenset[str]  # the words that stand in each text made of it
    second: str | None  # the word right after the first of ours; None before a gap

    def may_begin(self, words: Sequence[str], there: Container[str]) -> bool:
        """Whether the second of our words stands there too, unless the text stops before or within it."""
        second = self.second
        return second is None or second in there or second.startswith(words[-1]) or words[-1] in self.needs


@cache
def _templates() -> dict[str, tuple[Template, ...]]:
    """All texts by the first of their own words, with whatever was filled in before it."""
    by_word: dict[str, list[Template]] = {}
    for text in _ours():
        parts: list[str | Blank] = []
        for n, part in enumerate(re.split(r"\{(\w+)\}", text)):
            parts += [Blank(*FILLED.get(part, A_FIGURE))] if n % 2 else plain(part)
        ours = [part for part in parts if isinstance(part, str)]
        after = parts[parts.index(ours[0]) + 1 :]
        second = next((part for part in after[:1] if isinstance(part, str)), None)
        by_word.setdefault(ours[0], []).append(Template(tuple(parts), frozenset(ours), second))
    return {word: tuple(templates) for word, templates in by_word.items()}


def _ours() -> Iterator[str]:
    """All texts, also as they read when they count one of something, or in a language without a name."""
    for language, table in TABLES.items():
        for text in table.values():
            fields = counted(text, language)
            ones = (some for n in range(len(fields) + 1) for some in combinations(fields, n))
            for read in (of_one(text, language, some) for some in ones):
                yield from dict.fromkeys((read, without(read, ["language"])))


def _likely(words: Sequence[str]) -> Iterable[Template]:
    """Templates whose first word is where the text would have it."""
    templates = _templates()
    begun = list(templates.get(words[0], ())) if words else []
    for word in words[1:MOST_BEFORE]:
        begun += [template for template in templates.get(word, ()) if isinstance(template.parts[0], Blank)]
    return dict.fromkeys(begun)


def _fits(words: Sequence[str], figures: Sequence[int], template: Template, *, may_end: bool) -> bool:
    """Whether the words are this text. With `may_end` they may stop within it, or within a word.

    `figures`: how many of the first 0, 1, 2 … words are figures.
    """
    ends = {0: 0}  # how far the words may be read up to here: how many of them were ours
    for part in template.parts:
        later: dict[int, int] = {}
        for at, ours in ends.items():
            if isinstance(part, Blank):
                rest = len(words) - at
                dated = part.figures is True and part.most > 1 and part.takes(rest, figures[-1] - figures[at])
                if may_end and ours + dated >= LEAST_WORDS and rest <= part.most:
                    return True
                for span in range(min(part.most, rest) + 1):
                    if part.takes(span, figures[at + span] - figures[at]):
                        later[at + span] = max(ours, later.get(at + span, 0))
            elif at < len(words) and words[at] == part:
                later[at + 1] = max(ours + 1, later.get(at + 1, 0))
            elif may_end and _ends_in(part, words[at:]) and ours + len(words) - at >= LEAST_WORDS:
                return True
        if not later:
            return False
        ends = later
    return ends.get(len(words), 0) >= LEAST_WORDS


def _ends_in(word: str, rest: Sequence[str]) -> bool:
    """Whether nothing is left to read, or only the beginning of this word."""
    return not rest or (len(rest) == 1 and word.startswith(rest[0]))
