"""The wording of each text: the network's own if it has one, otherwise ours."""

import time
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from network.audit.actions import record
from network.audit.rules import staff
from network.messaging.models import Wording
from network.messaging.rules.wording import judge, places
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import TABLES, fields, fill

FRESH_FOR_S = 2.0  # how long a process may still send the old wording
_read: tuple[float, dict[tuple[str, str], str]] = (float("-inf"), {})


class WordingRefused(ValueError):
    """These words can't replace ours. `judge` says why."""


class StaleWording(Exception):
    """Somebody else has changed these words since they were shown."""


def say(key: Text, language: str, /, **values: object) -> str:
    """The text with its values and the network's name, in the network's words.

    Raises MissingText as `render` does.
    """
    words = words_of(key, language)
    named = {"prefix": settings.NETWORK_PREFIX} if words and "prefix" in fields(words) else {}
    return fill(words, key, language, **named, **values)


def words_of(key: Text, language: str) -> str | None:
    """The template to send. The network's words are ignored if they no longer fit the text."""
    return _theirs().get((key.value, language)) or TABLES.get(language, {}).get(key)


def _theirs() -> dict[tuple[str, str], str]:
    global _read
    at, known = _read
    if time.monotonic() - at > FRESH_FOR_S:
        known = {
            (row.text, row.language): row.words
            for row in last_versions()
            if row.words and fits(row.text, row.language, row.words)
        }
        _read = time.monotonic(), known
    return known


def fits(text: str, language: str, words: str) -> bool:
    return text in Text and language in TABLES and not judge(Text(text), language, words).problems


def forget() -> None:
    """Forget the cached rows, so that they are read again before the next text."""
    global _read
    _read = float("-inf"), {}


def last_versions() -> list[Wording]:
    """The newest row of each text and language that was ever changed."""
    return list(Wording.objects.order_by("text", "language", "-version").distinct("text", "language"))


def history(key: Text, language: str) -> list[Wording]:
    """All versions, the newest first."""
    return list(Wording.objects.filter(text=key, language=language).order_by("-version"))


def version(key: Text, language: str) -> int:
    """The newest version, or 0 if it was never changed."""
    versions = history(key, language)
    return versions[0].version if versions else 0


def change(key: Text, language: str, words: str, *, seen: int, by: UUID, now: datetime) -> None:
    """Set the network's wording, or go back to ours if empty. Twins change too.

    Raises WordingRefused, StaleWording.
    """
    words = words.strip()
    if words == TABLES[language][key]:
        words = ""
    if words and judge(key, language, words).problems:
        raise WordingRefused(key)
    try:
        with transaction.atomic():
            if version(key, language) != seen:
                raise StaleWording
            for place, spoken in places(key, language):
                Wording.objects.create(
                    text=place,
                    language=spoken,
                    version=version(place, spoken) + 1,
                    words=words,
                    changed_at=now,
                    changed_by=by,
                )
            record(
                "wording.changed",
                f"text:{key.value}",
                by=staff(by),
                now=now,
                language=language,
                ours=not words,
            )
            transaction.on_commit(forget)
    except IntegrityError:
        raise StaleWording from None
