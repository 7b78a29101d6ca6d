"""What a simulated carrier is told about its one customer."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Handset:
    """A phone on the page. `phone` is E.164; `note` says what to try."""

    phone: str
    name: str
    role: str
    language: str
    note: str


@dataclass(frozen=True, slots=True)
class Settings:
    """`store` is an SQLite file. URLs are signed as they stand; `post_to` only says where to connect.

    `rate` is what the sender may send, in segments a second.
    """

    account_sid: str
    auth_token: str
    number: str
    webhook_url: str
    store: Path
    phones: tuple[Handset, ...] = ()
    api_key: str | None = None
    api_secret: str | None = None
    voice_url: str | None = None
    call_status_url: str | None = None
    post_to: str | None = None
    fallback_url: str | None = None
    service_sid: str | None = None
    rate: float = 100.0
