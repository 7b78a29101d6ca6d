"""Who acts, and what a line of history may hold. Pure."""

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

CODE = re.compile(r"[\w:.\-]{0,64}", re.ASCII)
PHONE = re.compile(r"\+?\d{7,}")
IS_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STAFF = "staff"

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


@dataclass(frozen=True, slots=True)
class Names:
    """The ids that a line of history names: they lie beside it, and can be taken away."""

    request_id: UUID | None
    actor: str
    about: str
    ids: Mapping[str, str]

    def person_id(self) -> UUID | None:
        """Whom the line is about first of all."""
        for what in (f"person:{self.ids.get('person', '')}", self.about, self.actor):
            kind, _, id_ = what.partition(":")
            if kind == "person" and IS_ID.fullmatch(id_):
                return UUID(id_)
        return None

    def __bool__(self) -> bool:
        return bool(self.request_id or self.actor or self.about or self.ids)


@dataclass(frozen=True, slots=True)
class PlainPart:
    """What stays in a line for as long as there is one: codes, counts, and which of staff it was."""

    actor: str
    about: str
    detail: Mapping[str, str | int | bool | None]


def parted(
    actor: str,
    about: str,
    request_id: UUID | None,
    detail: Mapping[str, str | int | bool | None],
) -> tuple[PlainPart, Names]:
    """A line, and the ids that it names: all but those of staff."""
    ids = {
        name: value
        for name, value in detail.items()
        if name != STAFF and isinstance(value, str) and IS_ID.fullmatch(value)
    }
    plain_actor, full_actor = _code_and_id(actor)
    plain_about, full_about = _code_and_id(about)
    left = {name: value for name, value in detail.items() if name not in ids}
    return PlainPart(plain_actor, plain_about, left), Names(request_id, full_actor, full_about, ids)


def _code_and_id(what: str) -> tuple[str, str]:
    """The code alone, and the whole where there is an id."""
    kind, _, id_ = what.partition(":")
    return (kind, what) if kind != STAFF and IS_ID.fullmatch(id_) else (what, "")


def error_of(error: BaseException) -> str:
    """An error's kind and where in our house it arose; never its message, which may hold private words."""
    places = [
        f"{Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "network" in Path(frame.filename).parts and ".venv" not in frame.filename
    ]
    return f"{type(error).__name__} at {places[-1]}" if places else type(error).__name__
