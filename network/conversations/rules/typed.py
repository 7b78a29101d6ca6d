"""A text as typed, without what is no part of the answer: signatures, courtesy, hidden characters. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby

from network.conversations.words.courtesy import COUNTED, VOCATIVES, YES
from network.conversations.words.fear import afraid
from network.conversations.words.folding import HAS_FIGURE, MOST_APART, PlainSigns, Words, fold
from network.conversations.words.matching import less_first, less_last, longest, phrases

SIGNED = re.compile(
    r"^[^\S\n]*(?:sent (?:from|via)|get outlook|enviado (?:desde|con)|mandado desde|obtener outlook"
    r"|envoy[ée] (?:de|depuis)|voye (?:soti|depi))\b.*",
    re.IGNORECASE | re.MULTILINE,
)
RULED_OFF = re.compile(r"^[^\S\n]*(?:--|—|__+)[^\S\n]*$.*", re.DOTALL | re.MULTILINE)
A_NAME = r"[A-ZÁÉÍÓÚÑÜ][^\W\d_]*\.?"
BY_NAME = re.compile(rf"(?<=\S)\s+[-–—~]\s?{A_NAME}(?:[ ,]+{A_NAME}){{0,3}}\W*$")
LOOK_ALIKES = str.maketrans(  # letters of other alphabets that phones and copied words bring in
    "аеорсухіјѕԁһԛԝьАВЕКМНОРСТХУІЈЅαοντρικυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhqwbABEKMHOPCTXYIJSaovtpikuABEZHIKMNOPTYX",
)
KEYCAP = "\u20e3"
# Signs without a shape of their own that Unicode counts among letters and marks.
SHAPELESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
HIDDEN = frozenset({"Cf", "Cs", "Co", "Cn", "Cc"})
MANY_MARKS = re.compile(r"([\u0300-\u036f]{4})[\u0300-\u036f]+")
MARKS_IN_A_ROW = re.compile(r"[^\w\s\x00-\u02ff]{40,}")
MEASURED = re.compile(r"[$€£¢+]\s*\d|\d\s*[%$€£¢°]|\d\s?[/:-]\s?\d")
A_QUESTION = re.compile(r"\s*+[eè]ske\b", re.IGNORECASE)

BEFORE = phrases(
    "por favor",
    "porfavor",
    "porfa",
    "x favor",
    "favor",
    "please",
    "pls",
    "plz",
    "tanpri",
    "souple",
    "silvouple",
    "hola",
    "hola buenas",
    "buenas",
    "buenos dias",
    "buenas tardes",
    "buenas noches",
    "hi",
    "hello",
    "hey",
    "alo",
    "bonjou",
    "bonswa",
    "ok",
    "okay",
    "okey",
    "oke",
    "pues",
    "sorry",
    "perdon",
    "disculpe",
    "disculpa",
    "mire",
    "oiga",
    "gracias",
    "thanks",
    "thank you",
    "mesi",
)
AFTER = phrases(
    "please and thank you",
    "gracias",
    "muchas gracias",
    "mil gracias",
    "thank you",
    "thank you so much",
    "thanks",
    "thx",
    "thnx",
    "ty",
    "tysm",
    "grax",
    "please",
    "pls",
    "plz",
    "plis",
    "por favor",
    "porfavor",
    "porfa",
    "porfis",
    "x favor",
    "favor",
    "mesi",
    "mesi anpil",
    "tanpri",
    "souple",
    "silvouple",
    "hurry",
    "please hurry",
    "hurry up",
    "asap",
    "rapido",
    "apurele",
    "apurate",
    "vit",
    "sorry",
    "perdon",
    "disculpe",
    "disculpa",
    "padon",
    "bye",
    "god bless",
    "dios le bendiga",
    "dios los bendiga",
    "dios les bendiga",
    "bondye beni ou",
)
CHOICE = phrases(
    "opcion", "option", "opsyon", "la opcion", "el numero", "numero", "number", "nimewo", "la", "el"
)


def clean(text: str) -> str:
    """The same text in plain letters and figures, without hidden characters and look-alikes."""
    if text.isascii():
        return text.translate(SHOWN)
    few = MANY_MARKS.sub(r"\1", text.translate(SHOWN))
    return unicodedata.normalize("NFC", MARKS_IN_A_ROW.sub(_in_order, few))


def _in_order(row: re.Match[str]) -> str:
    """The marks in the order of the standard, which would take it the square of their number to make."""
    if not any(map(unicodedata.combining, row[0])):
        return row[0]
    groups = groupby(row[0], key=lambda sign: unicodedata.combining(sign) > 0)
    return "".join(mark for _, marks in groups for mark in sorted(marks, key=unicodedata.combining))


def _shown(sign: str) -> str:
    """One character as people read it. One that means a whole word is not taken apart."""
    if sign in "\n\r\t":
        return sign
    apart = unicodedata.normalize("NFKC", sign)
    if len(apart) > MOST_APART:
        return sign
    if apart == sign and ord(sign) not in LOOK_ALIKES:
        return sign if _is_shown(sign) else ""
    return "".join(part for part in apart.translate(LOOK_ALIKES) if _is_shown(part))


def _is_shown(sign: str) -> bool:
    if sign == KEYCAP or sign in SHAPELESS:
        return False
    return unicodedata.category(sign) not in HIDDEN


SHOWN = PlainSigns(_shown)


def unsigned(text: str) -> str:
    """Without a signature, unless nothing else is left, or a cry for help only looks like one."""
    for signature in (SIGNED, RULED_OFF, BY_NAME):
        left = signature.sub("", text).strip()
        if left and left != text and (afraid(fold(left)) or not afraid(fold(text))):
            text = left
    return text


def without_courtesy(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without greetings and thanks; all of them if they are nothing else."""
    backwards = words[::-1]
    before = after = 0
    while True:
        left = len(words) - before - after
        if span := longest(words, before, BEFORE, below=left):
            before += span
        elif span := longest(backwards, after, AFTER.backwards, below=left):
            after += span
        else:
            return words[before : before + left] if before or after else words


def bare(words: Words) -> Words:
    """The words without courtesy, and without the words for whoever is spoken to."""
    left = without_vocatives(without_courtesy(words))
    return words if left == words else Words(left)


def asks(text: str) -> bool:
    """Whether it is a question, judging by its punctuation and its first word."""
    return "?" in text or "\u00bf" in text or A_QUESTION.match(text) is not None


def is_measured(text: str) -> bool:
    """Whether a figure in it belongs to a price, a share, a date or an hour. Such a figure is no answer."""
    return HAS_FIGURE.search(text) is not None and MEASURED.search(text) is not None


def without_choice(words: Sequence[str]) -> tuple[str, ...]:
    """Without "option" or "la" before a figure."""
    return less_first(tuple(words), CHOICE) or tuple(words)


def choice(words: Sequence[str], *, yes: int | None = None) -> tuple[str, ...]:
    """The figure of "option 1", "la 1" and, if a yes means it, "1 yes". Other words stay as they are."""
    given = tuple(words)
    bare = less_first(given, CHOICE) or given
    agreed = less_first(given, YES) or less_last(given, YES)
    for shorter in (bare, agreed if yes is not None and agreed == (str(yes),) else ()):
        if len(shorter) == 1 and shorter[0].isdigit():
            return shorter
    return given


def without_vocatives(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without the words for whoever is spoken to, unless they are counted ("2 guys")."""
    left = tuple(
        word
        for before, word in zip(("", *words), words, strict=False)
        if word not in VOCATIVES or (word in COUNTED and before.isdigit())
    )
    return without_courtesy(left) if left and len(left) < len(words) else words
