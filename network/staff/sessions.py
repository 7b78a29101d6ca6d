"""Django's sessions, kept so that a stolen dump opens none.

A row is found by the SHA-256 of the cookie's key. Its data is sealed under that key and FIELD_KEY together,
because the sign-in library stores secrets there: a code's seed during setup, a form that waits for a security
key. The key itself is only in the cookie.
"""

import hashlib
import hmac
import os
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from network.privacy.rules.sealing import NONCE, derive, token_digest
from network.staff.models import StaffSession
from network.staff.rules.access import IDLE_AFTER, SESSION_LIVES

SIGNING_IN = timedelta(hours=1)  # how long a browser has to sign in


BEGAN = "began"  # when somebody signed in: a new key doesn't extend the session


ACTS_APART = timedelta(seconds=15)


class SessionStore(SessionBase):
    """One browser's session. `row` is the database row, once it has been read."""

    row: StaffSession | None = None

    def load(self) -> dict[str, Any]:
        key = self.session_key or ""
        row = StaffSession.objects.filter(key_hash=token_digest(key), expires_at__gt=timezone.now()).first()
        data = _unseal(bytes(row.data), key) if row else None
        if row is None or data is None:
            self._session_key = None
            return {}
        self.row = row
        return dict(self.serializer().loads(data))

    def exists(self, session_key: str) -> bool:
        return StaffSession.objects.filter(key_hash=token_digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError if the session was ended in the meantime: it stays ended."""
        if self.session_key is None:
            self.create()
            return
        data, now = self._get_session(no_load=must_create), timezone.now()  # type: ignore[attr-defined]
        if self.session_key is None:
            raise UpdateError  # it was ended before it was read
        begins = SESSION_KEY in data and BEGAN not in data
        if begins:
            data[BEGAN] = now.isoformat()
        values = {
            "staff_id": data.get(SESSION_KEY),
            "data": _seal(self.serializer().dumps(data), self.session_key),
            "expires_at": _ends(data, now),
            **({"made_at": now, "acted_at": now} if begins else {}),
        }
        if must_create:
            self.row = _insert(self.session_key, values, now=now)
        elif not StaffSession.objects.filter(key_hash=token_digest(self.session_key)).update(**values):
            raise UpdateError

    def cycle_key(self) -> None:
        """A new key for the same row: whoever signs in can't be found by the key from before."""
        data = self._get_session()  # type: ignore[attr-defined]
        if self.session_key is None or self.row is None:
            super().cycle_key()
            return
        fresh = self._get_new_session_key()  # type: ignore[attr-defined]
        sealed = _seal(self.serializer().dumps(data), fresh)
        changed = {"key_hash": token_digest(fresh), "data": sealed}
        if not StaffSession.objects.filter(key_hash=token_digest(self.session_key)).update(**changed):
            raise UpdateError
        self._session_key = fresh
        self.modified = True

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            StaffSession.objects.filter(key_hash=token_digest(key)).delete()

    def flush(self) -> None:
        super().flush()
        self.row = None

    @classmethod
    def clear_expired(cls) -> None:
        StaffSession.objects.filter(expires_at__lt=timezone.now()).delete()

    def acted(self, *, now: datetime) -> None:
        """Somebody did something. Written every 15 seconds at most."""
        if self.row and now - self.row.acted_at >= ACTS_APART:
            self.row.acted_at = now
            StaffSession.objects.filter(pk=self.row.pk).update(acted_at=now)

    def lock(self, *, now: datetime) -> None:
        """The console locks from now on, this request included: somebody else has the device."""
        if self.row:
            StaffSession.objects.filter(pk=self.row.pk).update(
                acted_at=now - IDLE_AFTER, reauthenticated_at=None
            )
            self.row = None

    def reauthenticated(self, *, now: datetime) -> None:
        """A second factor was used: what was locked opens."""
        if self.session_key and self.row:
            self.row.acted_at = self.row.reauthenticated_at = now
            StaffSession.objects.filter(pk=self.row.pk).update(acted_at=now, reauthenticated_at=now)


def _insert(key: str, values: dict[str, Any], *, now: datetime) -> StaffSession:
    try:
        with transaction.atomic():
            times = {"made_at": now, "acted_at": now}
            return StaffSession.objects.create(key_hash=token_digest(key), **{**times, **values})
    except IntegrityError:
        raise CreateError from None


def _ends(data: dict[str, Any], now: datetime) -> datetime:
    if BEGAN in data:
        return datetime.fromisoformat(data[BEGAN]) + SESSION_LIVES
    return now + SIGNING_IN


def _seal(data: bytes, key: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_data_key(key)).encrypt(nonce, data, b"session")


def _unseal(blob: bytes, key: str) -> bytes | None:
    try:
        return AESGCM(_data_key(key)).decrypt(blob[:NONCE], blob[NONCE:], b"session")
    except (InvalidTag, ValueError):
        return None  # sealed under another key, or tampered with: nobody is signed in


def _data_key(key: str) -> bytes:
    return hmac.digest(derive(settings.FIELD_KEY, "session"), key.encode(), hashlib.sha256)
