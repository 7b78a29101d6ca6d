"""Singular forms: "2 children", but "1 child". Pure."""

import re
from collections.abc import Collection

# The noun after a count, and the same of one. A language whose nouns stay as they are has none.
SINGULAR: dict[str, dict[str, str]] = {
    "en": {"minutes": "minute", "miles": "mile", "children": "child", "days": "day", "hours": "hour"},
    "es": {"minutos": "minuto", "millas": "milla", "niños": "niño", "días": "día", "horas": "hora"},
    "ht": {},
}
COUNTED = re.compile(r"(\b[Uu]n[oa]s )?\{(\w+)\} (\w+)")  # "unos" says more than one, too


def of_one(template: str, language: str, ones: Collection[str]) -> str:
    """The template in the singular for these fields."""
    nouns = SINGULAR[language]

    def singular(match: re.Match[str]) -> str:
        _, field, noun = match.groups()
        return f"{{{field}}} {nouns[noun]}" if field in ones and noun in nouns else match[0]

    return COUNTED.sub(singular, template)


def counted(template: str, language: str) -> list[str]:
    """The fields with a noun that has a singular form."""
    return [field for _, field, noun in COUNTED.findall(template) if noun in SINGULAR[language]]
