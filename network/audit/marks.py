"""How lines and blocks are written for an HMAC to stand for them. Pure: keys and values in, bytes out."""

import hashlib
import hmac
import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

NONE_BEFORE = bytes(32)  # what the first block holds in place of the one before it
MARK = 16  # bytes of each line's HMAC in its block
_OF_A_LINE = struct.Struct(f">q{MARK}s")

type Detail = Mapping[str, str | int | bool | None]


def of_names(key: bytes, *, request_id: UUID | None, actor: str, about: str, ids: Mapping[str, str]) -> bytes:
    """What a line holds of whom it names. Without the key, it says nothing of them."""
    told = [request_id and str(request_id), actor, about, ids]
    return hmac.digest(key, _canonical(told), hashlib.sha256)


@dataclass(frozen=True, slots=True)
class LineValues:
    """All that a line holds."""

    id: int
    at: datetime
    actor: str
    action: str
    about: str
    detail: Detail
    names: bytes | None

    def mark(self, key: bytes) -> bytes:
        told = [self.id, _moment(self.at), self.actor, self.action, self.about, self.detail]
        names = self.names.hex() if self.names is not None else None
        return hmac.digest(key, _canonical([*told, names]), hashlib.sha256)[:MARK]


@dataclass(frozen=True, slots=True)
class BlockValues:
    """All that a block holds but its hash."""

    number: int
    first: int
    lines: int
    up_to: int
    at: datetime
    latest: datetime
    previous: bytes
    marks: bytes

    def hash(self, key: bytes) -> bytes:
        told = [self.number, self.first, self.lines, self.up_to, _moment(self.at), _moment(self.latest)]
        written = _canonical([*told, self.previous.hex(), self.marks.hex()])
        return hmac.digest(key, written, hashlib.sha256)


def marks_of(lines: Iterable[LineValues], *, key: bytes) -> bytes:
    return b"".join(_OF_A_LINE.pack(line.id, line.mark(key)) for line in lines)


def marked(marks: bytes) -> Iterator[tuple[int, bytes]]:
    """The id and the mark of each line of a block, in order."""
    whole = len(marks) - len(marks) % _OF_A_LINE.size
    yield from _OF_A_LINE.iter_unpack(marks[:whole])


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
