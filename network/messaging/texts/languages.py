"""The languages of our texts, and what each calls the others. docs/languages.md says how to add one."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """`calls` has its names for all languages. `drill` is the word that begins every text of a drill."""

    name: str  # as its speakers write it
    calls: dict[str, str]
    drill: str
    practice: str  # what a drill's made-up member is called
    voice: str  # the carrier's voice that speaks it


LANGUAGES: dict[str, Language] = {
    "en": Language(
        name="English",
        calls={"en": "English", "es": "Spanish", "ht": "Haitian Creole"},
        drill="DRILL",
        practice="Drill: nobody waits, do not go",
        voice="en-US",
    ),
    "es": Language(
        name="Español",
        calls={"en": "inglés", "es": "español", "ht": "criollo haitiano"},
        drill="SIMULACRO",
        practice="Simulacro: nadie espera, no vaya",
        voice="es-MX",
    ),
    "ht": Language(
        name="Kreyòl",
        calls={"en": "anglè", "es": "panyòl", "ht": "kreyòl ayisyen"},
        drill="SIMILASYON",
        practice="Similasyon: pa gen moun k ap tann, pa ale",
        voice="fr-FR",  # the carrier has no voice for Creole; a French one reads it so that it is understood
    ),
}


def next_language(language: str, among: Sequence[str]) -> str:
    """The language to which 0 switches: the network's next one, or its first after the last."""
    return among[(among.index(language) + 1) % len(among)] if language in among else among[0]


def known(language: str, among: Sequence[str]) -> str:
    """This language if the network writes it, otherwise the network's first."""
    return language if language in among else among[0]


def switch(language: str, among: Sequence[str]) -> str:
    """How a text explains 0: the names of the other languages, in the order in which 0 switches."""
    others, at = [], next_language(language, among)
    while at != language and at not in others:
        others.append(at)
        at = next_language(at, among)
    return f"{', '.join(LANGUAGES[other].name for other in others)}: 0." if others else ""
