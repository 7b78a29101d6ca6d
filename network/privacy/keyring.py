"""The keys that are open in this process, each for a minute at most."""

import time
from collections.abc import Iterable, Iterator
from itertools import batched
from threading import Lock
from typing import Protocol
from uuid import UUID

from django.conf import settings

from network.privacy.models import Key
from network.privacy.rules import sealing

LIVES_S = 60.0
HOLDS = 4096
AT_ONCE = 500  # keys that are asked for by one statement

_open: dict[UUID, tuple[float, bytes]] = {}  # those opened last stand last
_lock = Lock()


def key(key_id: UUID) -> bytes:
    """The data key. Raises rules.Unreadable if it was erased or FIELD_KEY is another."""
    with _lock:
        known = _open.get(key_id)
    if known and known[0] > time.monotonic():
        return known[1]
    for _, wrapped in _wrapped([key_id]):
        return remember(key_id, _unwrap(key_id, wrapped))
    raise sealing.Unreadable("the key of this row was erased")


def open_keys(key_ids: Iterable[UUID | None]) -> None:
    """Open these by one statement, so that what is sealed under them is read without any more.

    At most half of what is held is opened ahead: whoever reads more rows than that reads them in parts. A key
    that was erased or doesn't open is left out: reading its row says so.
    """
    soon = time.monotonic() + LIVES_S / 2
    wanted = dict.fromkeys(key_id for key_id in key_ids if key_id)
    with _lock:
        missing = [key_id for key_id in wanted if key_id not in _open or _open[key_id][0] < soon]
    for some in batched(missing[: HOLDS // 2], AT_ONCE):
        for key_id, wrapped in _wrapped(some):
            try:
                plain = _unwrap(key_id, wrapped)
            except sealing.Unreadable:
                continue
            remember(key_id, plain)


class HasKey(Protocol):
    """A row that something is sealed in."""

    @property
    def key_id(self) -> UUID | None: ...


def opened[Row: HasKey](rows: Iterable[Row]) -> Iterator[Row]:
    """These rows, however many, with their keys opened some at a time, by a statement each time."""
    for some in batched(rows, AT_ONCE):
        open_keys(row.key_id for row in some)
        yield from some


def _wrapped(key_ids: Iterable[UUID]) -> Iterator[tuple[UUID, bytes]]:
    """The one place that knows where wrapped keys lie."""
    for key_id, wrapped in Key.objects.filter(pk__in=list(key_ids)).values_list("pk", "wrapped"):
        yield key_id, bytes(wrapped)


def _unwrap(key_id: UUID, wrapped: bytes) -> bytes:
    return sealing.unwrap(wrapped, key_id=key_id, field_key=settings.FIELD_KEY)


def remember(key_id: UUID, plain: bytes) -> bytes:
    """Whatever was opened longest ago makes room."""
    with _lock:
        _open.pop(key_id, None)
        while len(_open) >= HOLDS:
            del _open[next(iter(_open))]
        _open[key_id] = (time.monotonic() + LIVES_S, plain)
    return plain


def forget_all() -> None:
    with _lock:
        _open.clear()


def held() -> int:
    """How many keys this process holds, those whose minute is over included."""
    return len(_open)
