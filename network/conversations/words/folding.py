"""A text as small ASCII words: case, accents and punctuation go, number words become figures. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from network.conversations.words.held import HeldPhrases, held

NUMBERS = {
    "zero": "0", "cero": "0", "one": "1", "uno": "1", "una": "una", "two": "2", "dos": "2",
    "three": "3", "tres": "3", "four": "4", "cuatro": "4", "five": "5", "cinco": "5", "six": "6",
    "seis": "6", "seven": "7", "siete": "7", "eight": "8", "ocho": "8", "nine": "9",
    "nueve": "9", "ten": "10", "diez": "10",
}  # fmt: skip
# Creole numbers are other languages' words ("de", "set", "dis"): numbers only as the whole answer.
ALONE = {
    "youn": "1", "de": "2", "twa": "3", "kat": "4", "senk": "5", "sis": "6", "set": "7", "uit": "8",
    "nef": "9", "dis": "10",
}  # fmt: skip
# As people write in a hurry, and as they should be read.
CHAT = {
    "aki": "aqui", "ksa": "casa", "kasa": "casa", "stoy": "estoy", "toy": "estoy", "sta": "esta",
    "stan": "estan",
    "haora": "ahora", "aora": "ahora", "aorita": "ahorita", "horita": "ahorita", "bn": "bien", "q": "que",
    "ke": "que", "qe": "que", "u": "you", "ur": "your", "r": "are", "sry": "sorry", "srry": "sorry",
    "tn": "tonight", "otw": "omw", "gonna": "going to", "wanna": "want to", "thnks": "thanks",
    "tks": "thanks",
    "grcs": "gracias", "grax": "gracias", "pls": "please", "plz": "please", "plis": "porfa", "xfa": "porfa",
    "xfavor": "porfavor", "nmms": "no", "nah": "no", "nop": "no", "nope": "no", "yep": "yes", "yup": "yes",
    "yea": "yes", "ya'll": "you", "theres": "there is", "ppl": "people",
}  # fmt: skip
SIGNS = {"👍": " yes ", "👎": " no ", "🆘": " help ", "✅": " yes ", "❌": " no "}
WORD = re.compile(r"[a-z0-9]+")
HAS_FIGURE = re.compile(r"\d")
STOPS = re.compile(r"[.,;:!?\n\u00bf\u00a1()]+|\s[-\u2013\u2014]\s")
LONG = 60  # words: no answer, code or step of a visit is as long
MOST_APART = 2  # letters in which one sign is read
KEPT = 4096  # signs: the whole of Unicode would fill a memory
READ = {  # a word as it should be read, where that differs
    word: tuple(NUMBERS.get(part, part) for part in CHAT.get(word, word).split(" "))
    for word in (*CHAT, *NUMBERS)
}


class Words(tuple[str, ...]):
    """The folded words of a text, and the phrases of all tables that stand in them, found once."""

    @cached_property
    def held(self) -> HeldPhrases:
        """A text is asked for many tables, one after the other."""
        return held(self)


def fold(text: str) -> Words:
    """The words of a text, for comparing. Never raises, whatever characters it holds."""
    if not text.isascii():
        for sign, word in SIGNS.items():
            text = text.replace(sign, word)
    words = plain(text)
    if READ.keys().isdisjoint(words):
        return Words(words)
    return Words(read for word in words for read in READ.get(word) or (word,))


def plain(text: str) -> list[str]:
    """The words of a text in small ASCII letters, with number words left as they are."""
    text = text.replace("'", "").replace("\u2019", "")
    if text.isascii():
        return WORD.findall(text.lower())
    return WORD.findall(text.casefold().translate(IN_ASCII))


def clauses(text: str) -> Iterator[Words]:
    """The words between two stops: "no puedo ir, mi carro no arranca" holds two clauses."""
    for clause in dict.fromkeys(STOPS.split(text)):
        if words := fold(clause):
            yield words


def as_digits(words: Sequence[str]) -> Words:
    """An answer that is nothing but a number in words, or a number of children, as a digit."""
    if len(words) in (1, 2) and words[0] in ALONE and (len(words) == 1 or words[1] in ("timoun", "pitit")):
        return Words((ALONE[words[0]], *words[1:]))
    return words if isinstance(words, Words) else Words(words)


class PlainSigns(dict[int, str]):
    """What each character becomes, for `str.translate`, worked out when it is first met."""

    def __init__(self, plain_sign: Callable[[str], str]) -> None:
        self.plain_sign = plain_sign

    def __missing__(self, code: int) -> str:
        if len(self) >= KEPT:
            self.clear()
        plain = self[code] = self.plain_sign(chr(code))
        return plain


def _in_ascii(sign: str) -> str:
    """Drop marks on letters, turn figures of other scripts into ours; anything else separates words."""
    plain, apart = "", unicodedata.normalize("NFKD", sign)
    for part in apart if len(apart) <= MOST_APART else "":
        value = None if part.isascii() else unicodedata.digit(part, None)
        if part.isascii() or value is not None:
            plain += part.lower() if value is None else str(value)
        elif not unicodedata.combining(part):
            plain += " "
    return plain or ("" if unicodedata.combining(sign) else " ")


IN_ASCII = PlainSigns(_in_ascii)
