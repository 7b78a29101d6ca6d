"""The words that people use, folded. Pure.

A text is folded to small ASCII words: case, accents, punctuation and keycap digits go, number
words become digits. A phrase stands in a text when its words stand there in order, next to each
other; in a word of four letters or more one slip of typing is forgiven, where a phrase allows it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

NUMBERS = {
    "zero": "0", "cero": "0", "one": "1", "uno": "1", "una": "una", "two": "2", "dos": "2",
    "three": "3", "tres": "3", "four": "4", "cuatro": "4", "five": "5", "cinco": "5", "six": "6",
    "seis": "6", "seven": "7", "siete": "7", "eight": "8", "ocho": "8", "nine": "9",
    "nueve": "9", "ten": "10", "diez": "10",
}  # fmt: skip
SIGNS = {"👍": " yes ", "👎": " no ", "🆘": " help ", "✅": " yes ", "❌": " no "}
WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> tuple[str, ...]:
    """The words of a text, for comparing. Never raises, whatever the signs."""
    for sign, word in SIGNS.items():
        text = text.replace(sign, word)
    text = text.replace("'", "").replace("\u2019", "")
    plain = "".join(
        _digit(sign)
        for sign in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(sign)
    )
    return tuple(NUMBERS.get(word, word) for word in WORD.findall(plain))


def _digit(sign: str) -> str:
    if sign.isascii():
        return sign
    value = unicodedata.digit(sign, None)
    return str(value) if value is not None else sign


def phrases(*lines: str) -> tuple[tuple[str, ...], ...]:
    return tuple(fold(line) for line in lines)


def says(words: Sequence[str], among: Iterable[Sequence[str]], *, slips: bool = True) -> bool:
    """Whether one of the phrases stands in the words."""
    return any(_stands(words, phrase, slips=slips) for phrase in among)


def is_just(words: Sequence[str], among: Iterable[Sequence[str]], *, slips: bool = True) -> bool:
    """Whether the words are one of the phrases, and nothing else."""
    return any(len(words) == len(phrase) and _stands(words, phrase, slips=slips) for phrase in among)


def _stands(words: Sequence[str], phrase: Sequence[str], *, slips: bool) -> bool:
    span = len(phrase)
    return any(
        all(_same(a, b, slips=slips) for a, b in zip(words[at : at + span], phrase, strict=True))
        for at in range(len(words) - span + 1)
    )


def _same(word: str, wanted: str, *, slips: bool) -> bool:
    if word == wanted:
        return True
    return slips and len(wanted) >= 4 and len(word) >= 4 and wanted.isalpha() and _one_slip(word, wanted)


def _one_slip(a: str, b: str) -> bool:
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


YES = phrases("yes", "si", "ok", "okay", "yeah", "yep", "sure", "claro", "dale", "bueno", "simon")
NO = phrases("no", "nope", "nel")
THANKS = phrases(
    "thanks", "thank you", "gracias", "muchas gracias", "thx", "ty", "ok gracias", "ok thanks",
    "ok thank you", "thank you so much", "mil gracias", "bye", "adios", "dios les bendiga",
    "dios la bendiga", "bueno gracias", "no gracias", "no thanks",
)  # fmt: skip
LAWYER = phrases("lawyer", "attorney", "abogado", "abogada", "licenciado", "legal help", "ayuda legal",
                 "legal", "avocat", "advogado")  # fmt: skip
CHILDCARE = phrases(
    "childcare", "child care", "babysit", "babysitter", "watch my kids", "watch the kids",
    "care for my children", "my kids", "my children", "mis ninos", "los ninos", "ninos",
    "mis hijos", "cuiden a mis", "cuidar a mis", "cuidar ninos", "ninera", "guarderia", "kids",
    "children", "mi hijo", "mi hija", "my son", "my daughter",
)  # fmt: skip
COMPANY = phrases(
    "come with me", "someone to come", "somebody to come", "send someone", "que alguien venga",
    "alguien venga", "acompanar", "acompanarme", "acompaneme", "acompanen", "acompanamiento",
    "accompaniment", "manden a alguien", "mande a alguien", "vengan", "puede venir alguien",
    "be with me", "come over", "come to my house", "vengan a mi casa",
)  # fmt: skip
AT_HOME = phrases(
    "at home", "en casa", "en mi casa", "estoy aqui en casa", "in my house", "at my house",
    "en mi domicilio", "en la casa",
)  # fmt: skip
JUST_HOME = phrases("home", "casa", "my house", "mi casa", "my home")
NOT_HOME = phrases(
    "not at home", "not home", "no estoy en casa", "no estoy en mi casa", "away from home",
    "fuera de casa", "outside my house", "near my house", "cerca de mi casa", "en casa de", "en la casa de",
)  # fmt: skip
ELSEWHERE = phrases(
    "somewhere else", "elsewhere", "en otro lugar", "otro lugar", "at work", "en el trabajo",
    "en mi trabajo", "en la calle", "on the street", "en la escuela", "at school", "at the store",
    "en la tienda", "en el carro", "in my car", "en la corte", "at court", "in the hospital",
    "en el hospital",
)  # fmt: skip
PERSON = phrases(
    "a person please", "real person", "talk to a person", "talk to someone", "speak to someone",
    "human", "operator", "una persona por favor", "hablar con una persona", "hablar con alguien",
    "quiero hablar", "call me", "llameme", "llamame", "llamenme", "que me llamen", "me pueden llamar",
    "can you call", "coordinator", "coordinadora", "coordinador",
)  # fmt: skip
NOT_NEEDED = phrases(
    "ya no necesito", "ya no la necesito", "ya no lo necesito", "ya no hace falta", "no longer need",
    "dont need it any more", "dont need it anymore", "dont need help any more", "never mind",
    "dont need help anymore", "nevermind", "false alarm", "falsa alarma", "ya no vengan",
    "do not need it any more", "do not need it anymore", "do not need help anymore",
    "dont come anymore", "dont come any more", "ya paso todo", "ya estoy bien", "i am fine now",
    "im ok now", "ya no quiero",
)  # fmt: skip
KEEP_LOOKING = phrases("keep looking", "siga buscando", "sigan buscando", "still need", "todavia necesito")
WAIT = phrases("wait", "i wait", "espero", "i will wait", "voy a esperar", "me espero")
MOVED = phrases(
    "ya me mude", "me mude", "i moved", "we moved", "nos mudamos", "cambie de casa",
    "cambie de domicilio", "new address", "nueva direccion", "nuevo domicilio", "me cambie de casa",
    "ya no vivo", "i dont live there", "no longer live",
)  # fmt: skip
OFF = phrases("off", "descanso", "descansar", "pause", "pausa")
ON = phrases("on", "listo", "lista", "back on", "ready")
THERE = phrases("ya llegue", "llegue", "i am there", "im there", "i am here", "im here", "arrived",
                "ya estoy aqui", "ya estoy ahi", "here now", "aqui estoy")  # fmt: skip
DONE = phrases("terminamos", "ya terminamos", "we are done", "done", "were done", "ya acabamos",
               "termine", "finished", "all done")  # fmt: skip
CANT_GO = phrases("no puedo ir", "cant go", "can not go", "cannot go", "cant make it",
                  "can not make it", "no voy a poder", "ya no puedo", "no puedo llegar")  # fmt: skip
CAN_GO = phrases("puedo ir", "i can go", "yo voy", "voy para alla", "on my way", "i can")
NOT_NOW = phrases("not now", "ahora no", "cant", "can not", "no puedo", "hoy no", "not today", "busy",
                  "sorry no")  # fmt: skip
NOT_ME = phrases("not me", "no soy yo", "wrong number", "equivocado", "numero equivocado",
                 "se equivoco de numero")  # fmt: skip
JOIN = phrases("join", "acepto", "accept", "agree", "soy yo")
STOP_ASKED = phrases(
    "no me escriban", "no me escriba", "no me manden", "no more texts", "no more messages",
    "stop texting", "stop messaging", "dont text me", "do not text me", "ya no me escriban",
    "no quiero mensajes", "dejen de escribir", "take me off", "remove me",
)  # fmt: skip
ENGLISH = phrases("english", "ingles", "english please", "in english", "en ingles")
SPANISH = phrases("espanol", "spanish", "en espanol", "in spanish", "espanol por favor")
CAME = phrases("came", "vino", "si vino", "came and all is well", "vinieron", "todo bien", "all is well",
               "all good")  # fmt: skip
DID_NOT_COME = phrases("did not come", "didnt come", "no vino", "nobody came", "nadie vino",
                       "no vinieron", "no ha llegado", "no one came")  # fmt: skip
OTHER = phrases("something else", "otra cosa", "other")
FINE = phrases("it was fine", "todo bien", "fine", "all good", "good", "bien")
DAYS = phrases(
    "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "next week",
    "la proxima semana", "pasado manana", "la semana que entra", "el proximo", "next month",
)  # fmt: skip
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
    ]
)  # "may" is a common word in English
HOUR = re.compile(
    r"\b(?:at|a las?|a la)\s+\d{1,2}(?:[: .]?\d\d)?\b|\b\d{1,2}:\d\d\b|\b\d{1,2}\s?[ap]\.?m\b"
    r"|\b\d{1,2}/\d{1,2}\b",
    re.IGNORECASE,
)
MINUTES = re.compile(r"\b(\d{1,3})\s*(?:m|min|mins|minute|minutes|minutos?)\b", re.IGNORECASE)
HALF_HOUR = phrases("half an hour", "half hour", "media hora")
AN_HOUR = phrases("an hour", "1 hour", "una hora", "1 hora")


# Single words that do something when texted: none of them can be a duress word.
TAUGHT = tuple(
    phrase[0].upper()
    for table in (YES, NO, OFF, ON, THERE, DONE, ENGLISH, SPANISH, JOIN, LAWYER, CHILDCARE, WAIT, CAME)
    for phrase in table
    if len(phrase) == 1
)


def names_another_time(text: str, words: Sequence[str]) -> bool:
    """Whether a text names another day, or an hour: a person sets the time then."""
    if says(words, DAYS, slips=False) or HOUR.search(text):
        return True
    if "manana" in words and not says(words, MORNING, slips=False):
        return True
    return any(
        word in MONTHS and any(near.isdigit() for near in words[max(at - 2, 0) : at + 3])
        for at, word in enumerate(words)
    )


def minutes_said(text: str, words: Sequence[str]) -> int | None:
    """ "41 in 30 min" -> 30; at most three hours, else None."""
    match = MINUTES.search(text)
    if match:
        return int(match[1]) if 0 < int(match[1]) <= 180 else None
    if says(words, HALF_HOUR):
        return 30
    return 60 if says(words, AN_HOUR) else None
