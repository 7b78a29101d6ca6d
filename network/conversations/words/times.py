"""Days, hours and minutes that a text names, and whether they are to come. Pure."""

import re
from collections.abc import Sequence

from network.conversations.words.folding import HAS_FIGURE
from network.conversations.words.going import NOT_NOW
from network.conversations.words.kinds import ASKS_TO_COME, CARE, COMPANY, LAWYER, WISHES
from network.conversations.words.matching import phrases, says

FEW = 6
DAYS = phrases(
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "lunes",
    "martes",
    "miercoles",
    "jueves",
    "viernes",
    "sabado",
    "domingo",
    "next week",
    "la proxima semana",
    "pasado manana",
    "la semana que entra",
    "el proximo",
    "next month",
    "demen",
    "lendi",
    "madi",
    "mekredi",
    "jedi",
    "vandredi",
    "samdi",
    "dimanch",
    "semen pwochen",
)
TO_COME = phrases(
    "tomorrow",
    "next week",
    "next month",
    "la proxima semana",
    "pasado manana",
    "la semana que entra",
    "el proximo",
    "demen",
    "semen pwochen",
    "para el",
    "para las",
    "for monday",
    "for tuesday",
    "for wednesday",
    "for thursday",
    "for friday",
    "for saturday",
    "for sunday",
    "pou demen",
)
PRESENT = phrases(
    "en este momento",
    "as we speak",
    "at this moment",
    "orita",
    "horita",
    "kounya",
    "kounye",
    "ahorita",
    "ahora mismo",
    "ya",
    "now",
    "rn",
    "right now",
    "still",
    "kounye a",
    "siguen",
    "sigue",
    "todavia estan",
    "toujou la",
    "are here",
    "is here",
    "estan aqui",
    "yo la",
)
PAST = phrases(
    "desde",
    "since",
    "yesterday",
    "ayer",
    "last night",
    "anoche",
    "maten an",
    "this morning",
    "esta manana",
    "la semana pasada",
    "last week",
    "pasado",
    "ago",
    "hace",
    "ye swa",
    "depi",
    "semen pase",
    "el otro dia",
    "the other day",
    "last monday",
    "last tuesday",
    "last wednesday",
    "last thursday",
    "last friday",
)
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


def names_another_time(text: str, words: Sequence[str]) -> bool:
    """Whether a text names a day or an hour to come, and nothing that happens now: a person sets the time.

    An hour that is past, or is now ("son las 5 y siguen afuera"), doesn't count.
    """
    tomorrow = "manana" in words and not says(words, MORNING, slips=False)
    to_come = tomorrow or says(words, TO_COME, slips=False)
    if says(words, PRESENT, slips=False) and not says(words, NOT_NOW, slips=False):
        return False
    if to_come:
        return True
    has_figure = HAS_FIGURE.search(text) is not None
    if says(words, PAST, slips=False) or (has_figure and IT_IS_NOW.search(text)):
        return False
    # Of what is asked for, or of what is told.
    if says(words, DAYS, slips=False) or (has_figure and HOUR.search(text)):
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
