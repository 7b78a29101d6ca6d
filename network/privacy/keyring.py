"""The keys that are open in this process, each for a minute at most."""

import time
from threading import Lock
from uuid import UUID

from django.conf import settings

from network.privacy import rules
from network.privacy.models import Key

LIVES_S = 60.0
HOLDS = 4096

_open: dict[UUID, tuple[float, bytes]] = {}
_lock = Lock()


def key(key_id: UUID) -> bytes:
    """The data key. Raises rules.Unreadable if it was erased or FIELD_KEY is another."""
    with _lock:
        known = _open.get(key_id)
    if known and known[0] > time.monotonic():
        return known[1]
    wrapped = Key.objects.filter(pk=key_id).values_list("wrapped", flat=True).first()
    if wrapped is None:
        raise rules.Unreadable("the key of this row was erased")
    return remember(key_id, rules.unwrap(bytes(wrapped), key_id=key_id, field_key=settings.FIELD_KEY))


def remember(key_id: UUID, plain: bytes) -> bytes:
    with _lock:
        if len(_open) >= HOLDS:
            _open.clear()
        _open[key_id] = (time.monotonic() + LIVES_S, plain)
    return plain


def forget_all() -> None:
    with _lock:
        _open.clear()
