"""A request's body, read whole on the event loop: no larger and no slower than its route allows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]

READ_ANYHOW = 4 * 1024 * 1024  # bytes of a body that is refused: an answer is only read by who could finish


class BodyRefused(Exception):
    """The body is too large or too slow; `status` is the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with {status}")
        self.status = status


class ClientGone(Exception):
    """The client left before the body was whole."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Bytes of a body, and the seconds in which it must be whole."""

    most: int
    within_s: float


async def read(scope: Scope, receive: Receive, limit: Limit) -> bytes:
    """Raises Refused or ClientGone."""
    announced = length(scope)
    if announced == 0:
        return b""
    try:
        async with asyncio.timeout(limit.within_s):
            return await _read(receive, limit.most, announced)
    except TimeoutError:
        raise BodyRefused(408) from None


async def _read(receive: Receive, most: int, announced: int | None) -> bytes:
    pieces: list[bytes] = []
    size = 0
    too_large = announced is not None and announced > most
    if too_large and announced is not None and announced > READ_ANYHOW:
        raise BodyRefused(413)
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        size += len(piece)
        too_large = too_large or size > most
        if too_large:
            pieces.clear()
        else:
            pieces.append(piece)
        if size > READ_ANYHOW or (too_large and not message.get("more_body")):
            raise BodyRefused(413)
        if not message.get("more_body"):
            return b"".join(pieces)


def length(scope: Scope) -> int | None:
    """Of the body, as its head announces it; None where it comes in chunks of unknown number."""
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return None
    announced = headers.get(b"content-length", b"0")
    return int(announced) if announced.isdigit() and len(announced) < 19 else READ_ANYHOW + 1
