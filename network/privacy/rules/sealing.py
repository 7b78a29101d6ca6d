"""How a sealed value is made and opened. Pure: keys and values in, values out.

A sealed value is `version (1 byte) | id of its key (16) | nonce (12) | ciphertext and tag`.
The associated data binds it to one table, column, row and key, so a value that was moved,
cut or flipped doesn't open. The text is padded to 64, 256, 1024, 2048, ... bytes first,
so that its length tells little.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from network.privacy.rules.phones import canonical

VERSION = 1
NONCE = 12
HEAD = 1 + 16
BUCKETS = (64, 256, 1024)


class Unreadable(Exception):
    """A sealed value doesn't open: wrong key, wrong place, or changed."""


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """Where a sealed value stands. The same value elsewhere doesn't open."""

    table: str
    column: str
    row: UUID

    def binding(self, key_id: UUID) -> bytes:
        return f"{VERSION}|{self.table}|{self.column}|{self.row}|{key_id}".encode()


@lru_cache(maxsize=16)
def derive(field_key: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (HKDF-SHA256); one purpose's key says nothing of another's."""
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"porchlight {purpose}".encode())
    return hkdf.derive(field_key)


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def wrap(key: bytes, *, key_id: UUID, field_key: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(derive(field_key, "wrap")).encrypt(nonce, key, key_id.bytes)


def unwrap(wrapped: bytes, *, key_id: UUID, field_key: bytes) -> bytes:
    """Raises Unreadable under any other field key or id."""
    try:
        return AESGCM(derive(field_key, "wrap")).decrypt(wrapped[:NONCE], wrapped[NONCE:], key_id.bytes)
    except (InvalidTag, ValueError):
        raise Unreadable("the key of this row doesn't open under FIELD_KEY") from None


def seal(text: str, *, key: bytes, key_id: UUID, place: SealedPlace) -> bytes:
    nonce = os.urandom(NONCE)
    sealed = AESGCM(key).encrypt(nonce, pad(text.encode()), place.binding(key_id))
    return bytes([VERSION]) + key_id.bytes + nonce + sealed


def key_of(blob: bytes) -> UUID:
    """The id of the key that a sealed value names. Raises Unreadable for anything else."""
    if len(blob) < HEAD + NONCE + 16 or blob[0] != VERSION:
        raise Unreadable("not a sealed value")
    return UUID(bytes=blob[1:HEAD])


def unseal(blob: bytes, *, key: bytes, place: SealedPlace) -> str:
    """Raises Unreadable unless the value was sealed at this very place under this key."""
    key_id = key_of(blob)
    nonce, sealed = blob[HEAD : HEAD + NONCE], blob[HEAD + NONCE :]
    try:
        return unpad(AESGCM(key).decrypt(nonce, sealed, place.binding(key_id))).decode()
    except (InvalidTag, ValueError):
        raise Unreadable("a sealed value doesn't open where it stands") from None


def pad(text: bytes) -> bytes:
    """Length in 4 bytes, the text, zeros up to the next bucket."""
    framed = len(text).to_bytes(4, "big") + text
    size = next((b for b in BUCKETS if len(framed) <= b), -(-len(framed) // 1024) * 1024)
    return framed.ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:4], "big")
    return padded[4 : 4 + length]


def fingerprint(phone: str, *, field_key: bytes) -> bytes:
    """HMAC-SHA256 of an address such as +13125550123: equal phones, however written, equal fingerprints.

    Cheap on purpose: every text in costs one, and a flood of strangers must not starve members.
    """
    return hmac.digest(derive(field_key, "phone"), canonical(phone).encode(), hashlib.sha256)


def pin_digest(pin: str, *, person_id: UUID, field_key: bytes) -> str:
    """What Argon2id is given instead of four digits, which alone fall at once to a stolen database."""
    message = person_id.bytes + pin.encode()
    return hmac.digest(derive(field_key, "pin"), message, hashlib.sha256).hex()


def token_digest(token: str) -> bytes:
    """SHA-256 of a link's token: 128 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()
