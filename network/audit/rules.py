"""Who acts, and what a line of history may hold. Pure."""

import re
import traceback
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

CODE = re.compile(r"[\w:.\-]{0,64}", re.ASCII)
PHONE = re.compile(r"\+?\d{7,}")

type Detail = str | int | bool | UUID | datetime | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who caused something: a member of staff, a phone's owner, or the engine's clock."""

    kind: str
    id: UUID | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


ENGINE = Actor("engine")
CARRIER = Actor("carrier")
COMMAND_LINE = Actor("command")


def staff(staff_id: UUID) -> Actor:
    return Actor("staff", staff_id)


def person(person_id: UUID) -> Actor:
    return Actor("person", person_id)


class Task(StrEnum):
    """What a worker can be woken for; network/tasks.py says what it does then."""

    HANDLE_TEXTS = "handle_texts"
    HANDLE_STRANGERS = "handle_strangers"
    DRAIN_OUTBOX = "drain_outbox"
    TEXTS_NOT_DELIVERED = "texts_not_delivered"
    RELEASE_SUSPENDED = "release_suspended"
    BACKFILL = "backfill"
    ASK_FOR_RECEIPTS = "ask_for_receipts"
    FETCH_MEDIA = "fetch_media"
    CALL_COORDINATORS = "call_coordinators"
    END_ALARM_CALLS = "end_alarm_calls"
    ERASE_AT_CARRIER = "erase_at_carrier"
    SEND_HEARTBEAT = "send_heartbeat"


class NotACode(ValueError):
    """A line of history was given something other than an id, a count or a code."""


def codes(detail: dict[str, Detail]) -> dict[str, str | int | bool | None]:
    """The detail as JSON. Raises NotACode for a sentence or a phone number."""
    return {name: _code(name, value) for name, value in detail.items()}


def _code(name: str, value: Detail) -> str | int | bool | None:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    if not isinstance(value, UUID) and (not CODE.fullmatch(text) or PHONE.fullmatch(text)):
        raise NotACode(f"{name} is not a code")
    return text


def error_of(error: BaseException) -> str:
    """An error's kind and where in our house it arose; never its message, which may hold private words."""
    places = [
        f"{Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "network" in Path(frame.filename).parts and ".venv" not in frame.filename
    ]
    return f"{type(error).__name__} at {places[-1]}" if places else type(error).__name__
