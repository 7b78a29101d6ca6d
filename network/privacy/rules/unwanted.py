"""What we don't want to know: found in what staff write, and masked in texts before they are stored. Pure.

A number that could be a phone, a house, a ZIP or a price is none of these, unless the words beside it say so.
"""

import re
from enum import StrEnum

MASK = "[•••]"


class Unwanted(StrEnum):
    """What must not be kept of anybody."""

    A_NUMBER = "a_number"  # the immigration authorities' number of a person
    SOCIAL_SECURITY = "social_security"  # and what the tax office gives to those who have none
    PASSPORT = "passport"
    BIRTH_DATE = "birth_date"
    STATUS = "status"
    OTHERS = "others"  # officers and vehicles


_IS = r"\W{0,3}(?:(?:is|es|se|no|num|number|numero|número|#)\W{0,3}){0,2}"
_EIGHT_OR_NINE = r"\d(?:[ .-]?\d){7,8}(?![ .-]?\d)"
_DATE = (
    r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|(?:19|20)\d\d|\d{1,2} (?:de )?[a-záéíóú]{3,10}|[a-z]{3,9} \d{1,2}\b)"
)
_MASKED: dict[Unwanted, tuple[str, ...]] = {
    Unwanted.A_NUMBER: (
        r"(?<!\w)A[-#:]?\d{8,9}(?!\d)",
        r"(?<!\w)A[-#: ]?\d{3}[ .-]\d{3}[ .-]\d{2,3}(?![ .-]?\d)",
        rf"(?:\balien|\ba)[ -]?(?:registration )?(?:number|num|no\b|#){_IS}A?[- ]?{_EIGHT_OR_NINE}",
        rf"n[uú]mero (?:a\b|de extranjero|de registro|de inmigraci[oó]n){_IS}A?[- ]?{_EIGHT_OR_NINE}",
    ),
    Unwanted.SOCIAL_SECURITY: (
        r"(?<![\d-])(?!000|666)\d{3}([-–.])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])",
        rf"\b(?:ssn|itin|social(?: security)?|seguro social|seguridad social){_IS}\d(?:[ .-]?\d){{8}}(?!\d)",
    ),
}
_REFUSED: dict[Unwanted, tuple[str, ...]] = {
    **_MASKED,
    Unwanted.PASSPORT: (rf"\b(?:passport|pasaporte|paspò){_IS}[A-Z]{{0,2}}\d(?:[ -]?\d){{6,8}}(?!\d)",),
    Unwanted.BIRTH_DATE: (
        rf"\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|born(?: on| in)?)\W{{0,4}}{_DATE}",
        rf"\b(?:fecha de nacimiento|nacid[oa](?: el| en)?|naci[oó](?: el| en)?)\W{{0,4}}{_DATE}",
    ),
    Unwanted.STATUS: (
        r"\b(?:undocumented|unauthorized immigrants?|illegals?|no papers|without papers|green card"
        r"|(?:visa|immigration|legal) status|(?:deportation|removal) order|work permit|overstayed)\b",
        r"\b(?:indocumentad[oa]s?|sin papeles|estatus migratorio|orden de deportaci[oó]n"
        r"|permiso de trabajo|tarjeta verde)\b",
    ),
    Unwanted.OTHERS: (
        r"\b(?:badge|shield)(?: number| no\.?| #)?\W{0,3}\d{2,}",
        r"\b(?:license plates?|plates?|placas?|matr[ií]cula)(?: number| no\.?| es| is)?\W{1,3}"
        r"(?=[A-Z0-9 -]*\d)[A-Z0-9]{2,4}[ -]?[A-Z0-9]{2,5}\b",
    ),
}
MASKED = tuple(re.compile(words, re.IGNORECASE) for ways in _MASKED.values() for words in ways)
REFUSED = tuple((what, re.compile(words, re.IGNORECASE)) for what, ways in _REFUSED.items() for words in ways)


def masked(text: str) -> str:
    """The text with such numbers taken out of it."""
    for numbers in MASKED:
        text = numbers.sub(MASK, text)
    return text


def unwanted_in(text: str) -> Unwanted | None:
    """The first thing in what somebody of staff wrote that must not be kept."""
    return next((what for what, words in REFUSED if words.search(text)), None)
