"""The words that people use, folded. Pure.

A text is folded to small ASCII words: case, accents, punctuation and keycap digits go, number
words become digits. A phrase stands in a text when its words stand there in order, next to each
other; in a word of four letters or more one slip of typing is forgiven, where a phrase allows it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

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
NO_SLIPS = frozenset(
    {
        "anos",
        "dont",
        "done",
        "gone",
        "cant",
        "want",
        "wont",
        "tengan",
        "tenga",
        "home",
        "some",
        "here",
        "there",
        "care",
    }
)  # words of their own
FEW = 6
LONG = 60  # words: no answer, code or step of a visit is as long
SLIPS_FROM, SLIPS_TO = 4, 24  # letters of a word in which one slip is forgiven
LONGEST = 8  # words of a phrase
MOST_APART = 3  # letters in which one sign is read
KEPT = 4096  # signs: the whole of Unicode would fill a memory
READ = {  # a word as it should be read, where that differs
    word: tuple(NUMBERS.get(part, part) for part in CHAT.get(word, word).split(" "))
    for word in (*CHAT, *NUMBERS)
}


class Words(tuple[str, ...]):
    """The folded words of a text, and where which of them begin, looked up once for all tables."""

    @cached_property
    def begins(self) -> Windows:
        """The distinct stretches of the text by their first word: it may say the same a hundred times."""
        whole = self + ("",) * LONGEST
        stretches = [*zip(*(whole[at : at + len(self)] for at in range(LONGEST)), strict=True)]
        first_at = dict(zip(reversed(stretches), range(len(self) - 1, -1, -1), strict=True))
        found: Windows = {}
        for stretch, at in first_at.items():
            found.setdefault(stretch[0], {})[stretch] = at
        return found

    @cached_property
    def nearly(self) -> Windows:
        """The same by what their first word may have been meant for."""
        found: Windows = {}
        for word, stretches in self.begins.items():
            for meant in _meant(word):
                known = found.get(meant)
                found[meant] = {**known, **stretches} if known else stretches
        return found


class Phrases(tuple[tuple[str, ...], ...]):
    """Phrases, and a tree of their words that is made once; so is the sum of two tables."""

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


type Tree = dict[str, Tree]
type Windows = dict[str, dict[tuple[str, ...], int]]
END = ""  # in a tree: a phrase may end here
_sums: dict[tuple[int, int], tuple[Phrases, Phrases, Phrases]] = {}  # with its parts, which must outlive it


def fold(text: str) -> Words:
    """The words of a text, for comparing. Never raises, whatever the signs."""
    if not text.isascii():
        for sign, word in SIGNS.items():
            text = text.replace(sign, word)
    words = plain(text)
    if READ.keys().isdisjoint(words):
        return Words(words)
    return Words(read for word in words for read in READ.get(word) or (word,))


def plain(text: str) -> list[str]:
    """The words of a text in small ASCII letters, numbers in words as they stand."""
    text = text.replace("'", "").replace("\u2019", "")
    if text.isascii():
        return WORD.findall(text.lower())
    return WORD.findall(text.casefold().translate(IN_ASCII))


class PlainSigns(dict[int, str]):
    """What each sign becomes, for `str.translate`, worked out when it is met."""

    def __init__(self, plain_sign: Callable[[str], str]) -> None:
        self.plain_sign = plain_sign

    def __missing__(self, code: int) -> str:
        if len(self) >= KEPT:
            self.clear()
        found = self[code] = self.plain_sign(chr(code))
        return found


def _in_ascii(sign: str) -> str:
    """A mark on a letter goes, a figure of another script is that figure, all else parts two words."""
    found, apart = "", unicodedata.normalize("NFKD", sign)
    for part in apart if len(apart) <= MOST_APART else "":
        value = None if part.isascii() else unicodedata.digit(part, None)
        if part.isascii() or value is not None:
            found += part.lower() if value is None else str(value)
        elif not unicodedata.combining(part):
            found += " "
    return found or ("" if unicodedata.combining(sign) else " ")


IN_ASCII = PlainSigns(_in_ascii)
_by_themselves: set[str] = set()  # the phrases of one word
_vocabulary: dict[str, set[str]] = {}  # the words of all phrases, by themselves with one letter left out


def clauses(text: str) -> Iterator[Words]:
    """The words between one stop and the next: "no puedo ir, mi carro no arranca" holds two."""
    for clause in dict.fromkeys(STOPS.split(text)):
        if words := fold(clause):
            yield words


def phrases(*lines: str) -> Phrases:
    """Raises ValueError for a phrase of more words than a text is looked through for."""
    found = Phrases(fold(line) for line in lines)
    if too_long := [line for line in found if len(line) > LONGEST]:
        raise ValueError(f"{' '.join(too_long[0])!r} has more than {LONGEST} words")
    for word in {word for line in found for word in line if len(word) >= SLIPS_FROM and word.isalpha()}:
        for key in _shortened(word):
            _vocabulary.setdefault(key, set()).add(word)
    _by_themselves.update(line[0] for line in found if len(line) == 1)
    return found


def _shortened(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def as_digits(words: Sequence[str]) -> tuple[str, ...]:
    """An answer that is nothing but a number in words, or a number of children, as a digit."""
    if len(words) in (1, 2) and (len(words) == 1 or words[1] in ("timoun", "pitit")):
        return (ALONE.get(words[0], words[0]), *words[1:])
    return tuple(words)


def says(words: Sequence[str], among: Phrases, *, slips: bool = True) -> bool:
    """Whether one of the phrases stands in the words."""
    return next(_places(words, among, slips=slips), None) is not None


def where(words: Sequence[str], among: Phrases, *, slips: bool = True) -> int | None:
    """The word at which the first of the phrases begins."""
    return min(_places(words, among, slips=slips), default=None)


def _places(words: Sequence[str], among: Phrases, *, slips: bool) -> Iterator[int]:
    """Where phrases begin, of each stretch that stands there more than once the first."""
    read = words if isinstance(words, Words) else Words(words)
    begins = read.nearly if slips else read.begins
    for word in among.firsts.intersection(begins):
        for stretch, at in begins[word].items():
            if _ends(stretch, 0, among, slips=slips):
                yield at


def is_just(words: Sequence[str], among: Phrases, *, slips: bool = True) -> bool:
    """Whether the words are one of the phrases, and nothing else."""
    return 0 < len(words) <= LONGEST and len(words) in _ends(words, 0, among, slips=slips)


def made_of(words: Sequence[str], among: Phrases, *, slips: bool = True) -> bool:
    """Whether the words are these phrases one after the other, and nothing else; a long text never is."""
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
    """The words after the longest of the phrases that they begin with; none where nothing else is left."""
    spans = [span for span in _ends(words, 0, among, slips=False) if span < len(words)]
    return words[max(spans) :] if spans else ()


def less_last(words: tuple[str, ...], among: Phrases) -> tuple[str, ...]:
    """The same of their end."""
    return less_first(words[::-1], among.backwards)[::-1]


def _ends(words: Sequence[str], at: int, among: Phrases, *, slips: bool) -> set[int]:
    """Where the phrases end that begin at this word."""
    found: set[int] = set()
    nodes = [among.tree]
    for end, word in enumerate(words[at : at + LONGEST], at + 1):
        nodes = [
            node[meant] for meant in (_meant(word) if slips else (word,)) for node in nodes if meant in node
        ]
        if not nodes:
            break
        if any(END in node for node in nodes):
            found.add(end)
    return found


@lru_cache(maxsize=4096)
def _meant(word: str) -> frozenset[str]:
    """The word itself, and what is one slip of typing away from it in our phrases."""
    if not SLIPS_FROM <= len(word) <= SLIPS_TO or word in NO_SLIPS:
        return frozenset({word})
    likely = {near for key in _shortened(word) for near in _vocabulary.get(key, ())}
    return frozenset({word, *(near for near in likely if is_one_slip(word, near))})


def is_one_slip(a: str, b: str) -> bool:
    """One letter more, less, other, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest, other = a[at:], b[at:]
    return (
        rest[1:] == other
        or rest == other[1:]
        or rest[1:] == other[1:]
        or (rest[:2] == other[1::-1] and len(other) > 1 and rest[2:] == other[2:])
    )


YES = phrases(
    "yes",
    "si",
    "sii",
    "siii",
    "sip",
    "claro que si",
    "por supuesto",
    "of course",
    "correcto",
    "correct",
    "right",
    "ok",
    "okay",
    "yeah",
    "yep",
    "sure",
    "claro",
    "dale",
    "bueno",
    "simon",
    "wi",
    "dako",
    "oke",
)
NO = phrases("no", "nope", "nel", "non")
# Said beside an answer to whoever asked: no part of it.
VOCATIVES = frozenset(
    [
        "senorita",
        "senora",
        "senor",
        "seno",
        "maam",
        "mam",
        "sir",
        "bro",
        "fam",
        "amigo",
        "amiga",
        "mija",
        "mijo",
        "guys",
        "man",
        "madam",
        "msye",
        "madanm",
    ]
)
# Of those who are spoken to, whom one may also count.
COUNTED = frozenset({"guys", "man", "msye"})
NEGATIVE = frozenset({"no", "not", "non", "pa"})  # "pa" may be short for "para": only where in doubt
DENYING = NEGATIVE | {
    "dont",
    "didnt",
    "doesnt",
    "isnt",
    "wasnt",
    "never",
    "nunca",
    "tampoco",
    "poko",
    "pat",
    "pap",
}
DOUBTING = phrases(
    "if", "maybe", "perhaps", "should i", "do i", "would", "whether", "que pasa si", "y si", "si nadie",
    "a lo mejor",
    "quizas", "quiza", "tal vez", "sipoze", "petet",
)  # fmt: skip
THANKS = phrases(
    "thanks", "thank you", "gracias", "muchas gracias", "thx", "ty", "ok gracias", "ok thanks",
    "ok thank you", "thank you so much", "mil gracias", "bye", "adios", "dios les bendiga",
    "dios la bendiga", "bueno gracias", "no gracias", "no thanks", "mesi", "mesi anpil",
    "ok mesi", "dako mesi", "non mesi", "orevwa", "babay", "bondye beni ou",
)  # fmt: skip
LAWYER = phrases("lawyer", "attorney", "abogado", "abogada", "licenciado", "legal help", "ayuda legal",
                 "legal", "avocat", "advogado", "avoka", "ed legal")  # fmt: skip
CHILDCARE = phrases(
    "childcare", "child care", "babysit", "babysitter", "watch my kids", "watch the kids",
    "care for my children", "my kids", "my children", "mis ninos", "los ninos", "ninos",
    "mis hijos", "cuiden a mis", "cuidar a mis", "cuidar ninos", "ninera", "guarderia", "kids",
    "children", "mi hijo", "mi hija", "my son", "my daughter", "timoun", "ti moun", "pitit mwen",
    "okipe pitit", "gade pitit",
)  # fmt: skip
COMPANY = phrases(
    "compania",
    "come with me", "someone to come", "somebody to come", "send someone", "que alguien venga",
    "alguien venga", "acompanar", "acompanarme", "acompaneme", "acompanen", "acompanamiento",
    "accompaniment", "manden a alguien", "mande a alguien", "vengan", "puede venir alguien",
    "be with me", "come over", "come to my house", "vengan a mi casa", "vin ave m", "vini ave m",
    "vin avek mwen", "vini avek mwen", "voye yon moun", "yon moun vin", "yon moun vini",
    "vin lakay mwen", "vini lakay mwen", "akonpaye m", "akonpaye mwen", "rete ave m", "rete avek mwen",
)  # fmt: skip
AT_HOME = phrases(
    "andedan kay la", "mwen andedan kay la", "anndan kay la", "inside my house", "adentro de mi casa",
    "at home", "en casa", "en mi casa", "estoy aqui en casa", "in my house", "at my house",
    "en mi domicilio", "en la casa", "mwen lakay", "m lakay", "nou lakay", "mwen nan kay mwen",
    "mwen nan kay la",
)  # fmt: skip
JUST_HOME = phrases("home", "casa", "my house", "mi casa", "my home", "lakay", "lakay mwen", "lakay nou",
                    "wi lakay mwen")  # fmt: skip
NOT_HOME = phrases(
    "not at home", "not home", "no estoy en casa", "no estoy en mi casa", "away from home",
    "fuera de casa", "outside my house", "near my house", "cerca de mi casa", "en casa de", "en la casa de",
    "pa lakay", "pa nan kay", "deyo lakay", "toupre lakay", "pre lakay", "lakay yon",
    "lakay zanmi", "lakay vwazen", "lakay manman", "lakay papa", "lakay fanmi", "lakay fre", "lakay se",
)  # fmt: skip
OTHERS_HOME = phrases(
    "en casa de", "en la casa de", "at my moms", "at my mothers", "at my sisters", "at my brothers",
    "at a friends", "at my friends", "at my neighbors", "at my aunts", "lakay yon", "lakay zanmi",
    "lakay vwazen", "lakay manman", "lakay papa", "lakay fanmi", "lakay fre", "lakay se",
)  # fmt: skip
ELSEWHERE = phrases(
    "somewhere else", "elsewhere", "yon lot kote", "en otro lugar", "otro lugar", "at work",
    "en el trabajo", "en mi trabajo", "en la calle", "on the street", "en la escuela", "at school",
    "at the store", "en la tienda", "en el carro", "in my car", "en la corte", "at court",
    "in the hospital", "en el hospital", "lot kote", "nan travay", "nan lari", "nan lekol", "lopital",
    "nan tribinal", "nan machin", "nan magazen",
)  # fmt: skip
PERSON = phrases(
    "a person please", "real person", "talk to a person", "talk to someone", "speak to someone",
    "human", "operator", "una persona por favor", "hablar con una persona", "hablar con alguien",
    "quiero hablar", "call me", "llameme", "llamame", "llamenme", "que me llamen", "me pueden llamar",
    "can you call", "coordinator", "coordinadora", "coordinador", "pale ak yon moun",
    "mwen vle pale", "rele m", "rele mwen", "ou ka rele m", "kowodonate",
)  # fmt: skip
NOT_NEEDED = phrases(
    "ya no es necesario", "no longer necessary", "not necessary anymore", "not necessary any more",
    "no longer needed", "not needed anymore", "not needed any more", "ya no se necesita",
    "ya no necesito", "ya no la necesito", "ya no lo necesito", "ya no hace falta", "no longer need",
    "dont need it any more", "dont need it anymore", "dont need help any more", "never mind",
    "dont need help anymore", "nevermind", "false alarm", "falsa alarma", "ya no vengan",
    "do not need it any more", "do not need it anymore", "do not need help anymore",
    "dont come anymore", "dont come any more", "ya paso todo", "ya estoy bien", "i am fine now",
    "im ok now", "ya no quiero", "pa bezwen anko", "pa bezwen ed anko", "pa bezwen moun anko",
    "pa bezwen yo anko", "pa bezwen li anko", "pa vini anko", "pa vin anko", "mwen anfom kounye a",
    "fos alam",
)  # fmt: skip
NOT_NEEDED_LABEL = phrases("no longer needed", "ya no hace falta", "mwen pa bezwen anko")
KEEP_LOOKING = phrases("keep looking", "siga buscando", "sigan buscando", "still need", "todavia necesito",
                       "kontinye cheche", "toujou bezwen", "bezwen toujou")  # fmt: skip
WAIT = phrases(
    "ill wait", "i can wait", "si espero", "yo espero", "aqui espero", "puedo esperar", "wait", "i wait",
    "espero", "i will wait", "voy a esperar", "me espero", "m ap tann",
               "map tann", "mwen ap tann", "mwen tann")  # fmt: skip
MOVED = phrases(
    "ya me mude", "me mude", "i moved", "we moved", "nos mudamos", "cambie de casa",
    "cambie de domicilio", "new address", "nueva direccion", "nuevo domicilio", "me cambie de casa",
    "ya no vivo", "i dont live there", "no longer live", "mwen demenaje", "m demenaje", "nou demenaje",
    "mwen chanje kay", "mwen chanje adres", "nouvo adres", "pa rete la anko", "pa viv la anko",
)  # fmt: skip
OFF = phrases("off", "descanso", "descansar", "pause", "pausa", "repo", "poze")
DAY = frozenset({"day", "days", "dia", "dias", "jou"})
WEEK = frozenset({"week", "weeks", "semana", "semanas", "semen"})
ON = phrases("on", "listo", "lista", "back on", "ready", "disponib", "mwen disponib")
THERE = phrases(
    "estoy afuera", "im outside", "i am outside", "ya llegue", "llegue", "i am there", "im there",
    "i am here", "im here", "arrived", "ya estoy aqui", "ya estoy ahi", "here now", "aqui estoy",
    "mwen rive", "m rive", "nou rive", "mwen la",
)  # fmt: skip
JUST_THERE = phrases("rive")  # to the letter: "five" and "drive" are near
DONE = phrases("terminamos", "ya terminamos", "we are done", "done", "were done", "ya acabamos",
               "termine", "finished", "all done", "nou fini", "mwen fini", "m fini")  # fmt: skip
JUST_DONE = phrases("fini")  # to the letter: "fine" is near
CANT_GO = phrases("no puedo ir", "cant go", "can not go", "cannot go", "cant make it",
                  "can not make it", "no voy a poder", "ya no puedo", "no puedo llegar", "pa ka ale",
                  "pa kapab ale", "pap ka ale", "p ap ka ale", "pa ka vini", "pa kapab vini")  # fmt: skip
CAN_GO = phrases("puedo ir", "i can go", "yo voy", "voy para alla", "on my way", "i can", "mwen ka ale",
                 "m ka ale", "mwen prale", "m prale", "mwen nan wout", "m ap vini", "map vini")  # fmt: skip
CAN_GO += phrases(
    "voy", "ya voy", "si voy", "ahi voy", "ahorita voy", "ya voy para alla", "puedo", "si puedo",
    "yo puedo", "claro que si", "por supuesto", "cuente conmigo", "cuenten conmigo", "ill go",
    "i will go", "omw", "im going", "i am going", "im on my way", "count me in", "ill be there",
    "i will be there", "yes i can", "si puedo ir", "ahi estare", "alli estare", "m ap ale", "map ale",
    "m prale kounye a", "wi mwen ka",
)  # fmt: skip
NOT_NOW = phrases("not now", "not tonight", "no tonight", "ahora no", "cant", "can not",
                 "no puedo", "hoy no", "not today", "busy",
                  "sorry no", "pa kounye a", "mwen pa kapab", "m pa kapab", "pa kapab", "pa jodi a",
                  "mwen okipe", "m okipe")  # fmt: skip
NO_TROUBLE = phrases(
    "no problem", "no hay problema", "sin problema", "no worries", "con gusto", "my pleasure",
    "pa gen pwoblem", "como no", "got it", "entendido", "enterado", "konprann", "bet", "sure thing", "sure",
    "kk", "im down", "down", "i got you", "got you", "i got this", "you got it", "simon", "arre", "va",
    "sale",
    "orale", "jalo", "le entro", "me apunto", "dale", "dak", "dako",
)  # fmt: skip
ACCEPTING = YES + CAN_GO + NO_TROUBLE + phrases(
    "i", "me", "yo", "aqui", "ya", "llego", "llego en", "in", "en", "about", "nan", "m ap rive nan",
    "ill be there in", "como en", "unos", "gracias", "thanks", "mesi", "be there", "be there in", "like",
    "la",
    "el", "code", "codigo", "kod", "im close", "close", "cerca", "ando cerca", "estoy cerca", "voy saliendo",
    "saliendo", "ya salgo", "salgo", "salgo ya", "ahi les caigo", "les caigo", "ahi caigo", "leaving now",
    "heading out", "heading over", "i got it", "i will take it", "ill take it", "i can take it",
    "yo le llego",
    "yo lo tomo", "yo la tomo", "m pre", "mwen pre", "toupre",
)  # fmt: skip
CANT_GO += phrases(
    "i cant go", "i cant make it", "i can not go", "i cannot go", "i can not make it", "i cant come",
    "cant come", "ya no puedo ir", "no podre ir", "no alcanzo", "mwen pa ka ale", "m pa ka ale",
    "mwen pa ka vini",
)  # fmt: skip
NOT_NOW += phrases(
    "i cant", "i can not", "no puedo ahorita", "ahorita no", "ahorita no puedo", "hoy no puedo",
    "no podre", "cant today", "i cant today", "cant right now", "i cant right now", "not today",
)  # fmt: skip
CANT_GO += phrases(
    "siempre no voy a poder", "siempre no", "ya no voy a poder", "ya no voy a poder ir", "no voy a poder ir",
    "not going to be able to go", "im not going to be able to go", "wont be able to go",
    "i wont be able to go",
    "wont make it", "i wont make it", "wont be able to make it", "m pap kapab", "pap kapab", "pap ka vini",
    "m pa kapab ale", "pa kapab ale anko", "m pa ka ale anko", "mwen pap kapab ale", "cant go anymore",
)  # fmt: skip
GIVING_UP = CANT_GO + phrases(
    "siempre", "so", "so sorry", "please", "por favor", "porfavor", "then", "entonces", "no puedo",
    "any more", "anymore", "anko",     "sorry", "perdon", "lo siento", "im sorry", "i am sorry",
    "padon", "today", "hoy", "ahora", "now", "tonight",
)  # fmt: skip
DECLINING = NO + NOT_NOW + CANT_GO + phrases(
    "tonight", "jodi a", "not tonight", "esta noche", "this time", "esta vez", "i", "yo", "porque", "work",
    "estoy trabajando", "im at work", "i am at work", "working", "trabajando", "manana", "tengo trabajo",
    "sorry", "perdon", "lo siento", "im sorry", "i am sorry", "padon", "today", "hoy", "ahorita", "thanks",
    "gracias", "mesi", "thank you",
)  # fmt: skip
NOT_ME = phrases(
    "no soy esa persona", "no soy esa", "no soy ese", "no conozco a esa persona", "se equivoco de persona",
    "persona equivocada", "wrong person", "not my name", "you have the wrong number", "this is not me",
    "this isnt me", "that is not me", "thats not me", "non se pa mwen", "got this number last week",
    "i just got this number", "this is my new number", "este numero es nuevo",
"not me", "no soy yo", "wrong number", "equivocado", "numero equivocado",
                 "se equivoco de numero", "se pa mwen", "se pa m", "move nimewo")  # fmt: skip
JOIN = phrases(
    "quiero",
    "si quiero",
    "sign me up",
    "me apunto",
    "apunteme",
    "apuntame",
    "anoteme",
    "mwen vle",
    "count me in",
    "i want to",
    "i want to join",
    "i do",
    "me interesa",
    "quiero entrar",
    "quiero unirme",
    "wi mwen vle",
    "m vle",
    "join",
    "acepto",
    "accept",
    "agree",
    "soy yo",
    "mwen dako",
    "mwen aksepte",
    "se mwen",
)
IT_IS_ME = phrases(
    "esta bien",
    "todo bien",
    "yes it is me",
    "si soy yo",
    "claro",
    "it is me",
    "its me",
    "still me",
    "soy yo",
    "sigo siendo yo",
    "es mio",
    "se mwen",
    "se pou mwen",
    "se mwen menm",
    "soy la misma",
    "soy el mismo",
    "mismo numero",
    "same number",
    "sigo con el mismo numero",
    "aqui sigo con el mismo numero",
    "aqui sigo",
)
WHO = phrases(
    "who is",
    "whos",
    "who dis",
    "who are",
    "quien es",
    "quien pregunta",
    "quien habla",
    "quienes son",
    "ki moun",
)
NOT_FALSE = phrases("no es falsa alarma", "not a false alarm", "no fue falsa alarma", "se pa fos alam")
SAID_WELL = phrases(
    "de nada",
    "anytime",
    "you are welcome",
    "youre welcome",
    "glad i could help",
    "glad to help",
    "bless you",
    "bless",
    "god bless you",
    "amen",
    "hermana",
    "hermano",
    "yall",
    "yall are",
    "you are the best",
    "are the best",
    "the best",
    "fr",
    "un placer",
    "con mucho gusto",
    "que tengan",
    "que tenga",
    "bonita tarde",
    "buena tarde",
    "bonito dia",
    "linda noche",
    "pa gen pwoblem",
    "padkwa",
    "no problem",
    "que diosito se los pague",
    "diosito se los pague",
    "que dios se los pague",
    "dios se los pague",
    "dios te bendiga",
    "igual para ustedes",
    "igual",
    "you too",
    "same to you",
    "good night",
    "buenas noches",
    "buen dia",
    "cool",
    "nice",
    "good to know",
    "que bueno que existen",
    "for everything",
    "por todo",
    "so much",
    "de verdad",
    "de todo corazon",
    "guys",
    "everyone",
    "todos",
    "a todos",
    "you",
    "muy amable",
    "muy amables",
    "super nice",
    "very kind",
    "gracias a dios",
    "thank god",
    "gras a dye",
    "mesi bondye",
    "por anotarme",
    "los quiero",
    "love you",
    "saludos",
    "un abrazo",
    "feliz noche",
    "feliz dia",
    "me ayudaron mucho",
    "igualmente",
    "jajaja",
    "jaja",
    "haha",
    "lol",
    "que bueno",
    "que bien",
    "perfecto",
    "great",
    "perfect",
)
HELP_HERE = phrases(
    "mwen bezwen yon moun", "bezwen yon moun kounye a", "bezwen ed", "i need somebody", "need help now",
    "ayuda", "help", "help me", "ayudenme", "ayudeme", "auxilio", "socorro", "sekou", "ede m",
    "i need a person now", "necesito a alguien ya", "necesito a alguien", "i need someone now",
    "i need help", "necesito ayuda", "anmwe",
)  # fmt: skip
NO_WISH = phrases(
    "no quiero", "no puedo", "dont want", "do not want", "cant", "can not", "dont", "do not", "pa vle",
    "pa ka", "ya no",
)  # fmt: skip
STOP_ASKED = phrases(
    "leave me alone", "dejenme en paz", "borrenme", "borrenme de su lista", "borreme de su lista",
    "unsubscribe me", "take me off your list", "take me off this", "remove me from your list",
    "quiten mi numero", "quite mi numero", "borren mi numero", "borre mi numero", "saquen mi numero",
    "saquenme de la lista", "saqueme de la lista", "quitenme de la lista", "take my number off",
    "remove my number", "delete my number", "lose my number", "no quiero que me manden mensajes",
    "no quiero que me manden", "no quiero recibir mensajes", "no quiero recibir", "dejen de mandarme",
    "dejen de mandar", "dejen de escribirme", "stop sending me", "quit texting", "dont send me any more",
    "stop sending", "wete nimewo m", "retire nimewo m", "wete nimewo mwen",
    "remove me from the list", "no me escriban", "no me escriba", "no me manden", "no more texts",
    "no more messages", "stop texting", "stop messaging", "dont text me", "do not text me",
    "ya no me escriban", "no quiero mensajes", "dejen de escribir", "take me off", "remove me",
    "sispann ekri m", "sispann voye mesaj", "tanpri pa ekri m", "mwen pa vle mesaj", "m pa vle mesaj",
    "pa voye mesaj ban mwen anko",
)  # fmt: skip
# The carrier's own words, with signs or courtesy beside them; and those that may mean what is under way.
STOP_SIGNED = frozenset(
    {
        ("stop",),
        ("stopall",),
        ("unsubscribe",),
        ("optout",),
        ("opt", "out"),
        ("opt", "me", "out"),
        ("revoke",),
    }
)
STOP_OR_OVER = frozenset(
    {("cancel",), ("end",), ("quit",), ("stop", "it"), ("deje", "de", "escribirme"), ("kite", "m", "anrepo")}
)
ANY_MORE = phrases("any more", "anymore", "again", "mas", "ya", "nunca mas", "anko")
# Said by somebody else ("yo pa ekri m anko") it is no wish of theirs: only as the whole text.
JUST_STOP_ASKED = phrases("pa ekri m anko", "pa ekri mwen anko", "pa ekri m", "pa ekri mwen",
                          "pa voye mesaj anko")  # fmt: skip
OF_TEXTS = frozenset(
    {
        "text", "texts", "texting", "message", "messages", "messaging", "msg", "msgs", "list", "number",
        "mensaje", "mensajes", "texto", "textos", "lista", "numero", "escriban", "escriba", "escribir",
        "mesaj", "lis", "nimewo",
    }
)  # fmt: skip
# Somebody at the door, taken, hurt or afraid: such a text never ends, silences or postpones anything.
FEAR = phrases(
    "golpeando", "golpea", "pegando", "porch", "is at my house", "are at my house", "agents", "agentes",
    "ice",
    "inmigracion", "immigration", "imigrasyon", "con placa", "ajan", "ajan yo", "me agarran", "me agarraron",
    "tocan", "tocando", "toca la puerta", "puerta", "afuera", "estan aqui", "ya llegaron", "adentro",
    "entraron", "miedo", "asustada", "asustado", "nerviosa", "nervioso", "ayuda", "ayudenme", "ayudeme",
    "auxilio", "socorro", "se llevaron", "se lo llevaron", "se la llevaron", "se llevan", "nos llevan",
    "apurense", "apurele", "apurate", "apuren", "rapido", "migra", "patrulla", "policia", "golpean",
    "me pega", "no respira",
    "volvieron", "regresaron", "theyre back", "they are back", "they came back", "they r back", "yo tounen",
    "siguiendo", "following me", "me siguen", "yo swiv mwen", "incendio", "fuego", "quiero morir",
    "no quiero vivir", "door", "outside", "knocking", "banging",
    "they are here", "they r here", "theyre here", "scared", "afraid", "help", "took my", "took him",
    "took her", "taking", "breaking in", "hitting me", "not breathing", "want to die", "kill myself",
    "fire", "hurry", "police", "raid", "frape", "ap frape", "pot", "pot la", "deyo", "deyo a", "pe",
    "sekou", "ede m", "ede mwen", "anmwe", "pran li", "yo pran", "ap bat mwen", "p ap respire", "dife",
    "mwen vle mouri", "lapolis",
)  # fmt: skip
# Weapons, bodies, arrests and walls: what is said of them is said of now, or is bad enough.
FEAR += phrases(
    "gun", "guns", "weapon", "weapons", "knife", "gunshots", "shots fired", "shooting", "been shot",
    "got shot",
    "pistola", "pistolas", "arma", "armas", "armado", "armados", "cuchillo", "navaja", "machete", "balazo",
    "balazos",
    "balacera", "disparos", "disparando", "disparo", "zam", "fizi", "revolve", "kouto", "ap tire",
    "cant breathe", "can not breathe", "cannot breathe", "trouble breathing", "stopped breathing", "choking",
    "no puedo respirar", "no puede respirar", "no respira", "asfixiando", "ahogando", "atragantando",
    "ahorcando", "pa ka respire", "pa kapab respire", "ap toufe",
    "heart attack", "chest pain", "chest hurts", "stroke", "seizure", "overdose", "unconscious", "passed out",
    "fainted", "bleeding", "infarto", "ataque al corazon", "me duele el pecho", "dolor de pecho", "derrame",
    "convulsionando", "convulsiones", "sobredosis", "inconsciente", "desmayo", "se desmayo", "desmayada",
    "desmayado", "sangrando", "desangrando", "kriz ke", "kriz kadyak", "doule nan pwatrin", "pedi konesans",
    "endispoze", "ap senyen",
    "suicide", "suicidarme", "kill me", "killing me", "want to end it", "want to end my life",
    "quiero matarme",
    "me quiero matar", "me voy a matar", "me quiero morir", "quiero morirme", "ya no quiero vivir",
    "me va a matar",
    "nos van a matar", "lo van a matar", "touye tet mwen", "touye tet m", "vle mouri", "vle touye",
    "hit me", "hits me", "beating", "beat me", "hurting me", "hurt me", "pegaron", "me golpeo", "golpeo",
    "violando",
    "bat mwen", "bat m", "ap bat",
    "arrested", "arresting", "detained", "detaining", "deported", "handcuffs", "handcuffed", "in cuffs",
    "grabbed",
    "kidnapped", "kidnapping", "took them", "took away", "they have him", "they have her", "they got him",
    "they got her", "arrestaron", "arrestan", "arrestando", "arresto a", "detuvieron", "detienen",
    "agarraron a",
    "lo agarraron", "la agarraron", "nos agarraron", "esposaron", "esposado", "esposada", "secuestraron",
    "deportaron",
    "se los llevaron", "se las llevaron", "yo arete", "yo kenbe", "mete menot", "kidnape", "depote",
    "broke in", "break in", "broke the window", "kicked in", "kicking", "pounding", "wont leave",
    "wont go away",
    "will not leave", "not leaving", "trapped", "hiding", "hide", "se metieron", "se estan metiendo",
    "quieren entrar",
    "quiere entrar", "quieren meterse", "tumbaron", "tumbando", "rompieron", "pateando",
    "no se quieren ir", "no se van",
    "no se quiere ir", "escondida", "escondido", "escondidos", "escondidas", "encerrada", "encerrado",
    "encerrados",
    "atrapada", "atrapado", "atrapados", "kase pot", "kraze pot", "yo antre", "yo pa vle ale",
    "li pa vle ale", "kache",
    "not waking up", "wont wake up", "not responding", "no despierta", "no reacciona", "pa reveye",
    "no aparece", "desaparecio", "went missing", "is missing", "reten", "redada", "cogieron a", "cogieron al",
    "me cogieron", "levantaron a", "freaking out", "shaking", "temblando", "ap tranble",
    "know the word", "wrong word", "sabe la palabra", "sabia la palabra", "saben la palabra", "konnen mo a",
    "burning", "on fire", "smoke", "quemando", "se quema", "humo", "pran dife", "lafimen",
)  # fmt: skip
# Near a short word stands an everyday one: "fine" near "fire", "poor" near "door", "talking" near "taking".
TO_THE_LETTER = {
    (one,) for one in ("taking", "beating", "burning", "fainted", "trapped", "armados", "quemando", "kicking")
}
FEAR_WITH_SLIPS = Phrases(
    one for one in FEAR if any(len(word) > 6 for word in one) and one not in TO_THE_LETTER
)
# What everybody writes who asks for somebody: alone it says that they want help, not that they are in danger.
ASKS_FOR_HELP = phrases("help", "ayuda", "ayudenme", "ayudeme", "ede m", "ede mwen")
DANGER = Phrases(one for one in FEAR if one not in ASKS_FOR_HELP)
DANGER_WITH_SLIPS = Phrases(one for one in FEAR_WITH_SLIPS if one not in ASKS_FOR_HELP)
BUT = frozenset(
    {"but", "pero", "men", "and", "y", "otra", "again", "anko", "necesito", "need", "bezwen", "venir",
                 "vengan", "come", "puede", "pueden", "can"})  # fmt: skip
OWN_HOME = phrases("mi casa", "my house", "my home", "lakay mwen", "mi apartamento", "my apartment", "a casa")
ASKS_TO_COME = phrases(
    "venga", "vengan", "come", "vini", "need someone", "necesito que", "necesito a alguien", "send", "manden",
    "i need help", "necesito ayuda", "bezwen yon moun",
)  # fmt: skip
REFUSING = phrases(
    "no vengan", "no venga", "no necesito", "no quiero", "dont come", "do not come", "dont need",
    "do not need", "dont want", "no need", "pa vini", "pa bezwen", "pa vle", "todavia no",
)  # fmt: skip
CARE = phrases(
    "cuidar", "cuiden", "cuide", "cuidarlos", "cuidado de", "watch", "babysit", "babysitter",
    "childcare", "child care", "care for", "take care", "ninera", "guarderia", "okipe", "gade",
    "siveye",
)  # fmt: skip
I_AM = phrases(
    "im", "i am", "estoy", "ando", "estamos", "we are", "were", "aqui", "here", "mwen", "nou",
    "aqui estoy", "adentro", "in the house", "at the house", "en la casa", "inside",
)  # fmt: skip
AGES = phrases(
    "anos", "ano", "meses", "mes", "year", "years", "old", "month", "months", "yr", "yrs", "semanas",
    "weeks", "ane", "mwa", "an", "minutes", "min",
)  # fmt: skip
LANGUAGES = {
    "en": phrases("english", "ingles", "english please", "in english", "en ingles", "an angle",
                  "angle tanpri"),
    "es": phrases("espanol", "spanish", "en espanol", "in spanish", "espanol por favor", "panyol",
                  "an panyol", "panyol tanpri"),
    "ht": phrases("kreyol", "creole", "kreyol ayisyen", "haitian creole", "haitian", "ayisyen", "an kreyol",
                  "in creole", "creole please", "kreyol tanpri", "criollo haitiano", "criollo",
                  "en criollo", "creol", "haitiano"),
}  # fmt: skip
LANGUAGES_TO_THE_LETTER = {"en": phrases("angle")}  # "Angel" is near
CAME = phrases(
    "li vini", "li te vini wi", "yo vini",
    "si llego y todo bien", "llego y todo bien", "y todo bien", "it went well", "went well", "great",
    "all good",
    "she came", "he came", "they came", "she did", "he did", "they did", "si llego", "ya llego",
    "llegaron", "came", "vino", "si vino", "came and all is well", "vinieron", "todo bien",
    "all is well", "all good", "te vini", "li te vini", "yo te vini", "vini",
    "te vini e tout bagay anfom", "tout bagay anfom",
    "both came and all is well", "vino todo el equipo y todo bien", "toulede te vini e tout bagay anfom",
    "both came", "vino todo el equipo", "toulede te vini",
)  # fmt: skip
ALL_WELL = phrases("all is well", "all good", "todo bien", "tout bagay anfom", "todo ok")
DID_NOT_COME = phrases(
    "nunca vino", "nunca llego", "nunca vinieron", "nunca llegaron", "never came", "never showed up",
    "never showed", "no show", "nobody showed up", "no one showed up", "no llego nadie", "no llego",
    "pa janm vini",
    "pa janm rive", "pesonn pa janm vini", "she never showed up", "he never showed up", "they never came",
    "li pa janm vini",
    "did not come", "didnt come", "no vino", "nobody came", "nadie vino",
                       "no vinieron", "no ha llegado", "no one came", "pa t vini", "pat vini",
                       "pa vini", "pesonn pa vini", "poko vini", "poko rive", "pa rive")  # fmt: skip
OTHER = phrases(
    "necesito otra cosa",
    "i need something else",
    "need something else",
    "mwen bezwen lot bagay",
    "something else",
    "otra cosa",
    "other",
    "lot bagay",
    "yon lot bagay",
)
FINE = phrases(
    "all good here", "todo tranquilo", "tranquilo", "estoy bien", "im good", "i am good", "im fine",
    "i am fine",
    "im ok", "i am ok", "todo ok", "todo fine", "ya en mi casa", "ya en casa", "home now", "back home",
    "im home",
    "heading home", "going home", "voy a mi casa", "ya me voy", "sin novedad", "no hubo problema",
    "salio bien",
    "it was fine", "todo bien", "fine", "all good", "good", "bien", "byen",
               "anfom", "tout bagay anfom", "tout bagay byen")  # fmt: skip
DAYS = phrases(
    "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "next week",
    "la proxima semana", "pasado manana", "la semana que entra", "el proximo", "next month",
    "demen", "lendi", "madi", "mekredi", "jedi", "vandredi", "samdi", "dimanch", "semen pwochen",
)  # fmt: skip
TO_COME = phrases(
    "tomorrow", "next week", "next month", "la proxima semana", "pasado manana", "la semana que entra",
    "el proximo",
    "demen", "semen pwochen", "para el", "para las", "for monday", "for tuesday", "for wednesday",
    "for thursday",
    "for friday", "for saturday", "for sunday", "pou demen",
)  # fmt: skip
PRESENT = phrases(
    "en este momento", "as we speak", "at this moment", "orita", "horita", "kounya", "kounye",
    "ahorita", "ahora mismo", "ya", "now", "rn", "right now", "still", "kounye a", "siguen", "sigue",
    "todavia estan",
    "toujou la", "are here", "is here", "estan aqui", "yo la",
)  # fmt: skip
PAST = phrases(
    "desde", "since", "yesterday", "ayer", "last night", "anoche", "maten an", "this morning", "esta manana",
    "la semana pasada", "last week", "pasado", "ago", "hace", "ye swa", "depi", "semen pase", "el otro dia",
    "the other day", "last monday", "last tuesday", "last wednesday", "last thursday", "last friday",
)  # fmt: skip
IT_IS_NOW = re.compile(
    r"\b(?:it'?s|it\u2019s|it is|its|son las|es la|li se)\s+(?:like |como |ya )?\d", re.IGNORECASE
)
MORNING = phrases("esta manana", "en la manana", "por la manana", "de la manana", "la manana")
MONTHS = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
        "janvye",
        "fevriye",
        "avril",
        "jiye",
        "septanm",
        "oktob",
        "novanm",
        "desanm",
    ]
)  # "may" is a common word in English, "me" in Spanish, "out" and "mas" elsewhere
HOUR = re.compile(
    r"\b(?:at|a las?|a la)\s+\d{1,2}(?:[: .]?\d\d)?\b|\b\d{1,2}:\d\d\b|\b\d{1,2}\s?[ap]\.?m\b"
    r"|\b\d{1,2}/\d{1,2}\b|\b\d{1,2}(?:[: ]\d\d)?\s?z?è\b",
    re.IGNORECASE,
)
MINUTES = re.compile(r"\b(\d{1,3})\s*(?:m|min|mins|minute|minutes|minutos?|minit)\b", re.IGNORECASE)
HALF_HOUR = phrases("half an hour", "half hour", "media hora", "demi edtan", "yon demi edtan")
AN_HOUR = phrases("an hour", "1 hour", "una hora", "1 hora", "inedtan", "1 edtan")


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
    """Whether a folded word does something when texted, or stands in plain texts."""
    return word in EVERYDAY or word in _by_themselves


def afraid(words: Sequence[str]) -> bool:
    """Whether fear or danger stands in the words, one slip of typing forgiven in the long ones."""
    return says(words, FEAR, slips=False) or says(words, FEAR_WITH_SLIPS)


def in_danger(words: Sequence[str]) -> bool:
    """Whether more than a plain "help" stands in the words: somebody at the door, taken, hurt or afraid."""
    return says(words, DANGER, slips=False) or says(words, DANGER_WITH_SLIPS)


def names_another_time(text: str, words: Sequence[str]) -> bool:
    """Whether a text names a day or an hour to come, and nothing that goes on now: a person sets the time.

    An hour that is past, or is now ("son las 5 y siguen afuera"), is no such hour.
    """
    tomorrow = "manana" in words and not says(words, MORNING, slips=False)
    to_come = tomorrow or says(words, TO_COME, slips=False)
    if says(words, PRESENT, slips=False) and not says(words, NOT_NOW, slips=False):
        return False
    if not to_come and (says(words, PAST, slips=False) or IT_IS_NOW.search(text)):
        return False
    if to_come:
        return True
    if says(words, DAYS, slips=False) or HOUR.search(text):  # of what is asked for, or of what is told
        return says(words, WISHES + COMPANY + LAWYER + CARE + ASKS_TO_COME) or is_short(words)
    return any(
        word in MONTHS and any(near.isdigit() for near in words[max(at - 2, 0) : at + 3])
        for at, word in enumerate(words)
    )


def is_short(words: Sequence[str]) -> bool:
    """Hardly more than the day or the hour itself."""
    return len(words) <= FEW


def minutes_said(text: str, words: Sequence[str]) -> int | None:
    """ "41 in 30 min" -> 30; at most three hours, else None."""
    match = MINUTES.search(text)
    if match:
        return int(match[1]) if 0 < int(match[1]) <= 180 else None
    if says(words, HALF_HOUR):
        return 30
    return 60 if says(words, AN_HOUR) else None


RIGHT = phrases(
    "asi esta bien", "esta bien", "ese dia esta bien", "ese dia", "a esa hora", "thats right",
    "that is right",
    "thats correct", "that is correct", "that works", "works for me", "perfect", "perfecto", "exacto",
    "exactly",
    "asi es", "se sa", "se sa menm", "see you then", "nos vemos", "ahi nos vemos", "de acuerdo",
    "me parece bien",
    "muy bien", "good", "bien", "byen", "correctooo",
)  # fmt: skip
NOT_RIGHT = phrases(
    "change it", "cambiarlo", "cambielo", "chanje l", "chanje li",
    "wrong day", "wrong time", "otro dia", "otra hora", "es otro dia", "es otra hora", "no es ese dia",
    "no es esa hora", "not that day", "not that time", "another day", "another time", "lot jou", "lot le",
    "pa jou sa", "pa le sa", "change it", "cambiarlo", "chanje l",
)  # fmt: skip
STANDS = phrases(
    "sigue en pie", "si sigue en pie", "ahi estare", "ahi nos vemos", "nos vemos", "ill be there",
    "i will be there",
    "be there", "still good", "still on", "i will", "m ap la", "map la", "mwen ap la", "see you then",
    "alli estare",
)  # fmt: skip
MINDS_CHILDREN = phrases(
    "cuiden a la nina", "cuiden al nino", "cuiden a mi", "cuide a mi", "me cuiden a", "que me cuiden",
    "cuidar a mi",
    "babysit", "watch my", "watch the", "gade timoun", "okipe timoun", "gade pitit", "okipe pitit",
)  # fmt: skip
BABY = frozenset({"bebe", "baby", "beba", "nena", "nene", "ti", "tibebe", "newborn", "recien"})
CONDITION = frozenset(
    {"if", "si", "when", "cuando", "until", "hasta", "unless", "before", "antes", "sino", "whether"}
)
CALL_ME = phrases(
    "que me llamen",
    "rele m",
    "rele mwen",
    "please call me",
    "rele m tanpri",
    "marquenme",
    "marqueme",
    "mejor marquenme",
    "mejor llamenme",
    "better call me",
    "call me",
)
STILL_GOING = phrases("i am going", "im going", "voy", "si voy", "m ap ale", "map ale", "mwen ap ale")
KEEP_TEXTING = phrases("keep texting me", "sigan escribiendo", "kontinye ekri m")
WRITE_TO_ME = phrases("text me", "que me escriban", "ekri m")
CHILDREN_COUNTED = phrases(
    "son", "tengo", "hay", "have", "i have", "we have", "there are", "there is", "are", "it is", "its",
    "nou gen",
    "mwen gen", "gen", "m gen", "se", "kids", "kid", "child", "children", "ninos", "ninas", "nino", "nina",
    "hijos",
    "hijas", "hijo", "hija", "bebes", "bebe", "baby", "babies", "timoun", "ti moun", "pitit", "mis", "mi",
    "my",
    "los", "las", "the", "nada mas", "nomas", "solo", "only", "just", "solamente", "chiquitos", "chiquitas",
    "peques", "menores", "en total", "total", "in total", "yes", "si", "wi", "them", "ellos", "de ellos",
    "chicos",
    "little ones", "boys", "girls", "ti gason", "ti fi", "chamacos", "morritos", "plebes", "sons",
    "daughters",
    "timoun yo", "pitit mwen", "and", "y", "boy", "girl",
)  # fmt: skip
ANOTHER_PLACE = phrases(
    "somewhere else", "elsewhere", "another place", "en otro lugar", "otro lugar", "en otra parte",
    "otra parte",
    "en otro lado", "otro lado", "yon lot kote", "lot kote",
)  # fmt: skip
WISHES = phrases(
    "need", "necesito", "quiero", "want", "bezwen", "vle", "busco", "manden", "mande", "send", "ocupo",
    "get me",
    "can i get", "me urge", "prefiero", "i would like", "id like", "me hace falta", "consigan", "please",
    "por favor", "porfa", "watch", "cuidar", "cuiden", "someone to", "alguien que", "quien me",
)  # fmt: skip
# Who speaks of somebody, or for somebody, asks for nothing by it.
REPORTED = phrases(
    "dice", "dicen", "says", "said", "told me", "me dijo", "me dijeron", "me dice", "li di", "yo di", "di m",
    "dice que", "is telling me", "he says", "she says", "they say",
)  # fmt: skip
HAVING = phrases(
    "ya tengo", "i have", "i already have", "mi abogado", "my lawyer", "el abogado", "the lawyer", "avoka a",
    "mwen gen", "tengo abogado", "i got a lawyer", "avoka mwen",
)  # fmt: skip
LIKE_STOP = phrases("parar", "pare", "alto", "baja", "salir", "kanpe", "retire", "basta", "para")
ARTICLES = frozenset({"el", "la", "un", "una", "a", "an", "the", "yon"})
