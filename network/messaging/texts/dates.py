"""Days and hours as texts write them: always weekday, month and day, never "next Tuesday"."""

from collections.abc import Callable
from datetime import datetime

DAYS: dict[str, tuple[str, ...]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "ht": ("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"),
}
MONTHS: dict[str, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
        "noviembre", "diciembre",
    ),
    "ht": (
        "janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm",
        "desanm",
    ),
}  # fmt: skip


def _english(day: str, month: str, at: datetime, hour: str) -> str:
    return f"{day} {month} {at.day} at {hour}"


def _spanish(day: str, month: str, at: datetime, hour: str) -> str:
    return f"{day} {at.day} de {month} a {'la' if at.hour % 12 == 1 else 'las'} {hour}"


def _creole(day: str, month: str, at: datetime, hour: str) -> str:
    return f"{day} {at.day} {month} a {hour}"


ORDER: dict[str, Callable[[str, str, datetime, str], str]] = {
    "en": _english,
    "es": _spanish,
    "ht": _creole,
}


def when(local: datetime, language: str) -> str:
    """Such as "Tue Oct 13 at 9:30 am", "martes 13 de octubre a las 9:30 am"."""
    minutes = f":{local.minute:02}" if local.minute else ""
    hour = f"{local.hour % 12 or 12}{minutes} {'am' if local.hour < 12 else 'pm'}"
    day, month = DAYS[language][local.weekday()], MONTHS[language][local.month - 1]
    return ORDER[language](day, month, local, hour)
